"""Positions: what an editor counts, and what a text is divided into."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import Position

from rosetta_spec.lsp.positions import Positions
from rosetta_spec.text import Location

#: Characters of every size in UTF-8 and UTF-16, a combining one, and what looks like a line end.
ALPHABET = "ab\n\r \u00e9\u0301\u4e2d\U0001f600\u2028\x85\x0b\x0c"
texts = st.text(ALPHABET, max_size=40).flatmap(
    lambda text: st.sampled_from([text, f"\ufeff{text}"])
)
encodings = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@settings(deadline=None)
@given(texts, encodings, st.data())
def test_an_offset_is_what_its_position_leads_back_to(source, encoding, data):
    positions = Positions(source, encoding)
    content = positions.text.content
    offset = data.draw(st.integers(0, len(content)))
    if content[offset - 1 : offset + 1] == "\r\n":
        return
    position = positions.position(positions.text.location(offset))
    assert positions.offset(position) == offset
    assert source[: positions.source_offset(position)].removeprefix("\ufeff") == content[:offset]


@settings(deadline=None)
@given(texts, encodings, st.integers(0, 50), st.integers(0, 50))
def test_no_position_leads_out_of_a_text(source, encoding, line, character):
    positions = Positions(source, encoding)
    assert 0 <= positions.source_offset(Position(line, character)) <= len(source)
    location = positions.location(Position(line, character))
    assert positions.location(positions.position(location)) == location


@pytest.mark.parametrize(("encoding", "units"), [("utf-8", 9), ("utf-16", 4), ("utf-32", 3)])
def test_columns_are_counted_as_agreed(encoding, units):
    positions = Positions("x\n\u00e9\U0001f600\u4e2da", encoding)
    position = positions.position(Location(2, 4))
    assert position == Position(1, units)
    assert positions.location(position) == Location(2, 4)
    assert positions.location(Position(1, units + 5)) == Location(2, 5)


@pytest.mark.parametrize(("encoding", "inside"), [("utf-8", 2), ("utf-8", 4), ("utf-16", 2)])
def test_what_is_inside_of_a_character_is_before_it(encoding, inside):
    assert Positions("a\U0001f600", encoding).offset(Position(0, inside)) == 1


def test_a_byte_order_mark_is_a_character_of_the_editor_and_none_of_the_text():
    positions = Positions("\ufeffab\nc", "utf-16")
    assert positions.position(Location(1, 1)) == Position(0, 1)
    assert positions.position(Location(2, 1)) == Position(1, 0)
    assert positions.offset(Position(0, 0)) == 0
    assert positions.source_offset(Position(0, 0)) == 0
