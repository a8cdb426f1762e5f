"""Perform tasks in several processes; the results come in the order of the tasks."""

import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import chain
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.context import BaseContext
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, Generic, NamedTuple, TypeVar

from rosetta_spec.errors import WorkerDiedError, temporary_file_errors

T = TypeVar("T")
R = TypeVar("R")

#: Tasks that are handed out ahead, for each process: memory stays bounded.
_AHEAD = 2

#: The most processes that Windows can wait for.
_MOST = 61

#: Seconds to wait for the first result of a pool, which needs none of its time.
_PATIENCE = 30


class _Result(NamedTuple, Generic[R]):
    """The first part of the result of a task, and the file that has the others, or ""."""

    first: R
    others: str = ""


def in_processes(perform: Callable[[T], Iterable[R]], tasks: Iterator[T], jobs: int) -> Iterator[R]:
    """Yield what `perform(task)` yields for each task, computed by `jobs` processes.

    Raises:
        WorkerDiedError: a process died.
        TemporaryFileError: a process could not keep a large result.
        Exception: what `perform` raises, in the place of its result.
    """
    running: deque[Future[_Result[R]]] = deque()
    folder = None
    try:
        folder = TemporaryDirectory(ignore_cleanup_errors=True)
        pool = ProcessPoolExecutor(min(jobs, _MOST), _context(), _start, (perform, folder.name))
    except (OSError, NotImplementedError):
        # Without a place for large results, or semaphores, this process does all of it.
        if folder:
            folder.cleanup()
        yield from chain.from_iterable(map(perform, tasks))
        return
    try:
        for task in tasks if _can_work(pool) else ():
            try:
                with _interrupts_blocked():
                    running.append(pool.submit(_perform, task))
            except OSError:
                # The system allows no further process; this one does the rest.
                tasks = chain([task], tasks)
                break
            if len(running) > jobs * _AHEAD:
                yield from _all_of(running.popleft().result())
        while running:
            yield from _all_of(running.popleft().result())
        yield from chain.from_iterable(map(perform, tasks))
        pool.shutdown()
    except BrokenProcessPool as error:
        message = "a process of this run was killed, perhaps because memory ran out; try --jobs 1"
        raise WorkerDiedError(message) from error
    finally:
        for process in active_children():
            process.terminate()
        pool.shutdown(cancel_futures=True)
        folder.cleanup()


def _can_work(pool: ProcessPoolExecutor) -> bool:
    """Start a pool, and return whether the system allows its processes and its two threads.

    The first thread starts the second one. If it cannot, it ends, and in Python 3.11 the first
    result never comes.
    """
    # The error of the first thread is not shown.
    hook, threading.excepthook = threading.excepthook, lambda _: None
    try:
        with _interrupts_blocked():
            started = pool.submit(os.getpid)
        started.result(_PATIENCE)
    except (OSError, RuntimeError):
        # A thread that has not started cannot be waited for.
        pool.shutdown(wait=False)
        return False
    finally:
        threading.excepthook = hook
    return True


def _context() -> BaseContext:
    """Choose how processes start: by forking, the fastest way, where it is safe.

    Forking a process with several threads can deadlock, and macOS libraries do not support it.
    """
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    return get_context("fork" if can_fork else "spawn")


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Delay Ctrl-C while processes start: they inherit this, and only the first one reacts."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


#: In a worker process: what performs its tasks, and the folder for large results.
_performers: list[tuple[Callable[..., Any], str]] = []


def _start(perform: Callable[..., object], folder: str) -> None:
    # Ctrl-C reaches every process; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The first process usually ends the others itself.
    with suppress(RuntimeError):
        threading.Thread(target=_end_with_parent, daemon=True).start()
    _performers[:] = [(perform, folder)]


def _end_with_parent() -> None:
    """End this process when the first one has ended, for any reason."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _perform(task: T) -> _Result[R]:
    ((perform, folder),) = _performers
    parts = iter(perform(task))
    result = _Result(next(parts))
    for part in parts:
        with (
            temporary_file_errors("the findings"),
            NamedTemporaryFile(dir=folder, delete=False) as file,
        ):
            for each in chain([part], parts):
                pickle.dump(each, file, pickle.HIGHEST_PROTOCOL)
        result = result._replace(others=file.name)
    return result


def _all_of(result: _Result[R]) -> Iterator[R]:
    yield result.first
    if result.others:
        with open(result.others, "rb") as file, suppress(EOFError):
            while True:
                yield pickle.load(file)  # noqa: S301 - written by a process of this run
        os.remove(result.others)
