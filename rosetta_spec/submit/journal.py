"""The journal: every attempt to send a request, and its outcome. Nothing is sent without it."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from rosetta_spec.submit.request import Identity, Origin, SubmitError
from rosetta_spec.submit.response import CREATED, REFUSED, UNKNOWN, Outcome

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
    CREATE INDEX attempt_by_state ON attempt (state);
    PRAGMA application_id = {_APPLICATION_ID}
"""

_INSERT = """
    INSERT INTO attempt (endpoint, access_key, digest, filename, document, annotation_request_id,
        pool_name, run, started, state, message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', '')
"""

_SELECT = "SELECT * FROM attempt"

_RECORD = """
    UPDATE attempt SET ended = ?, state = ?, code = ?, message = ?, package_id = ?,
        scene_count = ?, request_id = ?
    WHERE number = ?
"""

_DAMAGED = (
    "is damaged, or not a journal; restore a copy of it, or move it away after you have checked on"
    " the platform what was sent"
)

_ANOTHER = "name another one with --journal"
_PERMISSIONS = f"change its permissions, or {_ANOTHER}"

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
def _journal_errors(path: str) -> Iterator[None]:
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


def read_attempts(path: str) -> list[Attempt]:
    """Return every attempt of a journal that may not be written, oldest first.

    Raises:
        JournalError: it cannot be read.
    """
    with _journal_errors(path), closing(_open(path, "ro", PATIENCE)) as connection:
        _check(connection, path)
        attempts = [Attempt(*row) for row in connection.execute(f"{_SELECT} ORDER BY number")]
    return [
        each._replace(state=UNKNOWN, message=KILLED)
        if each.state == SENDING and not _is_locked(_lock_path(path, each.run))
        else each
        for each in attempts
    ]


def _open(path: str | Path, mode: str, patience: float) -> sqlite3.Connection:
    """Open a file of SQLite; a URI, since a plain name such as `:memory:` is not always a file."""
    uri = f"{Path(path).absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(
        uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )


def _connect(path: str) -> sqlite3.Connection:
    """Open a journal, or create one, with its folder, that only its owner can read."""
    folder = Path(path).parent
    for each in reversed([folder, *folder.parents]):
        # With `parents=True`, the mode would not apply to the parents.
        each.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if not Path(path).is_file():
        message = f"the journal {path} cannot be opened: it is not a file; {_ANOTHER}"
        raise JournalError(message)
    connection = _open(path, "rw", PATIENCE)
    try:
        # A reservation must survive a loss of power after the first byte has left.
        connection.execute("PRAGMA synchronous = EXTRA")
        with _transaction(connection):
            if not _check(connection, path):
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
            # Fails before anything is sent if the journal may not be written.
            connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: str) -> bool:
    """Return whether a database is a sound journal; if not, it is empty."""
    version = _pragma(connection, "user_version")
    is_ours: bool = _pragma(connection, "application_id") == _APPLICATION_ID
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,)
    if is_ours and version > VERSION:
        message = (
            f"the journal {path} was written by a newer rosetta-spec (version {version}, this one"
            f" knows {VERSION}); install that one"
        )
        raise JournalError(message)
    if not is_ours and (has_tables or version):
        message = f"{path} is a database of another program; name another file with --journal"
        raise JournalError(message)
    if _pragma(connection, "quick_check(1)") != "ok":
        message = f"the journal {path} {_DAMAGED}"
        raise JournalError(message)
    return is_ours


def _pragma(connection: sqlite3.Connection, name: str) -> Any:  # noqa: ANN401 - as SQLite says
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return value


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit everything or nothing, and keep other processes from writing meanwhile."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


class _RunLock:
    """The lock of a run, in a file beside the journal; `run` is its name.

    The system releases the lock when the process ends, however it ends. SQLite does the locking,
    because it can on every system. Use it only inside a transaction of the journal, so that no
    process examines a lock that another one is about to take.
    """

    def __init__(self, journal: str) -> None:
        """Take the lock, and remove the locks of runs that were killed.

        Raises:
            OSError, sqlite3.Error: the folder cannot be written to.
        """
        self._journal = journal
        self.run = secrets.token_hex(8)
        own = _lock_path(journal, self.run)
        prefix = own.name.removesuffix(self.run)
        for path in list(own.parent.iterdir()):
            run = path.name.removeprefix(prefix)
            if run != path.name and run.isalnum():
                self.is_alive(run)
        self._connection = _open(own, "rwc", 0)
        # Nothing is ever written, so there is nothing to roll back and no journal file is needed.
        self._connection.executescript("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE")

    def is_alive(self, run: str) -> bool:
        """Return whether a run, this one or another, has not ended yet."""
        path = _lock_path(self._journal, run)
        if run == self.run or _is_locked(path):
            return True
        _remove(path)
        return False

    def release(self) -> None:
        """Release the lock."""
        self._connection.close()
        _remove(_lock_path(self._journal, self.run))


def _lock_path(journal: str, run: str) -> Path:
    # A symbolic link to a journal must lead to the same locks.
    path = Path(journal).resolve()
    return path.with_name(f"{path.name}-run-{run}")


def _is_locked(path: Path) -> bool:
    # No patience: a lock that is taken is not waited for.
    try:
        with closing(_open(path, "ro", 0)) as connection:
            _pragma(connection, "schema_version")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


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
        with _journal_errors(path):
            self._connection = _connect(path)
        try:
            with self._transaction():
                self._run = _RunLock(path)
        except JournalError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close it."""
        with self._lock:
            self._connection.close()
            self._run.release()

    def reserve(
        self, identity: Identity, origin: Origin, options: ResendOptions
    ) -> Reserved | Attempt:
        """Reserve a request, or return the attempt because of which it must not be sent.

        A reservation is on disk when this returns. The attempt is being sent, by this process or
        another, or has created the package, or may have.
        A request that this run has sent is never sent again, with any options.
        """
        with self._transaction():
            attempts = self._latest_attempts(identity)
            blocking = self._blocking(attempts, options)
            if blocking:
                return blocking
            started = self._now()
            row = (*identity, *origin, self._run.run, started)
            number = self._connection.execute(_INSERT, row).lastrowid
            assert number is not None  # noqa: S101 - a row was inserted
            for each in attempts:
                if each.state == UNKNOWN:
                    self._connection.execute(
                        "UPDATE attempt SET followed_by = ? WHERE number = ?", (number, each.number)
                    )
            return Reserved(number, started)

    def blocking(self, identity: Identity, options: ResendOptions) -> Attempt | None:
        """Return the attempt that would prevent a reservation."""
        with self._transaction():
            return self._blocking(self._latest_attempts(identity), options)

    def record(self, number: int, outcome: Outcome) -> None:
        """Record the outcome of an attempt; a refusal reopens the attempts that it followed."""
        with self._transaction():
            self._record(number, outcome)
            if outcome.state == REFUSED:
                self._reopen(number)

    def cancel(self, number: int) -> None:
        """Delete an attempt that never left, and reopen the attempts that it followed."""
        with self._transaction():
            self._reopen(number)
            self._connection.execute("DELETE FROM attempt WHERE number = ?", (number,))

    def attempts(self) -> list[Attempt]:
        """Return every attempt, oldest first."""
        with self._transaction():
            return [self._refreshed(each) for each in self._select("TRUE")]

    def mark_created(self, number: int, package_id: str) -> None:
        """Record that someone found the package of an attempt whose outcome was unknown."""
        message = "someone found the package on the platform"
        self.record(number, Outcome(CREATED, message=message, package_id=package_id))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, _journal_errors(self.path), _transaction(self._connection):
            yield

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
        sent = [each for each in unknown or created if each.run == self._run.run or not is_resent]
        return next(reversed(sending or sent), None)

    def _latest_attempts(self, identity: Identity) -> list[Attempt]:
        """Return the attempts of a request that no other one follows."""
        where = "endpoint = ? AND access_key = ? AND digest = ?"
        attempts = [self._refreshed(each) for each in self._select(where, *identity)]
        return [each for each in attempts if not each.followed_by]

    def _refreshed(self, attempt: Attempt) -> Attempt:
        """Record an unknown outcome if the process that was sending has ended."""
        if attempt.state != SENDING or self._run.is_alive(attempt.run):
            return attempt
        self._record(attempt.number, Outcome(UNKNOWN, message=KILLED))
        return self._select("number = ?", attempt.number)[0]

    def _reopen(self, number: int) -> None:
        self._connection.execute(
            "UPDATE attempt SET followed_by = NULL WHERE followed_by = ?", (number,)
        )

    def _record(self, number: int, outcome: Outcome) -> None:
        self._connection.execute(_RECORD, (self._now(), *outcome, number))

    def _select(self, where: str, *values: object) -> list[Attempt]:
        query = f"{_SELECT} WHERE {where} ORDER BY number"
        return [Attempt(*row) for row in self._connection.execute(query, values).fetchall()]
