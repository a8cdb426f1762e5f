"""The journal: what was sent, and what came of it. Without its leave nothing is sent."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock

from rosetta_spec.submit.attempt import CREATED, REFUSED, SENDING, UNKNOWN, Attempt, Outcome
from rosetta_spec.submit.claim import Busy, Known, Leave
from rosetta_spec.submit.journal_error import JournalError, told_of
from rosetta_spec.submit.journal_file import open_journal_file, transaction
from rosetta_spec.submit.run_lock import RunLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

    from rosetta_spec.submit.attempt import Identity, Origin
    from rosetta_spec.submit.claim import Claim, Wishes

_COLUMNS = ", ".join(Attempt._fields)

_PLACES = ", ".join("?" * len(Attempt._fields))
_INSERT = f"INSERT INTO attempt ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608 - our own words

_SETTLE = """
    UPDATE attempt SET ended = ?, state = ?, code = ?, message = ?, package_id = ?,
        scene_count = ?, request_id = ?
    WHERE number = ?
"""

#: What is said of an attempt whose process has ended before it could say more.
KILLED = "the process that has sent it ended before there was an answer"


class Journal:
    """An open journal; `now` gives the time in milliseconds since the epoch.

    Its methods may be called by several threads. Every one raises `JournalError` when the journal
    cannot be read or written.
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write all of it into its one file, if no other process has it open."""
        with self._lock:
            self._connection.close()
            self._run.release()

    def claim(self, identity: Identity, origin: Origin, wishes: Wishes) -> Claim:
        """Ask for leave to send a request, which is on disk when it is given.

        What this run itself has sent is never sent again, whatever is wished.
        """
        with self._transaction():
            known = [each for each in self._settled(identity) if not each.followed_by]
            barring = self._barring(known, wishes)
            if barring:
                return barring
            started = self._now()
            number = self._insert(identity, origin, started)
            for each in known:
                if each.state == UNKNOWN:
                    self._follow(each.number, number)
            return Leave(number, started)

    def known(self, identity: Identity, wishes: Wishes) -> Claim | None:
        """Say what would bar a request from being sent, if anything, without asking for leave."""
        with self._transaction():
            return self._barring(
                [each for each in self._settled(identity) if not each.followed_by], wishes
            )

    def settle(self, number: int, outcome: Outcome) -> None:
        """Note what came of an attempt; one that was refused says nothing of those before it."""
        with self._transaction():
            self._settle(number, outcome)
            if outcome.state == REFUSED:
                self._reopen(number)

    def forget(self, number: int) -> None:
        """Take back an attempt that never left; what it was to follow is as it was before."""
        with self._transaction():
            self._reopen(number)
            self._connection.execute("DELETE FROM attempt WHERE number = ?", (number,))

    def attempts(self) -> list[Attempt]:
        """Return every attempt, the first one first."""
        with self._transaction():
            return [self._after_death(each) for each in self._select("TRUE")]

    def mark_created(self, number: int, package_id: str) -> None:
        """Note that somebody has found the package of an attempt whose outcome was unknown."""
        found = "somebody has found the package on the platform"
        self.settle(number, Outcome(CREATED, message=found, package_id=package_id))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, told_of(self.path), transaction(self._connection):
            yield

    def _barring(self, known: list[Attempt], wishes: Wishes) -> Known | Busy | None:
        """Choose what speaks against sending: first what is on its way, then what is unknown."""
        on_its_way = [each for each in known if each.state == SENDING]
        if on_its_way:
            return Busy(on_its_way[-1])
        unknown = [each for each in known if each.state == UNKNOWN]
        barring = [each for each in unknown if self._bars(each, is_lifted=wishes.retry_unknown)]
        if not unknown:
            created = [each for each in known if each.state == CREATED]
            barring = [each for each in created if self._bars(each, is_lifted=wishes.again)]
        return Known(barring[-1]) if barring else None

    def _bars(self, attempt: Attempt, *, is_lifted: bool) -> bool:
        return attempt.run == self._run.run or not is_lifted

    def _settled(self, identity: Identity) -> Iterator[Attempt]:
        """Yield the attempts of a request; of those on their way the process is still there."""
        where = "endpoint = ? AND access_key = ? AND digest = ?"
        for attempt in self._select(where, *identity):
            yield self._after_death(attempt)

    def _after_death(self, attempt: Attempt) -> Attempt:
        """Settle an attempt if its process has ended without a word."""
        if attempt.state != SENDING or self._run.is_alive(attempt.run):
            return attempt
        self._settle(attempt.number, Outcome(UNKNOWN, message=KILLED))
        return next(iter(self._select("number = ?", attempt.number)))

    def _insert(self, identity: Identity, origin: Origin, started: int) -> int:
        nothing_yet = (None, SENDING, None, "", None, None, None, None)
        row = (None, *identity, self._run.run, *origin, started, *nothing_yet)
        number = self._connection.execute(_INSERT, row).lastrowid
        assert number is not None  # noqa: S101 - a row was inserted
        return number

    def _follow(self, number: int, by: int) -> None:
        self._connection.execute(
            "UPDATE attempt SET followed_by = ? WHERE number = ?", (by, number)
        )

    def _reopen(self, number: int) -> None:
        """Let those be open again that an attempt was to follow."""
        self._connection.execute(
            "UPDATE attempt SET followed_by = NULL WHERE followed_by = ?", (number,)
        )

    def _settle(self, number: int, outcome: Outcome) -> None:
        self._connection.execute(_SETTLE, (self._now(), *outcome, number))

    def _select(self, where: str, *values: object) -> Iterator[Attempt]:
        query = f"SELECT {_COLUMNS} FROM attempt WHERE {where} ORDER BY number"  # noqa: S608 - as above
        rows = self._connection.execute(query, values).fetchall()
        return (Attempt(*row) for row in rows)
