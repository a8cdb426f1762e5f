"""`required-with-several`: a key that is needed once several groups of keys are in use."""

from __future__ import annotations

from itertools import combinations

from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import additions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.kinds.repair import Repair
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("required-with-several")
class RequiredWithSeveral(RelationKind):
    """`key` is needed when at least `count` of `groups` are there; any of its keys is the group."""

    facts = frozenset({"groups"})

    def __init__(
        self, *, key: str, groups: Iterable[Iterable[str]], count: int = 2, **place: Iterable[str]
    ) -> None:
        super().__init__(**place)
        self.key = key
        self.groups = [list(group) for group in groups]
        self.count = count

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        used = present_groups(self.groups, shown)
        if self.key not in shown and len(used) >= self.count:
            yield Finding(
                pointer=(self.key,), place=Place((), "key"), facts={"groups": " and ".join(used)}
            )

    def repairs(self, at: Pointer, shown: dict[str, Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        yield from additions((*at, *finding.pointer))

    def schema(self) -> Schema:
        several = [
            {"allOf": [any_of_keys(group) for group in groups]}
            for groups in combinations(self.groups, self.count)
        ]
        return {"if": {"anyOf": several}, "then": {"required": [self.key]}}

    def breaches(self) -> Iterator[Breach]:
        yield Breach({"not": self.schema()}, Finding(pointer=(self.key,), place=Place((), "key")))

    def accepts(self, value: str) -> str:
        used = " + ".join(f"({has_any_of(group, value)})" for group in self.groups)
        return f"{self.key!r} in {value} or {used} < {self.count}"

    def sentence(self) -> str:
        return f"{self.key} is set where there are {self.count} conditions or more."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        groups = draw(make.st.permutations(self.groups))[: self.count]
        having = {draw(make.st.sampled_from(group)): None for group in groups}
        valid, place = draw(make.places(self.at, having={**having, self.key: None}))
        return make.broken(valid, place, (self.key,), drop=[self.key])


def present_groups(groups: Iterable[Iterable[str]], shown: dict[str, Json]) -> list[str]:
    """Return, of each group that is in use, the first key that is there."""
    firsts = (next((key for key in group if key in shown), None) for group in groups)
    return [key for key in firsts if key is not None]


def any_of_keys(group: Iterable[str]) -> Schema:
    """Say in JSON Schema that at least one of the keys is there."""
    return {"anyOf": [{"required": [key]} for key in group]}


def has_any_of(group: Iterable[str], value: str) -> str:
    """Say in Python that at least one of the keys is there."""
    return " or ".join(f"{key!r} in {value}" for key in group)
