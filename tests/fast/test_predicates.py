"""The predicates of the fast path: true only if a rule has no finding."""

import pytest

from rosetta_spec.fast.predicates import have_no_overlap, numbers_in_order


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (None, 1, True),
        (1, None, True),
        (1, 2, True),
        (1, 1.5, True),
        (2, 2, False),
        (3, 2, False),
        ("1", 2, False),
        (False, 2, False),
    ],
)
def test_numbers_in_order(low, high, expected):
    assert numbers_in_order(low, high) is expected


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], True),
        ([{"start": 1, "end": 2}, {"start": 3, "end": 4}], True),
        ([{"start": 3, "end": 4}, {"start": 1, "end": 2}], True),
        ([{"start": 1, "end": 3}, {"start": 3, "end": 4}], False),
        ([{"start": 1, "end": 9}, {"start": 3, "end": 4}], False),
        ([{"start": 2, "end": 1}], False),
        ([{"start": 1}], False),
        ([{"start": "1", "end": 2}], False),
        (["1-2"], False),
    ],
)
def test_ranges_without_overlap(ranges, expected):
    assert have_no_overlap(ranges, "start", "end") is expected
