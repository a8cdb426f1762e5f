"""The places of a finding, and the lines of its excerpt in which each one starts and ends."""

from __future__ import annotations

import sys
from typing import NamedTuple

from rosetta_spec.text import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rosetta_spec.diagnostic import SourceLine


class Place(NamedTuple):
    """A span to draw, the excerpt's lines in which it starts and ends, and the label beside it."""

    start: Location
    end: Location
    top: SourceLine
    bottom: SourceLine
    sign: str
    ink: str
    label: str

    @property
    def is_tall(self) -> bool:
        """Whether it goes over several rows."""
        return self.start.row < self.end.row


def places_of(
    excerpt: Sequence[SourceLine], start: Location, end: Location, *look: str
) -> list[Place]:
    """Find the lines of a place: none if it starts in none; it ends in the first if it must."""
    if end.column == 1 and end.row > start.row:
        end = _row_end(excerpt, end.row - 1)
    top, bottom = _line_at(excerpt, start), _line_at(excerpt, end)
    if top is None:
        return []
    if bottom is None:
        end = Location(start.row, sys.maxsize)
    if bottom is None or end.row <= start.row:
        bottom = top
    return [Place(start, end, top, bottom, *look)]


def _row_end(excerpt: Sequence[SourceLine], row: int) -> Location:
    """Return the end of what the excerpt has of a row, or a location that is nowhere."""
    ends = [line.column + len(line.text) for line in excerpt if line.row == row]
    return Location(row, max(ends, default=0))


def _line_at(excerpt: Sequence[SourceLine], at: Location) -> SourceLine | None:
    """Find the line with a location; the excerpt may have several parts of a row."""
    for line in excerpt:
        if line.row == at.row and 0 <= at.column - line.column <= len(line.text):
            return line
    return None
