"""The SQLite file of a journal, and the locks that show which runs are still alive."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from rosetta_spec.submit.request import SubmitError

#: Marks a database as a journal: "RSpc". Source: SQLite, PRAGMA application_id.
APPLICATION_ID = 0x52537063

#: Seconds to wait for another process that is writing to the journal.
PATIENCE = 10.0

_FILE_NAME = Path("rosetta-spec") / "submissions.sqlite3"

#: The migration at index n upgrades a journal of version n. Only ever append to them.
MIGRATIONS = (
    """
    CREATE TABLE attempt (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        endpoint TEXT NOT NULL,
        access_key TEXT NOT NULL,
        digest TEXT NOT NULL,
        run TEXT NOT NULL,
        filename TEXT NOT NULL,
        document INTEGER NOT NULL,
        annotation_request_id TEXT NOT NULL,
        pool_name TEXT NOT NULL,
        started INTEGER NOT NULL,
        ended INTEGER,
        state TEXT NOT NULL CHECK (state IN ('sending', 'created', 'refused', 'unknown')),
        code INTEGER,
        message TEXT NOT NULL,
        package_id TEXT,
        scene_count INTEGER,
        request_id TEXT,
        followed_by INTEGER
    );
    CREATE INDEX attempt_by_identity ON attempt (digest, endpoint, access_key);
    CREATE INDEX attempt_by_state ON attempt (state);
    """,
)

_DAMAGED = (
    "is damaged, or not a journal; restore a copy of it, or move it away after you have checked on"
    " the platform what was sent"
)

_PERMISSIONS = "change its permissions, or name another one with --journal"

#: Causes and remedies by the primary result code of SQLite.
_CAUSES = {
    sqlite3.SQLITE_BUSY: "is locked by another program; wait until that has ended, and try again",
    sqlite3.SQLITE_READONLY: f"may not be written; {_PERMISSIONS}",
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened; check that it is a file and that its folder can be written to,"
        " or name another one with --journal"
    ),
    sqlite3.SQLITE_FULL: "cannot be written, because the disk is full; make room, and try again",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


class JournalError(SubmitError):
    """A journal that cannot be used."""


@contextmanager
def journal_errors(path: str) -> Iterator[None]:
    """Turn errors of SQLite and the system into `JournalError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        message = f"the journal {path} {_cause(error)}"
        raise JournalError(message) from error


def _cause(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "cannot be created: a part of its path is a file; name another one with --journal"
    if isinstance(error, OSError):
        reason = str(error.strerror).lower()
        return f"cannot be opened: {reason}; {_PERMISSIONS}"
    # The lowest byte of an extended result code is the primary one.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _CAUSES.get(code, f"cannot be used: {error}; check the disk")


def default_journal(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """Return the default path of the journal; `platform` is the value of `sys.platform`.

    Source: XDG Base Directory Specification; the conventions of macOS and Windows.
    """
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / _FILE_NAME
    if platform == "darwin":
        return home / "Library" / "Application Support" / _FILE_NAME
    state = environment.get("XDG_STATE_HOME", "")
    # The specification says to ignore relative paths.
    return (Path(state) if state.startswith("/") else home / ".local" / "state") / _FILE_NAME


def open_journal_file(path: str, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """Open a journal, or create one, with its folder, that only its owner can read.

    Raises:
        JournalError: it cannot be used.
    """
    with journal_errors(path):
        _create(path)
        connection = sqlite3.connect(
            path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


def _create(path: str) -> None:
    folder = Path(path).parent
    for each in reversed([folder, *folder.parents]):
        # With `parents=True`, the mode would not apply to the parents.
        each.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare(connection: sqlite3.Connection, path: str, migrations: Sequence[str]) -> None:
    _check_owner(connection, path, len(migrations))
    _use_write_ahead_log(connection)
    # A reservation must survive a loss of power after the first byte has left.
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        message = f"the journal {path} {_DAMAGED}"
        raise JournalError(message)
    if _pragma(connection, "user_version") < len(migrations):
        with transaction(connection):
            _migrate(connection, migrations)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the journal mode; SQLite's own timeout does not apply to that."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.1)
        else:
            return


def _migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    # Another process may have migrated it in the meantime.
    version = _pragma(connection, "user_version")
    for number, migration in enumerate(migrations[version:], version + 1):
        for statement in migration.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _check_owner(connection: sqlite3.Connection, path: str, newest: int) -> None:
    version = _pragma(connection, "user_version")
    is_ours = _pragma(connection, "application_id") == APPLICATION_ID
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,)
    if is_ours and version > newest:
        message = (
            f"the journal {path} was written by a newer rosetta-spec (version {version}, this one"
            f" knows {newest}); install that one"
        )
        raise JournalError(message)
    if not is_ours and (has_tables or version):
        message = f"{path} is a database of another program; name another file with --journal"
        raise JournalError(message)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit everything or nothing, and keep other processes from writing meanwhile."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


class RunLock:
    """The lock of a run, in a file beside the journal; `run` is its name.

    The system releases the lock when the process ends, however it ends. SQLite does the locking,
    because it can on every system. Use it only inside a transaction of the journal, so that two
    processes do not examine locks at the same time.
    """

    def __init__(self, journal: str) -> None:
        """Take the lock, and remove the locks of runs that were killed.

        Raises:
            OSError, sqlite3.Error: the folder cannot be written to.
        """
        # A symbolic link to a journal must lead to the same locks.
        self._journal = Path(journal).resolve()
        self.run = secrets.token_hex(8)
        prefix = self._path("").name
        for path in list(self._journal.parent.iterdir()):
            run = path.name.removeprefix(prefix)
            if run != path.name and run.isalnum():
                self.is_alive(run)
        self._connection = _locked(self._path(self.run))

    def is_alive(self, run: str) -> bool:
        """Return whether a run, this one or another, has not ended yet."""
        if run == self.run:
            return True
        path = self._path(run)
        if not path.exists():
            return False
        try:
            _locked(path).close()
        except sqlite3.OperationalError:
            return True
        _remove(path)
        return False

    def release(self) -> None:
        """Release the lock."""
        self._connection.close()
        _remove(self._path(self.run))

    def _path(self, run: str) -> Path:
        return self._journal.with_name(f"{self._journal.name}-run-{run}")


def _locked(path: Path) -> sqlite3.Connection:
    # No timeout: a lock that is taken is not waited for.
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        # Nothing is ever written, so there is nothing to roll back and no journal file is needed.
        connection.executescript("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _remove(path: Path) -> None:
    # Another process may have removed it, or, on Windows, may have it open.
    with suppress(OSError):
        path.unlink()
