"""The file of a journal: opened or made, brought to this version's tables, or refused with why."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from rosetta_spec.submit.journal_error import DAMAGED, JournalError, told_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: "RSpc": marks a database as a journal of ours. Source: SQLite, PRAGMA application_id.
APPLICATION_ID = 0x52537063

#: Seconds to wait for another process that writes to the journal.
PATIENCE = 10.0
_PAUSE = 0.1

#: Each brings a journal of the version of its place to the next one. They are only ever added to.
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


def open_journal_file(path: str, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """Open a journal, or make one, with its folder, that only its owner can read.

    Raises:
        JournalError: it cannot be used.
    """
    with told_of(path):
        _make(path)
        connection = sqlite3.connect(
            path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


def _make(path: str) -> None:
    folder = Path(path).parent
    for each in reversed([folder, *folder.parents]):
        # A mode that is given with `parents` is not that of the parents.
        each.mkdir(mode=0o700, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return


def _prepare(connection: sqlite3.Connection, path: str, migrations: Sequence[str]) -> None:
    _refuse_foreign(connection, path, len(migrations))
    _write_ahead(connection)
    # What is committed before the first byte leaves has to outlast a loss of power.
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        message = f"the journal {path} {DAMAGED}"
        raise JournalError(message)
    if _pragma(connection, "user_version") < len(migrations):
        with transaction(connection):
            _migrate(connection, migrations)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn to a write-ahead log; SQLite itself does not wait for others who do the same."""
    for _ in range(int(PATIENCE / _PAUSE)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            sleep(_PAUSE)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    # Another process may have been faster.
    version = _pragma(connection, "user_version")
    for number, migration in enumerate(migrations[version:], version + 1):
        for statement in migration.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _refuse_foreign(connection: sqlite3.Connection, path: str, newest: int) -> None:
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
        message = f"{path} is a database of another program; name a journal of its own"
        raise JournalError(message)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of it or nothing, and let no other process write meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has ended it already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
