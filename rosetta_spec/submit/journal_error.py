"""Why a journal cannot be used, in words, and what to do."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: What is said of a file that is no whole journal.
DAMAGED = (
    "is damaged, or no journal; bring back a copy of it, or move it away when you have looked at"
    " the platform for what was sent"
)

#: Why a journal cannot be used, and what to do, by the result code of SQLite.
_CAUSES = {
    sqlite3.SQLITE_BUSY: "is locked by another program; wait until that has ended, and call again",
    sqlite3.SQLITE_READONLY: "may not be written; allow it, or name another one with --journal",
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened; look whether it is a file and its folder may be written to,"
        " or name another one with --journal"
    ),
    sqlite3.SQLITE_FULL: "cannot be written, as the disk is full; make room, and call again",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


class JournalError(Exception):
    """A journal that cannot be used: nothing is sent without one."""


@contextmanager
def told_of(path: str) -> Iterator[None]:
    """Say in words what is wrong with a journal."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        message = f"the journal {path} {_cause(error)}"
        raise JournalError(message) from error


def _cause(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        # To make a folder was tried.
        return "cannot be made: a part of its path is a file; name another one with --journal"
    if isinstance(error, OSError):
        reason = str(error.strerror).lower()
        return f"cannot be opened: {reason}; allow it, or name another one with --journal"
    # The last byte of a result code is what they have in common.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _CAUSES.get(code, f"cannot be used: {error}; check the disk it is on")
