"""What stands below a row: the marks of places, and their labels."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.reporters.terminal import width_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.diagnostic import SourceLine
    from rosetta_spec.reporters.place import Place
    from rosetta_spec.reporters.terminal import Row

#: What stands at which column: glyphs and their ink.
Cells = dict[int, tuple[str, str]]


class Mark(NamedTuple):
    """What a place underlines in one row, in columns from 0.

    `edge` is `top` or `bottom` in the first or last row of a tall place, and else empty.
    """

    start: int
    end: int
    place: Place
    label: str
    edge: str


def mark_of(place: Place, line: SourceLine, row: Row) -> Mark:
    """Find the columns of a place in a row: at least one, and one alone for an edge."""
    start, end = (
        row.columns[min(max(each.column - line.column, 0), len(row.pieces))]
        for each in (place.start, place.end)
    )
    if not place.is_tall:
        return Mark(start, max(end, start + 1), place, place.label, "")
    if line == place.top:
        return Mark(start, start + 1, place, "", "top")
    return Mark(max(end - 1, 0), max(end, 1), place, place.label, "bottom")


def underlines(marks: list[Mark], room: int) -> list[Cells]:
    """Underline the marks, the primary one on top, and hang the labels on them."""
    if not marks:
        return []
    first: Cells = {}
    for mark in sorted(marks, key=lambda each: each.place.sign == "^"):
        first |= _line_under(mark, marks)
    labelled = [mark for mark in marks if mark.label]
    beside = [mark for mark in labelled if _fits_beside(mark, marks, room)]
    first.update({mark.end + 1: (mark.label, mark.place.ink) for mark in beside})
    return [first, *_stacked([mark for mark in labelled if mark not in beside], room)]


def _line_under(mark: Mark, marks: list[Mark]) -> Cells:
    """Underline a mark in one cell, or in one for each column where another one overlaps it."""
    sign, ink = mark.place.sign, mark.place.ink
    if any(each.start < mark.end and mark.start < each.end for each in marks if each is not mark):
        return dict.fromkeys(range(mark.start, mark.end), (sign, ink))
    return {mark.start: (sign * (mark.end - mark.start), ink)}


def _fits_beside(mark: Mark, marks: list[Mark], room: int) -> bool:
    end = mark.end + 1 + width_of(mark.label)
    others = (each for each in marks if each is not mark)
    return end <= room and all(each.end <= mark.start or end + 2 <= each.start for each in others)


def _stacked(marks: list[Mark], room: int) -> Iterator[Cells]:
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


def _strings(marks: list[Mark]) -> Cells:
    return {mark.start: ("|", mark.place.ink) for mark in marks}
