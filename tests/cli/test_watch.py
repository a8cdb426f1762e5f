"""`check --watch`: it checks again after each change of a request, a configuration or a ruleset."""

import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from rosetta_spec.cli.watch import _state_of_file

if sys.platform == "win32":
    pytest.skip("Windows has no SIGINT for one process", allow_module_level=True)

GOOD = "annotationRequestId: a\npoolName: b\nsamplingRatio: 0.2\n"
BAD = GOOD.replace("0.2", "20")
CLEAR = "\x1b[2J"


class Watch:
    """A running `check --watch`, whose reports are read one by one."""

    def __init__(self, process):
        self.process = process
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def report(self):
        """Return the next report, up to the line that says what to do."""
        text = ""
        while "Ctrl-C" not in text:
            line = self.lines.get(timeout=60)
            assert line is not None, text
            text += line
        return text


@pytest.fixture
def watching(folder):
    @contextmanager
    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "rosetta_spec", "check", "--watch", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            encoding="utf-8",
        )
        try:
            yield Watch(process)
        finally:
            process.kill()
            process.communicate()

    return start


def test_it_checks_again_after_a_change_and_ends_with_ctrl_c(watching, write):
    write("a.sampling.yaml", GOOD)
    with watching() as watch:
        first = watch.report()
        assert "Checked 1 file, all fine." in first
        assert CLEAR not in first
        write("a.sampling.yaml", BAD)
        assert "error[RS107]" in watch.report()
        write("sub/b.sampling.yaml", GOOD)
        assert "Found 1 error in 1 of 2 files" in watch.report()
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(60) == 130


#: The arguments of a call, the files before it, what its first report says, and then what is
#: written with what the next report says.
CHANGES = {
    "configuration-and-ruleset": (
        ["requests"],
        {
            "requests/a.sampling.yaml": GOOD,
            "rosetta-spec.toml": "rulesets = ['policy/team.rules.yaml']\n",
        },
        "error[POL001]",
        [
            ("policy/team.rules.yaml", "rules: 1\n", "policy/team.rules.yaml"),
            ("rosetta-spec.toml", "x", "rosetta-spec.toml:1:2"),
            ("rosetta-spec.toml", "", "all fine"),
        ],
    ),
    "other-names": (
        ["--config", "my.conf"],
        {
            "more.conf": "ignore = ['RS109']\n",
            "my.conf": "include = ['*.req']\nextend = 'more.conf'\n",
            "a.req": GOOD,
        },
        "all fine",
        [
            ("a.req", BAD, "error[RS107]"),
            ("b.req", GOOD, "1 of 2 files"),
            ("more.conf", "x", "more.conf:1:2"),
            ("more.conf", "ignore = ['RS107']\n", "all fine"),
            ("my.conf", "include = ['a.req']\n", "in 1 file"),
            ("my.conf", "x", "my.conf:1:2"),
            ("my.conf", "include = ['b.req']\n", "all fine"),
        ],
    ),
    "glob": (
        ["requests/**/*.txt"],
        {"requests/a.txt": GOOD},
        "all fine",
        [("requests/b.txt", BAD, "1 of 2 files"), ("requests/sub/c.txt", BAD, "2 of 3 files")],
    ),
    "installed-ruleset": (
        ["requests"],
        {
            "requests/a.sampling.yaml": GOOD,
            "rosetta-spec.toml": "rulesets = ['.venv/team.rules.yaml']\n",
            ".venv/team.rules.yaml": "rules: 1\n",
        },
        "team.rules.yaml:1:8",
        [(".venv/team.rules.yaml", "\nrules: 1\n", "team.rules.yaml:2:8")],
    ),
}


@pytest.mark.parametrize(
    ("arguments", "files", "first", "changes"), CHANGES.values(), ids=list(CHANGES)
)
def test_changes_of_all_that_is_read_count(
    watching, write, write_policy, arguments, files, first, changes
):
    write_policy("policy/team.rules.yaml")
    for name, text in files.items():
        write(name, text)
    with watching(*arguments) as watch:
        assert first in watch.report()
        for name, text, expected in changes:
            write(name, text)
            assert expected in watch.report()


def test_a_folder_that_is_moved_away_counts(watching, write, folder, monkeypatch):
    moved = write("requests/sub/a.sampling.yaml", BAD).parent
    monkeypatch.chdir(write("requests/b.sampling.yaml", GOOD).parent)
    with watching() as watch:
        assert "1 of 2 files" in watch.report()
        moved.rename(folder / "sub")
        assert "Checked 1 file, all fine." in watch.report()


@pytest.mark.parametrize("is_deleted", [True, False], ids=["deleted", "moved-with-one-above"])
def test_a_ruleset_whose_folder_is_made_again_counts(
    watching, write, write_policy, folder, monkeypatch, is_deleted
):
    policy = write_policy("team/policy/team.rules.yaml")
    write("requests/rosetta-spec.toml", "rulesets = ['../team/policy/team.rules.yaml']\n")
    monkeypatch.chdir(write("requests/a.sampling.yaml", GOOD).parent)
    with watching() as watch:
        assert "error[POL001]" in watch.report()
        text = policy.read_text()
        # If only the file is gone, its folder is still watched.
        policy.unlink()
        assert "there is no file" in watch.report()
        if is_deleted:
            policy.parent.rmdir()
        else:
            (folder / "team").rename(folder / "old")
        write(policy, text)
        while "error[POL001]" not in watch.report():
            pass


def test_a_pipe_that_was_read_is_not_a_change(folder):
    os.mkfifo("p.yaml")
    before = _state_of_file("p.yaml")
    os.utime("p.yaml", (1, 1))
    assert _state_of_file("p.yaml") == before


def test_it_ends_when_the_current_folder_is_deleted(watching, folder, monkeypatch):
    (folder / "requests").mkdir()
    monkeypatch.chdir(folder / "requests")
    with watching() as watch:
        watch.report()
        (folder / "requests").rmdir()
        lines = list(iter(lambda: watch.lines.get(timeout=60), None))
        assert lines[-1].startswith("error: the current folder no longer exists"), lines
        assert watch.process.wait() == 2


def test_a_call_that_becomes_wrong_does_not_end_it(watching, write, write_policy, folder):
    write("a.sampling.yaml", GOOD)
    write("rosetta-spec.toml", "rulesets = ['team.rules']\n")
    write_policy("team.rules")
    (folder / "out").mkdir()
    with watching("--select", "POL001", "--output", "json=out/report.json") as watch:
        assert "error[POL001]" in watch.report()
        write("rosetta-spec.toml", "")
        assert "error: there is no rule POL001" in watch.report()
        write("rosetta-spec.toml", "rulesets = ['team.rules']\n")
        assert "error[POL001]" in watch.report()
        (folder / "out" / "report.json").unlink()
        (folder / "out").rmdir()
        write("a.sampling.yaml", BAD)
        assert "error: --output json=out/report.json: " in watch.report()


def test_a_call_that_is_wrong_from_the_start_ends(rosetta, write):
    write("a.sampling.yaml", GOOD)
    outcome = rosetta("check", "--watch", "--select", "POL001")
    assert (outcome.status, "POL001" in outcome.stderr) == (2, True)


def test_a_terminal_is_cleared_before_each_report(write):
    write("a.sampling.yaml", GOOD)
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rosetta_spec", "check", "--watch"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while b"Ctrl-C" not in shown:
            shown += os.read(ours, 1000)
        process.send_signal(signal.SIGINT)
        os.close(ours)
        assert process.wait(60) == 130
    assert shown.startswith(CLEAR.encode())


def test_a_report_that_it_writes_is_no_change(watching, write):
    write("a.sampling.yaml", BAD)
    with watching("--output", "json=report.json") as watch:
        watch.report()
        write("a.sampling.yaml", GOOD)
        assert "all fine" in watch.report()
        with pytest.raises(queue.Empty):
            watch.lines.get(timeout=1)


@pytest.mark.parametrize(
    "arguments",
    [("-",), ("--diff",), ("--baseline", "b", "--write-baseline"), ("--show-files",)],
)
def test_what_does_not_go_with_it_is_a_usage_error(rosetta, arguments):
    outcome = rosetta("check", "--watch", *arguments)
    assert outcome.status == 2
    assert "--watch cannot be used with" in outcome.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, names are Unicode")
def test_a_file_whose_name_is_not_utf8_is_a_change(watching, write, folder):
    write("a.sampling.yaml", GOOD)
    with watching(str(folder)) as watch:
        watch.report()
        for text, expected in [(BAD, "1 of 2 files"), (GOOD.replace("0.2", "0.3"), "all fine")]:
            (folder / os.fsdecode(b"\xff.sampling.yaml")).write_text(text)
            assert expected in watch.report()
