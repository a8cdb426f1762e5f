"""Laws of the code frame, for any source text."""

from __future__ import annotations

import re

import complete_reports
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from rosetta_spec.diagnostic import Applicability, Diagnostic, Fix, Related, Severity, SourceLine
from rosetta_spec.reporters.style import Style
from rosetta_spec.text import Location

#: Awkward on purpose: wide, combining, joined, invisible and control characters, no brackets.
GLYPHS = [
    *("a", "b", " ", '"', "\t", "é", "e\u0301", "\u0301", "日", "カ", "ｶ", "각", "क्ष", "\u3000"),
    *("👍🏽", "👩‍👩‍👧", "❤️", "🇯🇵", "\u200d", "\u200c", "\ufe0f", "\u200b", "\ufeff", "\xad"),
    *("\x00", "\x1b", "\x7f", "\x9b", "\r", "\n", "\u2028", "\u202e", "\ud800", "\udfff"),
    *("\U000e0041", "…"),
]
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=12)
SOURCE = st.lists(st.sampled_from(GLYPHS), max_size=60).map("".join)
WIDTHS = st.integers(40, 120)


def diagnostic_at(location: Location, end_location: Location, lines: list[SourceLine]):
    return Diagnostic(
        code="RS201",
        name="ratio-with-quantity",
        severity=Severity.ERROR,
        cause="cause",
        remedy="remedy",
        filename="a.yaml",
        document=0,
        pointer="",
        location=location,
        end_location=end_location,
        related=(),
        fixes=(),
        fingerprint="",
        url="",
        excerpt=tuple(lines),
    )


def written(diagnostic: Diagnostic, style: Style, name: str = "text") -> str:
    return complete_reports.written(name, diagnostic, style=style)


def frame_rows(text: str) -> list[str]:
    """Return what is between the place's line and the notes."""
    lines = text.split("\n")
    return lines[2 : next(at for at, line in enumerate(lines) if " = " in line)]


@st.composite
def locations(draw, lines: list[SourceLine]) -> Location:
    """Draw a location, nearly always in the excerpt."""
    line = draw(st.sampled_from(lines))
    stray = draw(st.sampled_from([0] * 8 + [1, 99]))
    return Location(line.row, draw(st.integers(line.column, line.column + len(line.text))) + stray)


def places(lines: list[SourceLine]) -> st.SearchStrategy[tuple[Location, Location]]:
    return st.tuples(locations(lines), locations(lines)).map(sorted)


@st.composite
def diagnostics(draw, labels: st.SearchStrategy[str] = ANYTHING) -> Diagnostic:
    rows = draw(st.sets(st.tuples(st.integers(1, 9), st.sampled_from([1, 1, 300])), min_size=1))
    lines = [SourceLine(*at, draw(SOURCE), draw(st.booleans())) for at in sorted(rows)]
    related = [
        Related("", draw(labels), *draw(places(lines))) for _ in range(draw(st.integers(0, 4)))
    ]
    return diagnostic_at(*draw(places(lines)), lines)._replace(related=tuple(related))


@given(diagnostics(), ANYTHING, st.sampled_from(["text", "concise"]), st.integers(0, 120))
def test_no_control_character_reaches_the_terminal(
    diagnostic: Diagnostic, anything: str, name: str, width: int
):
    fixes = tuple(Fix(anything, each, ()) for each in Applicability)
    odd = diagnostic._replace(
        **dict.fromkeys(["code", "name", "cause", "remedy", "filename", "url"], anything),
        fixes=fixes,
    )
    text = written(odd, Style(width=width), name)
    text.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]", text)


@given(diagnostics(), ANYTHING)
def test_color_and_links_only_add_escape_sequences(diagnostic: Diagnostic, url: str):
    painted = written(diagnostic._replace(url=url), Style(color=True, links=True))
    escape = re.compile(r"\x1b\[[0-9;]*m|\x1b]8;;[^\x00-\x1f]*\x1b\\")
    assert escape.sub("", painted) == written(diagnostic, Style())


@given(diagnostics(), ANYTHING)
def test_a_line_is_a_finding_in_the_concise_report(diagnostic: Diagnostic, filename: str):
    text = written(diagnostic._replace(filename=filename), Style(), "concise")
    assert len(text.splitlines()) == 2


@given(SOURCE, SOURCE, SOURCE, WIDTHS)
def test_carets_are_exactly_below_the_place(before: str, inside: str, after: str, width: int):
    start, end = len(before) + 1, len(before) + len(inside) + 3
    line = SourceLine(7, 1, f"{before}[{inside}]{after}", is_cut=False)
    diagnostic = diagnostic_at(Location(7, start), Location(7, end), [line])
    _, source, carets, *_ = frame_rows(written(diagnostic, Style(width=width)))
    assert carets.index("^") == wcswidth(source[: source.index("[")])
    if "]" in source:
        shown = source[source.index("[") : source.index("]") + 1]
        assert carets.count("^") == wcswidth(shown)


@given(SOURCE, SOURCE, SOURCE, st.integers(1, 3))
def test_the_edges_of_a_tall_place_are_below_its_ends(
    before: str, between: str, after: str, gap: int
):
    lines = [
        SourceLine(1, 1, f"x{before}[", is_cut=False),
        SourceLine(1 + gap, 1, f"{between}]{after}", is_cut=False),
    ]
    ends = Location(1, len(before) + 2), Location(1 + gap, len(between) + 2)
    rows = frame_rows(written(diagnostic_at(*ends, lines), Style(width=1000)))
    top, bottom = (next(row for row in rows if sign in row) for sign in "[]")
    assert rows[rows.index(top) + 1].index("^") == wcswidth(top[: top.index("[")])
    assert rows[rows.index(bottom) + 1].index("^") == wcswidth(bottom[: bottom.index("]")])


@given(diagnostics(st.text("label ", max_size=20)), WIDTHS)
def test_a_frame_is_as_wide_as_the_terminal_at_most(diagnostic: Diagnostic, width: int):
    rows = frame_rows(written(diagnostic, Style(width=width)))
    assert all(wcswidth(row) <= width for row in rows)


@given(diagnostics(st.from_regex("[a-z]{1,20}[.]", fullmatch=True)), WIDTHS)
def test_every_label_is_shown(diagnostic: Diagnostic, width: int):
    text = written(diagnostic, Style(width=width))
    assert all(each.message in text for each in diagnostic.related)


@pytest.mark.parametrize("width", [-1, 0, 1, 10])
def test_no_terminal_is_too_narrow(width: int):
    line = SourceLine(1, 1, "x" * 90, is_cut=False)
    diagnostic = diagnostic_at(Location(1, 80), Location(1, 82), [line])
    _, source, carets, _ = frame_rows(written(diagnostic, Style(width=width)))
    assert carets.count("^") == 2
    assert len(source) > 20
