"""Where YAML values and keys are, to the character."""

from __future__ import annotations

import pytest

from rosetta_spec.document.reader import read_yaml
from rosetta_spec.document.tree import Alias, Array, Node, Object
from rosetta_spec.text import Text


def pieces(node: Node, text: Text) -> list[str]:
    """List the source of the node, of its keys and of all values in it, aliases as they are."""
    found = [text.slice(node.span)]
    if isinstance(node, Array):
        for entry in node.entries:
            found += pieces(entry.value, text)
    elif isinstance(node, Object):
        for member in node.members.values():
            found += [text.slice(member.key.span), *pieces(member.value, text)]
    return found


def pieces_of(source: str) -> list[str]:
    text = Text(source)
    (document,) = read_yaml(text)
    assert not document.problems
    assert document.root is not None
    return pieces(document.root, text)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# x\n\nk: v  # y\n\n# z\n", ["k: v", "k", "v"]),
        ("'k' : \"v\"\n", ["'k' : \"v\"", "'k'", '"v"']),
        ("k: a\n   b\n\n   c  \n\n", ["k: a\n   b\n\n   c", "k", "a\n   b\n\n   c"]),
        ("k: 'a\n\n   b'\n", ["k: 'a\n\n   b'", "k", "'a\n\n   b'"]),
        ("k: |\n  a\n\n  b\n\n\n", ["k: |\n  a\n\n  b", "k", "|\n  a\n\n  b"]),
        ("k: |+\n  a \n\n", ["k: |+\n  a ", "k", "|+\n  a "]),
        ("k: >-\r\n  a\r\n  b\r\n", ["k: >-\r\n  a\r\n  b", "k", ">-\r\n  a\r\n  b"]),
        ("k: |-  # x\n\n", ["k: |-", "k", "|-"]),
        ("k: |2\n   a\n", ["k: |2\n   a", "k", "|2\n   a"]),
        (" [ a , [] ] # x\n", ["[ a , [] ]", "a", "[]"]),
        ("k:\n- a\n- b\n\n", ["k:\n- a\n- b", "k", "- a\n- b", "a", "b"]),
        ("k:\n  - a\n\n  # x\n", ["k:\n  - a", "k", "- a", "a"]),
        ("? k\n: v\n", ["? k\n: v", "k", "v"]),
        ("? |\n  k\n: - v\n", ["? |\n  k\n: - v", "|\n  k", "- v", "v"]),
        ("? k\n\n", ["? k", "k", ""]),
        ("[k: v, l: ]", ["[k: v, l: ]", "k: v", "k", "v", "l:", "l", ""]),
        ("[? k : v]", ["[? k : v]", "? k : v", "k", "v"]),
        ("[[{a: 1}]]", ["[[{a: 1}]]", "[{a: 1}]", "{a: 1}", "a", "1"]),
        ("k: &a  !!str  v\n", ["k: &a  !!str  v", "k", "v"]),
        ("k: !!map &a\n  l: v\n", ["k: !!map &a\n  l: v", "k", "l: v", "l", "v"]),
        ("k: &a\n- v\n", ["k: &a\n- v", "k", "- v", "v"]),
        ("k: &a\n  - v\n", ["k: &a\n  - v", "k", "- v", "v"]),
        ("k: &a [v]\n", ["k: &a [v]", "k", "[v]", "v"]),
        ("k: !!seq # x\n  [v]\n", ["k: !!seq # x\n  [v]", "k", "[v]", "v"]),
        ("k: &a |\n  v\n", ["k: &a |\n  v", "k", "|\n  v"]),
        ("&a k: v\n", ["&a k: v", "k", "v"]),
        ("k:\n  !!str l: v\n", ["k:\n  !!str l: v", "k", "!!str l: v", "l", "v"]),
        ("k: &a v\nl: *a # x\n", ["k: &a v\nl: *a", "k", "v", "l", "*a"]),
        ("k: v\n...\n", ["k: v", "k", "v"]),
        ("--- [v] # x\n...\n", ["[v]", "v"]),
        ("k: 😀\nl: é", ["k: 😀\nl: é", "k", "😀", "l", "é"]),
    ],
)
def test_span(source, expected):
    assert pieces_of(source) == expected


def test_spans_of_containers():
    assert pieces_of("k: |+  # x\n  a \n\nl: 1") == [
        "k: |+  # x\n  a \n\nl: 1",
        "k",
        "|+  # x\n  a ",
        "l",
        "1",
    ]
    assert pieces_of("k: {a: 1,\n    b: [ 2 ]\n  }\n") == [
        "k: {a: 1,\n    b: [ 2 ]\n  }",
        "k",
        "{a: 1,\n    b: [ 2 ]\n  }",
        *("a", "1", "b", "[ 2 ]", "2"),
    ]
    assert pieces_of("- a\n- - b\n  - c\n\n- d: e\n") == [
        "- a\n- - b\n  - c\n\n- d: e",
        *("a", "- b\n  - c", "b", "c", "d: e", "d", "e"),
    ]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("k:\n", 2),
        ("k:   # x\n", 2),
        ("k: &a\n", 2),
        ("k: &a !!null  # x\n", 2),
        ("k:  # x\n  !!null\n", 16),
        ("{k: , l: 1}", 3),
        ("{k:}", 3),
        ("{k }", 2),
        ("{k , l: 1}", 2),
        ("{'k' : }", 6),
        ("? k\n", 3),
        ("? k  # x\nl: 1\n", 3),
        ("? k\n:  # x\n", 5),
    ],
)
def test_a_value_written_as_nothing_is_after_what_asks_for_it(source, place):
    (document,) = read_yaml(Text(source))
    value = document.root.members["k"].value
    assert (value.value, *value.span) == (None, place, place)


@pytest.mark.parametrize(("source", "place"), [("-\n- a", 1), ("-  # x\n", 1), ("- &a\n", 1)])
def test_an_item_written_as_nothing_is_after_its_dash(source, place):
    (document,) = read_yaml(Text(source))
    assert tuple(document.root.entries[0].value.span) == (place, place)


@pytest.mark.parametrize(
    ("source", "lead"), [("-  x", "-"), ("- &a x", "- &a"), ("[ x]", "[ "), ("[!t x]", "[!t")]
)
def test_what_precedes_an_item_is_its_dash_or_what_belongs_to_the_value(source, lead):
    (document,) = read_yaml(Text(source))
    assert source[: document.root.entries[0].lead_end] == lead


def test_the_span_of_an_anchor_is_its_own():
    text = Text("- !!str &a x\n- &b !!str y\n- [*a, *b]\n")
    (document,) = read_yaml(text)
    items = [entry.value for entry in document.root.entries[2].value.entries]
    aliases = [item for item in items if isinstance(item, Alias)]
    assert [text.slice(alias.anchored.span) for alias in aliases] == ["&a", "&b"]
    assert [text.slice(alias.span) for alias in aliases] == ["*a", "*b"]


def test_a_byte_order_mark_has_no_place():
    assert pieces_of("\ufeffk: v\n") == ["k: v", "k", "v"]
