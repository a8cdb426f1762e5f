"""What becomes of a run whose processes are killed, fail, or are interrupted."""

import os
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool

import pytest

from rosetta_spec.config.settings import Settings
from rosetta_spec.defect import WorkerDiedError
from rosetta_spec.files import Source
from rosetta_spec.reporters.style import Style
from rosetta_spec.run import pool
from rosetta_spec.run.call import Call
from rosetta_spec.run.task import Lines, tasks_of
from rosetta_spec.run.worker import Worker

GOOD = b'{"annotationRequestId": "r-1", "poolName": "p"}\n'

#: Runs the command with two processes from the first block on; `{slip}` befalls a block of theirs.
SCRIPT = """
import multiprocessing, os, signal, sys, time
import rosetta_spec.cli as cli
from rosetta_spec.checker import Checker
from rosetta_spec.document import lines
from rosetta_spec.run import worker

multiprocessing.set_start_method("fork")
first_process = os.getpid()
check_lines = Checker.check_lines

def slipping(self, block, filename):
    if os.getpid() != first_process and block.number > 200:
        {slip}
    return check_lines(self, block, filename)

worker._LIGHT, lines._BLOCK, Checker.check_lines = 0, 1000, slipping
cli.main()
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
        "from rosetta_spec.defect import DefectError;"
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
    assert errors.replace(b"here\n", b"") == b""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_a_first_process_that_is_killed_leaves_no_other_behind(run, sign):
    running = run(ENDLESS)
    assert under_way(running)
    running.send_signal(sign)
    running.communicate(timeout=30)
    assert running.returncode == -sign


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
        return pool.outcomes_by_others(Worker(Call(), Style()), iter(range(9)), 2), done

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
    outcomes = pool.outcomes_by_others(Worker(Call(), Style()), iter(range(100)), 3)
    assert sum(1 for _ in outcomes) == 100
    assert pools[0].most == 3 * pool._AHEAD + 1
    assert pools[0].waiting == 0
