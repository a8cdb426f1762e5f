"""`empty`: a string of nothing but white space, or a list without an item."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("empty")
class Empty(ShapeKind):
    """The value is there, and no other rule looks at it."""

    cases = ("string", "item", "list")

    def check(self, shown: Mistake) -> Iterator[Finding]:
        case = "string"
        if isinstance(shown.value, list):
            case = "list"
        elif isinstance(shown.pointer[-1], int):
            case = "item"
        yield Finding(pointer=(), place=Place(()), case=case)

    def describe(self) -> str:
        return "An identifier, a time and an item of a filter is not blank; a list has an item."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(
            make.spots(lambda spot: "pattern" in spot.schema or "minItems" in spot.schema)
        )
        blank = make.st.sampled_from(["", " ", "\t\n", "\u3000"])
        value = [] if "minItems" in spot.schema else draw(blank)
        return make.broken(valid, spot.pointer, (), value=value)
