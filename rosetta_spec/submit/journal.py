"""The journal: every attempt to send a request, and its outcome. Nothing is sent without it."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import NamedTuple, get_type_hints

from rosetta_spec.submit.credentials import SubmitError
from rosetta_spec.submit.messages import CREATED, REFUSED, UNKNOWN, Identity, Outcome, RequestOrigin

#: The state of an attempt without an outcome yet.
SENDING = "sending"

#: The message of an attempt whose process ended without recording an outcome.
KILLED = "the process that sent it ended before there was a response"

#: Marks a database as a journal: "RSpc". Source: SQLite, PRAGMA application_id.
_APPLICATION_ID = 0x52537063

#: The version of the schema.
VERSION = 1

#: Seconds to wait for another process that is writing to the journal.
PATIENCE = 10.0

#: After a transaction, the journal is left to other processes for this part of its duration.
_PAUSE = 0.25

_FILE_NAME = Path("rosetta-spec") / "submissions.sqlite3"

_SCHEMA = f"""
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
    PRAGMA application_id = {_APPLICATION_ID}
"""

_INSERT = """
    INSERT INTO attempt (endpoint, access_key, digest, filename, document, annotation_request_id,
        pool_name, run, started, state, message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', '')
"""

_RECORD = """
    UPDATE attempt SET ended = ?, state = ?, code = ?, message = ?, package_id = ?,
        scene_count = ?, request_id = ?
    WHERE number = ?
"""

_FOLLOW = "UPDATE attempt SET followed_by = ? WHERE number = ?"
_REOPEN = "UPDATE attempt SET followed_by = NULL WHERE followed_by = ?"

_DAMAGED = (
    "is damaged, or not a journal; restore a copy of it, or move it away after you have checked on"
    " the platform what was sent"
)

_ANOTHER = "name another one with --journal"
_PERMISSIONS = f"change its permissions, or {_ANOTHER}"

#: Causes and remedies by the result code of SQLite, extended or primary.
_CAUSES = {
    sqlite3.SQLITE_READONLY_DBMOVED: (
        "was moved or deleted during this run; put it back, or the next run sends again"
        " what this one has sent"
    ),
    sqlite3.SQLITE_BUSY: "is locked by another program; wait until that has ended, and try again",
    sqlite3.SQLITE_READONLY: f"may not be written; {_PERMISSIONS}",
    sqlite3.SQLITE_CANTOPEN: (
        f"cannot be opened; check that it is a file and that its folder can be written to,"
        f" or {_ANOTHER}"
    ),
    sqlite3.SQLITE_FULL: "cannot be written, because the disk is full; make room, and try again",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


class JournalError(SubmitError):
    """A journal that cannot be used."""


@contextmanager
def _journal_errors(path: str) -> Iterator[None]:
    """Turn errors of SQLite and the system into `JournalError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        message = f"the journal {path} {_cause(error)}"
        raise JournalError(message) from error


def _cause(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"cannot be created: a part of its path is a file; {_ANOTHER}"
    if isinstance(error, OSError):
        return f"cannot be opened: {str(error.strerror).lower()}; {_PERMISSIONS}"
    # The lowest byte of an extended result code is the primary one.
    code = getattr(error, "sqlite_errorcode", 0)
    unknown = f"cannot be used: {error}; check the disk"
    return _CAUSES.get(code, _CAUSES.get(code & 0xFF, unknown))


def default_journal(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """Return the default path of the journal; `platform` is the value of `sys.platform`.

    Source: XDG Base Directory Specification; the conventions of macOS and Windows.
    """
    state, folder = environment.get("XDG_STATE_HOME", ""), home / ".local" / "state"
    if platform == "win32":
        folder = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform == "darwin":
        folder = home / "Library" / "Application Support"
    # The specification says to ignore relative paths.
    elif state.startswith("/"):
        folder = Path(state)
    return folder / _FILE_NAME


def read_attempts(path: str) -> list[Attempt]:
    """Return every attempt of a journal, oldest first, and change nothing.

    Raises:
        JournalError: it cannot be read.
    """
    with _journal_errors(path), closing(_open(path, "rw", PATIENCE)) as connection:
        # Until all is read, no other process can record an outcome and release its lock.
        connection.execute("BEGIN")
        return _attempts(connection, path, "TRUE") if _check(connection, path) else []


def _attempts(
    connection: sqlite3.Connection, path: str, where: str, *values: object
) -> list[Attempt]:
    """Return attempts, oldest first; those of a process that has ended have unknown outcomes."""
    query = f"SELECT * FROM attempt WHERE {where} ORDER BY number"  # noqa: S608 - ours
    rows = connection.execute(query, values).fetchall()
    if not all(map(_is_sound, rows)):
        message = f"the journal {path} {_DAMAGED}"
        raise JournalError(message)
    return [
        each._replace(state=UNKNOWN, message=KILLED)
        if each.state == SENDING and not _is_locked(_lock_path(path, each.run))
        else each
        for each in map(Attempt._make, rows)
    ]


def _open(path: str | Path, mode: str, patience: float) -> sqlite3.Connection:
    """Open a file of SQLite; a URI, since a plain name such as `:memory:` is not always a file.

    With the mode `rw`, a file that may not be written can be read.
    """
    uri = f"{Path(path).absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(
        uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )


def _create(path: str) -> None:
    """Create an empty file with its folder, if there is none, that only its owner can read."""
    folder = Path(path).parent
    for each in reversed([folder, *folder.parents]):
        # With `parents=True`, the mode would not apply to the parents.
        each.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if not Path(path).is_file():
        message = f"the journal {path} cannot be opened: it is not a file; {_ANOTHER}"
        raise JournalError(message)


def _check(connection: sqlite3.Connection, path: str) -> bool:
    """Return whether a database is a sound journal; if not, it is empty."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    is_ours: bool = connection.execute("PRAGMA application_id").fetchone() == (_APPLICATION_ID,)
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,)
    message = ""
    if is_ours and version > VERSION:
        message = (
            f"the journal {path} was written by a newer rosetta-spec (version {version}, this one"
            f" knows {VERSION}); install that one"
        )
    elif not is_ours and (has_tables or version):
        message = f"{path} is a database of another program; name another file with --journal"
    elif connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        message = f"the journal {path} {_DAMAGED}"
    if message:
        raise JournalError(message)
    return is_ours


# A run holds a lock as long as it lives, in a file beside the journal, and its name is in its
# attempts. The system releases the lock when the process ends, however it ends. SQLite does the
# locking, because it can on every system. Locks are taken and examined inside transactions of the
# journal only, so that no process examines one that another is about to take.


def _lock_path(journal: str, run: str) -> Path:
    # A symbolic link to a journal must lead to the same locks.
    path = Path(journal).resolve()
    return path.with_name(f"{path.name}-run-{run}")


def _is_locked(path: Path) -> bool:
    # No patience: a lock that is taken is not waited for.
    try:
        with closing(_open(path, "ro", 0)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        # Also one that is damaged.
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


def _remove_old_locks(journal: str) -> None:
    """Remove the locks of runs that were killed."""
    prefix = _lock_path(journal, "")
    for path in list(prefix.parent.iterdir()):
        run = path.name.removeprefix(prefix.name)
        if run != path.name and re.fullmatch("[0-9a-f]{16}", run) and not _is_locked(path):
            _remove(path)


def _remove(path: Path) -> None:
    # Another process may have removed it, or, on Windows, may have it open.
    with suppress(OSError):
        path.unlink()


class Attempt(NamedTuple):
    """A row of the journal, in the order of its columns; times are milliseconds since the epoch.

    `run` is the run that made it. `followed_by` is the number of the attempt that was made because
    the outcome of this one is unknown.
    """

    number: int
    endpoint: str
    access_key: str
    digest: str
    run: str
    filename: str
    document: int
    annotation_request_id: str
    pool_name: str
    started: int
    ended: int | None
    state: str
    code: int | None
    message: str
    package_id: str | None
    scene_count: int | None
    request_id: str | None
    followed_by: int | None

    @property
    def outcome(self) -> Outcome:
        """Its state, and what the API said."""
        said = (self.code, self.message, self.package_id, self.scene_count, self.request_id)
        return Outcome(self.state, *said)

    @property
    def is_open(self) -> bool:
        """Whether its outcome still has to be found out."""
        return self.state == UNKNOWN and self.followed_by is None


_TYPES = tuple(get_type_hints(Attempt).values())


def _is_sound(row: tuple[object, ...]) -> bool:
    """Whether a row has the types of an attempt, and a run that can be a part of a file name."""
    has_types = len(row) == len(_TYPES) and all(map(isinstance, row, _TYPES))
    return has_types and Attempt._make(row).run.isalnum()


class Reserved(NamedTuple):
    """The request may be sent, as the attempt of this number, started at this time."""

    number: int
    started: int


class ResendOptions(NamedTuple):
    """Which requests of earlier runs are sent again.

    `again`: those whose package was created. `retry_unknown`: those with an unknown outcome.
    """

    again: bool = False
    retry_unknown: bool = False


class Journal:
    """An open journal; `now` returns the time in milliseconds since the epoch.

    Several threads may share it. Every method raises `JournalError` if the journal cannot be read
    or written.
    """

    def __init__(self, path: str, now: Callable[[], int]) -> None:
        self.path = path
        self._now = now
        self._lock = Lock()
        self._run = secrets.token_hex(8)
        with _journal_errors(path):
            _create(path)
            self._connection = _open(path, "rw", PATIENCE)
            try:
                # A reservation must survive a loss of power after the first byte has left.
                self._connection.execute("PRAGMA synchronous = EXTRA")
                with self._transaction():
                    self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        if not _check(self._connection, self.path):
            for statement in _SCHEMA.split(";"):
                self._connection.execute(statement)
        # Fails before anything is sent if the journal may not be written.
        self._connection.execute(f"PRAGMA user_version = {VERSION}")
        _remove_old_locks(self.path)
        self._run_lock = _open(_lock_path(self.path, self._run), "rwc", 0)
        # Nothing is ever written, so there is nothing to roll back and no journal file is needed.
        self._run_lock.executescript("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")

    def close(self) -> None:
        """Close it."""
        with self._lock:
            self._connection.close()
            self._run_lock.close()
            _remove(_lock_path(self.path, self._run))

    def reserve(
        self, identity: Identity, origin: RequestOrigin, options: ResendOptions
    ) -> Reserved | Attempt:
        """Reserve a request, or return the attempt because of which it must not be sent.

        A reservation is on disk when this returns. The attempt is being sent, by this process or
        another, or has created the package, or may have.
        A request that this run has sent is never sent again, with any options.
        """
        with self._transaction():
            attempts = self._latest(identity)
            blocking = self._blocking(attempts, options)
            if blocking:
                return blocking
            started = self._now()
            row = (*identity, *origin, self._run, started)
            number = self._connection.execute(_INSERT, row).lastrowid
            assert number is not None  # noqa: S101 - a row was inserted
            followed = [(number, each.number) for each in attempts if each.state == UNKNOWN]
            self._connection.executemany(_FOLLOW, followed)
            return Reserved(number, started)

    def blocking(self, identity: Identity, options: ResendOptions) -> Attempt | None:
        """Return the attempt that would prevent a reservation."""
        with self._transaction():
            return self._blocking(self._latest(identity), options)

    def record(self, number: int, outcome: Outcome) -> None:
        """Record the outcome of an attempt; a refusal reopens the attempts that it followed."""
        with self._transaction():
            self._connection.execute(_RECORD, (self._now(), *outcome, number))
            if outcome.state == REFUSED:
                self._connection.execute(_REOPEN, (number,))

    def cancel(self, number: int) -> None:
        """Delete an attempt that never left, and reopen the attempts that it followed."""
        with self._transaction():
            self._connection.execute(_REOPEN, (number,))
            self._connection.execute("DELETE FROM attempt WHERE number = ?", (number,))

    def mark_created(self, number: int, package_id: str) -> None:
        """Record that someone found the package of an attempt whose outcome was unknown."""
        message = "someone found the package on the platform"
        self.record(number, Outcome(CREATED, message=message, package_id=package_id))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit everything or nothing, and keep other threads and processes out meanwhile."""
        with self._lock, _journal_errors(self.path):
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                start = monotonic()
                yield
            # Processes that wait for the journal only look from time to time whether it is free.
            sleep(_PAUSE * (monotonic() - start))

    def _latest(self, identity: Identity) -> list[Attempt]:
        """Return the attempts of a request that no other one follows."""
        where = "endpoint = ? AND access_key = ? AND digest = ? AND followed_by IS NULL"
        return _attempts(self._connection, self.path, where, *identity)

    def _blocking(self, attempts: list[Attempt], options: ResendOptions) -> Attempt | None:
        """Choose the attempt that blocks: first one in progress, then an unknown, then a created.

        Unknown outcomes take precedence over created packages, so that `--again` does not resend
        a request while the outcome of a later attempt is unknown.
        """
        sending, unknown, created = (
            [each for each in attempts if each.state == state]
            for state in (SENDING, UNKNOWN, CREATED)
        )
        is_resent = options.retry_unknown if unknown else options.again
        sent = [each for each in unknown or created if each.run == self._run or not is_resent]
        return next(reversed(sending or sent), None)
