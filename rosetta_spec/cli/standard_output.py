"""Standard output as a stream of text that is the same everywhere."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: So many bytes are written at once.
_PIECE = 64 * 1024

#: The exit status when a report cannot be written.
UNWRITTEN_STATUS = 2


def write_stdout(text: str) -> None:
    """Write to standard output, as `StandardOutput` does."""
    output = StandardOutput()
    output.write(text)
    output.flush()


class StandardOutput:
    """Writes to standard output, or standard error, as UTF-8 with line feeds, whatever the locale.

    A reader that has gone, such as `head`, has seen enough: what is left is thrown away, and the
    run goes on to its exit status. It goes on too where a disk is full, after having said so: what
    it mends or sends is brought to its end.
    """

    #: What the exit status of the process has to be at least.
    least_status = 0

    def __init__(self, name: str = "stdout") -> None:
        """`name` is that of the stream in `sys`."""
        self._name = name
        #: Is called whenever something is about to be written.
        self.before: Callable[[], None] | None = None
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, text: str) -> None:
        """Write some text, now or when there is more."""
        self.write_bytes(text.encode("utf-8", errors="replace"))

    def write_bytes(self, data: bytes) -> None:
        """Write what is as it has to be, as `write` does."""
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= _PIECE:
            self.flush()

    def flush(self) -> None:
        """Write what is left."""
        if self.before:
            self.before()
        data = b"".join(self._pieces)
        self._pieces, self._size = [], 0
        stream = getattr(sys, self._name)
        try:
            stream.flush()
            stream.buffer.write(data)
            stream.buffer.flush()
        except OSError as error:
            # Python flushes once more when it ends, and would complain then.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if not isinstance(error, BrokenPipeError):
                StandardOutput.least_status = UNWRITTEN_STATUS
                cause = f"standard output cannot be written ({error.strerror})"
                sys.stderr.write(f"error: {cause}; send it to another place\n")
