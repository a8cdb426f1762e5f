"""Install what is measured: our wheel and the peers, each in a folder of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Protocol

from measurement import plain_surroundings

CHECKOUT = Path(__file__).resolve().parent.parent


class CallError(Exception):
    """A command is missing or failed; the message is the last line that it wrote."""


class Environment(Protocol):
    """A folder with packages of one registry."""

    folder: Path

    def install(self, *packages: str) -> None:
        """Install packages and what they need."""

    def version_of(self, package: str) -> str:
        """Return the version of an installed package."""


class PythonEnvironment:
    """A virtual environment of the Python that runs the benchmark."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def scripts(self) -> Path:
        """Where commands are."""
        return self.folder / "bin"

    @property
    def python(self) -> str:
        """The interpreter."""
        return str(self.scripts / "python")

    @cached_property
    def packages(self) -> Path:
        """Where packages are."""
        return Path(
            output_of(self.python, "-c", "import sysconfig as s; print(s.get_path('purelib'))")
        )

    def create(self) -> None:
        """Make the environment anew."""
        output_of(sys.executable, "-m", "venv", "--clear", str(self.folder))

    def install(self, *packages: str) -> None:
        """Install packages and what they need, compiled to bytecode."""
        self.create()
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
        """Where packages are."""
        return self.folder / "node_modules"

    def install(self, *packages: str) -> None:
        """Install packages and what they need."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        options = ("--no-audit", "--no-fund", "--prefix", str(self.folder))
        output_of("npm", "install", *options, *packages)

    def version_of(self, package: str) -> str:
        """Return the version of an installed package."""
        manifest = self.packages / package / "package.json"
        return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])


def install_ours(scratch: Path) -> PythonEnvironment:
    """Build a wheel of this checkout, and install it where nothing else is."""
    environment = PythonEnvironment(scratch / "ours")
    wheels = scratch / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    environment.create()
    environment.pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(CHECKOUT))
    environment.install(*map(str, wheels.glob("*.whl")))
    return environment


def output_of(*command: str) -> str:
    """Run a command, and return what it prints.

    Raises:
        CallError: there is no such command, or it failed.
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
