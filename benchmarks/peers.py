"""The validators that we compare with: how each is installed and called, and what it omits."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from corpus import Notation, Sample
from measurement import Command, NodeEnvironment, PythonEnvironment

_SCRIPTS = Path(__file__).parent / "scripts"

#: Returns a command for the peer's environment, the schema and a sample.
Caller: TypeAlias = Callable[[Any, str, Sample], Command]


class Peer(NamedTuple):
    """Another validator; the first of its packages gives the version."""

    name: str
    environment: type[PythonEnvironment | NodeEnvironment]
    packages: tuple[str, ...]
    notations: tuple[Notation, ...]
    command: Caller
    #: A sentence without its subject: what it omits, beside what all peers omit.
    leaves_out: str


class InstalledPeer(NamedTuple):
    """A peer that can be called."""

    peer: Peer
    environment: PythonEnvironment | NodeEnvironment

    @property
    def name(self) -> str:
        """Its name in tables."""
        return self.peer.name

    @property
    def versions(self) -> str:
        """Its packages and their versions."""
        version_of = self.environment.version_of
        return ", ".join(f"{package} {version_of(package)}" for package in self.peer.packages)

    def command(self, schema: Path, sample: Sample) -> Command:
        """Return the command that validates a sample."""
        return self.peer.command(self.environment, str(schema), sample)


def install(peer: Peer, scratch: Path) -> InstalledPeer:
    """Install a peer, unless an earlier run has installed it.

    Raises:
        CallError: it cannot be installed on this machine.
    """
    environment = peer.environment(scratch / "peers" / peer.packages[0])
    mark = environment.folder / "installed.json"
    if not mark.exists() or json.loads(mark.read_text("utf-8")) != list(peer.packages):
        environment.install(*peer.packages)
        mark.write_text(json.dumps(peer.packages), "utf-8")
    return InstalledPeer(peer, environment)


def _sourcemeta(*options: str) -> Caller:
    def command(environment: PythonEnvironment, schema: str, sample: Sample) -> Command:
        # The command in the package is a Python script that starts this program.
        machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
        name = f"jsonschema-{platform.system().lower()}-{machine}"
        program = environment.packages / "sourcemeta_jsonschema" / name
        return [str(program), "validate", *options, "--continue", schema, str(sample.path)]

    return command


def _check_jsonschema(environment: PythonEnvironment, schema: str, sample: Sample) -> Command:
    program = str(environment.scripts / "check-jsonschema")
    return [program, "--schemafile", schema, *sample.files]


def _jsonvet(environment: PythonEnvironment, schema: str, sample: Sample) -> Command:
    dialect = "jsonl" if sample.notation == "jsonl" else "json"
    program = str(environment.scripts / "jsonvet")
    options = ["--no-config", "--dialect", dialect, "--schema", schema]
    return [program, *options, str(sample.path)]


def _ajv_cli(environment: NodeEnvironment, schema: str, sample: Sample) -> Command:
    program = str(environment.packages / ".bin" / "ajv")
    data = f"{sample.path}/*" if sample.path.is_dir() else str(sample.path)
    return [program, "validate", "--all-errors", "--strict=false", "-s", schema, "-d", data]


def _ajv(environment: NodeEnvironment, schema: str, sample: Sample) -> Command:
    script = str(_SCRIPTS / "validate.js")
    return ["node", script, str(environment.packages / "ajv"), schema, *sample.files]


def _library(name: str) -> Caller:
    def command(environment: PythonEnvironment, schema: str, sample: Sample) -> Command:
        return [environment.python, str(_SCRIPTS / "validate.py"), name, schema, *sample.files]

    return command


SOURCEMETA = "sourcemeta jsonschema"
CHECK_JSONSCHEMA = "check-jsonschema"
AJV_CLI = "ajv-cli"
AJV = "ajv script"
FASTJSONSCHEMA = "fastjsonschema script"

PEERS = (
    Peer(
        CHECK_JSONSCHEMA,
        PythonEnvironment,
        ("check-jsonschema",),
        ("json", "yaml"),
        _check_jsonschema,
        "reports no line",
    ),
    Peer(
        AJV_CLI,
        NodeEnvironment,
        ("ajv-cli", "ajv"),
        ("json", "yaml"),
        _ajv_cli,
        "reports no line, and stops at the first file that does not parse",
    ),
    Peer(
        SOURCEMETA,
        PythonEnvironment,
        ("sourcemeta-jsonschema",),
        ("json", "yaml", "jsonl"),
        _sourcemeta(),
        "reports the number of a line of JSON Lines, but no position in it; only the program "
        "inside the package is measured, not the Python script that starts it",
    ),
    Peer(
        f"{SOURCEMETA} --fast",
        PythonEnvironment,
        ("sourcemeta-jsonschema",),
        ("json", "yaml", "jsonl"),
        _sourcemeta("--fast"),
        "reports that a document is invalid, but not where or why",
    ),
    Peer(
        "jsonvet",
        PythonEnvironment,
        ("jsonvet",),
        ("json", "jsonl"),
        _jsonvet,
        "has no other limitation",
    ),
    Peer(
        AJV,
        NodeEnvironment,
        ("ajv-cli", "ajv"),
        ("json", "jsonl"),
        _ajv,
        "parses with `JSON.parse`, and reads lines with `readline`",
    ),
    Peer(
        "jsonschema-rs script",
        PythonEnvironment,
        ("jsonschema-rs", "orjson", "pyyaml"),
        ("json", "yaml", "jsonl"),
        _library("jsonschema-rs"),
        "parses with orjson",
    ),
    Peer(
        FASTJSONSCHEMA,
        PythonEnvironment,
        ("fastjsonschema", "pyyaml"),
        ("json", "yaml", "jsonl"),
        _library("fastjsonschema"),
        "parses with `json`, and reports only the first error of a document",
    ),
    Peer(
        "jsonschema script",
        PythonEnvironment,
        ("jsonschema", "pyyaml"),
        # JSON Lines would take minutes.
        ("json", "yaml"),
        _library("jsonschema"),
        "parses with `json`",
    ),
)
