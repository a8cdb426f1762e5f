"""What a diagnostic takes from the text of its document: rows to show, and places in bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from rosetta_spec.diagnostic import BytePlaces, Diagnostic, Edit, Fix, SourceLine
from rosetta_spec.text import Location, Text

#: Code points that are kept on each side of a place.
_MARGIN = 120

#: Code points that are kept of one place; of a longer one, its start.
_LONGEST = 240

#: A place of more rows is shown by its first and last row.
_MOST_ROWS = 4


def excerpt(text: Text, places: Iterable[tuple[Location, Location]]) -> tuple[SourceLine, ...]:
    """Return the rows of some places, in order; of a very long row only the parts around them.

    An empty text, which is also that of a file that cannot be read, has none.
    """
    if not text.content:
        return ()
    parts = sorted(part for place in places for part in _parts(*place))
    return tuple(_source_line(text, *part) for part in _joined(parts))


def byte_places(diagnostic: Diagnostic, text: Text) -> BytePlaces:
    """Convert the places of a finding in `text` to byte columns, and each fix to one edit."""
    return BytePlaces(
        text.in_bytes(diagnostic.location),
        text.in_bytes(diagnostic.end_location),
        tuple(
            each._replace(
                location=text.in_bytes(each.location), end_location=text.in_bytes(each.end_location)
            )
            for each in diagnostic.related
        ),
        tuple(_with_one_edit(each, text) for each in diagnostic.fixes),
    )


def _with_one_edit(fix: Fix, text: Text) -> Fix:
    """Join the edits of a fix and the text between them: a suggestion has only one range."""
    edits = sorted(fix.edits, key=lambda edit: edit.location)
    content = edits[0].content
    for before, after in pairwise(edits):
        between = text.content[text.offset(before.end_location) : text.offset(after.location)]
        content += between + after.content
    start, end = text.in_bytes(edits[0].location), text.in_bytes(edits[-1].end_location)
    return fix._replace(edits=(Edit(start, end, content),))


def _parts(start: Location, end: Location) -> Iterator[tuple[int, int, int]]:
    """Yield the rows of a place, each with the first and the last column to keep."""
    if start.row == end.row:
        last = min(end.column, start.column + _LONGEST)
        yield start.row, max(1, start.column - _MARGIN), last + _MARGIN
        return
    yield start.row, max(1, start.column - _MARGIN), start.column + _LONGEST
    if end.row - start.row < _MOST_ROWS:
        yield from ((row, 1, _LONGEST) for row in range(start.row + 1, end.row))
    yield end.row, max(1, end.column - _LONGEST), end.column + _MARGIN


def _joined(parts: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join the parts of a row that overlap or touch."""
    joined: list[tuple[int, int, int]] = []
    for row, first, last in parts:
        if joined and joined[-1][0] == row and first <= joined[-1][2] + 1:
            joined[-1] = (row, joined[-1][1], max(last, joined[-1][2]))
        else:
            joined.append((row, first, last))
    return joined


def _source_line(text: Text, row: int, first: int, last: int) -> SourceLine:
    part, is_cut = text.line_part(row, first, last)
    return SourceLine(row, first, part, is_cut)
