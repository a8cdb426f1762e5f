"""`unquoted`: a number, true or false where a string is wanted."""

from __future__ import annotations

from rosetta_spec.document.operations import Quote
from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.kinds.shape.unreadable_time import is_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("unquoted")
class Unquoted(ShapeKind):
    """Quotes mend it, unless only some strings will do there."""

    cases = ("any", "certain")

    def check(self, shown: Mistake) -> Iterator[Finding]:
        yield Finding(pointer=(), place=Place(()), case=_case(shown.schema))

    def repairs(self, at: Pointer, shown: Mistake, finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        if finding.case == "any":
            yield Repair((Quote(at),))

    def describe(self) -> str:
        return "A string stands in quotes where it would be read as a number, true or false."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(make.spots(lambda spot: spot.schema["type"] == "string"))
        value = draw(make.st.sampled_from([0, 7, -1, 2**70, True, False]))
        return make.broken(valid, spot.pointer, (), value=value)


def _case(schema: Schema) -> str:
    """Tell the strings of any wording from the times and the listed ones."""
    return "certain" if is_time(schema) or "enum" in schema else "any"
