"""Whether the process that has begun to send something is still there.

Each run holds a lock that the system takes away with the process, however that ends. SQLite is
what locks: it knows how on every system.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path

_BYTES = 8


class RunLock:
    """The lock of this run, in a file beside the journal; `run` is its name.

    Whoever takes a lock, or looks at another's, keeps all others from doing so meanwhile.
    """

    def __init__(self, journal: str) -> None:
        """Take the lock, and remove those that killed runs have left.

        Raises:
            OSError, sqlite3.Error: the folder cannot be written to.
        """
        # Who names it by a link looks for the same locks.
        self._journal = Path(journal).resolve()
        self.run = secrets.token_hex(_BYTES)
        prefix = self._path("").name
        for path in list(self._journal.parent.iterdir()):
            run = path.name.removeprefix(prefix)
            if run != path.name and run.isalnum():
                self.is_alive(run)
        self._connection = _connect(self._path(self.run))
        _lock(self._connection)

    def is_alive(self, run: str) -> bool:
        """Whether a run, this one or another, has not ended yet."""
        if run == self.run:
            return True
        path = self._path(run)
        if not path.exists():
            return False
        connection = _connect(path)
        try:
            _lock(connection)
        except sqlite3.OperationalError:
            return True
        finally:
            connection.close()
        _remove(path)
        return False

    def release(self) -> None:
        """Give the lock back."""
        self._connection.close()
        _remove(self._path(self.run))

    def _path(self, run: str) -> Path:
        return self._journal.with_name(f"{self._journal.name}-run-{run}")


def _connect(path: Path) -> sqlite3.Connection:
    # Whoever looks does not wait.
    return sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)


def _lock(connection: sqlite3.Connection) -> None:
    # Nothing is ever written, so nothing is to be rolled back, and no second file is needed.
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("BEGIN EXCLUSIVE")


def _remove(path: Path) -> None:
    # Another process may have removed it, or on Windows be looking at it.
    with suppress(OSError):
        path.unlink()
