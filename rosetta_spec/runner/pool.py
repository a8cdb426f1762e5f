"""Tasks done by several processes where this one cannot be copied, their outcomes in order."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

from rosetta_spec.errors import WorkerDiedError
from rosetta_spec.runner.worker import Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from rosetta_spec.config.settings import Settings
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.runner.call import Call
    from rosetta_spec.runner.task import Task
    from rosetta_spec.runner.worker import Outcome

#: Tasks that are handed out ahead, for each process.
_AHEAD = 2


def outcomes_by_pool(worker: Worker, tasks: Iterator[Task], jobs: int) -> Iterator[Outcome]:
    """Do tasks with other processes, which make workers of their own that are like `worker`.

    Raises:
        DefectError: a rule failed.
        WorkerDiedError: a process died.
    """
    running: deque[Future[Outcome]] = deque()
    likeness = (worker.call, worker.style, worker.settings)
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _start, likeness)
    try:
        for task in tasks:
            with _uninterrupted():
                running.append(pool.submit(_perform, task))
            if len(running) > jobs * _AHEAD:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
        pool.shutdown()
    except BrokenProcessPool as error:
        message = "a process of this run was killed, perhaps for want of memory; try --jobs 1"
        raise WorkerDiedError(message) from error
    finally:
        # What is still under way here is wanted by nobody.
        for process in active_children():
            process.terminate()
        pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C while processes may be started, which would tell of it, or swallow it.

    They never see it, as they start with what is put off here.
    """
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


#: The worker of a process that was started for a run.
_workers: list[Worker] = []


def _start(call: Call, style: Style, settings: tuple[Settings, ...]) -> None:
    # Ctrl-C reaches every process; the first one ends the others. This is for Windows.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _workers[:] = [Worker(call, style, settings)]


def _end_with_parent() -> None:
    """Leave no process behind, however the first one has ended."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _perform(task: Task) -> Outcome:
    return _workers[0].perform(task)
