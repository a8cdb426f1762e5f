"""What is wrong with a suppression, in facts; a rule of a kind for it has the words."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from rosetta_spec.text import Span


class Flaw(NamedTuple):
    """A flaw of the suppression at `span`.

    `kind_name` is the kind that speaks of it, `case` which of its wordings; `edits` on the text
    are what mends it, if that is known.
    """

    kind_name: str
    case: str
    span: Span
    facts: Mapping[str, str]
    edits: tuple[tuple[Span, str], ...] = ()
