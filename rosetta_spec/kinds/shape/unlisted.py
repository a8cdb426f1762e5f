"""`unlisted`: a value that is not one of the listed ones."""

from __future__ import annotations

from rosetta_spec.document.operations import Put
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.request.schema import listed_values
from rosetta_spec.request.wording import choices_called, value_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("unlisted")
class Unlisted(ShapeKind):
    """A string that names a listed value counts as that value for the other rules."""

    cases = ("named", "near", "other")
    facts = frozenset({"choices", "meaning"})

    def check(self, shown: Mistake) -> Iterator[Finding]:
        case, meaning = "other", ""
        if shown.reading is not UNUSABLE:
            case, meaning = "named", value_called(shown.reading, shown.schema)
        elif near := _near_value(shown):
            case, meaning = "near", near
        yield Finding(
            pointer=(),
            place=Place(()),
            case=case,
            facts={"choices": choices_called(shown.schema), "meaning": meaning},
        )

    def repairs(self, at: Pointer, shown: Mistake, finding: Finding) -> Iterator[Repair]:
        if finding.case == "named":
            yield Repair((Put(at, shown.reading),))

    def describe(self) -> str:
        return "A listed value is one of those that the API lists."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        # Documents that are drawn are plain data; else it is a slow import.
        from decimal import Decimal  # noqa: PLC0415

        valid, spot = draw(make.spots(lambda spot: "enum" in spot.schema))
        names = dict(listed_values(spot.schema))
        name = names[spot.value]
        is_number = spot.schema["type"] == "integer"
        unlisted = [0, 99, Decimal("1.5"), "", "none", "true"] if is_number else ["", "xor", "1"]
        named = [f" {name.upper()} ", name.title() + "\t"]
        value = draw(make.st.sampled_from([*unlisted, *named]))
        return make.broken(valid, spot.pointer, (), value=value)


def _near_value(mistake: Mistake) -> str | None:
    """Return the listed value whose name is mistyped, with its meaning."""
    if not isinstance(mistake.value, str):
        return None
    names = {name.casefold(): value for value, name in listed_values(mistake.schema)}
    near = nearest_name(mistake.value.strip().casefold(), names)
    return None if near is None else value_called(names[near], mistake.schema)
