"""The one converter between places of a text and the positions of an editor.

An editor counts lines from 0, and in a line units of UTF-8, UTF-16 or UTF-32 from 0; a byte order
mark that it sends is a character of the first line. Source: Language Server Protocol 3.17,
`Position` and `PositionEncodingKind`.
"""

from __future__ import annotations

from lsprotocol.types import Position, Range

from rosetta_spec.text import Location, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.text import Span

#: Encodings with the size of their unit in bytes; one of lone surrogates is made of all of them.
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Positions:
    """Converts for one text; `encoding` is `utf-8`, `utf-16` or `utf-32`."""

    def __init__(self, source: str, encoding: str) -> None:
        """`source` is what the editor has sent, with a byte order mark if there is one."""
        self.text = Text(source)
        self._source = source
        self._codec, self._size = _UNITS[encoding]
        self._mark = int(self.text.has_bom)

    def position(self, location: Location) -> Position:
        """Return the position of a place."""
        line = location.row - 1
        start = self._start(line)
        stop = start + location.column - 1 + (self._mark if line == 0 else 0)
        return Position(line, self._units(self._source[start:stop]))

    def range(self, location: Location, end_location: Location) -> Range:
        """Return the range from one place up to another."""
        return Range(self.position(location), self.position(end_location))

    def range_of(self, span: Span) -> Range:
        """Return the range of a span of the text."""
        return self.range(self.text.location(span.start), self.text.location(span.end))

    def location(self, position: Position) -> Location:
        """Return the place of a position; what is outside of its line is moved to its end."""
        return self.text.location(self.offset(position))

    def offset(self, position: Position) -> int:
        """Return the offset of a position in the text, which has no byte order mark."""
        return max(self.source_offset(position) - self._mark, 0)

    def source_offset(self, position: Position) -> int:
        """Return the offset of a position in what the editor has sent."""
        rows = len(self.text.row_starts)
        if position.line >= rows:
            return len(self._source)
        line = position.line
        start = self._start(line)
        end = self._start(line + 1) if line + 1 < rows else len(self._source)
        while end > start and self._source[end - 1] in "\r\n":
            end -= 1
        return start + self._characters(self._source[start:end], position.character)

    def _start(self, line: int) -> int:
        return self.text.row_starts[line] + (self._mark if line else 0)

    def _units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._size

    def _characters(self, row: str, units: int) -> int:
        """Count the characters in the first units of a row; one that is divided is left out."""
        if row.isascii():
            return min(units, len(row))
        data = row.encode(self._codec, "surrogatepass")
        cut = min(units * self._size, len(data))
        while cut < len(data) and self._is_inside(data, cut):
            cut -= self._size
        return len(data[:cut].decode(self._codec, "surrogatepass"))

    def _is_inside(self, data: bytes, cut: int) -> bool:
        """Whether a character goes on at `cut`."""
        if self._size == 1:
            return data[cut] & 0xC0 == 0x80  # noqa: PLR2004 - a continuation byte of UTF-8
        low, high = data[cut + 1] & 0xFC, data[cut - 1] & 0xFC
        # The second half of a pair, behind a first one.
        return self._size == 2 and cut > 0 and low == 0xDC and high == 0xD8  # noqa: PLR2004
