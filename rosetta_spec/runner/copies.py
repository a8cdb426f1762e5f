"""Tasks done by copies of this process, their outcomes in order.

A copy is there at once and has loaded already what its work needs, while each way of the standard
library loads for longer than a folder of files takes to check. Only Linux can be trusted to copy a
process; `pool` is for other systems.
"""

from __future__ import annotations

import os
import sys
from _signal import (  # type: ignore[import-not-found] # without `enum`, which `signal` loads
    SIG_BLOCK,
    SIG_SETMASK,
    SIGINT,
    SIGKILL,
    pthread_sigmask,
)
from _thread import start_new_thread
from select import POLLIN, poll

from rosetta_spec.errors import DefectError, WorkerDiedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

    from rosetta_spec.document.values import Json
    from rosetta_spec.runner.task import Task
    from rosetta_spec.runner.worker import Outcome, Worker

#: Outcomes that may be waited for or wait for their turn, for each process.
_AHEAD = 4

#: A message begins with so many bytes that say, the highest first, how many follow.
_HEAD = 8


def outcomes_by_copies(worker: Worker, tasks: Iterator[Task], jobs: int) -> Iterator[Outcome]:
    """Do tasks with at most `jobs` copies of this process, each with a copy of `worker`.

    Raises:
        DefectError: a rule failed.
        WorkerDiedError: a process died.
    """
    crew = _Crew(worker, jobs)
    try:
        yield from crew.outcomes(tasks)
    finally:
        crew.dismiss()


class _Copy:
    """A copy as the first process sees it; `number` is that of the task that it was given last."""

    def __init__(self, pid: int, number: int, tasks: int, outcomes: int) -> None:
        """`tasks` and `outcomes` are the ends of pipes, to write to and to read from."""
        self.pid = pid
        self.number = number
        self._tasks = tasks
        self.outcomes = outcomes

    def give(self, number: int, task: Task) -> None:
        """Hand over a task, for which it waits, so that it reads."""
        self.number = number
        try:
            _send(self._tasks, task)
        except BrokenPipeError as error:
            raise _died() from error

    def take(self) -> Outcome | DefectError:
        """Take what has come of its task, or why nothing has."""
        try:
            outcome: Outcome | DefectError = _receive(self.outcomes)
        except EOFError as error:
            raise _died() from error
        return outcome

    def close(self) -> None:
        """Wait until it has ended, and close its pipes."""
        os.waitpid(self.pid, 0)
        os.close(self._tasks)
        os.close(self.outcomes)


class _Crew:
    """Copies that are made when there is more to do than those that are there can begin with."""

    def __init__(self, worker: Worker, jobs: int) -> None:
        self._worker = worker
        self._jobs = jobs
        self._copies: list[_Copy] = []
        self._busy: dict[int, _Copy] = {}
        self._idle: list[_Copy] = []
        self._poll = poll()
        #: A copy that reads here comes to the end when the first process ends.
        self._alive = os.pipe()

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Yield what has come of each task, in their order."""
        finished: dict[int, Outcome | DefectError] = {}
        given = taken = 0
        task = next(tasks, None)
        while task is not None or given > taken:
            has_room = given - taken < self._jobs * _AHEAD
            if task is not None and has_room and self._begins(given, task):
                given += 1
                task = next(tasks, None)
                continue
            if task is not None and not self._copies:
                yield self._worker.perform(task)
                given, taken, task = given + 1, taken + 1, next(tasks, None)
                continue
            finished.update(self._finished())
            while taken in finished:
                outcome = finished.pop(taken)
                # It is said at its turn, as one process would.
                if isinstance(outcome, DefectError):
                    raise outcome
                yield outcome
                taken += 1

    def _begins(self, number: int, task: Task) -> bool:
        """Let a copy begin with a task: one that has none, or one that is made with it."""
        if self._idle:
            copy = self._idle.pop()
            copy.give(number, task)
        elif len(self._copies) == self._jobs:
            return False
        else:
            try:
                copy = self._made(number, task)
            except OSError:
                # There is no room for more, so that those do it all that there are, or this one.
                self._jobs = max(len(self._copies), 1)
                return False
            self._copies.append(copy)
            self._poll.register(copy.outcomes, POLLIN)
        self._busy[copy.outcomes] = copy
        return True

    def _finished(self) -> Iterator[tuple[int, Outcome | DefectError]]:
        """Wait until tasks are done, and yield their numbers and outcomes."""
        for descriptor, _ in self._poll.poll():
            if descriptor not in self._busy:
                raise _died()
            copy = self._busy.pop(descriptor)
            self._idle.append(copy)
            yield copy.number, copy.take()

    def _made(self, number: int, first: Task) -> _Copy:
        """Make a copy, which knows its first task.

        Ctrl-C is put off meanwhile, so that none of both does the work of two.
        """
        tasks, outcomes = os.pipe(), os.pipe()
        before = pthread_sigmask(SIG_BLOCK, {SIGINT})
        try:
            pid = os.fork()
            if pid == 0:
                self._be_copy(first, tasks[0], outcomes[1])
        finally:
            pthread_sigmask(SIG_SETMASK, before)
        os.close(tasks[0])
        os.close(outcomes[1])
        return _Copy(pid, number, tasks[1], outcomes[0])

    def _be_copy(self, first: Task, tasks: int, outcomes: int) -> NoReturn:
        """Do tasks until there are no more.

        Ctrl-C stays put off, as the first process ends all.
        """
        try:
            os.close(self._alive[1])
            start_new_thread(_end_with, (self._alive[0],))
            _serve(self._worker, first, tasks, outcomes)
        finally:
            # Nothing that the first process would do at its end is done here.
            kind, error, traceback = sys.exc_info()
            # It has ended if nobody gives or takes any more.
            if kind and error and not isinstance(error, EOFError | BrokenPipeError):
                sys.__excepthook__(kind, error, traceback)
            os._exit(1)

    def dismiss(self) -> None:
        """End all copies, whatever they do."""
        for copy in self._copies:
            os.kill(copy.pid, SIGKILL)
        for copy in self._copies:
            copy.close()
        for descriptor in self._alive:
            os.close(descriptor)


def _serve(worker: Worker, task: Task, tasks: int, outcomes: int) -> NoReturn:
    """Do one task after the other, until a process ends this one."""
    while True:
        try:
            outcome: Outcome | DefectError = worker.perform(task)
        except DefectError as error:
            outcome = error
        _send(outcomes, outcome)
        task = _receive(tasks)


def _end_with(alive: int) -> None:
    """Leave no process behind, however the first one has ended."""
    os.read(alive, 1)
    os._exit(1)


def _send(descriptor: int, value: object) -> None:
    # Not `pickle`, which loads `re` for what is not needed here; nor before there is a copy, which
    # does its first task while this is loaded.
    from _pickle import dumps  # noqa: PLC0415

    data = dumps(value, -1)
    for part in (len(data).to_bytes(_HEAD, "big"), data):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _receive(descriptor: int) -> Json:
    """Read a message.

    Raises:
        EOFError: the process at the other end is not there any more.
    """
    from _pickle import loads  # noqa: PLC0415 - as above

    return loads(_read(descriptor, int.from_bytes(_read(descriptor, _HEAD), "big")))


def _read(descriptor: int, size: int) -> bytearray:
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        count = os.readv(descriptor, [rest])
        if not count:
            raise EOFError
        rest = rest[count:]
    return data


def _died() -> WorkerDiedError:
    return WorkerDiedError(
        "a process of this run was killed, perhaps for want of memory; try --jobs 1"
    )
