"""`type`: a value of another JSON type than wanted."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.request.wording import type_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.request.schema import Schema
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("type")
class WrongType(ShapeKind):
    """Whatever the more telling kinds of mistake do not say."""

    cases = ("null", "item", "other")
    facts = frozenset({"wanted"})

    def check(self, shown: Mistake) -> Iterator[Finding]:
        case = "other"
        if shown.value is None:
            case = "item" if isinstance(shown.pointer[-1], int) else "null"
        yield Finding(
            pointer=(), place=Place(()), case=case, facts={"wanted": wanted_type(shown.schema)}
        )

    def describe(self) -> str:
        return "Each value has the type that the API documents."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(make.spots(lambda spot: bool(spot.pointer)))
        others: list[object] = [] if spot.schema["type"] == "array" else [[[]], [{}], []]
        others += [{}] if spot.schema["type"] != "object" else []
        others += [True, 5, "five"] if spot.schema["type"] in ("array", "object") else []
        # Null counts as absent where a key could be missing, so only an item shows it alone.
        others += [None] if isinstance(spot.pointer[-1], int) else []
        value = draw(make.st.sampled_from(others))
        return make.broken(valid, spot.pointer, (), value=value)


def wanted_type(schema: Schema) -> str:
    """Say which type a schema wants, for a list also of what."""
    name = type_called(schema["type"])
    items = schema.get("items")
    return f"{name} of {_PLURALS[items['type']]}" if items else name


_PLURALS = {
    "string": "strings",
    "integer": "whole numbers",
    "object": "objects",
}
