"""`unique`: items of an array that do not repeat."""

from __future__ import annotations

from rosetta_spec.document.operations import Remove
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.kinds.kind import Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("unique")
class Unique(RelationKind):
    """Each item that equals an earlier one is reported, with the first of them."""

    target = list

    def check(self, shown: list[Json]) -> Iterator[Finding]:
        first: dict[object, int] = {}
        for index, item in enumerate(shown):
            if item is UNUSABLE or item == "":
                continue
            earlier = first.setdefault(identity(item), index)
            if earlier != index:
                yield Finding(pointer=(index,), place=Place((index,)), related=(Place((earlier,)),))

    def repairs(self, at: Pointer, shown: list[Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        yield Repair((Remove((*at, *finding.pointer)),))

    def schema(self) -> Schema:
        return {"uniqueItems": True}

    def accepts(self, value: str) -> str:
        return f"have_no_repeats({value})"

    def sentence(self) -> str:
        return "No item is listed twice."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at))
        items = make.value_at(valid, place)
        again = draw(make.st.sampled_from(items))
        return make.broken(valid, place, (len(items),), append=again)


def identity(value: Json) -> object:
    """Return a hashable that is equal for equal JSON values: 1 is 1.0, and neither is true."""
    if isinstance(value, dict):
        return frozenset((key, identity(member)) for key, member in value.items())
    if isinstance(value, list):
        return tuple(identity(item) for item in value)
    return (isinstance(value, bool), value)


def is_same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal, as their identities are, without making these."""
    return bool(one == other) and _has_same_booleans(one, other)


def _has_same_booleans(one: Json, other: Json) -> bool:
    """Whether values that are equal to Python, to which true is 1, have booleans where both do."""
    if isinstance(one, str):
        return True
    if isinstance(one, dict):
        return all(map(_has_same_booleans, one.values(), map(other.__getitem__, one)))
    if isinstance(one, list):
        return all(map(_has_same_booleans, one, other))
    return isinstance(one, bool) == isinstance(other, bool)
