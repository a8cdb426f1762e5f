"""Stop a run at the first Ctrl-C or SIGTERM when its current request is done."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_MESSAGE = (
    b"\ninterrupted: what is on its way is waited for, nothing more is sent."
    b" Interrupt once more to leave it; its outcome is unknown then.\n"
)


class Interruption:
    """Calls `end` at the first interruption; the second raises `KeyboardInterrupt`."""

    def __init__(self, end: Callable[[str], None]) -> None:
        self._end = end
        self._before: dict[signal.Signals, Any] = {}
        self.has_come = False

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            before = signal.getsignal(number)
            # A process in the background may ignore it.
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.has_come:
            raise KeyboardInterrupt
        self.has_come = True
        self._end("the run was interrupted")
        # Python's own streams may be in the middle of a write.
        with suppress(OSError, ValueError, AttributeError):
            os.write(sys.stderr.fileno(), _MESSAGE)
