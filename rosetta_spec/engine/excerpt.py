"""The rows of the source that a finding shows, cut around its places when a row is very long."""

from __future__ import annotations

from rosetta_spec.diagnostic import SourceLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.text import Location, Text

#: Code points kept on each side of a place.
_MARGIN = 120

#: Code points kept of one place; a longer one is shown by its start.
_LONGEST = 240

#: A place over no more rows than this is shown whole, a longer one by its first and last row.
_WHOLE = 4


def excerpt(text: Text, places: Iterable[tuple[Location, Location]]) -> tuple[SourceLine, ...]:
    """Return the rows of some places, in order; of a very long row only the parts around them.

    A text of nothing, which also stands for one that cannot be read, has none to show.
    """
    if not text.content:
        return ()
    stretches = sorted(stretch for place in places for stretch in _stretches(*place))
    return tuple(_source_line(text, *part) for part in _joined(stretches))


def _stretches(start: Location, end: Location) -> Iterator[tuple[int, int, int]]:
    """Yield the rows of a place, each with the first and the last column to keep."""
    if start.row == end.row:
        last = min(end.column, start.column + _LONGEST)
        yield start.row, max(1, start.column - _MARGIN), last + _MARGIN
        return
    yield start.row, max(1, start.column - _MARGIN), start.column + _LONGEST
    if end.row - start.row < _WHOLE:
        yield from ((row, 1, _LONGEST) for row in range(start.row + 1, end.row))
    yield end.row, max(1, end.column - _LONGEST), end.column + _MARGIN


def _joined(stretches: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Make one of stretches of a row that overlap or touch."""
    joined: list[tuple[int, int, int]] = []
    for row, first, last in stretches:
        if joined and joined[-1][0] == row and first <= joined[-1][2] + 1:
            joined[-1] = (row, joined[-1][1], max(last, joined[-1][2]))
        else:
            joined.append((row, first, last))
    return joined


def _source_line(text: Text, row: int, first: int, last: int) -> SourceLine:
    part, is_cut = text.line_part(row, first, last)
    return SourceLine(row, first, part, is_cut)
