"""Standard input and output of the language server, as pygls reads and writes them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import Executor
from io import BufferedIOBase, BytesIO
from typing import BinaryIO


class Input:
    """Standard input, of which a thread reads what is there: in most cases one message.

    A line at which pygls would stop the server is replaced.
    """

    #: Bytes of the longest header line that is read at once.
    _MAX_LINE = 4096
    #: Bytes that are read at once.
    _SIZE = 64 * 1024

    _announces_too_much = re.compile(rb"content-length:\s*\d{10}", re.IGNORECASE).match

    def __init__(self, stream: BufferedIOBase, thread: Executor) -> None:
        self._stream = stream
        self._thread = thread
        self._unread = BytesIO()

    async def readline(self) -> bytes:
        """Read a line, or as much of it as is read at once; nothing at the end."""
        line = self._unread.readline(self._MAX_LINE)
        while not line.endswith(b"\n") and len(line) < self._MAX_LINE:
            self._unread = BytesIO(await self._read(self._stream.read1, self._SIZE))
            more = self._unread.readline(self._MAX_LINE - len(line))
            if not more:
                break
            line += more
        return b"-\r\n" if self._announces_too_much(line) else line

    async def readexactly(self, n: int) -> bytes:
        """Read some bytes; fewer at the end."""
        taken = self._unread.read(n)
        missing = n - len(taken)
        return taken + await self._read(self._stream.read, missing) if missing else taken

    async def _read(self, read: Callable[[int], bytes], count: int) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._thread, read, count)


class Output:
    """Standard output; `on_closed` is called when the client no longer reads it."""

    def __init__(self, stream: BinaryIO, on_closed: Callable[[], None]) -> None:
        self.close = stream.close
        self._stream = stream
        self._on_closed = on_closed

    def write(self, data: bytes) -> None:
        """Write a message."""
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            self._on_closed()
