"""What becomes of a run whose processes are killed, fail, or are interrupted."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool

import pytest

from rosetta_spec.config.settings import Settings
from rosetta_spec.errors import DefectError, WorkerDiedError
from rosetta_spec.files.sources import Source
from rosetta_spec.reporters.style import Style
from rosetta_spec.runner import copies, pool, worker
from rosetta_spec.runner.call import Call
from rosetta_spec.runner.task import Lines, tasks_of
from rosetta_spec.runner.worker import Worker

GOOD = b'{"annotationRequestId": "r-1", "poolName": "p"}\n'

#: Runs the command with two processes from the first block on; `{slip}` befalls a block of theirs.
SCRIPT = """
import os, signal, sys, time
from rosetta_spec.__main__ import main
from rosetta_spec.engine.checker import Checker
from rosetta_spec.document import lines
from rosetta_spec.runner import worker

first_process = os.getpid()
check_lines = Checker.check_lines

def slipping(self, block, filename):
    if os.getpid() != first_process and block.number > 200:
        {slip}
    return check_lines(self, block, filename)

worker._LIGHT, lines._BLOCK, Checker.check_lines = 0, 1000, slipping
sys.exit(main())
"""


@pytest.fixture
def run(write):
    """Start a run of several processes, of which those that are not the first one slip."""
    write("a.jsonl", GOOD * 1000)

    def run(slip: str) -> subprocess.Popen:
        command = [sys.executable, "-c", SCRIPT.format(slip=slip)]
        arguments = ["check", "a.jsonl", "--jobs", "2", "--format", "json"]
        return subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    return run


@pytest.mark.parametrize("slip", ["os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_process_that_dies_is_told_and_is_no_report(run, slip):
    running = run(slip)
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output) == (3, b"")
    assert b"a process of this run was killed, perhaps for want of memory; try --jobs 1" in errors
    assert b"Traceback" not in errors


def test_a_rule_that_fails_in_another_process_is_told_with_its_place(run):
    slip = (
        "from rosetta_spec.errors import DefectError;"
        "raise DefectError('rule RS303 (overlapping-boundary) failed at \"/x\": KeyError: 5')"
    )
    running = run(slip)
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output) == (3, b"")
    said = 'rosetta-spec has a defect: rule RS303 (overlapping-boundary) failed at "/x": KeyError'
    assert errors.decode().startswith(said)
    assert b"Traceback" not in errors


def under_way(running):
    """Wait until another process is in the middle of a block."""
    return running.stderr.read(5) == b"here\n"


#: A block that takes longer than anyone waits for it.
ENDLESS = "os.write(2, b'here\\n'); time.sleep(600)"


def test_an_interrupt_ends_all_processes_at_once(run):
    running = run(ENDLESS)
    assert under_way(running)
    os.killpg(running.pid, signal.SIGINT)
    # A pipe comes to its end when every process that could write to it has ended.
    output, errors = running.communicate(timeout=30)
    assert (running.returncode, output) == (130, b"")
    assert errors.replace(b"here\n", b"").strip() == b""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_a_first_process_that_is_killed_leaves_no_other_behind(run, sign):
    running = run(ENDLESS)
    assert under_way(running)
    running.send_signal(sign)
    running.communicate(timeout=30)
    assert running.returncode == -sign


def test_a_copy_that_dies_before_it_is_given_a_task_is_told(monkeypatch):
    monkeypatch.setattr(worker.Worker, "perform", lambda *_: os.getpid())
    outcomes = copies.outcomes_by_copies(Worker(Call(), Style()), iter([1, 2, 3]), 1)
    os.kill(next(outcomes), signal.SIGKILL)
    with pytest.raises(WorkerDiedError, match="try --jobs 1"):
        list(outcomes)
    gone, tasks = os.pipe()
    os.close(gone)
    with pytest.raises(WorkerDiedError, match="try --jobs 1"):
        copies._Copy(0, 0, tasks, 0).give(0, None)
    os.close(tasks)


def test_a_copy_that_dies_while_another_one_works_is_told(monkeypatch):
    monkeypatch.setattr(worker.Worker, "perform", lambda _, task: time.sleep(task) or os.getpid())
    outcomes = copies.outcomes_by_copies(Worker(Call(), Style()), iter([0, 60]), 2)
    os.kill(next(outcomes), signal.SIGKILL)
    with pytest.raises(WorkerDiedError, match="try --jobs 1"):
        next(outcomes)


@pytest.mark.parametrize("most", [0, 1])
def test_where_no_more_processes_may_be_those_that_there_are_do_the_work(monkeypatch, most):
    made = copies._Crew._made

    def made_once(self, *first):
        if len(self._copies) == most:
            raise BlockingIOError
        return made(self, *first)

    monkeypatch.setattr(copies._Crew, "_made", made_once)
    monkeypatch.setattr(worker.Worker, "perform", lambda *_: os.getpid())
    done_by = list(copies.outcomes_by_copies(Worker(Call(), Style()), iter(range(9)), 3))
    assert (len(done_by), len(set(done_by))) == (9, 1)
    assert (done_by[0] == os.getpid()) == (most == 0)


def test_a_slip_of_ours_in_a_copy_is_shown_and_told(monkeypatch, capfd):
    monkeypatch.setattr(worker.Worker, "perform", lambda _, task: 1 / task)
    outcomes = copies.outcomes_by_copies(Worker(Call(), Style()), iter([1, 0]), 2)
    assert next(outcomes) == 1
    with pytest.raises(WorkerDiedError, match="was killed"):
        next(outcomes)
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_defect_is_told_after_all_that_was_found_before_it(monkeypatch):
    def perform(_, task):
        time.sleep(task)
        if not task:
            raise DefectError(task)
        return task

    monkeypatch.setattr(worker.Worker, "perform", perform)
    outcomes = copies.outcomes_by_copies(Worker(Call(), Style()), iter([0.2, 0.1, 0]), 3)
    assert [next(outcomes), next(outcomes)] == [0.2, 0.1]
    with pytest.raises(DefectError):
        next(outcomes)


def test_copies_are_made_when_there_is_work_for_them_and_none_is_left(monkeypatch):
    def perform(_, task):
        time.sleep(task)
        return os.getpid()

    monkeypatch.setattr(worker.Worker, "perform", perform)
    by_turns = copies.outcomes_by_copies(Worker(Call(), Style()), iter([0.01] * 20), 2)
    used = set(by_turns)
    assert 1 <= len(used) <= 2
    assert len(set(copies.outcomes_by_copies(Worker(Call(), Style()), iter([0.01]), 9))) == 1
    for pid in used:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


class TestInACopy:
    """What a copy does, done in this process, where it is measured."""

    class Ended(BaseException):
        """Stands for the end of the process."""

    @pytest.fixture
    def be_copy(self, monkeypatch):
        """Be a copy that is given some tasks: return its exit status, and what it has sent."""

        def end(status):
            raise self.Ended(status)

        def received(descriptor):
            while True:
                try:
                    yield copies._receive(descriptor)
                except EOFError:
                    return

        def be_copy(first, *tasks):
            (own_tasks, given), (taken, own_outcomes) = os.pipe(), os.pipe()
            for task in tasks:
                copies._send(given, task)
            os.close(given)
            crew = copies._Crew(Worker(Call(), Style()), 1)
            with pytest.raises(self.Ended) as ended:
                crew._be_copy(first, own_tasks, own_outcomes)
            os.close(own_outcomes)
            (threads,) = started
            assert threads == (copies._end_with, (crew._alive[0],))
            sent = list(received(taken))
            for descriptor in (own_tasks, taken, crew._alive[0]):
                os.close(descriptor)
            return ended.value.args[0], sent

        started = []
        monkeypatch.setattr(copies.os, "_exit", end)
        monkeypatch.setattr(copies, "start_new_thread", lambda *call: started.append(call))
        return be_copy

    def test_it_does_tasks_until_nobody_gives_it_any(self, be_copy, monkeypatch):
        def perform(_, task):
            if task == "wrong":
                raise DefectError(task)
            return task * 2

        monkeypatch.setattr(worker.Worker, "perform", perform)
        status, (first, second, third) = be_copy("a", "wrong", "b" * 9_000)
        assert (status, first, third) == (1, "aa", "b" * 18_000)
        assert isinstance(second, DefectError)

    def test_it_never_goes_on_as_the_first_process(self, monkeypatch):
        def be_copy(*_):
            raise self.Ended

        monkeypatch.setattr(copies.os, "fork", lambda: 0)
        monkeypatch.setattr(copies._Crew, "_be_copy", be_copy)
        crew = copies._Crew(Worker(Call(), Style()), 1)
        with pytest.raises(self.Ended):
            crew._made(0, None)

    def test_a_slip_is_shown(self, be_copy, monkeypatch, capsys):
        monkeypatch.setattr(worker.Worker, "perform", lambda _, task: 1 / task)
        assert be_copy(0) == (1, [])
        assert "ZeroDivisionError" in capsys.readouterr().err

    def test_it_ends_when_the_first_process_has_ended(self, monkeypatch):
        ended = []
        monkeypatch.setattr(copies.os, "_exit", ended.append)
        read, write = os.pipe()
        os.close(write)
        copies._end_with(read)
        os.close(read)
        assert ended == [1]


class TestInTheFirstProcess:
    """What the first process does about others, of which none are started here."""

    def outcomes(self, monkeypatch, result):
        """Outcomes of tasks that all end in one way, and what is done to the processes."""

        class Pool:
            def __init__(self, *_options):
                pass

            def submit(self, _perform, _task):
                return self

            def result(self):
                return result()

            def shutdown(self, **options):
                done.append(("shutdown", options))

        class Process:
            def terminate(self):
                done.append(("terminate", {}))

        done = []
        monkeypatch.setattr(pool, "ProcessPoolExecutor", Pool)
        monkeypatch.setattr(pool, "active_children", lambda: [Process()])
        return pool.outcomes_by_pool(Worker(Call(), Style()), iter(range(9)), 2), done

    def test_one_that_died_is_told(self, monkeypatch):
        def died():
            raise BrokenProcessPool

        outcomes, done = self.outcomes(monkeypatch, died)
        with pytest.raises(WorkerDiedError, match="try --jobs 1"):
            next(outcomes)
        assert done == [("terminate", {}), ("shutdown", {"cancel_futures": True})]

    def test_an_interrupt_ends_what_is_under_way(self, monkeypatch):
        def interrupted():
            raise KeyboardInterrupt

        outcomes, done = self.outcomes(monkeypatch, interrupted)
        with pytest.raises(KeyboardInterrupt):
            next(outcomes)
        assert done == [("terminate", {}), ("shutdown", {"cancel_futures": True})]

    def test_all_may_end_by_themselves_when_the_work_is_done(self, monkeypatch):
        outcomes, done = self.outcomes(monkeypatch, int)
        assert list(outcomes) == [0] * 9
        assert done[0] == ("shutdown", {})


class TestInAnotherProcess:
    """What a process does that was started for a run, done in this one, where it is measured."""

    @pytest.fixture(autouse=True)
    def _as_it_was(self, monkeypatch):
        monkeypatch.setattr(pool, "_workers", [])
        handler = signal.getsignal(signal.SIGINT)
        yield
        signal.signal(signal.SIGINT, handler)

    def test_it_does_tasks_and_leaves_the_interrupt_to_the_first_one(self, write):
        path = write("a.jsonl", GOOD * 3 + b"{\n")
        pool._start(Call(output_format="concise"), Style(), (Settings(),))
        (task,) = tasks_of([Source("a.jsonl", str(path))], Call(), lambda: None)
        outcome = pool._perform(task)
        assert isinstance(task, Lines)
        assert outcome.tally.documents == 4
        assert [finding.filename for finding in outcome.findings] == ["a.jsonl"]
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN

    def test_it_ends_when_the_first_one_has_ended(self, monkeypatch):
        ended = []

        class Parent:
            def join(self):
                ended.append("the first one")

        monkeypatch.setattr(pool, "parent_process", Parent)
        monkeypatch.setattr(pool.os, "_exit", ended.append)
        pool._end_with_parent()
        assert ended == ["the first one", 1]


def test_no_more_tasks_are_handed_out_than_there_is_work_for(monkeypatch):
    class Counting:
        """Stands for a pool: it counts the tasks that were handed out and not asked for yet."""

        def __init__(self, *_options):
            self.waiting = self.most = 0
            pools.append(self)

        def submit(self, _perform, task):
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            self.task = task
            return self

        def result(self):
            self.waiting -= 1
            return self.waiting

        def shutdown(self, **_options):
            pass

    pools = []
    monkeypatch.setattr(pool, "ProcessPoolExecutor", Counting)
    outcomes = pool.outcomes_by_pool(Worker(Call(), Style()), iter(range(100)), 3)
    assert sum(1 for _ in outcomes) == 100
    assert pools[0].most == 3 * pool._AHEAD + 1
    assert pools[0].waiting == 0
