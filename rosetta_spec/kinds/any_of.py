"""`any-of`: an object that has at least one of some groups of keys."""

from __future__ import annotations

from rosetta_spec.document.operations import Remove
from rosetta_spec.kinds.kind import Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.kinds.required_with_several import any_of_keys, has_any_of, present_groups

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("any-of")
class AnyOf(RelationKind):
    """`groups`: lists of keys; any key of any group will do."""

    def __init__(self, *, groups: Iterable[Iterable[str]], **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.groups = [list(group) for group in groups]

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        if not present_groups(self.groups, shown):
            yield Finding(pointer=(), place=Place((), "key"))

    def repairs(self, at: Pointer, shown: dict[str, Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        # An object that says nothing may as well not be there; the request has to.
        if at:
            yield Repair((Remove(at),))

    def schema(self) -> Schema:
        return {"anyOf": [any_of_keys(group) for group in self.groups]}

    def accepts(self, value: str) -> str:
        return " or ".join(has_any_of(group, value) for group in self.groups)

    def sentence(self) -> str:
        return "There is at least one condition."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at))
        before = make.value_at(valid, place)
        used = [key for group in self.groups for key in group if key in before]
        return make.broken(valid, place, (), drop=used)
