"""Laws of the value and the tree of a JSON text."""

import json
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml_texts import plain

from rosetta_spec.document import json_reader
from rosetta_spec.document.json_reader import read_json
from rosetta_spec.fast import json_value
from rosetta_spec.fast.formats import Declined
from rosetta_spec.fast.json_value import read_json_value
from rosetta_spec.strategies import messy_requests
from rosetta_spec.strategies.texts import json_texts
from rosetta_spec.text import Text

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


def agrees(content):
    """Check the quick reader and the tree against the reader that finds problems."""
    document = read_json(Text(content))
    with patch.object(json_reader, "_LONG", 0):
        long = read_json(Text(content))
    assert (typed(long.value), long.problems) == (typed(document.value), document.problems)
    try:
        value = read_json_value(content, json_reader._scan_value)
    except Declined:
        return False
    checker = json_reader._Checker(content)
    checker.check()
    assert not checker.problems
    assert typed(document.value) == typed(plain(document.root)) == typed(value)
    with patch.object(json_reader, "_LONG", 0):
        assert typed(plain(read_json(Text(content)).root)) == typed(value)
    return True


def typed(value):
    """Make the types of numbers count, and the order of keys."""
    if isinstance(value, dict):
        return [(key, typed(member)) for key, member in value.items()]
    return list(map(typed, value)) if isinstance(value, list) else (type(value), value)


@given(content=st.dictionaries(keys, values, max_size=4).flatmap(json_texts))
@example('{"a": [1, {"b": []}], "": "x"}')
def test_an_object_has_one_value_however_it_is_read(content):
    assert agrees(content)


@pytest.mark.no_cover
@settings(max_examples=100)
@given(content=texts | mutated())
@example('{"a": "\\ud800"}')
@example('{"a": 1, "a": 2}')
@example("[1]")
def test_any_text_has_one_value_or_is_declined(content):
    agrees(content)


@pytest.mark.parametrize(("depth", "is_read"), [(99, True), (100, False)])
def test_what_is_nested_too_deep_is_not_read(depth, is_read):
    document = read_json(Text(f'{{"a": {"[" * depth}{"]" * depth}}}'))
    assert (document.root is not None) is is_read


def test_entries_know_their_colons_and_commas():
    content = '{"a" : [1 , 2], "b":{} }'
    first, second = read_json(Text(content)).root.entries
    assert (first.start, content[first.mark - 1], content[first.comma]) == (1, ":", ",")
    assert (second.mark, second.comma) == (20, None)
    items = first.value.entries
    assert [content[slice(*entry.value.span)] for entry in items] == ["1", "2"]
    assert [entry.comma for entry in items] == [10, None]
    assert [entry.name for entry in items[:1]] == [None]


@pytest.mark.parametrize(
    "content",
    ['{"a": 1, "b": [], "a": 2}', "[1, [] 2]", "{1: []}", '{"a" []}', "[[]", "{]", "[1,]"],
)
def test_a_long_text_that_is_wrong_is_explained_as_others_are(content):
    assert not agrees(content)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit",
    [
        f"1,{' ' * 750}",
        "{}, ",
        '"a",',
        '{"a": [1]}, ',
        '{"b": [{"c": []}]},',
        f"[{'1,' * 15_000}1],",
    ],
)
@pytest.mark.parametrize("key", ["", '"#": '], ids=["list", "object"])
def test_a_long_value_is_read_in_short_parts(unit, key):
    lengths = []

    def scan(content, at):
        value, end = json_value.scan(content, at)
        lengths.append(end - at)
        return value, end

    opening, closer = ("{", "}") if key else ("[", "]")
    units = (f"{key}{unit}".replace("#", str(number)) for number in range(100_000 // len(unit)))
    content = f"{opening}{''.join(units)}{key}1{closer}"
    with patch.multiple(json_reader, _LONG=2_500, _AT_ONCE=25_000):
        value, end = json_reader.in_parts(scan)(content, 0)
    assert (typed(value), end) == (typed(json.loads(content)), len(content))
    assert max(lengths) < 27_500


def test_a_long_value_is_skimmed_only_one_time(monkeypatch):
    skimmed = []
    skim = json_reader.skim
    monkeypatch.setattr(json_reader, "skim", lambda text, at: skimmed.append(at) or skim(text, at))
    content = f'{{"a": [{"1, " * 4000}1]}}'
    document = read_json(Text(content))
    for index in range(10):
        document.locator.value(("a", index))
    assert skimmed.count(content.index("[")) == 1
