"""Failures, kills and repeated calls in any order: nothing is sent twice or forgotten.

Each schedule has a fake API that fails at random, and calls of the real command, some of them at
the same time, some killed with SIGKILL or interrupted by Ctrl-C once or twice. The long form is
`EXAMPLES=1000 pytest tests/submit/test_schedules.py`.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from fake_api import AFTER, BEFORE, SECRET, FakeApi

#: The number of schedules, and of the tests that share them.
EXAMPLES = int(os.environ.get("EXAMPLES", "24"))
TESTS = 4

#: Codes of rejected requests.
REJECTED = (5606, 53003, 55005)

#: Failures that are slow, and therefore rare.
SLOW = ("late", "slow", "huge", "patience", "endless")

#: Failures before a request is read.
UNREAD = ("drop-unread", "reset-unread")


class Forks:
    """A process that calls the command in forked processes."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forks.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, order, signals=()):
        """Call the command, send it signals after some seconds, and return its status."""
        self._process.stdin.write(f"{json.dumps({**order, 'signals': signals})}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@pytest.fixture(scope="module")
def forks():
    """Two of them, because two calls may run at the same time."""
    both = Forks(), Forks()
    yield both
    for each in both:
        each.close()


class Call(NamedTuple):
    """A call of the command, and the signals that it gets: seconds and numbers."""

    arguments: list[str]
    signals: list[tuple[float, int]]


class Schedule:
    """Some requests, an API that fails, and calls; `bodies` are the possible bodies."""

    def __init__(self, number, folder, server):
        self.random = random.Random(number)  # noqa: S311 - chance, and no secret
        self.folder = folder
        self.server = server
        self.rate = self.random.choice([0.0, 0.2, 0.5, 0.9])
        self.resending = 0
        self.statuses = Counter()
        self.bodies = [self._write(index) for index in range(self.random.randint(1, 5))]
        server.failure_for = self._failure
        server.delay = self.random.choice([0.0, 0.0, 0.01, 0.03])

    def _write(self, index):
        request = {
            "$schema": "https://example.com",
            "poolName": f"ä{self.random.randint(0, 2)}",
            "annotationRequestId": "a3f8",
            "samplingQuantity": 234234123133374715904 + index,
        }
        (self.folder / f"{index}.sampling.json").write_text(json.dumps(request), encoding="utf-8")
        del request["$schema"]
        text = json.dumps(request, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode()

    def _failure(self, _body):
        if self.random.random() > self.rate:
            return None
        if self.random.random() < 0.02:
            return self.random.choice(SLOW)
        usual = [each for each in (*BEFORE, *AFTER) if each not in (*SLOW, *UNREAD)]
        return self.random.choice([*usual, *REJECTED])

    def calls(self):
        """Choose one call, or two at the same time."""
        return [self._call() for _ in range(self.random.choice([1, 1, 2]))]

    def _call(self):
        resend = self.random.choice([[], [], [], [], ["--again"], ["--retry-unknown"]])
        self.resending += bool(resend)
        count = self.random.randint(1, len(self.bodies))
        names = self.random.sample(range(len(self.bodies)), count)
        jobs = str(self.random.randint(1, 4))
        paths = [f"{name}.sampling.json" for name in names]
        kinds = [[], [], [signal.SIGKILL], [signal.SIGINT], [signal.SIGINT] * 2]
        signals = [(self.random.uniform(0, 0.25), kind) for kind in self.random.choice(kinds)]
        return Call(["--jobs", jobs, "--timeout", "0.5", *resend, *paths], signals)

    def order(self, arguments, output):
        return {
            "arguments": ["submit", "--journal", "journal", *arguments],
            "env": self.server.environment,
            "cwd": str(self.folder),
            "output": str(self.folder / output),
        }

    def run(self, forks):
        """Make some calls, one after the other or two at the same time."""
        for _ in range(self.random.randint(2, 5)):
            started = []
            for fork, call in zip(forks, self.calls(), strict=False):
                order = self.order(call.arguments, f"output-{id(fork)}")
                made = threading.Thread(target=self._make, args=(fork, order, call.signals))
                made.start()
                started.append(made)
            for made in started:
                made.join()

    def _make(self, fork, order, signals):
        self.statuses[fork.call(order, signals)] += 1

    def journal(self, fork):
        """Read the journal as a program would; each call may end before there is one."""
        if not (self.folder / "journal").exists():
            return []
        assert fork.call(self.order(["--status", "--format", "json"], "listing")) == 0
        return json.loads((self.folder / "listing").read_text("utf-8"))["attempts"]


def check_truth(schedule, attempts):
    """Compare the journal with the packages of the API."""
    made = Counter(hashlib.sha256(body).hexdigest() for body in schedule.server.created.values())
    created = [each for each in attempts if each["state"] == "created"]
    unknown = Counter(each["digest"] for each in attempts if each["state"] == "unknown")
    assert {each["state"] for each in attempts} <= {"created", "refused", "unknown"}
    # No package is created twice without being asked for.
    assert all(count <= 1 + schedule.resending for count in made.values())
    # Every package that the journal calls created exists, for the request that was sent.
    for each in created:
        body = schedule.server.created[each["sampling_package_id"]]
        assert hashlib.sha256(body).hexdigest() == each["digest"]
    # Every package is created or unknown in the journal.
    noted = Counter(each["digest"] for each in created)
    assert all(count <= noted[digest] + unknown[digest] for digest, count in made.items())


def check_bodies(schedule):
    """Every body is the canonical JSON of a request, byte for byte."""
    assert {received.body for received in schedule.server.received} <= set(schedule.bodies)


def check_ends(schedule):
    """Every call ends with a documented status, or by SIGKILL, and without a traceback."""
    assert set(schedule.statuses) <= {0, 1, 2, 4, 130, -signal.SIGKILL}, schedule.statuses
    for path in schedule.folder.glob("output-*"):
        assert b"Traceback" not in path.read_bytes()


def check_secrets(schedule):
    """No file or output contains the secret or a signature."""
    signs = {received.headers["x-sign"] for received in schedule.server.received}
    for path in schedule.folder.rglob("*"):
        data = path.read_bytes()
        assert SECRET.encode() not in data, path
        assert not any(sign.encode() in data for sign in signs), path


@pytest.mark.no_cover
@pytest.mark.parametrize("part", range(TESTS))
def test_nothing_is_sent_twice_or_forgotten(part, forks, tmp_path):
    for number in range(part, EXAMPLES, TESTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        with FakeApi() as server:
            schedule = Schedule(number, folder, server)
            schedule.run(forks)
            # A killed process may have sent a request that is handled only now.
            server.wait_until_idle()
            attempts = schedule.journal(forks[0])
            check_truth(schedule, attempts)
            check_bodies(schedule)
            check_secrets(schedule)
            check_ends(schedule)
