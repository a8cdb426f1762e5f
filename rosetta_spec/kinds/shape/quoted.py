"""`quoted`: a string that spells the number, true or false that is wanted."""

from __future__ import annotations

from rosetta_spec.document.numbers import spelled
from rosetta_spec.document.operations import Put
from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.request.wording import shown as shown_value
from rosetta_spec.request.wording import type_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("quoted")
class Quoted(ShapeKind):
    """The other rules see what the string spells."""

    facts = frozenset({"wanted", "spelt"})

    def check(self, shown: Mistake) -> Iterator[Finding]:
        yield Finding(
            pointer=(),
            place=Place(()),
            facts={"wanted": type_called(shown.schema["type"]), "spelt": shown.value},
        )

    def repairs(self, at: Pointer, shown: Mistake, finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        yield Repair((Put(at, spelled(shown.value), shown.value),))

    def describe(self) -> str:
        return "A number, true or false stands without quotes."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(make.spots(lambda spot: spot.schema["type"] in _QUOTABLE))
        return make.broken(valid, spot.pointer, (), value=shown_value(spot.value))


_QUOTABLE = ("integer", "number", "boolean")
