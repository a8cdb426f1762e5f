"""JSON Lines as a stream: blocks of whole lines, so that memory is constant and work is divisible.

A line ends with LF or CRLF. A line that contains only the whitespace of JSON holds no document.
Rows are counted as in other formats, so a lone CR ends a row, but not a line.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator
from io import BufferedIOBase
from typing import NamedTuple

from rosetta_spec.fast.formats import MAX_BYTES

_BLOCK = 512 * 1024

#: The white space of JSON (RFC 8259, section 2).
_BLANKS = b" \t\r\n"


class Block(NamedTuple):
    """Some whole lines: their bytes, the 1-based row of the first, the number of its document.

    A line that is too long is cut, and still too long.
    """

    data: bytes
    row: int
    number: int

    def lines(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the lines that hold a document, each with its row and the document's number."""
        row, number = self.row, self.number
        has_lone_returns = _count_lone_returns(self.data) > 0
        for line in self.data.split(b"\n"):
            if line.startswith(b"{") or not _is_blank(line, row):
                yield line.removesuffix(b"\r"), row, number
                number += 1
            row += 1
            if has_lone_returns:
                row += line.removesuffix(b"\r").count(b"\r")

    def count_documents(self) -> int:
        """Count the lines that contain a document."""
        starts = self.data.startswith(b"{") + self.data.count(b"\n{")
        is_each = starts == self.data.count(b"\n") + (not self.data.endswith(b"\n"))
        return starts if is_each else sum(1 for _ in self.lines())


def _count_lone_returns(data: bytes) -> int:
    # To count two bytes takes much longer than to look for one, which mostly is not there.
    return data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else 0


def _is_blank(line: bytes, row: int) -> bool:
    """Whether a line holds no document; in the first row there may be a byte order mark.

    A line that was cut because it is too long does not count as blank.
    """
    if len(line) > MAX_BYTES + line.endswith(b"\r"):
        return False
    return not (line.removeprefix(BOM_UTF8) if row == 1 else line).strip(_BLANKS)


def blocks_of(stream: BufferedIOBase) -> Iterator[Block]:
    """Cut a stream into blocks, in order; one that is empty has none.

    Raises:
        OSError: the stream cannot be read.
    """
    row, number = 1, 0
    for data, rows_left_out in _cut(stream):
        block = Block(data, row, number)
        yield block
        row += data.count(b"\n") + _count_lone_returns(data) + rows_left_out
        number += block.count_documents()


def _cut(stream: BufferedIOBase) -> Iterator[tuple[bytes, int]]:
    """Yield pieces that end with a line, and of a line that was cut how many rows are left out."""
    rest = b""
    while more := stream.read1(_BLOCK):
        rest += more
        end = rest.rfind(b"\n") + 1
        if end:
            yield rest[:end], 0
            rest = rest[end:]
        # Without the CR that a line may end with it is too long still.
        if len(rest) >= MAX_BYTES + 2:
            line = rest[: MAX_BYTES + 2]
            rows, rest = _skip_line(stream, line[-1:], rest[MAX_BYTES + 2 :])
            yield line, rows
    if rest:
        yield rest, 0


def _skip_line(stream: BufferedIOBase, before: bytes, piece: bytes) -> tuple[int, bytes]:
    """Read to the end of a line: count the rows that end on the way, and keep what comes after.

    `before` is the last byte that was not skipped, and counted as a row's end if it is a CR.
    """
    rows = 0
    while True:
        skipped, line_end, rest = piece.partition(b"\n")
        rows += skipped.count(b"\r")
        before = skipped[-1:] or before
        if line_end:
            return rows + (before != b"\r"), rest
        piece = stream.read1(_BLOCK)
        if not piece:
            return rows, b""
