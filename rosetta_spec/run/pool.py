"""Tasks done by several processes, their outcomes in order."""

from __future__ import annotations

from rosetta_spec.defect import WorkerDiedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from rosetta_spec.reporters.style import Style
    from rosetta_spec.run.call import Call
    from rosetta_spec.run.task import Task
    from rosetta_spec.run.worker import Outcome, Worker

#: A run that weighs less, in bytes, is over before other processes have started.
_LIGHT = 4 * 1024 * 1024

#: Tasks that are handed out ahead, for each process.
_AHEAD = 2


def outcomes_of(
    tasks: Iterable[Task], worker: Worker, call: Call, style: Style, jobs: int
) -> Iterator[Outcome]:
    """Do tasks and yield their outcomes in order; a heavy run with `jobs` processes.

    `worker` does what is done in this process, others make their own of `call` and `style`.

    Raises:
        DefectError: a rule failed.
        WorkerDiedError: a process died.
    """
    tasks = iter(tasks)
    weight = 0
    for task in tasks:
        yield worker.perform(task)
        weight += task.weight
        if jobs > 1 and weight > _LIGHT:
            yield from _done_by_others(tasks, call, style, jobs)


def _done_by_others(
    tasks: Iterator[Task], call: Call, style: Style, jobs: int
) -> Iterator[Outcome]:
    # Most runs are light and do not pay for loading it.
    from collections import deque  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    running: deque[Future[Outcome]] = deque()
    pool = ProcessPoolExecutor(jobs, initializer=_start, initargs=(call, style))
    try:
        for task in tasks:
            running.append(pool.submit(_perform, task))
            if len(running) > jobs * _AHEAD:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    except BrokenProcessPool as error:
        message = "a process of this run was killed, perhaps for want of memory; try --jobs 1"
        raise WorkerDiedError(message) from error
    finally:
        pool.shutdown(cancel_futures=True)


#: The worker of a process that was started for a run.
_workers: list[Worker] = []


def _start(call: Call, style: Style) -> None:
    import signal  # noqa: PLC0415 - in other processes only

    from rosetta_spec.run.worker import Worker  # noqa: PLC0415

    # Ctrl-C reaches every process; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _workers[:] = [Worker(call, style)]


def _perform(task: Task) -> Outcome:
    return _workers[0].perform(task)
