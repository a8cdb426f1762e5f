"""Kinds about whole documents: others in the run, what readers reject, and suppressions."""

import json
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from rosetta_spec.document.tree import Earlier, SyntaxProblem
from rosetta_spec.document.values import ABSENT, UNUSABLE, WIDE, Json, canonical_json, value_at
from rosetta_spec.kinds.kind import Kind, Place, SuppressionProblem, Violation
from rosetta_spec.pointer import parse_pattern
from rosetta_spec.request.wording import all_of, printable_name
from rosetta_spec.text import digest


class Match(NamedTuple):
    """The number of an earlier document, with the case and the facts of the violation."""

    earlier: int
    case: str = ""
    facts: Mapping[str, str] = {}


#: Returns the normalized value, `UNUSABLE` if it has an error.
Sendable: TypeAlias = Callable[[Json], Json]

#: Takes the number, the body and the `Sendable` of the documents of a run one by one, and returns
#: the first earlier document that matches.
Comparison: TypeAlias = Callable[[int, Json, Sendable], Match | None]


class RunKind(Kind):
    """A kind whose rule is broken by two documents of a run; the later one is reported."""

    facts = frozenset({"other"})

    def comparison(self) -> Comparison:
        """Return a comparison for the documents of a run."""
        raise NotImplementedError

    def check(self, value: Earlier) -> Iterator[Violation]:
        other = f"line {value.location.row}"
        if not value.is_in_same_file:
            other += f" of {printable_name(value.filename)}"
        facts = {"other": other, **value.facts}
        yield Violation(place=Place((), "object"), case=value.case, facts=facts, earlier=value)


class Repeated(RunKind):
    """An earlier document of the run has the same body, as it would be sent."""

    name = "repeated"
    wants = "A request occurs only once in a run."

    def comparison(self) -> Comparison:
        first: dict[_Key, tuple[int, Sendable]] = {}

        def compare(number: int, body: Json, sendable: Sendable) -> Match | None:
            digest = _key(body)
            earlier, by = first.setdefault(digest, (number, sendable))
            if earlier == number or sendable(body) is UNUSABLE:
                return None
            # The same body may have an error only by the configuration of the earlier file.
            if by != sendable and by(body) is UNUSABLE:
                first[digest] = number, sendable
                return None
            return Match(earlier)

        return compare


#: Requests are compared until the kept ones take about this many bytes.
_MAX_BYTES = 32 * 1024 * 1024


class Competing(RunKind):
    """An earlier document may select the same tasks.

    Both have equal values at `same`, and the conditions in their objects at `place` do not exclude
    each other. A task meets all conditions if the key `join` has the value `all`, and at least one
    otherwise. Each of `conditions` is set if one of its `keys` is present. Two requests with the
    same condition have no common tasks if their time ranges, from the first key of `between` to the
    second, do not overlap, or if their lists at the key `one-of` have no common item. These lists
    are compared only for equal values of the key `per`, and if other keys have the values in
    `only-if`, because then a task has a single item.
    """

    name = "competing"
    wants = "No two requests of a run select the same tasks."
    cases = ("shared", "open")
    facts = RunKind.facts | {"fields"}

    same: Sequence[str]
    place: str
    join: str
    all: Json
    conditions: Sequence[Mapping[str, Any]]

    def comparison(self) -> Comparison:
        groups: dict[_Key, _Group] = {}
        times = [index for index, each in enumerate(self.conditions) if "between" in each]
        size = 0

        def compare(number: int, body: Json, sendable: Sendable) -> Match | None:
            nonlocal size
            request = sendable(body)
            if request is UNUSABLE or size > _MAX_BYTES:
                return None
            same = [value_at(request, parse_pattern(each)) for each in self.same]
            # A value that is missing or wrong may be no error by the configuration.
            if ABSENT in same or UNUSABLE in same:
                return None
            here = self._selection(request)
            group = groups.setdefault(_key(same), _Group(times))
            found = group.first(here)
            size += group.add(number, here)
            if found is None:
                return None
            shared = here.shared_fields(found[1])
            fields = [key for each in self.conditions for key in each["keys"] if key in shared]
            case = "shared" if fields else "open"
            return Match(found[0], case, {"fields": all_of(fields) if fields else ""})

        return compare

    def _selection(self, request: Json) -> "_Selection":
        found = value_at(request, parse_pattern(self.place))
        members = found if isinstance(found, dict) else {}
        fields: dict[int, list[str]] = {}
        constraints: dict[int, _Constraint] = {}
        for index, condition in enumerate(self.conditions):
            if any(key in members for key in condition["keys"]):
                named = condition.get("between", condition["keys"][:1])
                fields[index] = [key for key in named if key in members] or condition["keys"][:1]
                if what := _constraint_of(condition, members):
                    constraints[index] = what
        if members.get(self.join) == self.all or len(fields) < 2:  # noqa: PLR2004 - nothing to join
            return _Selection(fields, constraints, (constraints,))
        ways = tuple(
            {index: constraints[index]} if index in constraints else {} for index in fields
        )
        return _Selection(fields, constraints, ways)


_BYTES_OF_REQUEST = 1024
_BYTES_OF_VALUE = 128


class _Times(NamedTuple):
    """The first and last time that a condition allows, in microseconds, infinite if it is open.

    Times with and without an offset from UTC are known to follow each other if a day is between
    them. `is_aware` says of both ends whether they have one; `lows` and `highs` are what an end of
    a range without an offset, and of one with an offset, is compared with.
    """

    low: float
    high: float
    is_aware: tuple[bool, bool]
    lows: tuple[float, float]
    highs: tuple[float, float]


_DAY = 24 * 60 * 60 * 1_000_000
_INFINITE = float("inf")


def _times(low: datetime | None, high: datetime | None) -> _Times:
    first = -_INFINITE if low is None else _microseconds(low)
    last = _INFINITE if high is None else _microseconds(high)
    is_aware = (bool(low and low.tzinfo), bool(high and high.tzinfo))
    before, after = (_DAY if each else 0 for each in is_aware)
    lows = (first - before, first - _DAY + before)
    highs = (last + after, last + _DAY - after)
    return _Times(first, last, is_aware, lows, highs)


def _microseconds(time: datetime) -> int:
    """Return the time since 1970, by the clock that it is of."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC if time.tzinfo else None)
    return (time - epoch) // timedelta(microseconds=1)


class _Values(NamedTuple):
    """Values of which a task has a single one, for the value of another key."""

    per: "_Key"
    values: frozenset["_Key"]


#: What is known of the tasks that a condition selects.
_Constraint: TypeAlias = _Values | _Times


class _Selection(NamedTuple):
    """Which tasks a request selects: those that fit any of the `ways`.

    `fields` are the keys of each of its conditions, and `constraints` what is known of these, by
    the index of the condition.
    """

    fields: Mapping[int, Sequence[str]]
    constraints: Mapping[int, _Constraint]
    ways: tuple[Mapping[int, _Constraint], ...]

    def shared_fields(self, other: "_Selection") -> set[str]:
        """Return the keys of conditions that both have and that do not exclude each other."""
        found: set[str] = set()
        for index in self.fields.keys() & other.fields.keys():
            constraints = self.constraints.get(index), other.constraints.get(index)
            if None in constraints or not _exclude(*constraints):
                found |= {*self.fields[index], *other.fields[index]}
        return found


def _exclude(one: Any, other: Any) -> bool:  # noqa: ANN401 - two of the same type
    if isinstance(one, _Values):
        return one.per == other.per and one.values.isdisjoint(other.values)
    is_after = other.highs[one.is_aware[0]] < one.low
    return bool(is_after or one.high < other.lows[one.is_aware[1]])


#: The number of ways in a block. A search skips whole blocks.
_SIZE = 512

_ANY_TIME = _times(None, None)


class _Group:
    """Requests with the same pool, and an index of their ways.

    A set of ways is a number: the bit at the position of a way says whether it is in the set.
    """

    def __init__(self, times: Iterable[int]) -> None:
        """`times` are the indices of conditions about times."""
        self._requests: list[tuple[int, _Selection]] = []
        #: For each way the index of its request.
        self._ways: list[int] = []
        #: The ways of which values are known, by condition and `per`, and those with a value.
        self._limited: dict[tuple[int, _Key], int] = defaultdict(int)
        self._having: dict[tuple[int, _Key, _Key], int] = defaultdict(int)
        #: The times of each way and of each block of ways, by condition.
        self._times: dict[int, list[_Times]] = {each: [] for each in times}
        self._blocks: dict[int, list[_Block]] = {each: [] for each in times}

    def add(self, number: int, request: _Selection) -> int:
        """Add a request; return about how many bytes it takes."""
        values = 0
        for way in request.ways:
            nth = len(self._ways)
            bit = 1 << nth
            self._ways.append(len(self._requests))
            for index, constraint in way.items():
                if isinstance(constraint, _Values):
                    self._limited[index, constraint.per] |= bit
                    values += len(constraint.values)
                    for value in constraint.values:
                        self._having[index, constraint.per, value] |= bit
            for index, times in self._times.items():
                found = way.get(index)
                times.append(found if isinstance(found, _Times) else _ANY_TIME)
                if nth % _SIZE == 0:
                    self._blocks[index].append(_Block())
                self._blocks[index][-1].add(times[-1])
        self._requests.append((number, request))
        return _BYTES_OF_REQUEST + values * (_BYTES_OF_VALUE + len(self._ways) // 8)

    def first(self, request: _Selection) -> tuple[int, _Selection] | None:
        """Return the number of the first request that may select the same tasks, and what it is."""
        found = [way for each in request.ways if (way := self._first(each)) is not None]
        return self._requests[self._ways[min(found)]] if found else None

    def _first(self, way: Mapping[int, _Constraint]) -> int | None:
        fitting = (1 << len(self._ways)) - 1
        times: dict[int, _Times] = {}
        for index, constraint in way.items():
            if isinstance(constraint, _Times):
                times[index] = constraint
                continue
            having = 0
            for value in constraint.values:
                having |= self._having.get((index, constraint.per, value), 0)
            fitting &= having | ~self._limited[index, constraint.per]
        for block in range(-(-len(self._ways) // _SIZE)):
            here = fitting >> block * _SIZE & (1 << _SIZE) - 1
            if here and all(self._blocks[it][block].may_meet(times[it]) for it in times):
                for nth in range(block * _SIZE, block * _SIZE + here.bit_length()):
                    if fitting >> nth & 1 and not any(
                        _exclude(times[it], self._times[it][nth]) for it in times
                    ):
                        return nth
        return None


class _Block:
    """The times of some ways; two binary searches show that none of them meets other times."""

    def __init__(self) -> None:
        #: As in `_Times`, each sorted.
        self._lows: tuple[list[float], list[float]] = ([], [])
        self._highs: tuple[list[float], list[float]] = ([], [])
        self._is_exact = True

    def add(self, times: _Times) -> None:
        for ends, all_ends in ((times.lows, self._lows), (times.highs, self._highs)):
            for end, others in zip(ends, all_ends, strict=True):
                insort(others, end)
        self._is_exact &= max(times.lows) <= min(times.highs)

    def may_meet(self, times: _Times) -> bool:
        """Whether some of them may meet `times`; exact unless one ends before it starts."""
        lows, highs = self._lows[times.is_aware[1]], self._highs[times.is_aware[0]]
        earlier = bisect_left(highs, times.low)
        later = len(lows) - bisect_right(lows, times.high)
        # Otherwise, the same way could be both earlier and later.
        is_exact = self._is_exact and times.low <= times.high
        return earlier + later < len(lows) if is_exact else max(earlier, later) < len(lows)


def _constraint_of(condition: Mapping[str, Any], members: Mapping[str, Json]) -> _Constraint | None:
    if "between" in condition:
        times = [members.get(key, ABSENT) for key in condition["between"]]
        if UNUSABLE in times:
            return None
        low, high = (None if time is ABSENT else datetime.fromisoformat(time) for time in times)
        return _times(low, high)
    values = _listed(members.get(condition.get("one-of", ""), UNUSABLE))
    per = _listed(members.get(condition["per"], UNUSABLE) if "per" in condition else "")
    given = condition.get("only-if", {})
    is_given = all(members.get(key) == value for key, value in given.items())
    if not values or UNUSABLE in (*values, *per) or not is_given:
        return None
    keys = {_key(each) for each in per}
    return _Values(keys.pop(), frozenset(map(_key, values))) if len(keys) == 1 else None


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


#: The digest of a value: equal for equal values.
_Key: TypeAlias = bytes

_DIGEST_SIZE = 16


#: Writes a value as `canonical_json` does, except for whole numbers with a fraction or an exponent
#: (`1.0`, `1e+16`), and several times as fast.
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode


def _key(value: Json) -> _Key:
    """Return what is equal for equal values, and for no others."""
    text = ""
    with suppress(TypeError):  # a `Decimal`
        text = _encode([value])
    # `in` takes a fraction of the time that a regular expression takes.
    if not text or any(part in text for part in (".0,", ".0}", ".0]", "e+", _ZEROS)):
        text = canonical_json([value], _number)
    return digest(text)[:_DIGEST_SIZE]


#: No integer of a quick reader has more.
_MAX_DIGITS = 5000

#: With these at its end, a whole number is written with an exponent: `1e4999` is short.
_ZEROS = "0" * 40


def _number(number: float | Decimal) -> str:
    """Write a number so that equal numbers, however they are spelled, give equal texts."""
    exact = (number if isinstance(number, Decimal) else Decimal(str(number))).normalize(WIDE)
    if exact.adjusted() < _MAX_DIGITS and exact == exact.to_integral_value():
        zeros = exact.adjusted() + 1 - len(exact.as_tuple().digits)
        if zeros < len(_ZEROS):
            return f"{exact or Decimal():f}"
    nearest = repr(float(exact))
    return nearest if Decimal(nearest) == exact else str(exact)


class Reading(Kind):
    """`problem` is its name in the readers; `wants` describes what a document should be."""

    name = "reading"
    facts = frozenset({"cause", "remedy"})

    problem: str
    wants: str

    def check(self, value: SyntaxProblem) -> Iterator[Violation]:
        yield Violation(
            pointer=value.pointer,
            place=Place(value.pointer, span=value.span),
            facts={"cause": value.cause, "remedy": value.remedy},
            related=tuple(Place(at, span=span, label=label) for at, span, label in value.related),
        )


class SuppressionKind(Kind):
    """`wants` describes what a suppression should be."""

    wants: str

    def check(self, value: SuppressionProblem) -> Iterator[Violation]:
        yield Violation((), Place((), span=value.span), value.case, value.facts)


class UnusedSuppression(SuppressionKind):
    """It suppresses nothing: there is no such finding, it cannot be suppressed, or it expired."""

    name = "unused-suppression"
    cases = ("unused", "always", "expired")
    facts = frozenset({"names", "until"})


class UnknownSuppression(SuppressionKind):
    """It names no rule, or an unknown one, or its last day is wrong."""

    name = "unknown-suppression"
    cases = ("none", "open", "rule", "until", "late", "form", "prose")
    facts = frozenset({"written", "names", "meant", "spelling"})
