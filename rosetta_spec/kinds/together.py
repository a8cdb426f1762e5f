"""`together`: two keys that mean something only with each other."""

from __future__ import annotations

from itertools import permutations

from rosetta_spec.document.operations import Remove
from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair, additions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("together")
class Together(RelationKind):
    """`keys`: each of the two asks for the other."""

    facts = frozenset({"other"})

    def __init__(self, *, keys: Iterable[str], **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.keys = tuple(keys)

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        present = [key for key in self.keys if key in shown]
        if len(present) == 1:
            missing = next(key for key in self.keys if key not in shown)
            yield _alone(present[0], missing)

    def repairs(self, at: Pointer, shown: dict[str, Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        yield from additions((*at, *finding.pointer))
        yield Repair((Remove((*at, finding.facts["other"])),))

    def schema(self) -> Schema:
        one, other = self.keys
        return {"dependencies": {one: [other], other: [one]}}

    def breaches(self) -> Iterator[Breach]:
        for present, missing in permutations(self.keys):
            when = {"required": [present], "not": {"required": [missing]}}
            yield Breach(when, _alone(present, missing))

    def accepts(self, value: str) -> str:
        one, other = self.keys
        return f"({one!r} in {value}) == ({other!r} in {value})"

    def sentence(self) -> str:
        return f"{' and '.join(self.keys)} go together."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at, having=dict.fromkeys(self.keys)))
        missing = draw(make.st.sampled_from(self.keys))
        return make.broken(valid, place, (missing,), drop=[missing])


def _alone(present: str, missing: str) -> Finding:
    return Finding(pointer=(missing,), place=Place((present,), "key"), facts={"other": present})
