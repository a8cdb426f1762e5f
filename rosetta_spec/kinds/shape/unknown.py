"""`unknown`: a key that the API does not know."""

from __future__ import annotations

from rosetta_spec.document.operations import Rename
from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.request.nearest import nearest_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("unknown")
class Unknown(ShapeKind):
    """The nearest of the keys that its object may have is named."""

    cases = ("near", "taken", "other")
    facts = frozenset({"near"})

    def check(self, shown: Mistake) -> Iterator[Finding]:
        near = nearest_key(shown)
        taken = nearest_name(str(shown.pointer[-1]), shown.schema["properties"])
        case = "near" if near else "taken" if taken else "other"
        yield Finding(
            pointer=(), place=Place((), "key"), case=case, facts={"near": near or taken or ""}
        )

    def repairs(self, at: Pointer, shown: Mistake, finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        if finding.case == "near":
            yield Repair((Rename(at, finding.facts["near"]),))

    def describe(self) -> str:
        return "Each key is one that the API knows, at the place where it belongs."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(make.spots(lambda spot: spot.schema["type"] == "object"))
        key = draw(make.st.sampled_from(["sampleRatio", "x", "", "a/b~c", "start_", "PoolName"]))
        value = draw(make.st.sampled_from([None, 1, {"poolName": 1}, []]))
        return make.broken(valid, spot.pointer, (key,), set_members={key: value})


def nearest_key(mistake: Mistake) -> str | None:
    """Return the one absent key of the object that is nearest to the mistyped one."""
    absent = [key for key in mistake.schema["properties"] if key not in mistake.beside]
    return nearest_name(str(mistake.pointer[-1]), absent)
