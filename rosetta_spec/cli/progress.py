"""Progress bars on a terminal, erased when the run is over."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from time import monotonic

from rosetta_spec.files.discovery import Source
from rosetta_spec.runner.options import CheckOptions
from rosetta_spec.runner.tasks import total_weight

#: Seconds before anything is shown, and between two changes of it.
_PATIENCE = 1.0
_PACE = 0.1

_WIDTH = 30

#: To the start of the row, and erase it. Source: ECMA-48, section 8.3.41 (EL).
_ERASE = "\r\x1b[K"


class Progress:
    """A bar on standard error, which is a terminal, for runs of more than a second.

    It shows `doing` or, without it, the number of documents.
    """

    def __init__(self, sources: Iterable[Source], options: CheckOptions, doing: str = "") -> None:
        self._sources = sources
        self._options = options
        self._doing = doing
        self._next = monotonic() + _PATIENCE
        self._total: int | None = None
        self._done = 0
        self._documents = 0
        self._is_shown = False

    def add(self, weight: int, documents: int = 0) -> None:
        """Count what is done."""
        self._done += weight
        self._documents += documents
        if monotonic() >= self._next:
            self._next = monotonic() + _PACE
            self._show()

    def hide(self) -> None:
        """Erase the bar, before other output and at the end."""
        if self._is_shown:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()
            self._is_shown = False

    def _show(self) -> None:
        if self._total is None:
            self._total = total_weight(self._sources, self._options)
        label = self._doing or documents_called(self._documents)
        sys.stderr.write(_ERASE + bar(self._done, self._total, label))
        sys.stderr.flush()
        self._is_shown = True


class SendingProgress:
    """A bar on standard error for requests that are sent, if it is a terminal."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def show(self, done: int) -> None:
        """Draw how many are done."""
        if self._is_terminal:
            sys.stderr.write(bar(done, self._total, documents_called(done)))
            sys.stderr.flush()

    def hide(self) -> None:
        """Erase the bar, before other output and at the end."""
        if self._is_terminal:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()


def bar(done: int, total: int, label: str) -> str:
    """Draw how much is done; a total of 0 is unknown."""
    if not total:
        return label
    share = min(done / total, 1.0)
    filled = round(share * _WIDTH)
    return f"[{'#' * filled}{' ' * (_WIDTH - filled)}] {share:4.0%}  {label}"


def documents_called(count: int) -> str:
    """Write a count that may be long: `1,234,567 documents`."""
    return "1 document" if count == 1 else f"{count:,} documents"
