"""The code frame: rows of the source, with the places of a finding marked below them."""

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeAlias

from rosetta_spec.diagnostic import Diagnostic, Related, SourceLine
from rosetta_spec.engine.tally import UNREADABLE
from rosetta_spec.reporters.style import Row, Style, lay_out, safe, width_of
from rosetta_spec.text import Location

#: Glyphs and their ink, by column.
Cells: TypeAlias = dict[int, tuple[str, str]]

#: The source keeps this many columns, however narrow the terminal.
LEAST_ROOM = 20

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

#: This many rows between two marked ones are shown; more become `...`.
_BRIDGED = 2


class Frame(NamedTuple):
    """A drawn frame.

    `margin` is the width of its row numbers; `outside` are the related places that are not in it.
    """

    lines: list[str]
    margin: int
    outside: list[Related]


class _DrawnSpan(NamedTuple):
    """A span, the excerpt's lines in which it starts and ends, and the label beside it."""

    start: Location
    end: Location
    top: SourceLine
    bottom: SourceLine
    sign: str
    ink: str
    label: str

    @property
    def is_tall(self) -> bool:
        """Whether it spans several rows."""
        return self.start.row < self.end.row


class _Mark(NamedTuple):
    """What a place underlines in one row, in columns from 0.

    `edge` is `top` or `bottom` in the first or last row of a tall place, and else empty.
    """

    start: int
    end: int
    place: _DrawnSpan
    label: str
    edge: str


#: The part of a row that is shown, and the marks under it.
_Window: TypeAlias = tuple[str, list[_Mark]]


def position(diagnostic: Diagnostic) -> str:
    """Write `:row:column`, or nothing if the file could not be read."""
    row, column = diagnostic.location
    return "" if diagnostic.code == UNREADABLE else f":{row}:{column}"


def draw_frame(diagnostic: Diagnostic, style: Style) -> Frame:
    """Draw the header line and the rows of the excerpt; without an excerpt, only the header."""
    found = _places(diagnostic.excerpt, diagnostic, "^", diagnostic.severity, "")
    outside = []
    for each in diagnostic.related:
        excerpt = () if each.filename else diagnostic.excerpt
        related = _places(excerpt, each, "-", "related", safe(each.message))
        found += related
        outside += [] if related else [each]
    places = list(dict.fromkeys(found))
    lines = list(_shown(diagnostic.excerpt, places))
    margin = len(str(max([diagnostic.location.row, *(line.row for line in lines)])))
    place = f" {safe(diagnostic.filename)}{position(diagnostic)}"
    header = style.paint("aside", " " * margin + "-->") + style.paint("", place)
    if not lines:
        return Frame([header], margin, outside)
    sheet = _Sheet(places, margin, style)
    blank = sheet.line("", {})
    return Frame([header, blank, *sheet.draw(lines), blank], margin, outside)


class _Sheet:
    """Draws row after row, and remembers the bars of the tall places that have begun."""

    def __init__(self, places: list[_DrawnSpan], margin: int, style: Style) -> None:
        self.places = places
        self.lanes = _lanes(places)
        self.indent = 2 * len(set(self.lanes.values()))
        self.margin = margin
        self.style = style
        self.room = max(style.width - margin - 3 - self.indent, LEAST_ROOM)
        self.bars: Cells = {}

    def line(self, number: str, cells: Cells) -> str:
        """Put cells to the right of the gutter, which has a row number or none."""
        gutter = number if number == "..." else f"{number:>{self.margin}} |"
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
                _mark(each, line, row) for each in self.places if line in (each.top, each.bottom)
            ]
            for text, shown in _windows(line, row, marks, self.room):
                yield from self._row(line.row, text, shown)

    def _row(self, number: int, text: str, marks: list[_Mark]) -> Iterator[str]:
        tops = [mark for mark in marks if mark.edge == "top"]
        leading = [mark for mark in tops if not text[: mark.start].strip()]
        slashes = {self._lane(mark): ("/", mark.place.ink) for mark in leading}
        source = {self.indent: (text, "")} if text else {}
        yield self.line(str(number), {**self.bars, **slashes, **source})
        self._begin(leading)
        flat = [mark for mark in marks if not mark.edge]
        yield from self._below(map(self._indented, _underlines(flat, self.room)))
        bottoms = [mark for mark in marks if mark.edge == "bottom"]
        for mark in sorted(bottoms, key=self._lane, reverse=True):
            yield from self._below(self._connected(mark))
            self.bars.pop(self._lane(mark), None)
        for mark in sorted(tops, key=self._lane):
            if mark not in leading:
                yield from self._below(self._connected(mark))
                self._begin([mark])

    def _below(self, lines: Iterable[Cells]) -> Iterator[str]:
        for cells in lines:
            yield self.line("", {**self.bars, **cells})

    def _connected(self, mark: _Mark) -> list[Cells]:
        """Connect the bar of a tall place with its edge: `|____^`."""
        first, *rest = map(self._indented, _underlines([mark], self.room))
        way = range(self._lane(mark) + 1, self.indent + mark.start)
        return [{**dict.fromkeys(way, ("_", mark.place.ink)), **first}, *rest]

    def _indented(self, cells: Cells) -> Cells:
        return {column + self.indent: cell for column, cell in cells.items()}

    def _begin(self, marks: list[_Mark]) -> None:
        self.bars.update({self._lane(mark): ("|", mark.place.ink) for mark in marks})

    def _lane(self, mark: _Mark) -> int:
        return 2 * self.lanes[mark.place]


def _places(
    excerpt: Sequence[SourceLine], place: Diagnostic | Related, *look: str
) -> list[_DrawnSpan]:
    """Find the lines of a place: none if its start is not in the excerpt.

    A place whose end is not in the excerpt ends with its first row.
    """
    start, end = place.location, place.end_location
    if end.column == 1 and end.row > start.row:
        # The end of what the excerpt has of the row above, or a location that is nowhere.
        above = [each for each in excerpt if each.row == end.row - 1]
        last = max((each.column + len(each.text) for each in above), default=0)
        end = Location(end.row - 1, last)
    top, bottom = _line_at(excerpt, start), _line_at(excerpt, end)
    if top is None:
        return []
    if bottom is None:
        end = Location(start.row, sys.maxsize)
    if bottom is None or end.row <= start.row:
        bottom = top
    return [_DrawnSpan(start, end, top, bottom, *look)]


def _line_at(excerpt: Sequence[SourceLine], at: Location) -> SourceLine | None:
    """Find the line with a location; the excerpt may have several parts of a row."""
    for line in excerpt:
        if line.row == at.row and 0 <= at.column - line.column <= len(line.text):
            return line
    return None


def _shown(excerpt: Sequence[SourceLine], places: list[_DrawnSpan]) -> Iterator[SourceLine]:
    """Choose the lines in which places begin or end, and a few between them."""
    edges = {line for place in places for line in (place.top, place.bottom)}
    between: list[SourceLine] | None = None
    for line in excerpt:
        if line in edges:
            yield from between if between and len(between) <= _BRIDGED else ()
            yield line
            between = []
        elif between is not None:
            between.append(line)


def _lanes(places: list[_DrawnSpan]) -> dict[_DrawnSpan, int]:
    """Give each tall place the first lane for its bar that is free from its first to last row."""
    ends: list[int] = []
    lanes = {}
    for place in sorted(each for each in places if each.is_tall):
        free = (lane for lane, end in enumerate(ends) if end < place.start.row)
        lane = lanes[place] = next(free, len(ends))
        ends[lane : lane + 1] = [place.end.row]
    return lanes


def _mark(place: _DrawnSpan, line: SourceLine, row: Row) -> _Mark:
    """Find the columns of a place in a row: at least one, and exactly one for an edge."""
    start, end = (
        row.columns[min(max(each.column - line.column, 0), len(row.pieces))]
        for each in (place.start, place.end)
    )
    if not place.is_tall:
        return _Mark(start, max(end, start + 1), place, place.label, "")
    if line == place.top:
        return _Mark(start, start + 1, place, "", "top")
    return _Mark(max(end - 1, 0), max(end, 1), place, place.label, "bottom")


def _windows(line: SourceLine, row: Row, marks: list[_Mark], room: int) -> Iterator[_Window]:
    """Cut a row that is too long to the surroundings of its marks; distant ones get their own."""
    total = row.columns[-1]
    inner = room - 2 * len(ELLIPSIS)
    if total < (inner if line.is_cut or line.column > 1 else room):
        yield _window(line, row, marks, range(total))
        return
    groups: list[list[_Mark]] = []
    for mark in sorted(marks):
        if groups and _needed(mark, inner) - groups[-1][0].start <= inner:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    for group in groups or [[]]:
        yield _window(line, row, group, _reach(group, total, inner))


def _needed(mark: _Mark, inner: int) -> int:
    """Return the column up to which a mark must be seen: half a window of a long one."""
    return min(mark.end, mark.start + inner // 2)


def _reach(group: list[_Mark], total: int, inner: int) -> range:
    """Choose the columns to show: from the first one if that will do, else around the marks."""
    needed = max((_needed(mark, inner) for mark in group), default=0)
    if needed <= inner:
        return range(inner)
    low = group[0].start
    wanted = min(max(mark.end for mark in group), low + inner * 3 // 4)
    spare = inner - (max(needed, wanted) - low)
    left = min(low - spare // 2, total - inner)
    return range(left, left + inner)


def _window(line: SourceLine, row: Row, marks: list[_Mark], reach: range) -> _Window:
    first = bisect_left(row.columns, reach.start)
    last = bisect_right(row.columns, row.columns[first] + len(reach)) - 1
    head = ELLIPSIS if first or line.column > 1 else ""
    tail = ELLIPSIS if last < len(row.pieces) or line.is_cut else ""
    shift = len(head) - row.columns[first]
    limit = row.columns[last] + shift + len(tail)
    text = head + "".join(row.pieces[first:last]) + tail
    moved = []
    for mark in marks:
        start = mark.start + shift
        end = max(min(mark.end + shift, limit), start + 1)
        moved.append(mark._replace(start=start, end=end))
    return text, moved


def _underlines(marks: list[_Mark], room: int) -> list[Cells]:
    """Underline the marks, the primary one on top, and attach the labels to them."""
    if not marks:
        return []
    first: Cells = {}
    for mark in sorted(marks, key=lambda each: each.place.sign == "^"):
        cell = (mark.place.sign, mark.place.ink)
        first |= dict.fromkeys(range(mark.start, mark.end), cell)
    labelled = [mark for mark in marks if mark.label]
    beside = [mark for mark in labelled if _fits_beside(mark, marks, room)]
    first.update({mark.end + 1: (mark.label, mark.place.ink) for mark in beside})
    return [first, *_stacked([mark for mark in labelled if mark not in beside], room)]


def _fits_beside(mark: _Mark, marks: list[_Mark], room: int) -> bool:
    end = mark.end + 1 + width_of(mark.label)
    others = (each for each in marks if each is not mark)
    return end <= room and all(each.end <= mark.start or end + 2 <= each.start for each in others)


def _stacked(marks: list[_Mark], room: int) -> Iterator[Cells]:
    """Hang labels under their marks, the rightmost first, each on a line of its own."""
    waiting = sorted(marks, key=lambda each: -each.start)
    if waiting:
        yield _strings(waiting)
    for index, mark in enumerate(waiting, 1):
        strings = _strings(waiting[index:])
        column = max(0, min(mark.start, room - width_of(mark.label)))
        free = {at: cell for at, cell in strings.items() if at < column}
        yield {**free, column: (mark.label, mark.place.ink)}
        if free != strings:
            yield strings


def _strings(marks: list[_Mark]) -> Cells:
    return {mark.start: ("|", mark.place.ink) for mark in marks}


def _painted(cells: Cells, style: Style) -> str:
    """Set the cells in their columns, and paint neighbors of one ink together."""
    pieces: list[tuple[str, str]] = []
    at = 0
    before = ""
    for column, (glyphs, ink) in sorted(cells.items()):
        at += width_of(before)
        pieces.append((" " * (column - at) + glyphs, ink))
        at, before = column, glyphs
    groups = groupby(pieces, key=lambda piece: piece[1])
    return "".join(
        style.paint(ink, "".join(glyphs for glyphs, _ in group)) for ink, group in groups
    )
