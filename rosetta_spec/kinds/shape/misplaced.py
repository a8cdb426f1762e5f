"""`misplaced`: a key that belongs in another object of the request."""

from __future__ import annotations

from rosetta_spec.document.operations import Move
from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.pointer import ROOT
from rosetta_spec.request.schema import home_of, places
from rosetta_spec.request.wording import place_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker
    from rosetta_spec.strategies.steps import Spot


@kind("misplaced")
class Misplaced(ShapeKind):
    """Only objects with a place of their own count, not the items of a list."""

    facts = frozenset({"home", "here"})

    def check(self, shown: Mistake) -> Iterator[Finding]:
        home = home_of(str(shown.pointer[-1])) or ROOT
        facts = {"home": _called(home), "here": _called(shown.pointer[:-1])}
        yield Finding(pointer=(), place=Place((), "key"), facts=facts)

    def repairs(self, at: Pointer, shown: Mistake, finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        key = str(at[-1])
        yield Repair((Move(at, (*(home_of(key) or ROOT), key)),))

    def describe(self) -> str:
        return "A key stands in the object to which it belongs."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(make.spots(_has_fixed_place))
        foreign = [
            pattern
            for pattern in places()
            if home_of(pattern[-1] if pattern else "") == pattern[:-1] != spot.pointer
        ]
        pattern = draw(make.st.sampled_from(foreign))
        value = draw(make.values(pattern))
        return make.broken(valid, spot.pointer, pattern[-1:], set_members={pattern[-1]: value})


def _has_fixed_place(spot: Spot) -> bool:
    return spot.schema["type"] == "object" and all(isinstance(key, str) for key in spot.pointer)


def _called(place: Pointer) -> str:
    return f"in {place_called(place)}" if place else "at the top level"
