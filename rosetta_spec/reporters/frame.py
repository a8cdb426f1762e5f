"""The code frame: rows of the source, with the places of a finding drawn under them."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import NamedTuple

from rosetta_spec.reporters.place import Place, places_of
from rosetta_spec.reporters.style import safe
from rosetta_spec.reporters.terminal import lay_out, width_of
from rosetta_spec.reporters.underline import mark_of, underlines
from rosetta_spec.reporters.window import windows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rosetta_spec.diagnostic import Diagnostic, Related, SourceLine
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.reporters.underline import Cells, Mark
    from rosetta_spec.reporters.window import Window

#: The source keeps this many columns, however narrow the terminal.
LEAST_ROOM = 20

#: This many rows between two marked ones are shown; more become `...`.
_BRIDGED = 2


class Frame(NamedTuple):
    """A drawn frame; `margin` is the width of its row numbers, `left` what it has no row for."""

    lines: list[str]
    margin: int
    left: list[Related]


def draw_frame(diagnostic: Diagnostic, style: Style) -> Frame:
    """Draw the header line and the rows of the excerpt; without an excerpt, the header alone."""
    drawn, left = _related(diagnostic)
    places = list(dict.fromkeys([*_primary(diagnostic), *drawn]))
    lines = list(_shown(diagnostic.excerpt, places))
    margin = len(str(max([diagnostic.location.row, *(line.row for line in lines)])))
    row, column = diagnostic.location
    arrow = style.paint("aside", " " * margin + "-->")
    header = f"{arrow} {safe(diagnostic.filename)}:{row}:{column}"
    if not lines:
        return Frame([header], margin, left)
    sheet = _Sheet(places, margin, style)
    blank = sheet.line(sheet.gutter(""), {})
    return Frame([header, blank, *sheet.draw(lines), blank], margin, left)


class _Sheet:
    """Draws row after row, and remembers the bars of the tall places that are open."""

    def __init__(self, places: list[Place], margin: int, style: Style) -> None:
        self.places = places
        self.lanes = _lanes(places)
        self.indent = 2 * len(set(self.lanes.values()))
        self.margin = margin
        self.style = style
        self.room = max(style.width - margin - 3 - self.indent, LEAST_ROOM)
        self.bars: Cells = {}

    def gutter(self, number: str) -> str:
        """Set a row number, or none, before the rule."""
        return f"{number:>{self.margin}} |"

    def line(self, gutter: str, cells: Cells) -> str:
        """Put the cells to the right of the gutter."""
        shifted = {column + self.margin + 3: cell for column, cell in cells.items()}
        return _painted({0: (gutter, "aside"), **shifted}, self.style)

    def draw(self, lines: Iterable[SourceLine]) -> Iterator[str]:
        """Draw the rows, and dots where some are left out."""
        above = sys.maxsize
        for line in lines:
            if line.row > above + 1:
                yield self.line("...", self.bars)
            above = line.row
            row = lay_out(line.text)
            marks = [
                mark_of(each, line, row) for each in self.places if line in (each.top, each.bottom)
            ]
            for window in windows(line, row, marks, self.room):
                yield from self._row(line.row, window)

    def _row(self, number: int, window: Window) -> Iterator[str]:
        tops = [mark for mark in window.marks if mark.edge == "top"]
        opening = [mark for mark in tops if not window.text[: mark.start].strip()]
        slashes = {self._lane(mark): ("/", mark.place.ink) for mark in opening}
        source = {self.indent: (window.text, "")} if window.text else {}
        yield self.line(self.gutter(str(number)), {**self.bars, **slashes, **source})
        self._open(opening)
        flat = [mark for mark in window.marks if not mark.edge]
        yield from self._below([self._indented(cells) for cells in underlines(flat, self.room)])
        bottoms = [mark for mark in window.marks if mark.edge == "bottom"]
        for mark in sorted(bottoms, key=self._lane, reverse=True):
            yield from self._below(self._connected(mark))
            self.bars.pop(self._lane(mark), None)
        for mark in sorted(tops, key=self._lane):
            if mark not in opening:
                yield from self._below(self._connected(mark))
                self._open([mark])

    def _below(self, lines: Iterable[Cells]) -> Iterator[str]:
        for cells in lines:
            yield self.line(self.gutter(""), {**self.bars, **cells})

    def _connected(self, mark: Mark) -> list[Cells]:
        """Lead from the bar of a tall place to its edge: `|____^`."""
        first, *rest = [self._indented(cells) for cells in underlines([mark], self.room)]
        way = range(self._lane(mark) + 1, self.indent + mark.start)
        return [{**dict.fromkeys(way, ("_", mark.place.ink)), **first}, *rest]

    def _indented(self, cells: Cells) -> Cells:
        return {column + self.indent: cell for column, cell in cells.items()}

    def _open(self, marks: list[Mark]) -> None:
        self.bars.update({self._lane(mark): ("|", mark.place.ink) for mark in marks})

    def _lane(self, mark: Mark) -> int:
        return 2 * self.lanes[mark.place]


def _primary(diagnostic: Diagnostic) -> list[Place]:
    ends = diagnostic.location, diagnostic.end_location
    return places_of(diagnostic.excerpt, *ends, "^", diagnostic.severity.value, "")


def _related(diagnostic: Diagnostic) -> tuple[list[Place], list[Related]]:
    """Part the related places that start in the excerpt from the others."""
    drawn: list[Place] = []
    left: list[Related] = []
    for each in diagnostic.related:
        ends = each.location, each.end_location
        places = places_of(diagnostic.excerpt, *ends, "-", "related", safe(each.message))
        drawn += places
        left += [] if places else [each]
    return drawn, left


def _shown(excerpt: Sequence[SourceLine], places: list[Place]) -> Iterator[SourceLine]:
    """Choose the lines in which places begin or end, and what little is between them."""
    edges = {line for place in places for line in (place.top, place.bottom)}
    between: list[SourceLine] | None = None
    for line in excerpt:
        if line in edges:
            yield from between if between and len(between) <= _BRIDGED else ()
            yield line
            between = []
        elif between is not None:
            between.append(line)


def _lanes(places: list[Place]) -> dict[Place, int]:
    """Give each tall place the first lane for its bar that is free from its first to last row."""
    ends: list[int] = []
    lanes = {}
    for place in sorted(each for each in places if each.is_tall):
        free = (lane for lane, end in enumerate(ends) if end < place.start.row)
        lane = lanes[place] = next(free, len(ends))
        ends[lane : lane + 1] = [place.end.row]
    return lanes


def _painted(cells: Cells, style: Style) -> str:
    """Set the cells in their columns, neighbours of one ink in one go."""
    if not style.color:
        return _set(cells)
    pieces: list[tuple[str, str]] = []
    at = 0
    for column, (glyphs, ink) in sorted(cells.items()):
        pieces.append((" " * (column - at) + glyphs, ink))
        at = column + width_of(glyphs)
    groups = groupby(pieces, key=lambda piece: piece[1])
    return "".join(
        style.paint(ink, "".join(glyphs for glyphs, _ in group)) for ink, group in groups
    )


def _set(cells: Cells) -> str:
    """Set the cells in their columns, without ink."""
    text = before = ""
    at = 0
    for column, (glyphs, _) in sorted(cells.items()):
        # The last one of a row is most of it, and its width does not matter.
        at += width_of(before)
        text += " " * (column - at) + glyphs
        at, before = column, glyphs
    return text
