"""The predicates of the fast path: true only if a rule has no finding."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.fast.predicates import have_no_overlap, is_at_most, is_filled_in, numbers_in_order
from rosetta_spec.request.schema import PLACEHOLDER


@given(st.text("<>${}a\n\r", max_size=8) | st.sampled_from(["todo", " TBD\u3000", "todos", "xxx"]))
def test_what_is_filled_in_is_no_placeholder(text):
    assert is_filled_in(text) is (re.search(PLACEHOLDER, text) is None)


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [(None, 1, True), (1, None, True), (1, 1, True), (2, 1.5, False), ("1", 2, False)],
)
def test_is_at_most(value, limit, expected):
    assert is_at_most(value, limit) is expected


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
