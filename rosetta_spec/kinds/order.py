"""Kinds that compare two values of an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from rosetta_spec.document.operations import Swap
from rosetta_spec.document.values import UNUSABLE, Json, value_at
from rosetta_spec.fast.predicates import is_written_time
from rosetta_spec.kinds.kind import (
    Breakage,
    Draw,
    KeysKind,
    Maker,
    Place,
    ProposedFix,
    RelationKind,
    Violation,
    broken,
)
from rosetta_spec.pointer import Pointer


class Ordered(RelationKind):
    """The value of the key `low` is below that of `high`; `values` are `numbers` or `times`.

    Nothing is reported of two times of which only one has a UTC offset.
    """

    name = "ordered"
    cases = ("equal", "reversed")
    facts = frozenset({"low", "other_value"})

    def __init__(self, *, low: str, high: str, values: str, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.low = low
        self.high = high
        self.keys = (high,)
        self.values = values

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        low, high = value.get(self.low, UNUSABLE), value.get(self.high, UNUSABLE)
        if UNUSABLE in (low, high):
            return
        order = compared(low, high, as_times=self.values == "times")
        if order is not None and order >= 0:
            yield Violation(
                pointer=(self.high,),
                place=Place((self.high,)),
                case="reversed" if order else "equal",
                facts={"low": self.low},
                related=(Place((self.low,)),),
            )

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        if violation.case == "reversed":
            yield ProposedFix((Swap((*at, self.low), (*at, self.high)),))

    def schema(self) -> None:
        """JSON Schema cannot compare two values."""

    def accepts(self, value: str) -> str:
        return f"{self.values}_in_order({value}.get({self.low!r}), {value}.get({self.high!r}))"

    def sentence(self) -> str:
        return f"{self.low} is {'before' if self.values == 'times' else 'below'} {self.high}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        having = {self.low: None, self.high: None}
        valid, place = draw(make.places(self.at, having=having))
        before = value_at(valid, place)
        low, high = before[self.low], before[self.high]
        swapped = {self.low: high, self.high: low}
        members = draw(make.st.sampled_from([swapped, {self.high: low}, {self.low: high}]))
        return broken(valid, place, (self.high,), set_members=members)


def compared(low: Json, high: Json, *, as_times: bool) -> int | None:
    """Return -1, 0 or 1 if `low` is below, equal to, or above `high`; None if incomparable."""
    # In the documented form, times compare like their characters.
    if as_times and not (is_written_time(low) and is_written_time(high)):
        low, high = read_time(low), read_time(high)
        if (low.tzinfo is None) != (high.tzinfo is None):
            return None
    return int(low > high) - int(low < high)


class SameClock(KeysKind):
    """`keys` are two times of which both have a UTC offset, or neither; the second is reported."""

    name = "same-clock"
    facts = frozenset({"other", "aware", "naive"})

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        values = [value.get(key, UNUSABLE) for key in self.keys]
        if UNUSABLE in values:
            return
        is_aware = [read_time(value).tzinfo is not None for value in values]
        if is_aware[0] != is_aware[1]:
            first, second = self.keys
            aware, naive = (first, second) if is_aware[0] else (second, first)
            yield Violation(
                pointer=(second,),
                place=Place((second,)),
                facts={"other": first, "aware": aware, "naive": naive},
                related=(Place((first,)),),
            )

    def schema(self) -> None:
        """JSON Schema cannot compare two values."""

    def accepts(self, value: str) -> str:
        one, other = self.keys
        return f"same_clock({value}.get({one!r}), {value}.get({other!r}))"

    def sentence(self) -> str:
        return f"{' and '.join(self.keys)} both have a UTC offset, or neither has."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at, having=dict.fromkeys(self.keys)))
        key = draw(make.st.sampled_from(self.keys))
        value = value_at(valid, (*place, key)) + draw(make.st.sampled_from(["Z", "+08:00"]))
        return broken(valid, place, (self.keys[1],), set_members={key: value})


def read_time(text: str) -> datetime:
    """Read a readable time: aware if it has an offset, naive if not; a date is its midnight.

    Raises:
        ValueError: it is not a time.
    """
    return datetime.fromisoformat(text)
