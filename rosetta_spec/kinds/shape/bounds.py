"""`bounds`: a number outside of what is allowed."""

from __future__ import annotations

from rosetta_spec.document.numbers import number_of
from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.document.numbers import Number
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("bounds")
class Bounds(ShapeKind):
    """A share above 1 that looks like a percentage is told as one."""

    cases = ("below", "above", "percentage")
    facts = frozenset({"bound", "bounds", "percent", "share"})

    def check(self, shown: Mistake) -> Iterator[Finding]:
        schema, value = shown.schema, shown.value
        is_above = value > schema.get("maximum", value)
        case, bound = ("above", schema.get("maximum")) if is_above else ("below", _least(schema))
        share = ""
        if is_above and schema["maximum"] == 1 and is_percentage(value):
            case, share = "percentage", share_of(int(value))
        yield Finding(
            pointer=(),
            place=Place(()),
            case=case,
            facts={
                "bound": str(bound),
                "bounds": bounds_called(schema),
                "percent": str(int(value)) if share else "",
                "share": share,
            },
        )

    def describe(self) -> str:
        return "A number is within the bounds that the API documents."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(
            make.spots(lambda spot: "minimum" in spot.schema or "maximum" in spot.schema)
        )
        least = spot.schema.get("minimum", 1)
        outside = [least - 1, -(2**70)]
        above = [2, 50, number_of("1.000000000000000000001"), number_of("1e999999")]
        outside += above if "maximum" in spot.schema else []
        value = draw(make.st.sampled_from(outside))
        return make.broken(valid, spot.pointer, (), value=value)


def is_percentage(value: Number) -> bool:
    """Whether a number is what people write for a share in per cent: 2 to 100, and whole."""
    return 2 <= value <= 100 and value == int(value)  # noqa: PLR2004 - per cent


def share_of(percent: int) -> str:
    """Write so many per cent, 1 to 100, as a share: 20 is `0.2`."""
    return f"{percent / 100:.2f}".rstrip("0").rstrip(".")


def _least(schema: Schema) -> object:
    return schema.get("minimum", schema.get("exclusiveMinimum"))


def bounds_called(schema: Schema) -> str:
    """Say which numbers will do: `at least 1`, `above 0 and at most 1`."""
    words = (
        ("minimum", "at least"),
        ("exclusiveMinimum", "above"),
        ("maximum", "at most"),
    )
    return " and ".join(f"{word} {schema[bound]}" for bound, word in words if bound in schema)
