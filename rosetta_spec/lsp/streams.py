"""The two streams to an editor, which may write whatever it likes and go whenever it likes."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

_match_length = re.compile(rb"content-length\s*:\s*0*(\d+)\s*$", re.IGNORECASE).match

#: Bytes of a header line; a longer one is none.
_LONGEST_LINE = 4096

#: Digits of a length that can be one, and what stands for a header that says nothing.
_MOST_DIGITS = 12
_NOTHING_SAID = b"-\r\n"

#: So many bytes are read at a time: who announces much need not send it.
_PIECE = 1024 * 1024


class Incoming:
    """What the editor writes.

    The length of a message is taken as any header of HTTP may be written, and other lines as none;
    `pygls` knows one spelling, and ends at a length that is no size.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """Return the next header line, or what can be one; nothing at the end."""
        line = self._stream.readline(_LONGEST_LINE)
        match = _match_length(line)
        if match is None:
            return line
        is_size = len(match[1]) <= _MOST_DIGITS
        return b"Content-Length: %s\r\n" % match[1] if is_size else _NOTHING_SAID

    def read(self, size: int) -> bytes:
        """Return so many bytes, or what there is before the end."""
        pieces = []
        while size > 0 and (piece := self._stream.read(min(size, _PIECE))):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


class Outgoing:
    """What the editor reads; `on_gone` is called when it does so no more."""

    def __init__(self, stream: BinaryIO, on_gone: Callable[[], None]) -> None:
        self._stream = stream
        self._on_gone = on_gone

    def write(self, data: bytes) -> None:
        """Write a message, if somebody is there to read it."""
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            self._on_gone()

    def flush(self) -> None:
        """Do nothing: each message is sent at once."""

    def close(self) -> None:
        """Leave the stream to who has opened it."""
