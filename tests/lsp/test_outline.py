"""Outlines of valid and of half-written text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rosetta_spec.document.reader import read_text
from rosetta_spec.document.tree import Array, Object
from rosetta_spec.fast.formats import JSON, JSONL, MAX_NESTING, YAML
from rosetta_spec.lsp.document import OpenDocument, cursor_context
from rosetta_spec.lsp.outline import ValueKind, outline, unquoted, walk
from rosetta_spec.strategies import block_yaml_texts, flow_yaml_texts, json_texts, requests
from rosetta_spec.text import Text

NOTATIONS = {
    "json": (JSON, json_texts),
    "block YAML": (YAML, block_yaml_texts),
    "flow YAML": (YAML, flow_yaml_texts),
}

#: Pieces of half-written requests.
PIECES = st.sampled_from(
    [
        *"{}[]:,\"'#-\n\r \\&*|>!%@?~",
        "\n  ",
        "\n    ",
        ": ",
        "- ",
        "---\n",
        "...\n",
        " # ",
        "\r\n",
        "poolName",
        "subCondition:",
        '"interceptionMode": ',
        "taskId",
        "5",
        "'",
        "|\n",
        "\ufeff",
        "\u2028",
        "\xa0",
        "\U0001f600",
    ]
)
scraps = st.lists(PIECES, max_size=30).map("".join)


def opened(source, format_):
    return OpenDocument(f"file:///a.{format_}", 1, format_, source, "utf-32")


def places(node, pointer=()):
    """Yield the pointer and the start of every value of a parsed document."""
    yield pointer, node.span.start
    if isinstance(node, Object):
        for key, member in node.members.items():
            yield from places(member.value, (*pointer, key))
    if isinstance(node, Array):
        for index, entry in enumerate(node.entries):
            yield from places(entry.value, (*pointer, index))


@pytest.mark.no_cover
@pytest.mark.parametrize("notation", NOTATIONS)
@settings(max_examples=25)
@given(data=st.data())
def test_the_outline_of_a_valid_document_has_the_places_that_the_reader_finds(notation, data):
    format_, write = NOTATIONS[notation]
    text = Text(data.draw(write(data.draw(requests()))))
    (document,) = read_text(text, format_)
    values = [value for each in outline(text, format_) for value in each.entries]
    found = {pointer: place.start for value in values for pointer, place in walk(value)}
    read = dict(places(document.root))
    assert set(found) == set(read)
    assert {pointer for pointer in read if found[pointer] != read[pointer]} == set()


@pytest.mark.parametrize("format_", [JSON, YAML, JSONL])
@settings(max_examples=75)
@given(content=scraps, part=st.floats(0, 1))
@example(content="- \n-", part=1)
@example(content="\n---\n", part=0)
@example(content="a: 1\n\xa0\n", part=1)
def test_any_text_has_an_outline_and_a_cursor_context(format_, content, part):
    document = opened(content, format_)
    last = len(document.text.content)
    offset = int(part * last)
    context = cursor_context(document, offset)
    assert context is None or context.replaced.start <= offset <= context.replaced.end
    for each in document.outline:
        assert 0 <= each.start <= each.end <= last
        for _, place in walk(each.entries[0]):
            assert 0 <= place.start <= place.end <= last


@settings(max_examples=30)
@given(requests().flatmap(block_yaml_texts), st.data())
def test_a_truncated_document_has_a_cursor_context(whole, data):
    document = opened(whole[: data.draw(st.integers(0, len(whole)))], YAML)
    for offset in range(len(document.text.content) + 1):
        cursor_context(document, offset)


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ('"a\\u00e9\\n\\""', 'a\u00e9\n"'),
        ('"open', "open"),
        ('"open\\', "open\\"),
        ('"a\\\\"', "a\\"),
        ("'it''s'", "it's"),
        ("'open", "open"),
        ("'", ""),
        ("plain", "plain"),
    ],
)
def test_quotes_and_escapes_are_removed(written, content):
    assert unquoted(written) == content


def sketch(place):
    """The value of a place; None where a value is missing."""
    if place.kind is ValueKind.OBJECT:
        return {entry.name: sketch(entry) for entry in place.entries}
    if place.kind is ValueKind.ARRAY:
        return [sketch(entry) for entry in place.entries]
    return place.text if place.kind is ValueKind.SCALAR else None


@pytest.mark.parametrize(
    ("content", "format_", "seen"),
    [
        ("x\ny\n", YAML, [{"x": None, "y": None}]),
        ("a: 1\nb\n", YAML, [{"a": "1", "b": None}]),
        ("'a\n", YAML, [{"a": None}]),
        ("a:\n    b\n  c: 1\n", YAML, [{"a": {"c": "1"}}]),
        ("a:\n    b: 1\n  c\n", YAML, [{"a": {"b": "1"}}]),
        ("a:\n  x\n", YAML, [{"a": "x"}]),
        ("a: 1\n   z\nb: 2", YAML, [{"a": "1", "b": "2"}]),
        ("a:\n  -\n    x\n", YAML, [{"a": ["x"]}]),
        ("- a\n  b\n-\n", YAML, [["a", None]]),
        ("- - a\n  - b\n- c: 1\n  d: 2\n", YAML, [[["a", "b"], {"c": "1", "d": "2"}]]),
        ("a:\n- >-\n  x\nb: 1\n", YAML, [{"a": [""], "b": "1"}]),
        ("a:\n  >-\n   x: y\n  z\nb: 1\n", YAML, [{"a": "", "b": "1"}]),
        ('a: [!!str "[", &b "{", ! x]\nb: 1\n', YAML, [{"a": ["[", "{", "x"], "b": "1"}]),
        ("a: |\n  x\n\n---\nb: 1", YAML, [{"a": ""}, {"b": "1"}]),
        (
            "a: {b: 1,\n c: 2\n}\nd: 'x\n  y'\ne: 3",
            YAML,
            [{"a": {"b": "1", "c": "2"}, "d": "x\n  y", "e": "3"}],
        ),
        ("[a,\n b]\nc\n", YAML, [["a", "b"]]),
        ("a: {b: [1\n\n  , 2\nc: 3\n", YAML, [{"a": {"b": ["1", "2"]}, "c": "3"}]),
        (
            "a:\n  b:\n    'c'\n    'd'\n  e: 'f\n   g'\nh: 1\n",
            YAML,
            [{"a": {"b": "c", "e": "f\n   g"}, "h": "1"}],
        ),
        ("---\na: 1\n  b\nc", YAML, [{"a": "1", "c": None}]),
        ("a: 1\n...\n&x\nb: 2\n", YAML, [{"a": "1"}, {"b": "2"}]),
        ('{"a" "b": 1', JSON, [{"a": None, "b": "1"}]),
        ('{{"x": 1}}', JSON, [{"": {"x": "1"}}]),
        ('{"a": 1 : 2, : 3}', JSON, [{"a": "1", "": "3"}]),
        ('"x" {"a": [1, {"b": 2], "c": 3}', JSON, [{"a": ["1", {"b": "2"}], "c": "3"}]),
        ("] [1: 2] {", JSON, [["1", "2"]]),
    ],
)
def test_outlines_of_half_written_text(content, format_, seen):
    documents = outline(Text(content), format_)
    values = [sketch(value) for each in documents for value in each.entries]
    assert [value for value in values if value is not None] == seen


@pytest.mark.parametrize("bracket", ["- ", "[", '{"a":', '[{"a":', "- - ", "-\n", "a:\n"])
@pytest.mark.parametrize("format_", [JSON, YAML])
def test_deep_nesting_is_cut_off(bracket, format_):
    rows = bracket.split("\n")
    deep = "\n".join(" " * depth + rows[0] for depth in range(300)) if len(rows) > 1 else ""
    document = opened(deep or bracket * 20_000, format_)
    (value,) = document.values
    depths = [len(pointer) for pointer, _ in walk(value)] or [0]
    assert max(depths) <= MAX_NESTING + 1
    cursor_context(document, len(document.source) // 2)


@pytest.mark.parametrize("start", ["a", "- a", "'a'", "a: b\n  c", "[a"])
@pytest.mark.parametrize("piece", [" ", "\t", " x", ": x", ":x", " #", "'", "&a "])
def test_a_long_row_takes_linear_time(start, piece):
    """Quadratic time would be minutes."""
    text = Text(start + piece * 50_000)
    assert len(outline(text, YAML)) == 1


@pytest.mark.no_cover
@pytest.mark.parametrize("row", ['    "task"', "    'task'", "    []", "  []", "    task"])
def test_many_rows_take_linear_time(row):
    """Quadratic time would be minutes."""
    text = Text(f"poolName: x\nsubCondition:\n  taskId:\n{row}\n" + f"{row}\n" * 15_000)
    (document,) = outline(text, YAML)
    assert len(sketch(document.entries[0])) == 2


def test_a_very_long_text_has_no_outline():
    document = opened("a: 1\n" * 200_000, YAML)
    assert document.outline == []
    assert cursor_context(document, 3) is None


def test_a_colon_without_key_and_value_is_not_a_place():
    (document,) = outline(Text("{: "), JSON)
    assert [entry.mark for entry in document.entries[0].entries] == [1]
    assert [pointer for pointer, _ in walk(document.entries[0])] == [()]
