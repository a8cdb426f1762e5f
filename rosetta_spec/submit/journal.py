"""The journal: every attempt to send a request, and its outcome. Nothing is sent without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

from rosetta_spec.submit.journal_file import (
    JournalError,
    RunLock,
    journal_errors,
    open_journal_file,
    transaction,
)
from rosetta_spec.submit.request import Identity, Origin
from rosetta_spec.submit.response import CREATED, REFUSED, UNKNOWN, Outcome

#: The state of an attempt without an outcome yet.
SENDING = "sending"

#: The message of an attempt whose process ended without recording an outcome.
KILLED = "the process that sent it ended before there was a response"


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


_COLUMNS = ", ".join(Attempt._fields)

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
        self._connection = open_journal_file(path)
        self._lock = Lock()
        try:
            with self._transaction():
                self._run = RunLock(path)
        except JournalError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close it; SQLite removes its write-ahead log if no other process uses the journal."""
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
        with self._lock, journal_errors(self.path), transaction(self._connection):
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
        query = f"SELECT {_COLUMNS} FROM attempt WHERE {where} ORDER BY number"  # noqa: S608 - constants
        return [Attempt(*row) for row in self._connection.execute(query, values).fetchall()]
