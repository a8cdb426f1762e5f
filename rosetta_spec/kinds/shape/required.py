"""`required`: a required key that is absent or null."""

from __future__ import annotations

from rosetta_spec.document.values import ABSENT
from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("required")
class Required(ShapeKind):
    """Null counts as absent to the server."""

    cases = ("missing", "null")

    def check(self, shown: Mistake) -> Iterator[Finding]:
        is_missing = shown.value is ABSENT
        yield Finding(
            pointer=(),
            place=Place((), "object" if is_missing else "value"),
            case="missing" if is_missing else "null",
        )

    def describe(self) -> str:
        return "A required key is there and is not null."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(make.spots(lambda spot: spot.is_required))
        if draw(make.st.booleans()):
            return make.broken(valid, spot.pointer, (), value=None)
        return make.broken(valid, spot.pointer[:-1], spot.pointer[-1:], drop=spot.pointer[-1:])
