"""A run whose processes are killed, fail, or are interrupted."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

import pytest

from rosetta_spec.engine.checker import Checker, LinesTask
from rosetta_spec.errors import DefectError, TemporaryFileError, WorkerDiedError
from rosetta_spec.files.discovery import Source
from rosetta_spec.runner import processes
from rosetta_spec.runner.processes import in_processes
from rosetta_spec.runner.tasks import CheckOptions, Worker, tasks_of

GOOD = b'{"annotationRequestId": "r-1", "poolName": "p"}\n'

#: Runs the command with two processes from the first block on; `{failure}` happens in a later one.
SCRIPT = """
import os, signal, sys, time
from rosetta_spec.__main__ import main
from rosetta_spec.engine.checker import Checker
from rosetta_spec.document import lines
from rosetta_spec.runner import tasks

first_process = os.getpid()
check_lines = Checker.check_lines

def failing(self, block, *more):
    if os.getpid() != first_process and block.number > 200:
        {failure}
    return check_lines(self, block, *more)

tasks._SMALL, lines._BLOCK, Checker.check_lines = 0, 1000, failing
sys.exit(main())
"""


@pytest.fixture
def run(write):
    """Start a run of several processes; `failure` happens in all except the first."""
    write("a.jsonl", GOOD * 1000)

    def run(failure: str) -> subprocess.Popen:
        command = [sys.executable, "-c", SCRIPT.format(failure=failure)]
        arguments = ["check", "a.jsonl", "--jobs", "2", "--format", "json"]
        return subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    return run


@pytest.mark.parametrize("failure", ["os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_process_that_dies_is_an_error_without_a_report(run, failure):
    running = run(failure)
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output) == (3, b"")
    assert (
        b"a process of this run was killed, perhaps because memory ran out; try --jobs 1" in errors
    )
    assert b"Traceback" not in errors


def test_a_rule_that_fails_in_another_process_is_reported_with_its_place(run):
    failure = (
        "from rosetta_spec.errors import DefectError;"
        "raise DefectError('rule RS303 (overlapping-boundary) failed at \"/x\": KeyError: 5')"
    )
    running = run(failure)
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output) == (3, b"")
    expected = 'rosetta-spec has a bug: rule RS303 (overlapping-boundary) failed at "/x": KeyError'
    assert errors.decode().startswith(expected)
    assert b"Traceback" not in errors


def under_way(running):
    """Wait until another process is in the middle of a block."""
    return running.stderr.read(5) == b"here\n"


#: A block that takes longer than the test.
ENDLESS = "os.write(2, b'here\\n'); time.sleep(600)"


def test_an_interrupt_ends_all_processes_immediately(run):
    running = run(ENDLESS)
    assert under_way(running)
    os.killpg(running.pid, signal.SIGINT)
    # A pipe comes to its end when every process that could write to it has ended.
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output) == (130, b"")
    assert errors.replace(b"here\n", b"").strip() == b""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_a_first_process_that_is_killed_leaves_no_other_behind(run, sign):
    running = run(ENDLESS)
    assert under_way(running)
    running.send_signal(sign)
    running.communicate(timeout=60)
    assert running.returncode == -sign


def process_id(task):
    time.sleep(task)
    yield os.getpid()


def inverse(task):
    yield 1 / task


def doubled(task):
    time.sleep(task)
    if not task:
        raise DefectError(task)
    yield task * 2


def numbers(task):
    yield from range(task)


def test_all_parts_of_a_result_come_and_wait_in_a_file(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    results = in_processes(numbers, iter([1, 5, 2, 1, 9]), 3)
    assert [next(results) for _ in range(2)] == [0, 0]
    (folder,) = tmp_path.iterdir()
    assert len(list(folder.iterdir())) > 0
    assert list(results) == [*range(1, 5), *range(2), 0, *range(9)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("part", ["TemporaryDirectory", "ProcessPoolExecutor"])
def test_without_temporary_files_or_semaphores_this_process_does_the_work(
    monkeypatch, tmp_path, part
):
    def missing(*_arguments, **_options):
        raise FileNotFoundError

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(processes, part, missing)
    assert set(in_processes(process_id, iter([0] * 9), 3)) == {os.getpid()}
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_cannot_be_kept_is_an_error(monkeypatch):
    def removed(**options):
        folder = tempfile.TemporaryDirectory(**options)
        folder.cleanup()
        return folder

    monkeypatch.setattr(processes, "TemporaryDirectory", removed)
    results = in_processes(numbers, iter([1, 2]), 2)
    assert next(results) == 0
    message = r"^the findings cannot be kept in a temporary file \(No such file or directory\); "
    with pytest.raises(TemporaryFileError, match=message):
        next(results)


def test_results_come_in_the_order_of_their_tasks_and_a_defect_in_its_place():
    results = in_processes(doubled, iter([0.2, 0.1, 0]), 3)
    assert [next(results), next(results)] == [0.4, 0.2]
    with pytest.raises(DefectError):
        next(results)


def test_a_process_that_dies_while_another_one_works_is_an_error():
    results = in_processes(process_id, iter([0, 60]), 2)
    os.kill(next(results), signal.SIGKILL)
    with pytest.raises(WorkerDiedError, match="try --jobs 1"):
        next(results)


def test_a_bug_in_another_process_is_raised_here():
    results = in_processes(inverse, iter([1, 0]), 2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_no_process_is_left():
    used = set(in_processes(process_id, iter([0.01] * 20), 2))
    assert 1 <= len(used) <= 2
    assert os.getpid() not in used
    for pid in used:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_where_no_further_process_is_allowed_this_one_does_the_work(monkeypatch):
    def rejected():
        raise BlockingIOError

    # Threads of other tests may still run, and then it would not be forked.
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "fork", rejected)
    assert set(in_processes(process_id, iter([0] * 9), 3)) == {os.getpid()}


def test_where_one_of_the_processes_cannot_start_no_result_is_lost(monkeypatch):
    """As on macOS and Windows, they start one by one."""
    context = get_context("spawn")
    start = context.Process.start
    started = []

    def start_once(process):
        if started:
            raise BlockingIOError
        started.append(process)
        start(process)

    monkeypatch.setattr(context.Process, "start", start_once)
    monkeypatch.setattr(processes, "_context", lambda: context)
    assert list(in_processes(numbers, iter(range(1, 6)), 3)) == [
        number for task in range(1, 6) for number in range(task)
    ]


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_where_not_enough_threads_can_start_no_result_is_lost(monkeypatch, capfd, allowed):
    """A pool has two threads, which start after its processes. Each of these has one."""
    start = threading.Thread.start
    started = []

    def start_some(thread):
        if len(started) == allowed or parent_process():
            # `start` counts a thread as active before it asks the system.
            with monkeypatch.context() as patch:
                patch.setitem(threading._limbo, thread, thread)
                time.sleep(0.01)
            message = "can't start new thread"
            raise RuntimeError(message)
        started.append(thread)
        # Long enough that the first process waits for the second thread.
        time.sleep(0.01)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_some)
    monkeypatch.setattr(processes, "_PATIENCE", 0.5)
    assert (set(in_processes(process_id, iter([0] * 9), 3)) == {os.getpid()}) == (allowed < 2)
    assert capfd.readouterr() == ("", "")


class FakePool:
    """A fake pool that counts the tasks that were handed out and not waited for yet."""

    def __init__(self, *_options):
        self.waiting = self.most = 0
        self.ended_with = []

    def submit(self, _perform, _task):
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        return self

    def result(self):
        self.waiting -= 1
        return processes._Result(self.waiting)

    def shutdown(self, **options):
        self.ended_with.append(("shutdown", options))

    def terminate(self):
        self.ended_with.append(("terminate", {}))


@pytest.fixture
def fake_pool(monkeypatch):
    fake = FakePool()
    monkeypatch.setattr(processes, "ProcessPoolExecutor", lambda *_options: fake)
    monkeypatch.setattr(processes, "active_children", lambda: [fake])
    monkeypatch.setattr(processes, "_can_work", lambda _: True)
    return fake


def test_a_limited_number_of_tasks_is_handed_out_ahead(fake_pool):
    assert sum(1 for _ in in_processes(numbers, iter(range(100)), 3)) == 100
    assert fake_pool.most == 3 * processes._AHEAD + 1
    assert fake_pool.waiting == 0
    assert fake_pool.ended_with[0] == ("shutdown", {})


@pytest.mark.parametrize(
    ("error", "raised"),
    [(BrokenProcessPool, WorkerDiedError), (KeyboardInterrupt, KeyboardInterrupt)],
)
def test_all_processes_end_after_any_error(fake_pool, monkeypatch, error, raised):
    def fail(_self):
        raise error

    monkeypatch.setattr(FakePool, "result", fail)
    with pytest.raises(raised):
        next(in_processes(numbers, iter(range(9)), 2))
    assert fake_pool.ended_with == [("terminate", {}), ("shutdown", {"cancel_futures": True})]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems never fork")
def test_a_process_with_several_threads_is_not_forked(monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert processes._context().get_start_method() == "fork"
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert processes._context().get_start_method() == "spawn"


class TestInAnotherProcess:
    """What a worker process does, done in this one, where it is measured."""

    @pytest.fixture(autouse=True)
    def _as_it_was(self, monkeypatch):
        monkeypatch.setattr(processes, "_performers", [])
        handler = signal.getsignal(signal.SIGINT)
        yield
        signal.signal(signal.SIGINT, handler)

    def test_it_does_tasks_and_leaves_the_interrupt_to_the_first_one(self, write):
        path = lines = (GOOD.replace(b"r-1", b"r-%d" % number) for number in range(3))
        path = write("a.jsonl", b"".join(lines) + b"{\n")
        options = CheckOptions(output_format="concise")
        processes._start(Worker(options).parts, "")
        sources = [Source("a.jsonl", str(path))]
        (task,) = tasks_of(sources, options, lambda _: Checker())
        outcome, others = processes._perform(task)
        assert others == ""
        assert isinstance(task, LinesTask)
        assert outcome.tally.documents == 4
        assert [diagnostic.filename for diagnostic in outcome.diagnostics] == ["a.jsonl"]
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN

    def test_it_writes_all_parts_of_a_result_except_the_first_to_a_file(self, tmp_path):
        processes._start(numbers, str(tmp_path))
        result = processes._perform(5)
        assert (result.first, len(list(tmp_path.iterdir()))) == (0, 1)
        assert list(processes._all_of(result)) == list(range(5))
        assert list(tmp_path.iterdir()) == []

    def test_it_ends_when_the_first_one_has_ended(self, monkeypatch):
        ended = []

        class Parent:
            def join(self):
                ended.append("the first one")

        monkeypatch.setattr(processes, "parent_process", Parent)
        monkeypatch.setattr(processes.os, "_exit", ended.append)
        processes._end_with_parent()
        assert ended == ["the first one", 1]
