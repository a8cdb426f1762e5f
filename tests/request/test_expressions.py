"""JSON Schema as Python: true only for what `jsonschema` accepts, for any fragment."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rosetta_spec.document.values import UNUSABLE, number_of
from rosetta_spec.fast import predicates as fast_predicates
from rosetta_spec.fast.formats import Declined, short_fraction
from rosetta_spec.request.expressions import NEVER, fits_fragment, is_one_of, matches_pattern
from rosetta_spec.request.schema import NOT_BLANK, WRITTEN_TIME, is_valid

NUMBERS = ("0", "1", "2", "-1", "0.5", "1.0", "-0.0", "0.1", "1e0", "0.10000000000000001", "9" * 30)
TEXTS = ("", " ", "a", "b ", "1", "🚗", "{0}", "'\"\\", "\n", "2025-03-13 20:00:00", "2025-02-30")

words = st.sampled_from(TEXTS) | st.text(max_size=4)
exact_numbers = st.sampled_from(NUMBERS).map(number_of)
exact_scalars = st.none() | st.booleans() | words | exact_numbers
sizes = st.integers(0, 3) | st.sampled_from([Decimal("2.0"), Decimal("1e0")])
constants = {"const": exact_scalars, "enum": st.lists(exact_scalars, min_size=1, max_size=3)}
named = exact_scalars.map(lambda value: {"const": value, "title": "its name"})
types = ["string", "integer", "number", "boolean", "array", "object", "null", ["string", "null"]]
simple_fragments = st.fixed_dictionaries(
    {},
    optional={
        **constants,
        "type": st.sampled_from(types),
        "not": st.fixed_dictionaries({}, optional=constants),
        "anyOf": st.lists(named, min_size=1, max_size=3),
        **dict.fromkeys(["minimum", "maximum"], exact_numbers),
        **dict.fromkeys(["exclusiveMinimum", "exclusiveMaximum"], exact_numbers),
        **dict.fromkeys(["minLength", "maxLength", "minItems", "maxItems"], sizes),
        "pattern": st.sampled_from([NOT_BLANK, WRITTEN_TIME, "a", "^🚗$", "[{]0[}]", "^$"]),
        "uniqueItems": st.booleans(),
        "required": st.lists(words, max_size=2),
        "title": st.just("anything"),
        "multipleOf": st.just(2),
    },
)
several = st.lists(simple_fragments, min_size=1, max_size=2)
members = st.dictionaries(words, simple_fragments, max_size=2)
nested_fragments = st.fixed_dictionaries(
    {},
    optional={
        "allOf": several,
        "anyOf": several,
        "properties": members,
        "dependencies": members | st.dictionaries(words, st.lists(words, max_size=2), max_size=2),
        "required": st.lists(words, max_size=1),
    },
)
fragments = simple_fragments | nested_fragments


@st.composite
def values(draw):
    """Draw a value as a quick reader gives it, and the same as the full one does."""
    number = st.sampled_from(NUMBERS).map(lambda text: (quick(text), number_of(text)))
    simple = st.none() | st.booleans() | words | st.just(UNUSABLE)
    scalar = number | simple.map(lambda value: (value, value))
    pairs = draw(st.lists(scalar, max_size=3))
    keys = draw(st.lists(words, min_size=3, max_size=3, unique=True))
    several = [[pair[side] for pair in pairs] for side in (0, 1)]
    members = [dict(zip(keys, items, strict=False)) for items in several]
    return draw(scalar | st.sampled_from([tuple(several), tuple(members)]))


def quick(text):
    """Read a number as a quick reader does, or exactly, as the rules see it, where none would."""
    try:
        return int(text) if text.lstrip("-").isdecimal() else short_fraction(text)
    except Declined:
        return number_of(text)


def holds(expression, value):
    return eval(expression, vars(fast_predicates).copy(), {"value": value})  # noqa: S307 - it is ours


@pytest.mark.no_cover
@settings(max_examples=100)
@given(fragment=fragments, pair=values())
@example({"not": {"enum": ["🚗"]}}, ("🚗", "🚗"))
@example({"const": "🚗"}, ("🚗", "🚗"))
@example({"type": "boolean", "anyOf": [{"const": 1}, {"const": 0}]}, (True, True))
@example({"enum": [1, 0], "anyOf": [{"const": True}, {"const": False}]}, (1, 1))
def test_a_value_that_the_expression_accepts_is_valid(fragment, pair):
    """As a value of a quick reader, and with the numbers that the rules see."""
    expression = fits_fragment(fragment, "value")
    short, exact = pair
    for value in (short, exact):
        # What cannot be used fits anything, and is nothing to be sure of.
        if holds(expression, value):
            assert is_valid(exact, fragment)


@given(asked=st.lists(exact_scalars, min_size=1), value=exact_scalars)
def test_a_value_is_listed_as_the_kinds_compare_values(asked, value):
    inside, outside = is_one_of(asked, "value"), is_one_of(asked, "value", "not in")
    assert not holds(inside, value) or value in asked
    assert not holds(outside, value) or value not in asked
    if inside != NEVER:
        assert holds(inside, value) != holds(outside, value)


@pytest.mark.parametrize(
    ("fragment", "value"),
    [
        (True, 5),
        ({}, None),
        ({"title": "anything"}, None),
        ({"type": "string", "pattern": NOT_BLANK}, "a"),
        ({"pattern": NOT_BLANK}, " a"),
        ({"pattern": "^[{]a[}]$"}, "{a}"),
        ({"pattern": WRITTEN_TIME}, "2025-03-13 20:00:00"),
        ({"type": "number", "minimum": 0, "exclusiveMaximum": Decimal("0.5")}, 0.25),
        ({"maximum": 5, "exclusiveMinimum": Decimal("-0.5")}, 5),
        ({"type": "integer", "enum": [1, 2]}, 2.0),
        ({"enum": ["a", "🚗"]}, "🚗"),
        ({"enum": ["{0}"]}, "{0}"),
        ({"const": False}, False),
        ({"const": 5}, 5),
        ({"not": {"const": True}}, False),
        ({"not": {"const": "a"}}, "b"),
        ({"not": {"enum": [1, 2]}}, 3),
        ({"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": True}, [1, 2]),
        ({"uniqueItems": False}, 5),
        ({"type": "object", "required": ["{0}", "a"]}, {"a": 1, "{0}": 2}),
        ({"minLength": 1, "maxLength": 3}, "abc"),
        ({"type": "boolean", "anyOf": [{"const": True}, {"const": False}]}, True),
        ({"anyOf": [{"const": 1}, {"type": "string"}]}, "a"),
        ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, 2),
        ({"properties": {"{0}": {"minimum": 1}, "b": False}}, {"{0}": 2}),
        ({"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}, {"a": 1, "b": 2}),
    ],
)
def test_what_an_expression_accepts(fragment, value):
    assert holds(fits_fragment(fragment, "value"), value)


@pytest.mark.parametrize(
    "fragment",
    [
        False,
        {"type": "null"},
        {"type": ["string", "null"]},
        {"enum": [1, "a"]},
        {"enum": [Decimal("0.5")]},
        {"const": None},
        {"not": {"type": "string"}},
        {"not": {}},
        {"not": True},
        {"minimum": Decimal("0.12345678901234567")},
        {"maximum": Decimal("1e400")},
        {"multipleOf": 2},
        {"patternProperties": {}},
        {"allOf": [{"multipleOf": 2}]},
        {"$ref": "#"},
    ],
)
def test_what_cannot_be_expressed_is_never_accepted(fragment):
    assert fits_fragment(fragment, "value") == NEVER


def test_known_patterns_are_matched_without_re():
    assert matches_pattern(NOT_BLANK, "value") == "value.strip() != ''"
    assert matches_pattern(WRITTEN_TIME, "value") == "is_written_time(value)"
    assert holds(matches_pattern("^[{}]$", "value"), "{")


def test_no_more_times_are_remembered_than_fit():
    for minute in range(5000):
        assert fast_predicates.is_written_time(
            f"2025-03-13 {minute // 60 % 24:02}:{minute % 60:02}:{minute % 59:02}"
        )
        assert len(fast_predicates._written_times) <= fast_predicates._MAX_TIMES
