"""Standard input and output of the language server, as pygls reads and writes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from io import BufferedIOBase, BytesIO
from typing import BinaryIO

from pygls.io_ import StdoutWriter

#: Bytes that are read at once.
_SIZE = 64 * 1024


class Input:
    """Standard input, of which a thread reads what is there: in most cases one message.

    That of pygls calls the thread three times for each message.
    """

    def __init__(self, stream: BufferedIOBase, thread: Executor) -> None:
        self._stream = stream
        self._thread = thread
        self._unread = BytesIO()

    async def readline(self) -> bytes:
        """Read a line; what there is of it at the end."""
        line = self._unread.readline()
        while not line.endswith(b"\n"):
            self._unread = BytesIO(await self._read(self._stream.read1, _SIZE))
            if not (more := self._unread.readline()):
                break
            line += more
        return line

    async def readexactly(self, n: int) -> bytes:
        """Read some bytes; fewer at the end."""
        taken = self._unread.read(n)
        missing = n - len(taken)
        return taken + await self._read(self._stream.read, missing) if missing else taken

    async def _read(self, read: Callable[[int], bytes], count: int) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._thread, read, count)


class Output(StdoutWriter):
    """Standard output; `on_closed` is called when the client no longer reads it."""

    def __init__(self, stream: BinaryIO, on_closed: Callable[[], None]) -> None:
        super().__init__(stream)
        self._on_closed = on_closed

    def write(self, data: bytes) -> None:
        """Write a message."""
        try:
            super().write(data)
        except (OSError, ValueError):
            self._on_closed()
