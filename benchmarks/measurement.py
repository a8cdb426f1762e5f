"""Time commands against each other, run by run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

_STOPWATCH = Path(__file__).parent / "scripts" / "stopwatch.py"

Command: TypeAlias = list[str]


class Measurement(NamedTuple):
    """One run of a command."""

    seconds: float
    peak: int
    status: int


class Timing(NamedTuple):
    """All runs of a command on one sample."""

    runs: list[Measurement]

    @property
    def seconds(self) -> list[float]:
        """How long each run took."""
        return [run.seconds for run in self.runs]

    @property
    def median(self) -> float:
        """The middle run, in seconds."""
        return median(self.seconds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The bounds of the middle half of the runs, in seconds."""
        if len(self.runs) == 1:
            return self.median, self.median
        low, _, high = quantiles(self.seconds, method="inclusive")
        return low, high

    @property
    def peak(self) -> int:
        """The most memory that any run took, in bytes."""
        return max(run.peak for run in self.runs)

    def ratio_to(self, other: Timing) -> float:
        """How many times as long this took as another, run by run: a noisy moment hits both."""
        return median(a / b for a, b in zip(self.seconds, other.seconds, strict=True))


def time_all(commands: Mapping[str, Command], runs: int, *, warm_up: bool) -> dict[str, Timing]:
    """Run every command once in each run, each time beginning with another one."""
    timings = {name: Timing([]) for name in commands}
    names = list(commands)
    if warm_up:
        for name in names:
            measure(commands[name])
    for run in range(runs):
        turn = run % len(names)
        for name in names[turn:] + names[:turn]:
            timings[name].runs.append(measure(commands[name]))
    return timings


def measure(command: Command) -> Measurement:
    """Run a command once, dropping what it prints."""
    watch = [sys.executable, "-IS", str(_STOPWATCH), *command]
    ended = subprocess.run(  # noqa: S603 - our own command
        watch, check=True, capture_output=True, text=True, env=plain_surroundings()
    )
    seconds, peak, status = ended.stdout.split()
    return Measurement(float(seconds), int(peak), int(status))


def plain_surroundings() -> dict[str, str]:
    """Return the environment without what would change how Python or Node starts."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and name != "NODE_OPTIONS"
    }
