from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from rosetta_spec.reporters import REPORTERS, reporter_of
from rosetta_spec.reporters.style import Style, lay_out, safe, width_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("poolName é 日", "poolName é 日"),
        ("a\tb\nc\x1b\x00", "a␉b␊c␛␀"),
        ("\x7f\x85", "␡<U+0085>"),
        ("\u202e\u2066\u200b\ufeff", "<U+202E><U+2066><U+200B><U+FEFF>"),
        ("\ud800\U000e0041", "<U+D800><U+E0041>"),
        ("👩‍👧", "👩<U+200D>👧"),
        ("a\u200db", "a<U+200D>b"),
        ("\u200d", "<U+200D>"),
        ("é\u200d日", "é<U+200D>日"),
        ("می\u200cس a\u200cb", "می\u200cس a<U+200C>b"),
    ],
)
def test_invisible_and_control_characters_are_shown(text: str, shown: str):
    assert safe(text) == shown


@pytest.mark.parametrize(
    ("text", "shown", "columns"),
    [
        ("", "", [0]),
        ("ab", "ab", [0, 1, 2]),
        ("\ta\tb", "    a   b", [0, 4, 5, 8, 9]),
        ("日本", "日本", [0, 2, 4]),
        ("e\u0301x", "e\u0301x", [0, 1, 1, 2]),
        ("\u0301x", "\u0301x", [0, 0, 1]),
        ("👍🏽x", "👍🏽x", [0, 2, 2, 3]),
        ("\x1b\u0301x", "␛\u0301x", [0, 1, 1, 2]),
        ("\t\u200dx", "    <U+200D>x", [0, 4, 12, 13]),
        ("\t\u0301日", "    \u0301日", [0, 4, 4, 6]),
        ("क्षx", "क्षx", [0, 2, 2, 2, 3]),
    ],
)
def test_a_row_knows_the_column_of_each_code_point(text: str, shown: str, columns: list[int]):
    row = lay_out(text)
    assert "".join(row.pieces) == shown
    assert list(row.columns) == columns


#: Marks that stay apart from the letter before them, as in Burmese, are drawn in its column.
_TEXTS = st.text(
    st.characters(exclude_categories=["Mc"]).filter(lambda char: unicodedata.combining(char) != 9)
)


@given(_TEXTS)
def test_a_row_is_as_wide_as_it_is_drawn(text: str):
    row = lay_out(text)
    shown = "".join(row.pieces)
    assert len(row.pieces) == len(text) == len(row.columns) - 1
    assert list(row.columns) == sorted(row.columns)
    assert row.columns[-1] == width_of(shown) == wcswidth(shown)


def test_a_style_without_color_and_links_leaves_text_alone():
    assert Style().paint("error", "x") == "x"
    assert Style().link("https://rosetta.example", "x") == "x"


def test_paint_and_links_wrap_the_text():
    style = Style(color=True, links=True)
    assert style.paint("error", "x") == "\x1b[1;31mx\x1b[0m"
    assert style.paint("", "x") == "x"
    assert style.link("", "x") == "x"
    assert style.link("https://a\x1b", "x") == "\x1b]8;;https://a␛\x1b\\x\x1b]8;;\x1b\\"


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_has_a_reporter(name: str):
    assert callable(reporter_of(name))
