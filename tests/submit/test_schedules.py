"""Whatever fails, is killed or called again, in any order: nothing is sent twice, or forgotten.

Each schedule has a stand-in that fails at random, and calls of the real command, some of them at
the same time, some killed with SIGKILL. `EXAMPLES=1000 pytest tests/submit/test_schedules.py` is
the long form.
"""

import hashlib
import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from stand_in import AFTER, BEFORE, SECRET, StandIn

#: How many schedules there are, in so many tests.
EXAMPLES = int(os.environ.get("EXAMPLES", "24"))
TESTS = 4

#: The API answers these codes too.
REFUSALS = (5606, 53003, 55005)

#: A request seldom meets one of these: they take their time.
SLOW = ("late", "slow", "huge")

#: Chosen before a request is read.
UNREAD = ("drop-unread", "reset-unread")


class Forks:
    """A process that calls the command in processes of their own."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forks.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, order, kill_after=None):
        """Call the command, and kill it after some seconds; its status."""
        self._process.stdin.write(f"{json.dumps({**order, 'kill_after': kill_after})}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@pytest.fixture(scope="module")
def forks():
    """Two, as two calls may be made at once."""
    both = Forks(), Forks()
    yield both
    for each in both:
        each.close()


class CheckOptions(NamedTuple):
    """A call of the command: its arguments, and after how many seconds it is killed, if ever."""

    arguments: list[str]
    kill_after: float | None


class Schedule:
    """Some requests, a service that fails, and calls; `bodies` are what may be sent."""

    def __init__(self, number, folder, server):
        self.random = random.Random(number)  # noqa: S311 - chance, and no secret
        self.folder = folder
        self.server = server
        self.rate = self.random.choice([0.0, 0.2, 0.5, 0.9])
        self.wishing = 0
        self.bodies = [self._write(index) for index in range(self.random.randint(1, 5))]
        server.fault_for = self._fault
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

    def _fault(self, _body):
        if self.random.random() > self.rate:
            return None
        if self.random.random() < 0.02:
            return self.random.choice(SLOW)
        usual = [each for each in (*BEFORE, *AFTER) if each not in (*SLOW, *UNREAD)]
        return self.random.choice([*usual, *REFUSALS])

    def calls(self):
        """Choose a call, or two at once."""
        return [self._call() for _ in range(self.random.choice([1, 1, 2]))]

    def _call(self):
        wishes = self.random.choice([[], [], [], [], ["--again"], ["--retry-unknown"]])
        self.wishing += bool(wishes)
        count = self.random.randint(1, len(self.bodies))
        names = self.random.sample(range(len(self.bodies)), count)
        jobs = str(self.random.randint(1, 4))
        paths = [f"{name}.sampling.json" for name in names]
        kill_after = self.random.choice([None, self.random.uniform(0.01, 0.25)])
        return CheckOptions(["--jobs", jobs, "--timeout", "0.5", *wishes, *paths], kill_after)

    def order(self, arguments, output):
        return {
            "arguments": ["submit", "--journal", "journal", *arguments],
            "env": self.server.environment,
            "cwd": str(self.folder),
            "output": str(self.folder / output),
        }

    def run(self, forks):
        """Make some calls, one after the other or two at once."""
        for _ in range(self.random.randint(2, 5)):
            started = []
            for fork, call in zip(forks, self.calls(), strict=False):
                order = self.order(call.arguments, f"output-{id(fork)}")
                made = threading.Thread(target=fork.call, args=(order, call.kill_after))
                made.start()
                started.append(made)
            for made in started:
                made.join()

    def journal(self, fork):
        """Read the journal as a program would."""
        assert fork.call(self.order(["--status", "--format", "json"], "listing")) == 0
        return json.loads((self.folder / "listing").read_text("utf-8"))["attempts"]


def check_truth(schedule, attempts):
    """Compare the journal with what the service has made."""
    made = Counter(hashlib.sha256(body).hexdigest() for body in schedule.server.created.values())
    created = [each for each in attempts if each["state"] == "created"]
    unknown = Counter(each["digest"] for each in attempts if each["state"] == "unknown")
    assert {each["state"] for each in attempts} <= {"created", "refused", "unknown"}
    # Nothing is made twice that nobody has asked for.
    assert all(count <= 1 + schedule.wishing for count in made.values())
    # What is created in the journal is there, and is what was sent.
    for each in created:
        body = schedule.server.created[each["sampling_package_id"]]
        assert hashlib.sha256(body).hexdigest() == each["digest"]
    # What is there is created or unknown in the journal.
    noted = Counter(each["digest"] for each in created)
    assert all(count <= noted[digest] + unknown[digest] for digest, count in made.items())


def check_bodies(schedule):
    """What was sent is the canonical JSON of what was written, byte for byte."""
    assert {received.body for received in schedule.server.received} <= set(schedule.bodies)


def check_secrets(schedule):
    """Nothing that was written has the secret, or a signature."""
    signs = {received.headers["x-sign"] for received in schedule.server.received}
    for path in schedule.folder.rglob("*"):
        data = path.read_bytes()
        assert SECRET.encode() not in data, path
        assert not any(sign.encode() in data for sign in signs), path


@pytest.mark.parametrize("part", range(TESTS))
def test_nothing_is_sent_twice_or_forgotten(part, forks, tmp_path):
    for number in range(part, EXAMPLES, TESTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        with StandIn() as server:
            schedule = Schedule(number, folder, server)
            schedule.run(forks)
            # What was killed may have left something that is made only now.
            server.wait_until_idle()
            attempts = schedule.journal(forks[0])
            check_truth(schedule, attempts)
            check_bodies(schedule)
            check_secrets(schedule)
