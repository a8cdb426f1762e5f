"""Kinds about whole documents: others in the run, what readers reject, and suppressions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from rosetta_spec.document.tree import Earlier, SyntaxProblem
from rosetta_spec.document.values import ABSENT, UNUSABLE, Json, canonical_json, value_at
from rosetta_spec.kinds.comparison import read_time
from rosetta_spec.kinds.kind import (
    Exact,
    Kind,
    Place,
    Request,
    SuppressionProblem,
    Violation,
)
from rosetta_spec.pointer import Pointer, parse_pattern
from rosetta_spec.request.wording import all_of, printable_name


class Match(NamedTuple):
    """The number of an earlier document, with the case and the facts of the violation."""

    earlier: int
    case: str = ""
    facts: Mapping[str, str] = {}


#: Takes the documents of a run one by one: the number of each, its body, and a function that
#: returns it normalized, or `UNUSABLE` if it has an error. Returns the first one that it meets.
Comparison: TypeAlias = Callable[[int, Json, Callable[[], Json]], Match | None]


class RunKind(Kind):
    """A kind whose rule is broken by two documents of a run; the later one is reported."""

    facts = frozenset({"other"})

    def comparison(self) -> Comparison:
        """Return a comparison for the documents of a run."""
        raise NotImplementedError

    def places(self, request: Request) -> Iterator[tuple[Pointer, Earlier]]:
        for earlier in request.earlier:
            yield (), earlier

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
        first: dict[bytes, int] = {}

        def compare(number: int, body: Json, _: Callable[[], Json]) -> Match | None:
            earlier = first.setdefault(_digest(body), number)
            return None if earlier == number else Match(earlier)

        return compare


class Competing(RunKind):
    """An earlier document may select the same tasks.

    The values of both at `same` are equal, and the conditions in the objects at `place` do not
    exclude each other. `conditions` are mappings. `keys` are the keys of a condition, any of which
    makes it one. Two of a kind exclude each other if they share none of the values of the key
    `one-of`, of which a task has a single one (given the values of `only-if`, or for each value of
    the key `per`), or if the times from and to the two keys `between` do not meet. Otherwise
    nothing is known of them. A task meets all conditions if the key `join` has the value `all`,
    else perhaps only one of them.
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
        groups: dict[bytes, list[tuple[int, _Selection]]] = {}
        values = 0

        def compare(number: int, _: Json, normalized: Callable[[], Json]) -> Match | None:
            nonlocal values
            request = normalized()
            if request is UNUSABLE or values > _MOST_VALUES:
                return None
            here = self._selection(request)
            values += here.size
            same = _digest([value_at(request, parse_pattern(each)) for each in self.same])
            group = groups.setdefault(same, [])
            found = next((each for each in group if not here.excludes(each[1])), None)
            group.append((number, here))
            if found is None:
                return None
            shared = here.shared_fields(found[1])
            fields = [key for each in self.conditions for key in each["keys"] if key in shared]
            case = "shared" if fields else "open"
            return Match(found[0], case, {"fields": all_of(fields) if fields else ""})

        return compare

    def _selection(self, request: Json) -> _Selection:
        found = value_at(request, parse_pattern(self.place))
        members = found if isinstance(found, dict) else {}
        fields: dict[int, list[str]] = {}
        known: dict[int, _Known] = {}
        for index, condition in enumerate(self.conditions):
            if any(key in members for key in condition["keys"]):
                named = condition.get("between", condition["keys"][:1])
                fields[index] = [key for key in named if key in members] or condition["keys"][:1]
                if what := _known(condition, members):
                    known[index] = what
        if members.get(self.join) == self.all or len(fields) < 2:  # noqa: PLR2004 - nothing to join
            return _Selection(fields, known, (known,))
        ways = tuple({index: known[index]} if index in known else {} for index in fields)
        return _Selection(fields, known, ways)


#: Conditions are compared until so many values in them are kept.
_MOST_VALUES = 100_000


class _Values(NamedTuple):
    """Values of which a task has a single one, for the value of another key."""

    per: bytes
    values: frozenset[bytes]

    @property
    def size(self) -> int:
        return len(self.values)

    def excludes(self, other: _Values) -> bool:
        return self.per == other.per and self.values.isdisjoint(other.values)


class _Times(NamedTuple):
    """The first and last time that a condition allows, None if it is open."""

    low: datetime | None
    high: datetime | None
    size: int = 2

    def excludes(self, other: _Times) -> bool:
        return _is_before(self.high, other.low) or _is_before(other.high, self.low)


#: What is known of a condition.
_Known: TypeAlias = _Values | _Times


class _Selection(NamedTuple):
    """Which tasks a request selects: those that fit what is known of any of the `ways`.

    `fields` are the keys of each of its conditions, by the index of the condition, and `known` is
    what is known of them.
    """

    fields: Mapping[int, Sequence[str]]
    known: Mapping[int, _Known]
    ways: tuple[Mapping[int, _Known], ...]

    @property
    def size(self) -> int:
        """How many values it holds."""
        return sum(each.size for each in self.known.values())

    def excludes(self, other: _Selection) -> bool:
        """Whether no task can be selected by both."""
        return all(
            any(index in there and _exclude(what, there[index]) for index, what in here.items())
            for here in self.ways
            for there in other.ways
        )

    def shared_fields(self, other: _Selection) -> set[str]:
        """Return the keys of conditions that both have and that do not exclude each other."""
        found: set[str] = set()
        for index in self.fields.keys() & other.fields.keys():
            known = self.known.get(index), other.known.get(index)
            if None in known or not _exclude(*known):
                found |= {*self.fields[index], *other.fields[index]}
        return found


def _known(condition: Mapping[str, Any], members: Mapping[str, Json]) -> _Known | None:
    if "between" in condition:
        times = [members.get(key, ABSENT) for key in condition["between"]]
        if UNUSABLE in times:
            return None
        low, high = (None if time is ABSENT else read_time(time) for time in times)
        return _Times(low, high)
    values = _listed(members.get(condition.get("one-of", ""), UNUSABLE))
    per = _listed(members.get(condition["per"], UNUSABLE) if "per" in condition else "")
    given = condition.get("only-if", {})
    is_given = all(members.get(key) == value for key, value in given.items())
    if not values or UNUSABLE in (*values, *per) or len(per) != 1 or not is_given:
        return None
    return _Values(_digest(per), frozenset(map(_digest, values)))


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _exclude(one: Any, other: Any) -> bool:  # noqa: ANN401 - two of the same type
    return bool(one.excludes(other))


#: No offset from UTC is as large.
_DAY = timedelta(days=1)


def _is_before(high: datetime | None, low: datetime | None) -> bool:
    """Whether a range has ended for certain when another begins; both ends are included."""
    if high is None or low is None:
        return False
    is_same_clock = (high.tzinfo is None) == (low.tzinfo is None)
    return _since_epoch(low) - _since_epoch(high) > (timedelta() if is_same_clock else _DAY)


def _since_epoch(time: datetime) -> timedelta:
    return time - datetime(1970, 1, 1, tzinfo=UTC if time.tzinfo else None)


_DIGEST_SIZE = 16


def _digest(value: Json) -> bytes:
    text = canonical_json(value, _number).encode(errors="surrogatepass")
    return hashlib.blake2b(text, digest_size=_DIGEST_SIZE).digest()


def _number(number: float | Decimal) -> str:
    """Write a number so that equal numbers, however they are spelled, give equal texts."""
    sign, digits, exponent = Decimal(str(number)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    trimmed = text.rstrip("0")
    return f"{'-' * sign}{trimmed}e{int(exponent) + len(text) - len(trimmed)}" if trimmed else "0"


class Reading(Kind):
    """`problem` is its name in the readers; `wants` describes what a document should be."""

    name = "reading"
    facts = frozenset({"cause", "remedy"})

    problem: str
    wants: str

    def places(self, request: Request) -> Iterator[tuple[Pointer, SyntaxProblem]]:
        for problem in request.problems:
            if problem.name == self.problem:
                yield problem.pointer, problem

    def check(self, value: SyntaxProblem) -> Iterator[Violation]:
        yield Violation(
            pointer=(),
            place=Exact(value.pointer, value.span),
            facts={"cause": value.cause, "remedy": value.remedy},
            related=tuple(Exact(*place) for place in value.related),
        )


class SuppressionKind(Kind):
    """`wants` describes what a suppression should be."""

    wants: str

    def places(self, request: Request) -> Iterator[tuple[Pointer, SuppressionProblem]]:
        for problem in request.suppression_problems:
            if problem.kind_name == self.name:
                yield (), problem

    def check(self, value: SuppressionProblem) -> Iterator[Violation]:
        yield Violation((), Exact((), value.span), value.case, value.facts)


class UnusedSuppression(SuppressionKind):
    """It suppresses nothing: there is no such finding, it cannot be suppressed, or it expired."""

    name = "unused-suppression"
    cases = ("unused", "always", "expired")
    facts = frozenset({"names", "until"})


class UnknownSuppression(SuppressionKind):
    """It names no rule, or an unknown one, or its last day is wrong."""

    name = "unknown-suppression"
    cases = ("verb", "none", "open", "rule", "until", "late", "form", "prose")
    facts = frozenset({"verb", "written", "names", "meant", "spelling"})
