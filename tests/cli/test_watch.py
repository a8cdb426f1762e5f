"""`check --watch`: it checks again after each change of a request, a configuration or a ruleset."""

import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

pytest.importorskip("watchfiles")

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
            line = self.lines.get(timeout=30)
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
        assert watch.process.wait(30) == 130


def test_changes_of_configuration_and_rulesets_count(watching, write, write_policy):
    write("requests/a.sampling.yaml", GOOD)
    write("rosetta-spec.toml", "rulesets = ['policy/team.rules.yaml']\n")
    write_policy("policy/team.rules.yaml")
    with watching("requests") as watch:
        assert "error[POL001]" in watch.report()
        write("policy/team.rules.yaml", "rules: 1\n")
        assert "policy/team.rules.yaml" in watch.report()
        write("rosetta-spec.toml", "x")
        assert "rosetta-spec.toml:1:2" in watch.report()
        write("rosetta-spec.toml", "")
        assert "all fine" in watch.report()


def test_changes_of_files_with_other_names_count(watching, write):
    write("more.conf", "ignore = ['RS109']\n")
    write("my.conf", "include = ['*.req']\nextend = 'more.conf'\n")
    write("a.req", GOOD)
    with watching("--config", "my.conf") as watch:
        assert "all fine" in watch.report()
        write("a.req", BAD)
        assert "error[RS107]" in watch.report()
        write("b.req", GOOD)
        assert "1 of 2 files" in watch.report()
        write("more.conf", "x")
        assert "more.conf:1:2" in watch.report()
        write("more.conf", "ignore = ['RS107']\n")
        assert "all fine" in watch.report()
        write("my.conf", "include = ['a.req']\n")
        assert "in 1 file" in watch.report()
        write("my.conf", "x")
        assert "my.conf:1:2" in watch.report()
        write("c.req", GOOD)
        write("my.conf", "include = ['c.req']\n")
        assert "all fine" in watch.report()


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
        assert process.wait(30) == 130
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


def test_without_the_extra_it_says_what_to_install(rosetta, write, monkeypatch):
    write("a.sampling.yaml", GOOD)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.delitem(sys.modules, "rosetta_spec.cli.watch", raising=False)
    outcome = rosetta("check", "--watch")
    assert outcome.status == 2
    assert "--watch needs watchfiles; install it with: " in outcome.stderr
    assert "rosetta-spec[watch]" in outcome.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, names are Unicode")
def test_a_name_that_is_not_utf8_ends_it_with_an_error(watching, write, folder):
    write("a.sampling.yaml", GOOD)
    with watching(str(folder)) as watch:
        watch.report()
        (folder / os.fsdecode(b"\xff.sampling.yaml")).touch()
        lines = list(iter(lambda: watch.lines.get(timeout=30), None))
        assert lines[-1].startswith("error: the files cannot be watched: "), lines
        assert watch.process.wait() == 2
