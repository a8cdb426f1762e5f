"""`fraction`: a number with a fraction where a whole one is wanted."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("fraction")
class Fraction(ShapeKind):
    """1.0 is whole."""

    def check(self, shown: Mistake) -> Iterator[Finding]:  # noqa: ARG002 - the place says it all
        yield Finding(pointer=(), place=Place(()))

    def describe(self) -> str:
        return "A count, a position or a number of times is whole."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        # Documents that are drawn are plain data; else it is a slow import.
        from decimal import Decimal  # noqa: PLC0415

        valid, spot = draw(
            make.spots(lambda spot: spot.schema["type"] == "integer" and "enum" not in spot.schema)
        )
        value = draw(make.st.sampled_from([*map(Decimal, ("0.5", "-1.5", "7.25"))]))
        return make.broken(valid, spot.pointer, (), value=value)
