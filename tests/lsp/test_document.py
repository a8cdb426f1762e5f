"""Versions of a document, and positions in the units that were agreed with the client."""

import pytest
from edits import at, offset_of
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range, TextDocumentContentChangePartial

from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.text import Location, units_in

#: Characters of every size in UTF-8 and UTF-16, a combining one, and lookalikes of line ends.
ALPHABET = "ab\n\r \u00e9\u0301\u4e2d\U0001f600\u2028\x85\x0b\x0c"
texts = st.text(ALPHABET, max_size=40).flatmap(
    lambda text: st.sampled_from([text, f"\ufeff{text}"])
)
encodings = st.sampled_from(["utf-8", "utf-16", "utf-32"])


def opened(source, encoding="utf-16"):
    return OpenDocument("file:///a.yaml", 1, "yaml", source, encoding)


@pytest.fixture(autouse=True, scope="module")
def _small_blocks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosetta_spec.lsp.document._BLOCK", 2)
        patch.setattr("rosetta_spec.text._STEP", 2)
        yield


@given(texts, encodings, st.data())
def test_the_position_of_an_offset_leads_back_to_it(source, encoding, data):
    document = opened(source, encoding)
    content = document.text.content
    offset = data.draw(st.integers(0, len(content)))
    if content[offset - 1 : offset + 1] == "\r\n":
        return
    position = document.position(document.text.location(offset))
    assert document.offset(position) == offset


@given(texts, encodings, st.integers(0, 50), st.integers(0, 50))
def test_a_position_outside_of_its_line_is_moved_to_its_end(source, encoding, line, character):
    document = opened(source, encoding)
    location = document.location(Position(line, character))
    assert document.location(document.position(location)) == location
    if encoding != "utf-8":
        wanted = offset_of(source, at(line, character), encoding) - document.text.has_bom
        # A position inside of a surrogate pair is moved behind it.
        assert document.offset(Position(line, character)) - max(wanted, 0) in (0, 1)


@pytest.mark.parametrize(("encoding", "units"), [("utf-8", 9), ("utf-16", 4), ("utf-32", 3)])
def test_columns_are_counted_as_agreed(encoding, units):
    document = opened("x\n\u00e9\U0001f600\u4e2da", encoding)
    position = document.position(Location(2, 4))
    assert position == Position(1, units)
    assert document.location(position) == Location(2, 4)
    assert document.location(Position(1, units + 5)) == Location(2, 5)


def test_a_long_row_is_not_counted_from_its_start(monkeypatch):
    counted = []
    monkeypatch.setattr("rosetta_spec.text._STEP", 10)
    monkeypatch.setattr(
        "rosetta_spec.text.units_in",
        lambda text, encoding: counted.append(text) or units_in(text, encoding),
    )
    document = opened("\u00e9" * 100)
    found = [document.position(Location(1, column)).character for column in range(1, 102)]
    assert found == [*range(101)]
    assert max(map(len, counted)) == 10


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("character", "\u00e9\u4e2d\U0001f600")
def test_a_position_takes_time_in_proportion_to_what_is_before_it(monkeypatch, encoding, character):
    counted = []
    monkeypatch.setattr(
        "rosetta_spec.lsp.document.units_in",
        lambda text, encoding: counted.append(len(text)) or units_in(text, encoding),
    )
    size, units = 1000, units_in(character, encoding)
    document = opened(character * size, encoding)
    for offset in range(0, size, 100):
        counted.clear()
        assert document.offset_in_source(Position(0, offset * units)) == offset
        assert sum(counted) <= 8 * offset


def test_a_byte_order_mark_counts_for_the_client_and_is_not_in_the_text():
    document = opened("\ufeffab\nc")
    assert document.position(Location(1, 1)) == Position(0, 1)
    assert document.position(Location(2, 1)) == Position(1, 0)
    assert document.offset(Position(0, 0)) == 0


def test_an_edit_needs_no_list_of_rows():
    document = opened("a\n" * 10)
    change = TextDocumentContentChangePartial(Range(Position(7, 0), Position(7, 1)), "b")
    changed = document.changed(2, [change])
    assert changed.source == "a\n" * 7 + "b\n" + "a\n" * 2
    assert "row_starts" not in {*vars(document.text), *vars(changed.text)}
