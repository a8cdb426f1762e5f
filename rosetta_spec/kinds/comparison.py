"""Kinds that compare values: two of an object, or the items of an array."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any

from rosetta_spec.document.operations import Put, Remove, Swap
from rosetta_spec.document.values import UNUSABLE, Json, Number, identity, value_at
from rosetta_spec.kinds.kind import (
    Breakage,
    Draw,
    Maker,
    Pattern,
    ProposedFix,
    RelationKind,
    SchemaCase,
    Violation,
    broken,
    violation_at,
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.expressions import NEVER
from rosetta_spec.request.schema import schema_at
from rosetta_spec.request.wording import plain_number


class Ordered(RelationKind):
    """The value of the key `low` is below that of `high`; `values` are `numbers` or `times`.

    Nothing is reported of two times of which only one has a UTC offset.
    """

    name = "ordered"
    cases = ("equal", "reversed")
    facts = frozenset({"low", "other_value"})

    low: str
    high: str
    values: str

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        ends = comparable(value, self.low, self.high, as_times=self.values == "times")
        if ends and ends[0] >= ends[1]:
            case = "equal" if ends[0] == ends[1] else "reversed"
            yield violation_at(self.high, self.low, case=case, low=self.low)

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        if violation.case == "reversed":
            yield ProposedFix((Swap((*at, self.low), (*at, self.high)),))

    def accepts(self, value: str) -> str:
        return f"{self.values}_in_order({value}.get({self.low!r}), {value}.get({self.high!r}))"

    def sentence(self) -> str:
        return f"{self.low} is {'before' if self.values == 'times' else 'below'} {self.high}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns, having={self.low: None, self.high: None}))
        low, high = (*place, self.low), (*place, self.high)
        to_equal = Put(high, value_at(valid, low)), Put(low, value_at(valid, high))
        return broken(valid, high, draw(make.st.sampled_from([Swap(low, high), *to_equal])))


class AtMost(RelationKind):
    """The value of `key` is not above that of the key `limit`; both are numbers."""

    name = "at-most"
    facts = frozenset({"limit", "other_value"})

    key: str
    limit: str

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        numbers = comparable(value, self.key, self.limit)
        if numbers and numbers[0] > numbers[1]:
            yield violation_at(self.key, self.limit, limit=self.limit)

    def accepts(self, value: str) -> str:
        return f"is_at_most({value}.get({self.key!r}), {value}.get({self.limit!r}))"

    def sentence(self) -> str:
        return f"{self.key} is at most {self.limit}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns, having={self.key: None, self.limit: None}))
        at = (*place, self.key)
        above = value_at(valid, (*place, self.limit)) + draw(make.st.integers(1, 9))
        return broken(valid, at, Put(at, above))


def comparable(
    value: Json, one: str, other: str, *, as_times: bool = False
) -> tuple[Any, Any] | None:
    """Return the values of two keys of an object as they compare, None if they do not.

    They do not if one of them is absent or unusable, or if only one of two times has a UTC offset.
    """
    first, second = value.get(one, UNUSABLE), value.get(other, UNUSABLE)
    if UNUSABLE in (first, second):
        return None
    if as_times:
        first, second = datetime.fromisoformat(first), datetime.fromisoformat(second)
        if (first.tzinfo is None) != (second.tzinfo is None):
            return None
    return first, second


#: The units of times in seconds, the largest first.
_SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_MICROSECOND = timedelta(microseconds=1)

#: Rounds only lengths that have more digits, and traps nothing.
_LONG = Context(prec=5000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


class LimitedSpan(RelationKind):
    """The distance from the value of `low` to that of `high` is within `at_least` and `at_most`.

    Both count a `unit`. In a list, the sum of the distances of its items counts. A range that is
    reversed or cannot be compared is ignored, and so is a list with such an item.
    """

    name = "span"
    target = object
    facts = frozenset({"low", "high", "distance", "limit"})

    low: str
    high: str
    unit: str
    at_least: Json = None
    at_most: Json = None

    def check(self, value: Json) -> Iterator[Violation]:
        with localcontext(_LONG):
            found = tuple(self._violations(value))
        yield from found

    def _violations(self, value: Json) -> Iterator[Violation]:
        is_list = isinstance(value, list)
        lengths = [self._length(each) for each in (value if is_list else [value])]
        if not lengths or None in lengths:
            return
        length = sum((each for each in lengths if each is not None), Decimal())
        if self.at_most is not None and length > self.at_most * self._factor:
            side, limit = "most", self.at_most
        elif self.at_least is not None and length < self.at_least * self._factor:
            side, limit = "least", self.at_least
        else:
            return
        facts = {"low": self.low, "high": self.high, "distance": self._called(length)}
        facts["limit"] = self._limit_called(side, limit)
        yield Violation(facts=facts) if is_list else violation_at(self.high, self.low, **facts)

    @property
    def is_of_times(self) -> bool:
        """Whether its ends are times, not numbers."""
        return self.unit in _SECONDS

    @property
    def _factor(self) -> int:
        """Seconds in the unit of times, 1 for numbers."""
        return _SECONDS.get(self.unit, 1)

    @property
    def _both(self) -> int:
        """1 if a range includes both of its ends, else 0."""
        return int(self.unit == "positions")

    def _length(self, item: Json) -> Decimal | None:
        if not isinstance(item, dict):
            return None
        ends = comparable(item, self.low, self.high, as_times=self.is_of_times)
        if ends is None or ends[0] > ends[1]:
            return None
        low, high = ends
        if self.is_of_times:
            return Decimal((high - low) // _MICROSECOND) / 1_000_000
        return Decimal(high) - Decimal(low) + self._both

    def _limit_called(self, side: str, limit: Json) -> str:
        unit = "" if self.unit == "numbers" else self.unit[:-1]
        return f"at {side} {_counted(limit, unit)}"

    def _called(self, length: Decimal) -> str:
        if not self.is_of_times:
            return _counted(length, "" if self.unit == "numbers" else "position")
        parts = []
        for unit, size in _SECONDS.items():
            count = length / size if size == 1 else length // size
            length -= count * size
            parts += [_counted(count, unit[:-1])] if count else []
        return " ".join(parts) or "no time"

    def accepts(self, value: str) -> str:
        least = _LONG.multiply(self.at_least or 0, self._factor)
        most = None if self.at_most is None else _LONG.multiply(self.at_most, self._factor)
        if not all(each is None or each == int(each) for each in (least, most)):
            return NEVER

        ends = f"{self.low!r}, {self.high!r}, {self.is_of_times}"

        def within(ranges: str, count: str) -> str:
            highest = None if most is None else f"{int(most)} - {count}"
            return f"spans_are_within({ranges}, {ends}, {int(least)} - {count}, {highest})"

        both = self._both
        is_open = f"{self.low!r} not in {value} or {self.high!r} not in {value}"
        alone = f"type({value}) is dict and ({is_open} or {within(f'[{value}]', str(both))})"
        listed = f"type({value}) is list and {within(value, f'len({value})' if both else '0')}"
        return f"{listed} or {alone}"

    def sentence(self) -> str:
        limits = {"least": self.at_least, "most": self.at_most}
        named = (self._limit_called(*each) for each in limits.items() if each[1] is not None)
        wanted = " and ".join(named)
        in_all = " in all" if self._is_list(self.patterns[0]) else ""
        return f"From {self.low} to {self.high} there are {wanted}{in_all}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        ends = [
            end
            for at in self.patterns
            for end in ([at] if self._is_list(at) else [(*at, self.low), (*at, self.high)])
        ]
        breakage: Breakage = draw(make.steps(self, ends, having=dict.fromkeys(ends)))
        return breakage

    @staticmethod
    def _is_list(at: Pattern) -> bool:
        return bool(schema_at(at)["type"] == "array")


def _counted(number: Number, unit: str) -> str:
    return f"{plain_number(number)} {unit}{'' if number == 1 or not unit else 's'}".rstrip()


class SameClock(RelationKind):
    """`keys` are two times of which both have a UTC offset, or neither; the second is reported."""

    name = "same-clock"
    facts = frozenset({"other", "aware", "naive"})

    keys: Sequence[str]

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        first, second = self.keys
        one, other = value.get(first, UNUSABLE), value.get(second, UNUSABLE)
        is_usable = UNUSABLE not in (one, other)
        if is_usable and comparable(value, first, second, as_times=True) is None:
            is_first = datetime.fromisoformat(one).tzinfo is not None
            aware, naive = (first, second) if is_first else (second, first)
            yield violation_at(second, first, other=first, aware=aware, naive=naive)

    def accepts(self, value: str) -> str:
        one, other = self.keys
        return f"same_clock({value}.get({one!r}), {value}.get({other!r}))"

    def sentence(self) -> str:
        return f"{' and '.join(self.keys)} both have a UTC offset, or neither does."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns, having=dict.fromkeys(self.keys)))
        time = (*place, draw(make.st.sampled_from(self.keys)))
        value = value_at(valid, time) + draw(make.st.sampled_from(["Z", "+08:00"]))
        return broken(valid, (*place, self.keys[1]), Put(time, value))


class Unique(RelationKind):
    """No item equals another; each that equals an earlier one is reported."""

    name = "unique"
    wants = "No item is listed more than once."
    target = list

    def check(self, value: list[Json]) -> Iterator[Violation]:
        first: dict[object, int] = {}
        for index, item in enumerate(value):
            if item is UNUSABLE or item == "":
                continue
            earlier = first.setdefault(identity(item), index)
            if earlier != index:
                yield violation_at(index, earlier)

    def fixes(self, at: Pointer, value: list[Json], violation: Violation) -> Iterator[ProposedFix]:
        yield ProposedFix((Remove((*at, *violation.pointer)),))

    def schema_cases(self) -> Iterator[SchemaCase]:
        yield SchemaCase({"not": {"uniqueItems": True}}, Violation())

    def accepts(self, value: str) -> str:
        return f"have_no_repeats({value})"

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns))
        items = value_at(valid, place)
        again = draw(make.st.sampled_from(items))
        return broken(valid, (*place, len(items)), Put(place, [*items, again]))


class Disjoint(RelationKind):
    """Items are ranges from the key `low` to `high`, both included; none shares a position.

    Ranges that end before they begin are ignored.
    """

    name = "disjoint"
    target = list
    facts = frozenset({"low", "high", "other_low", "other_high", "other"})

    low: str
    high: str

    def check(self, value: list[Json]) -> Iterator[Violation]:
        objects = ((index, item) for index, item in enumerate(value) if isinstance(item, dict))
        found = ((index, comparable(item, self.low, self.high)) for index, item in objects)
        ranges = {index: ends for index, ends in found if ends and ends[0] < ends[1]}
        for later, earlier in first_overlaps(ranges):
            low, high = map(plain_number, ranges[later])
            other_low, other_high = map(plain_number, ranges[earlier])
            facts = {"low": low, "high": high, "other_low": other_low, "other_high": other_high}
            yield violation_at(later, earlier, **facts, other=str(earlier))

    def accepts(self, value: str) -> str:
        return f"have_no_overlap({value}, {self.low!r}, {self.high!r})"

    def sentence(self) -> str:
        return f"No two ranges from {self.low} to {self.high} (both included) overlap."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns))
        ranges = value_at(valid, place)
        again = draw(make.st.sampled_from(ranges))
        moved = draw(make.st.sampled_from([again, {**again, self.high: again[self.high] + 1}]))
        return broken(valid, (*place, len(ranges)), Put(place, [*ranges, moved]))


def first_overlaps(ranges: Mapping[int, tuple[Json, Json]]) -> Iterator[tuple[int, int]]:
    """Yield the index of each range that meets an earlier one, and that of the first it meets.

    Ranges meet if each begins before the other ends. In the order of their ends, those that begin
    before an end are in a tree (a Fenwick tree) that finds the least index of those that end after
    a begin, so that any input takes n log n.
    """
    highs = sorted({high for _, high in ranges.values()})
    ranks = {high: len(highs) - position for position, high in enumerate(highs)}
    least = [max(ranges, default=0)] * (len(highs) + 1)
    by_low = sorted((low, ranks[high], index) for index, (low, high) in ranges.items())[::-1]
    met = {}
    for index in sorted(ranges, key=lambda index: ranges[index][1]):
        low, high = ranges[index]
        while by_low and by_low[-1][0] <= high:
            _, rank, other = by_low.pop()
            while rank < len(least):
                least[rank] = min(least[rank], other)
                rank += rank & -rank
        rank = len(highs) - bisect_left(highs, low)
        met[index] = index
        while rank:
            met[index] = min(met[index], least[rank])
            rank -= rank & -rank
    yield from ((index, met[index]) for index in ranges if met[index] != index)
