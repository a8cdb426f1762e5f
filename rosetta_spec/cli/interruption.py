"""Ctrl-C, and the end that CI asks for: heard once, it lets what is on its way arrive."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_TOLD = (
    b"\ninterrupted: what is on its way is waited for, nothing more is sent."
    b" Interrupt once more to leave it; its outcome is unknown then.\n"
)


class Interruption:
    """Calls `end` when the run is interrupted; a second time ends it at once."""

    def __init__(self, end: Callable[[str], None]) -> None:
        self._end = end
        self._before: dict[signal.Signals, Any] = {}
        self.has_come = False

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            before = signal.getsignal(number)
            # What runs in the background may have been told not to listen.
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._hear)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.has_come:
            raise KeyboardInterrupt
        self.has_come = True
        self._end("the run was interrupted")
        # Python's own streams may be in the middle of a write.
        with suppress(OSError, ValueError, AttributeError):
            os.write(sys.stderr.fileno(), _TOLD)
