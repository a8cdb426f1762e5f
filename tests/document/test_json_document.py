"""Laws of the JSON document whose places are found when they are asked for."""

import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.document import json_document
from rosetta_spec.document.json_document import JsonDocument
from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.tree import Places, plain
from rosetta_spec.fast.formats import Declined
from rosetta_spec.strategies import messy_requests
from rosetta_spec.strategies.notations import json_texts
from rosetta_spec.text import Text

law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = [
    *'{}[]":,\\ \n\t\r\x00\ufeff01-.eE/#',
    *('"a": 1, ', '"a": 1e400, ', "NaN", "null", "[[[[", "}}", '"\\ud83d\\ude97"', '"\\ud800"'),
    *('"": {}, ', "[], ", "\\u0061", "// no\n", "'a'", "9" * 4301, "é", "\u2028"),
]

keys = st.text(max_size=3) | st.sampled_from(["a", "b", "", "a/b~", '"', "🚗", "\\"])
numbers = st.integers() | st.decimals(-1000, 1000, places=3) | st.just(Decimal("1e400"))
values = st.recursive(
    st.none() | st.booleans() | numbers | keys,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
texts = (messy_requests() | st.dictionaries(keys, values, max_size=4) | values).flatmap(json_texts)


@st.composite
def mutated(draw):
    """Draw a text after a few slips of the hand."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.sampled_from([0, 0, 1, 2]))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[end:]
    return text


def pointers_of(value, above=()):
    """Every value of a document, and beside each some that are missing."""
    yield above
    for token in ("missing", 0, 7):
        yield (*above, token)
        yield (*above, token, "a")
        yield (*above, token, 0)
    if isinstance(value, dict):
        for key, member in value.items():
            yield from pointers_of(member, (*above, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from pointers_of(item, (*above, index))


def agrees(content):
    """Hold what is read to the full reader, and say whether it is read."""
    text = Text(content)
    full = read_json(text, 3)
    try:
        document = JsonDocument(text, 3)
    except Declined:
        return False
    assert full.problems == document.problems == ()
    assert (document.text, document.number, document.root) == (full.text, 3, full.root)
    assert typed(document.value) == typed(plain(full.root))
    expected = Places(full.root)
    for pointer in pointers_of(document.value):
        assert document.places.value(pointer) == expected.value(pointer)
        assert document.places.key(pointer) == expected.key(pointer)
        assert document.places.start(pointer) == expected.start(pointer)
    return True


def typed(value):
    """Make the types of numbers count, and the order of keys."""
    if isinstance(value, dict):
        return [(key, typed(member)) for key, member in value.items()]
    return list(map(typed, value)) if isinstance(value, list) else (type(value), value)


@law
@given(content=st.dictionaries(keys, values, max_size=4).flatmap(json_texts))
@example('{"a": [1, {"b": []}], "": "x"}')
def test_an_object_is_read_as_the_full_reader_does(content):
    assert agrees(content)


@pytest.mark.no_cover
@settings(law, max_examples=300)
@given(content=texts | mutated())
@example('{"a": "\\ud800"}')
@example('{"a": 1, "a": 2}')
@example("[1]")
def test_any_text_is_read_as_the_full_reader_does_or_declined(content):
    agrees(content)


@pytest.mark.parametrize(("depth", "is_read"), [(99, True), (100, False)])
def test_what_is_nested_too_deep_is_left_to_the_full_reader(depth, is_read):
    assert agrees(f'{{"a": {"[" * depth}{"]" * depth}}}') is is_read


def test_a_place_is_looked_for_once():
    document = JsonDocument(Text(json.dumps({"a": [1, 2]})), 0)
    assert document.places.value(("a", 1)) == document.places.value(("a", 1))


def test_members_of_a_long_text_are_found_without_searching_it_for_each():
    """Thousands of keys in megabytes would each be looked for from the start."""
    keys = [f"key{number}" for number in range(3000)]
    content = json.dumps(dict.fromkeys(keys, 1))
    assert len(content) > json_document._LONGEST_SEARCHED
    places = JsonDocument(Text(content), 0).places
    for key in keys:
        assert content[slice(*places.key((key,)).span)] == f'"{key}"'
        assert content[slice(*places.value((key,)).span)] == "1"
    assert len(places._opened) == 1
