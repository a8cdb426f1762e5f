"""Long lists of YAML are kept in little memory, and are read as short ones are."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml_texts import PIECES

from rosetta_spec.document.reader import read_yaml
from rosetta_spec.document.tree import Alias
from rosetta_spec.document.yaml_items import PackedItems
from rosetta_spec.text import Text

SUITE = Path(__file__).with_name("yaml_test_suite.jsonl").read_text("utf-8").splitlines()
LIST = """[plain, 'it''s', "a\\tb", "folded
  text", &a anchored, *a, !!str 1, 0x10, .nan, , ~, [x, y, z], {k: v}, a: pair, 'c', "\\ud800",
  two words, 1e400, ! x, "é"]"""
BLOCK = """
- plain # comment
- |
  literal
- >-
  folded

-
- &a anchored
- *a
- !!int "1"
- !foo x
- - nested
  - list
- k: v
- two
  rows
- "double"
"""


def outline(node):
    """All that is known of a node."""
    own = (type(node), node.style, node.span, node.place, node.tag, node.text, node.value)
    anchor = node.anchor and (node.anchor.name, node.anchor.span, node.anchor.pointer)
    target = node.target.span if isinstance(node, Alias) and node.target else None
    entries = [
        (*each[:2], each.name, each.mark, each.comma, [outline(part) for part in each.parts])
        for each in node.entries
    ]
    keys = [entry[1] and entry[1].span for entry in entries]
    return own, anchor, target, keys, [(entry[0], *entry[2:]) for entry in entries]


def outlines(source):
    return [
        (each.root and outline(each.root), repr(each.value), each.problems, each.comments)
        for each in read_yaml(Text(source))
    ]


def check_packed(source):
    expected = outlines(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosetta_spec.document.yaml_parser._MANY", 1)
        assert outlines(source) == expected


@pytest.mark.parametrize("source", [LIST, BLOCK, *(json.loads(row)["yaml"] for row in SUITE)])
def test_a_packed_list_is_the_same(source):
    check_packed(source)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_packed_list_is_the_same(source):
    check_packed(source)


def test_entries_of_a_packed_list_have_places():
    source = "- 1\n" * 1200 + "- [x]\n"
    (document,) = read_yaml(Text(source))
    entries = document.root.entries
    assert isinstance(entries, PackedItems)
    assert [entries[-2].start, entries[-1].start, len(entries)] == [4796, 4800, 1201]
    assert [each.value.value for each in entries[1198:]] == [1, 1, ["x"]]


def peak_of(source):
    tracemalloc.start()
    try:
        (document,) = read_yaml(Text(source))
        assert document.root
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("unit", ["ab, ", "'a', ", "1,"])
def test_an_item_takes_little_memory(unit):
    peak_of(f"[{unit}1]")
    small, large = (peak_of(f"[{unit * count}1]") for count in (2_000, 12_000))
    # Its entry alone would take 112 bytes, and its node 88.
    assert (large - small) / 10_000 < 160


def test_a_key_that_repeats_takes_little_memory():
    peak_of("a:\na:\n")
    small, large = (peak_of("a:\n" * count) for count in (2_000, 12_000))
    # An entry, two nodes, their spans and offsets, and a problem without words of its own.
    assert (large - small) / 10_000 < 750
