"""A member that an object gets, as it is to be written there."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.values import Json


class NewMember(NamedTuple):
    """A key and its value; `text` is how the value is written, None to write it as others are.

    `rows` is the whole member as it stood in block YAML, with the comments that come with it.
    """

    key: str
    value: Json
    text: str | None = None
    rows: tuple[str, ...] = ()
