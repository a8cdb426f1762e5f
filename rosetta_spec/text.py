"""Source text, and the one converter between offsets and rows and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

from rosetta_spec.record import NamedTuple

BOM = "\ufeff"

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Span(NamedTuple):
    """A stretch of source text: half-open, in 0-based code points after a byte order mark."""

    start: int
    end: int


class Location(NamedTuple):
    """A place as people count: row and column start at 1, columns count code points."""

    row: int
    column: int


class Text:
    """Decoded source text that knows where its rows start.

    `content` has no byte order mark (`has_bom` remembers it, so that a column never counts it).
    LF, CRLF and CR each end a row. `first_row` is the 1-based row of the first character in the
    file: a line of a JSON Lines file is a text of its own.
    """

    __slots__ = ("_starts", "content", "first_row", "has_bom")

    def __init__(self, content: str, *, first_row: int = 1) -> None:
        # A mark stands at the start of a file and nowhere else.
        self.has_bom = first_row == 1 and content.startswith(BOM)
        self.content = content[1:] if self.has_bom else content
        self.first_row = first_row
        self._starts: list[int] | None = None

    @property
    def row_starts(self) -> list[int]:
        """Offset of the first character of each row; found when first asked for."""
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_BREAK.finditer(self.content))]
        return self._starts

    def location(self, offset: int) -> Location:
        """Row and column of the character at `offset` (at most the length of the text)."""
        index = bisect_right(self.row_starts, offset) - 1
        return Location(self.first_row + index, offset - self.row_starts[index] + 1)

    def line_part(self, row: int, first: int, last: int) -> tuple[str, bool]:
        """Return columns `first` to `last` (both included) of a row, and whether it goes on.

        All count from 1. The line break is no part of a row.
        """
        index = row - self.first_row
        start = self.row_starts[index]
        end = self.row_starts[index + 1] if row < self.last_row else len(self.content)
        while end > start and self.content[end - 1] in "\r\n":
            end -= 1
        stop = min(start + last, end)
        return self.content[start + first - 1 : stop], stop < end

    @property
    def last_row(self) -> int:
        """The 1-based row of the end of the text."""
        return self.first_row + len(self.row_starts) - 1

    def slice(self, span: Span) -> str:
        """Return the characters of `span`."""
        return self.content[span.start : span.end]
