"""Source text, and its conversion between offsets, rows and columns, and bytes."""

from __future__ import annotations

import re
from abc import abstractmethod
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import cached_property
from itertools import accumulate, chain
from typing import Any, NamedTuple, TypeVar, overload

_T_co = TypeVar("_T_co", covariant=True)
_T = TypeVar("_T")

BOM = "\ufeff"

_row_ends_in = re.compile(r"\r\n?|\n").finditer

#: The maximum number of spans that are returned as a tuple.
_FEW = 1000

#: Code points that are counted together.
_STEP = 4096

#: By the encodings of LSP, their names for Python and the bytes of their units.
_ENCODINGS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class long_property(cached_property[_T]):  # noqa: N801 - as `cached_property`
    """A cached property that takes long for a large text.

    While it is computed for one object, other threads can compute it for others: before Python
    3.12, `cached_property` has one lock for all objects.
    """

    def __init__(self, func: Callable[[Any], _T]) -> None:
        super().__init__(func)
        self.lock = nullcontext()


def digest(text: str) -> bytes:
    """Return the SHA-256 of a text in UTF-8, lone surrogates included: 32 bytes."""
    import hashlib  # noqa: PLC0415 - it loads OpenSSL, and most runs need no digest

    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


class Span(NamedTuple):
    """A stretch of source text: half-open, in 0-based code points after a byte order mark."""

    start: int
    end: int


class LazySequence(Sequence[_T_co]):
    """A sequence whose items are made at each access: there may be millions of them."""

    @abstractmethod
    def _item(self, index: int) -> _T_co:
        """Return the item at an index from 0 to the last one."""

    @overload
    def __getitem__(self, index: int) -> _T_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_T_co]: ...
    def __getitem__(self, index: int | slice) -> _T_co | Sequence[_T_co]:
        found = range(len(self))[index]
        return self._item(found) if isinstance(found, int) else tuple(map(self._item, found))

    def __iter__(self) -> Iterator[_T_co]:
        return map(self._item, range(len(self)))


class Spans(LazySequence[Span]):
    """Spans in the order of the text, in little memory."""

    def __init__(self) -> None:
        # Machine integers take a tenth of the memory of objects.
        self._offsets = array("I")

    def append(self, span: Span) -> None:
        """Add a span after the others."""
        self._offsets.extend(span)

    def take(self, end: int) -> Sequence[Span]:
        """Remove and return the spans that start before an offset, as a tuple if they are few."""
        count = bisect_left(self, (end,))
        taken = Spans()
        taken._offsets, self._offsets = self._offsets[: 2 * count], self._offsets[2 * count :]
        return taken if count > _FEW else tuple(taken)

    def __len__(self) -> int:
        return len(self._offsets) // 2

    def _item(self, index: int) -> Span:
        return Span(self._offsets[2 * index], self._offsets[2 * index + 1])


class Location(NamedTuple):
    """A row and a column of a text: both start at 1, columns count code points."""

    row: int
    column: int


class Text:
    """Decoded source text that knows where its rows start.

    `content` has no byte order mark; `has_bom` says that there was one. LF, CRLF and CR each end
    a row. `first_row` is the 1-based row of the first character in the file: a line of a JSON Lines
    file is a text of its own. `encoding` (utf-8, utf-16 or utf-32) is that of `units_before`.
    """

    def __init__(self, content: str, *, first_row: int = 1, encoding: str = "utf-8") -> None:
        # The character is a byte order mark only at the start of a file.
        self.has_bom = first_row == 1 and content.startswith(BOM)
        self.content = content[1:] if self.has_bom else content
        self.first_row = first_row
        self._encoding = encoding

    @long_property
    def row_starts(self) -> array[int]:
        """The offset of the first character of each row."""
        return array("I", chain((0,), (end.end() for end in _row_ends_in(self.content))))

    def location(self, offset: int) -> Location:
        """Return the row and column at `offset`, which is at most the length of the text."""
        starts = self.row_starts
        index = bisect_right(starts, offset) - 1
        return Location(self.first_row + index, offset - starts[index] + 1)

    def offset(self, location: Location) -> int:
        """Return the offset of the character at a location; the inverse of `location`."""
        return self.row_starts[location.row - self.first_row] + location.column - 1

    def in_bytes(self, location: Location) -> Location:
        """Return a location with a 1-based column that counts UTF-8 bytes, a BOM included."""
        return location._replace(column=self.units_before(location) + 1)

    def units_before(self, location: Location) -> int:
        """Return the length of a row up to a location in units of the encoding, a BOM included."""
        index = location.row - self.first_row
        mark = units_in(BOM, self._encoding) if self.has_bom and index == 0 else 0
        start, end = self.row_starts[index], self.offset(location)
        if end - start <= _STEP:
            return mark + units_in(self.content[start:end], self._encoding)
        return mark + self._units_to(end) - self._units_to(start)

    @long_property
    def _units(self) -> list[int]:
        """The units before each step: a row may be too long to count from its start."""
        steps = range(0, len(self.content), _STEP)
        sizes = (units_in(self.content[step : step + _STEP], self._encoding) for step in steps)
        return list(accumulate(sizes, initial=0))

    def _units_to(self, offset: int) -> int:
        index = offset // _STEP
        return self._units[index] + units_in(self.content[index * _STEP : offset], self._encoding)

    def line_part(self, row: int, first: int, last: int) -> tuple[str, bool]:
        """Return columns `first` to `last` of a row, and whether the row goes on after them.

        Rows and columns are 1-based, both columns are included, the line break is not.
        """
        index = row - self.first_row
        start = self.row_starts[index]
        end = self.row_starts[index + 1] if index + 1 < len(self.row_starts) else len(self.content)
        while end > start and self.content[end - 1] in "\r\n":
            end -= 1
        stop = min(start + last, end)
        return self.content[start + first - 1 : stop], stop < end

    def slice(self, span: Span) -> str:
        """Return the characters of `span`."""
        return self.content[span.start : span.end]


def units_in(text: str, encoding: str) -> int:
    """Return the length of a text in units of an encoding (utf-8, utf-16 or utf-32)."""
    if text.isascii():
        return len(text)
    codec, size = _ENCODINGS[encoding]
    return len(text.encode(codec, "surrogatepass")) // size
