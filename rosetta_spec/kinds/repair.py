"""What a kind proposes to do about a finding, before anybody knows whether it helps."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.operations import Put
from rosetta_spec.request.schema import schema_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.diagnostic import Applicability
    from rosetta_spec.document.operations import Operation
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer


class Repair(NamedTuple):
    """Operations on the document, with a title as a person would say it.

    Without a title it has that of its rule, or as a choice one that says what is done; without an
    applicability that of its rule.
    """

    operations: tuple[Operation, ...]
    title: str = ""
    applicability: Applicability | None = None


def additions(pointer: Pointer) -> Iterator[Repair]:
    """Propose to write what is missing at a place: each listed value, or an example."""
    schema = schema_at(pointer) or {}
    values: list[Json] = schema.get("enum") or schema.get("examples", [])[:1]
    for value in values:
        yield Repair((Put(pointer, value),))
