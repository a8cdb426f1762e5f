"""`unreadable-time`: a string that is no readable time, or no real date."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Finding, Place, ShapeKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.request.patterns import has_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.request.schema import Schema
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


#: Days that a month may have, as a time has them.
_DAYS = tuple(f"{day:02}" for day in range(1, 32))


@kind("unreadable-time")
class UnreadableTime(ShapeKind):
    """The request schema spells the readable forms, the length of each month included."""

    cases = ("date", "other")

    def check(self, shown: Mistake) -> Iterator[Finding]:
        # With the day taken back to the 1st, a date that is only not in the calendar is readable.
        text = shown.value.strip()
        is_date = text[8:10] in _DAYS and has_match(
            shown.schema["pattern"], f"{text[:8]}01{text[10:]}"
        )
        yield Finding(pointer=(), place=Place(()), case="date" if is_date else "other")

    def describe(self) -> str:
        return "A time can be read, and its date is in the calendar."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, spot = draw(make.spots(lambda spot: is_time(spot.schema)))
        value = draw(make.st.sampled_from(_UNREADABLE))
        return make.broken(valid, spot.pointer, (), value=value)


def is_time(schema: Schema) -> bool:
    """Whether a schema wants a time: its pattern takes dates and not just anything."""
    pattern = schema.get("pattern")
    return pattern is not None and not has_match(pattern, "x")


_UNREADABLE = (
    "yesterday",
    "13.03.2025",
    "2025-02-30",
    "2025-03-13 24:00:00",
    "2025-03-13  20:00",
    "2025-03-13Z",
    "1741888800",
)
