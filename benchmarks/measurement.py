"""Install what is measured, and time commands against each other, run by run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple, Protocol, TypeAlias

CHECKOUT = Path(__file__).resolve().parent.parent

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
        """The duration of each run."""
        return [run.seconds for run in self.runs]

    @property
    def median(self) -> float:
        """The median of the runs, in seconds."""
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
        """The largest memory use of any run, in bytes."""
        return max(run.peak for run in self.runs)

    def ratio_to(self, other: Timing) -> float:
        """The median of the ratios of paired runs: a busy machine slows both alike."""
        return median(a / b for a, b in zip(self.seconds, other.seconds, strict=True))


def time_all(commands: Mapping[str, Command], runs: int, *, warm_up: bool) -> dict[str, Timing]:
    """Run every command once in each run, each time starting with another one."""
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
    """Run a command once; its output is discarded."""
    watch = [sys.executable, "-IS", str(_STOPWATCH), *command]
    ended = subprocess.run(  # noqa: S603 - our own command
        watch, check=True, capture_output=True, text=True, env=plain_surroundings()
    )
    seconds, peak, status = ended.stdout.split()
    return Measurement(float(seconds), int(peak), int(status))


def plain_surroundings() -> dict[str, str]:
    """Return the environment without variables that change how Python or Node starts."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and name not in {"NODE_OPTIONS", "GITHUB_ACTIONS"}
    }


class CallError(Exception):
    """A command is missing or failed; the message is its last line of output."""


class Environment(Protocol):
    """A folder with packages of one registry."""

    folder: Path

    def install(self, *packages: str) -> None:
        """Install packages and their dependencies."""

    def version_of(self, package: str) -> str:
        """Return the version of an installed package."""


class PythonEnvironment:
    """A virtual environment of the Python that runs the benchmark."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def scripts(self) -> Path:
        """The folder of the commands."""
        return self.folder / "bin"

    @property
    def python(self) -> str:
        """The interpreter."""
        return str(self.scripts / "python")

    @cached_property
    def packages(self) -> Path:
        """The folder of the packages."""
        return Path(
            output_of(self.python, "-c", "import sysconfig as s; print(s.get_path('purelib'))")
        )

    def create(self) -> None:
        """Create the environment from scratch."""
        output_of(sys.executable, "-m", "venv", "--clear", str(self.folder))

    def install(self, *packages: str) -> None:
        """Install packages and their dependencies, compiled to bytecode."""
        self.create()
        # The commands that pip before 25 installs import `re`, which takes half a start of Python.
        self.pip("install", "--upgrade", "pip")
        self.pip("install", *packages)
        output_of(self.python, "-m", "compileall", "-q", str(self.packages))

    def pip(self, *arguments: str) -> None:
        """Call pip."""
        output_of(self.python, "-m", "pip", "--disable-pip-version-check", "-q", *arguments)

    def version_of(self, package: str) -> str:
        """Return the version of an installed package."""
        code = f"from importlib.metadata import version; print(version({package!r}))"
        return output_of(self.python, "-c", code)


class NodeEnvironment:
    """A folder with packages of npm."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def packages(self) -> Path:
        """The folder of the packages."""
        return self.folder / "node_modules"

    def install(self, *packages: str) -> None:
        """Install packages and their dependencies."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        options = ("--no-audit", "--no-fund", "--prefix", str(self.folder))
        output_of("npm", "install", *options, *packages)

    def version_of(self, package: str) -> str:
        """Return the version of an installed package."""
        manifest = self.packages / package / "package.json"
        return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])


def install_ours(scratch: Path) -> PythonEnvironment:
    """Build a wheel of this checkout, and install it in an environment of its own."""
    environment = PythonEnvironment(scratch / "ours")
    wheels = scratch / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    environment.create()
    environment.pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(CHECKOUT))
    environment.install(*map(str, wheels.glob("*.whl")))
    return environment


def output_of(*command: str) -> str:
    """Run a command and return its output.

    Raises:
        CallError: the command is missing or failed.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - our own command
            command, check=True, capture_output=True, text=True, env=plain_surroundings()
        )
    except FileNotFoundError as error:
        message = f"{command[0]} is not on this machine"
        raise CallError(message) from error
    except subprocess.CalledProcessError as error:
        lines = f"{error.stdout}{error.stderr}".split("\n")
        raise CallError(next((line for line in reversed(lines) if line.strip()), "")) from error
    return ended.stdout.strip()
