"""`exclusive`: of some keys, an object has at most one."""

from __future__ import annotations

from itertools import combinations

from rosetta_spec.document.operations import Remove
from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("exclusive")
class Exclusive(RelationKind):
    """`keys`: in order of preference; whatever stands beside an earlier one is reported."""

    facts = frozenset({"other"})

    def __init__(self, *, keys: Iterable[str], **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.keys = tuple(keys)

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        first, *others = [key for key in self.keys if key in shown] or [""]
        for key in others:
            yield _beside(first, key)

    def repairs(self, at: Pointer, shown: dict[str, Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        key, other = str(finding.pointer[0]), finding.facts["other"]
        yield Repair((Remove((*at, key)),), f"keep {other}")
        yield Repair((Remove((*at, other)),), f"keep {key}")

    def schema(self) -> Schema:
        pairs = combinations(self.keys, 2)
        return {"allOf": [{"not": {"required": list(pair)}} for pair in pairs]}

    def breaches(self) -> Iterator[Breach]:
        for pair in combinations(self.keys, 2):
            yield Breach({"required": list(pair)}, _beside(*pair))

    def accepts(self, value: str) -> str:
        present = " + ".join(f"({key!r} in {value})" for key in self.keys)
        return f"{present} <= 1"

    def sentence(self) -> str:
        return f"{' and '.join(self.keys)} exclude each other."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        first, second = draw(make.st.sampled_from(list(combinations(self.keys, 2))))
        valid, place = draw(make.places(self.at, having={second: None}, without=self.keys))
        value = draw(make.values((*place, first)))
        return make.broken(valid, place, (second,), set_members={first: value})


def _beside(first: str, key: str) -> Finding:
    return Finding(
        pointer=(key,),
        place=Place((key,), "key"),
        facts={"other": first},
        related=(Place((first,), "key"),),
    )
