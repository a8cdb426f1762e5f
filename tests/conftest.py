"""What several folders of tests share, and surroundings that are the same everywhere."""

from __future__ import annotations

import gc
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from rosetta_spec.__main__ import main

CHECKOUT = Path(__file__).parent.parent

# Where it is set, as in many containers, each process that a test starts would compile the package.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Looking for garbage among all tests every 700 objects would take a tenth of the time.
gc.set_threshold(50_000)

# How many examples a test looks at that does not say so itself.
settings.register_profile(
    "ours",
    max_examples=int(os.environ.get("EXAMPLES", "20")),
    # How long a draw takes depends on what else the machine does.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")


def pytest_configure(config):
    # pytest-cov starts two tracers in each worker of pytest-xdist, and `no_cover` stops only one.
    plugin = config.pluginmanager.get_plugin("_cov")
    if plugin and hasattr(config, "workerinput"):
        plugin.cov_controller.cov.stop()


#: What a person's shell, terminal, git hook or CI may have set, and what would change an answer.
FOREIGN = (
    "GIT_",
    "GITHUB_",
    "ROSETTA_",
    "NO_COLOR",
    "FORCE_",
    "TERM",
    "COLUMNS",
    "VTE_",
    "KITTY_",
    "KONSOLE_",
    "WT_",
)

#: git without personal configuration, in English, and with a name for commits.
GIT = {
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_COUNT": "3",
    "GIT_CONFIG_KEY_0": "core.excludesFile",
    "GIT_CONFIG_VALUE_0": os.devnull,
    "GIT_CONFIG_KEY_1": "init.defaultBranch",
    "GIT_CONFIG_VALUE_1": "main",
    "GIT_CONFIG_KEY_2": "protocol.file.allow",
    "GIT_CONFIG_VALUE_2": "always",
    **{f"GIT_{role}_NAME": "tests" for role in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{role}_EMAIL": "tests@example.com" for role in ("AUTHOR", "COMMITTER")},
}


#: A team's ruleset of one rule.
POLICY = """\
rules:
  - code: {code}
    name: {name}
    severity: error
    kind: schema
    at: [/samplingRatio]
    schema: {{maximum: 0.1}}
    wants: is at most 0.1
    message: "{{path}} {{value}} is more than we can review"
    help: "write a ratio that {{wants}}"
    why: Reviewers have other work.
    source: Policy, section 2.
    bad: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.2\\n"
    good: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.1\\n"
"""


class Outcome(NamedTuple):
    """What a call of the command gave."""

    status: int
    stdout: str
    stderr: str

    @property
    def found(self) -> list[tuple[str, str]]:
        """File name and code of each finding of a JSON report."""
        return [(each["filename"], each["code"]) for each in self.diagnostics]

    @property
    def diagnostics(self) -> list[dict[str, Any]]:
        return json.loads(self.stdout)["diagnostics"]

    @property
    def summary(self) -> dict[str, int]:
        return json.loads(self.stdout)["summary"]


@pytest.fixture(scope="session", autouse=True)
def _same_surroundings(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(FOREIGN)]:
            patch.delenv(name)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name, value in GIT.items():
            patch.setenv(name, value)
        # What a shell starts in the background has no Ctrl-C, nor has what that starts.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, outside any repository, that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder):
    """Write a file, with the folders it is in."""

    def write(name: str, content: str | bytes = "") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def write_policy(write):
    """Write a ruleset with a rule about the ratio, by default POL001."""

    def write_policy(name: str, code: str = "POL001", rule: str = "large-share") -> Path:
        return write(name, POLICY.format(code=code, name=rule))

    return write_policy


@pytest.fixture
def shut():
    """Forbid everyone to read a file or folder, as long as the test runs."""
    shut_paths: list[tuple[Path, int]] = []

    def call(path: Path) -> None:
        shut_paths.append((path, path.stat().st_mode))
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user may read everything")

    yield call
    for path, mode in reversed(shut_paths):
        path.chmod(mode)


@pytest.fixture(scope="session")
def refresh_or_compare():
    """Compare a file that is generated with what it has to be; with REFRESH=1 write it first."""

    def call(path: Path, text: str) -> None:
        if os.environ.get("REFRESH"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text

    return call


@pytest.fixture
def rosetta(monkeypatch, capfdbinary):
    """Call the command in this process; `stdin` is what it reads there."""

    def call(*arguments: str | Path, stdin: bytes | io.RawIOBase = b"") -> Outcome:
        stream = io.BytesIO(stdin) if isinstance(stdin, bytes) else stdin
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["rosetta-spec", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(stream))
            patch.setattr(sys, "excepthook", sys.excepthook)
            patch.setattr(sys, "unraisablehook", sys.unraisablehook)
            # Hypothesis asks what refers to an object; what is frozen does not answer.
            patch.setattr(gc, "freeze", lambda: None)
            # `main` sets it for the processes of a run.
            patch.setenv("PYTHONSAFEPATH", "1")
            handler = signal.getsignal(signal.SIGINT)
            try:
                status = main()
            finally:
                signal.signal(signal.SIGINT, handler)
        captured = capfdbinary.readouterr()
        return Outcome(status, captured.out.decode(), captured.err.decode())

    return call


@pytest.fixture
def process():
    """Call the command in a process of its own, as a shell would."""

    def call(*arguments: str | bytes, env: dict[str, str] | None = None, **options: Any):
        command = [f"{sysconfig.get_path('scripts')}/rosetta-spec", *arguments]
        environment = {**os.environ, **(env or {})}
        options = {"capture_output": True, "stdin": subprocess.DEVNULL, "timeout": 60, **options}
        return subprocess.run(command, env=environment, check=False, **options)

    return call


def state_of(process: subprocess.Popen) -> str:
    """Return the state of a process: S if it waits."""
    status = Path(f"/proc/{process.pid}/stat")
    if status.exists():
        return status.read_text().rpartition(")")[2].strip()
    called = ["ps", "-o", "state=", "-p", str(process.pid)]
    return subprocess.run(called, capture_output=True, text=True, check=False).stdout.strip()


@pytest.fixture
def interrupt():
    """Press Ctrl-C once when a process waits; Python misses one that comes just before it does."""

    def call(process: subprocess.Popen) -> int:
        while process.poll() is None and not state_of(process).startswith("S"):
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        return process.wait(timeout=60)

    return call


@pytest.fixture
def git(folder):
    """Call git in the current folder, or in another."""

    def call(*arguments: str, cwd: Path = folder, env: dict[str, str] | None = None) -> str:
        environment = {**os.environ, **(env or {})}
        return subprocess.run(
            ["git", *arguments],
            cwd=cwd,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    return call


@pytest.fixture
def repository(folder, git):
    """The current folder as a git repository."""
    git("init", "-q")
    return folder


@pytest.fixture(scope="session")
def copy_of_checkout(tmp_path_factory):
    """A copy of all that git would commit from this checkout, uncommitted changes included."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    copy = tmp_path_factory.mktemp("checkout")
    for name in {os.fsdecode(name) for name in listing.stdout.split(b"\0") if name}:
        if (CHECKOUT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, copy / name)
    return copy
