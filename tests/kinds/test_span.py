"""The length of a range: what counts, how it is written, and the quick test."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fast.predicates import spans_are_within
from rosetta_spec.kinds.comparison import LimitedSpan
from rosetta_spec.spec.acceptor_generator import quick_test


def span(unit="days", at=("/subCondition",), **limits):
    low, high = ("start", "end") if unit in {"positions", "numbers"} else ("startTime", "endTime")
    return LimitedSpan(at=at, low=low, high=high, unit=unit, **limits)


def ends(low, high):
    return {"startTime": low, "endTime": high}


@pytest.mark.parametrize(
    ("low", "high", "distance"),
    [
        ("2025-03-01 00:00:00", "2025-04-01 00:00:00", None),
        ("2025-03-01", "2025-04-01T00:00:00Z", None),
        ("2025-03-01T00:00+08:00", "2025-03-31T16:00Z", None),
        ("2025-03-01T00:00+08:00", "2025-03-31T16:00:01.5Z", "31 days 1.5 seconds"),
        ("2025-03-01 00:00:00", "2025-04-01 00:00:01", "31 days 1 second"),
        ("2024-02-01 00:00:00", "2024-03-05 02:01:00", "33 days 2 hours 1 minute"),
        ("2025-04-01 00:00:00", "2025-03-01 00:00:00", None),
        ("2025-03-01 00:00:00", UNUSABLE, None),
        (UNUSABLE, "2025-03-01 00:00:00", None),
    ],
)
def test_times(low, high, distance):
    kind = span(at_most=31)
    found = list(kind.check(ends(low, high)))
    assert [each.facts["distance"] for each in found] == ([distance] if distance else [])
    assert all(each.facts["limit"] == "at most 31 days" for each in found)
    assert not (found and quick_test(kind)(ends(low, high)))


def test_numbers_and_positions():
    def found(kind, value):
        assert not (list(kind.check(value)) and quick_test(kind)(value))
        return [(each.pointer, each.facts["distance"]) for each in kind.check(value)]

    positions = span("positions", ["/interceptionBoundary/*"], at_least=3, at_most=100)
    assert found(positions, {"start": 0, "end": 99}) == []
    assert found(positions, {"start": 0, "end": 100}) == [(("end",), "101 positions")]
    assert found(positions, {"start": 0, "end": 1}) == [(("end",), "2 positions")]
    assert found(positions, {"start": 5, "end": 5}) == [(("end",), "1 position")]
    assert found(positions, {"start": 5}) == found(positions, "text") == []
    numbers = span("numbers", ["/interceptionBoundary/*"], at_most=Decimal("0.5"))
    assert found(numbers, {"start": 1, "end": Decimal("1.50")}) == []
    assert found(numbers, {"start": 1, "end": 2}) == [(("end",), "1")]
    assert quick_test(numbers)({"start": 1, "end": 1}) is False
    total = span("positions", ["/interceptionBoundary"], at_least=2, at_most=10)
    assert found(total, [{"start": 0, "end": 4}, {"start": 3, "end": 7}]) == []
    assert found(total, [{"start": 0, "end": 4}, {"start": 3, "end": 8}]) == [((), "11 positions")]
    assert found(total, [{"start": 0, "end": 0}]) == [((), "1 position")]
    assert found(total, []) == found(total, [5, {"start": 0, "end": 90}]) == []
    assert found(total, [{"start": 9, "end": 0}, {"start": 0, "end": 90}]) == []


@pytest.mark.parametrize(
    ("low", "high", "distance"),
    [
        (0, Decimal("1e9999999"), "1E+9999999 positions"),
        (0, Decimal("1e999999999999999998"), "1E+999999999999999998 positions"),
        (1, 10**40, "1E+40 positions"),
        (0, 10**50 + 24, f"1{'0' * 48}25 positions"),
        (0, int("7" * 90), f"{'7' * 40}…{'7' * 18}8 positions"),
        (10**60, 10**60 + 100, "101 positions"),
        (10**60, 10**60 + 99, None),
    ],
)
def test_large_numbers(low, high, distance):
    kind = span("positions", ["/interceptionBoundary/*"], at_most=100)
    found = [each.facts["distance"] for each in kind.check({"start": low, "end": high})]
    assert found == ([distance] if distance else [])


def test_a_limit_of_many_digits_is_not_rounded():
    kind = span("numbers", ["/interceptionBoundary/*"], at_most=Decimal(f"0.{'9' * 40}"))
    value = {"start": 1, "end": 2}
    assert len(list(kind.check(value))) == 1
    assert not quick_test(kind)(value)


def test_both_limits_may_be_the_same():
    kind = span("hours", at_least=5, at_most=5)
    (found,) = kind.check(ends("2025-03-01 00:00:00", "2025-03-01 00:00:01"))
    assert found.facts["limit"] == "at least 5 hours"
    assert "at least 5 hours and at most 5 hours" in kind.describe()


def test_the_sentence():
    sentence = span("hours", at_least=1, at_most=Decimal("1.5")).describe()
    assert sentence == (
        "From startTime to endTime there are at least 1 hour and at most 1.5 hours (subCondition)."
    )
    total = span("positions", ["/interceptionBoundary"], at_most=300).describe()
    assert total == (
        "From start to end there are at most 300 positions in all (interceptionBoundary)."
    )


def test_a_range_that_ends_where_it_starts_has_no_time():
    (found,) = span(at_least=9).check(ends("2025-03-01 00:00:00", "2025-03-01 00:00:00"))
    assert found.facts["distance"] == "no time"


TIMES = st.datetimes().map(lambda time: time.replace(microsecond=0))


@given(TIMES, TIMES, st.integers(-1, 1))
def test_the_quick_test_counts_the_seconds_of_times(one, other, more):
    low, high = sorted((one, other))
    seconds = int((high - low).total_seconds()) + more
    value = ends(low.isoformat(" "), high.isoformat(" "))
    is_within = spans_are_within([value], "startTime", "endTime", True, 0, seconds)  # noqa: FBT003
    assert is_within is (more >= 0)
    assert quick_test(span("seconds", at_most=max(seconds, 0)))(value) is (
        more >= 0 or (low == high and seconds < 0)
    )


NEAR = st.integers(2**53 - 2, 2**53 + 2)


@given(
    st.lists(st.tuples(st.sampled_from([0, 0.0, 1, 1.0, 0.5]), NEAR), max_size=3),
    st.integers(1, 3).flatmap(lambda count: NEAR.map(lambda near: count * near)),
)
@example([(0.0, 2**53 + 1)], 2**53)
def test_the_quick_test_is_exact_for_large_numbers(ranges, limit):
    kind = span("numbers", ["/interceptionBoundary"], at_most=limit)
    value = [{"start": low, "end": high} for low, high in ranges]
    exact = [{"start": Decimal(low), "end": Decimal(high)} for low, high in ranges]
    assert not (quick_test(kind)(value) and list(kind.check(exact)))
