"""The rows of the source that a finding shows, cut around its places when a row is very long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rosetta_spec.diagnostic import SourceLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.text import Location, Text

#: Code points kept on each side of a place.
_MARGIN = 120

#: Code points kept of one place; a longer one is shown by its start.
_LONGEST = 400


def excerpt(text: Text, places: Iterable[tuple[Location, Location]]) -> tuple[SourceLine, ...]:
    """Return the rows in which places start or end, in order, each once.

    A row longer than what is around its places is cut; a place that has most of a long row for
    itself keeps its beginning.
    """
    columns: dict[int, list[int]] = {}
    for start, end in places:
        columns.setdefault(start.row, []).append(start.column)
        last = end.column if end.row > start.row else min(end.column, start.column + _LONGEST)
        columns.setdefault(end.row, []).append(last)
    return tuple(_source_line(text, row, columns[row]) for row in sorted(columns))


def _source_line(text: Text, row: int, columns: list[int]) -> SourceLine:
    first = max(1, min(columns) - _MARGIN)
    last = min(max(columns), min(columns) + 2 * _LONGEST) + _MARGIN
    cut, is_cut = text.line_part(row, first, last)
    return SourceLine(row, first, cut, is_cut)
