"""Standard input and output of the language server, as pygls reads and writes them."""

import re
from collections.abc import Callable
from typing import BinaryIO

from pygls.io_ import StdinAsyncReader, StdoutWriter

#: The most bytes that are read as one header line.
_MAX_LINE = 4096

_announces_too_much = re.compile(rb"content-length:\s*\d{10}", re.IGNORECASE).match


class Input(StdinAsyncReader):
    """Standard input, in which a line at which pygls would stop the server is replaced."""

    async def readline(self) -> bytes:
        """Read a header line, or a part of a very long one; nothing at the end."""
        read = self.stdin.readline
        line: bytes = await self.loop.run_in_executor(self.executor, read, _MAX_LINE)
        return b"-\r\n" if _announces_too_much(line) else line


class Output(StdoutWriter):
    """Standard output; `on_closed` is called when the client no longer reads it."""

    def __init__(self, stdout: BinaryIO, on_closed: Callable[[], None]) -> None:
        super().__init__(stdout)
        self._on_closed = on_closed

    def write(self, data: bytes) -> None:
        """Write a message."""
        try:
            super().write(data)
        except (OSError, ValueError):
            self._on_closed()
