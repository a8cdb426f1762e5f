"""Further reports are those that `--format` would have written, or nothing is written at all."""

import os
import subprocess
import sys
from itertools import combinations

import pytest

from rosetta_spec import check
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.reporters.outputs import Output, OutputError, Outputs
from rosetta_spec.reporters.style import Style

(FINDING,) = check({"annotationRequestId": "a", "poolName": "b", "sampleCount": -1}).diagnostics

GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}\n'
#: RS107, an error, and RS401, a warning.
BAD = '{"annotationRequestId": "é", "poolName": "p", "samplingRatio": 20, "sequenceLength": 5}\n'


@pytest.mark.no_cover
@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_each_further_report_is_the_one_on_standard_output(
    rosetta, write, folder, monkeypatch, in_memory
):
    monkeypatch.setattr("rosetta_spec.reporters.outputs._IN_MEMORY", in_memory)
    write("a.jsonl", GOOD + BAD * 3)
    write("é b.json", BAD)
    paths = ("a.jsonl", "é b.json", "missing.json")
    alone = {name: rosetta("check", *paths, "--format", name) for name in REPORTERS}
    for name, other in combinations(REPORTERS, 2):
        options = ("--format", name, "--output", f"{other}=1", "--output", f"{name}=2")
        outcome = rosetta("check", *paths, *options)
        assert outcome == alone[name]
        assert outcome.status == 2
        assert (folder / "1").read_text("utf-8") == alone[other].stdout
        assert (folder / "2").read_text("utf-8") == alone[name].stdout


def test_a_file_has_no_colors(rosetta, write, folder):
    write("a.json", BAD)
    plain = rosetta("check", "a.json").stdout
    outcome = rosetta("check", "a.json", "--color", "always", "--output", "text=report.txt")
    assert "\x1b[" in outcome.stdout
    assert (folder / "report.txt").read_text("utf-8") == plain


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (["xml=a"], "'xml' is not a format; choose one of text, concise, json"),
        (["json"], "'json' names no file; write json=FILE"),
        (["json="], "'json=' names no file"),
        (["json=-"], "'json=-' is not a file; --format json writes to standard output"),
        (["json=there"], "--output json=there: this is a folder; name a file in it"),
        (["json=nowhere/a"], "there is no folder"),
        (["json=a.json/b"], "there is no folder"),
        (
            ["json=out", "text=./out"],
            "--output text=./out: this call also reads or writes",
        ),
        (["json=out", "json=there/../out"], "this call also reads or writes this file"),
        (["json=a.json"], "--output json=a.json: this call also reads or writes this file; write"),
        (["json=link"], "this call also reads or writes this file"),
    ],
)
def test_a_usage_error_is_reported_before_the_run(rosetta, write, folder, outputs, expected):
    write("a.json", BAD)
    (folder / "there").mkdir()
    (folder / "link").symlink_to("a.json")
    arguments = [word for output in outputs for word in ("--output", output)]
    outcome = rosetta("check", "a.json", *arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert expected in outcome.stderr
    assert {path.name for path in folder.iterdir()} == {"a.json", "there", "link"}


@pytest.mark.parametrize("locked", ["there", "there/old"])
def test_a_file_without_permission_is_reported_before_the_run(write, monkeypatch, locked):
    write("there/old")
    # Some users may write everything.
    monkeypatch.setattr(os, "access", lambda path, _mode: not path.endswith(locked))
    file = "there/old" if locked == "there/old" else "there/new"
    with pytest.raises(
        OutputError, match=f"--output json={file}: you do not have permission to write it"
    ):
        Outputs([Output("json", file)], [])


def test_a_report_that_cannot_be_written_does_not_prevent_the_others(write, folder):
    there = write("there/a.json").parent
    outputs = [Output("json", "there/1"), Output("jsonl", "2")]
    with Outputs(outputs, ["there/a.json"]) as outputs:
        assert list(outputs.keep([FINDING])) == [FINDING]
        there.rename("elsewhere")
        (error,) = outputs.write_reports(Tally(), sys.stdout, Style())
    assert str(error).startswith("--output json=there/1: it cannot be written (No such file")
    assert FINDING.code in (folder / "2").read_text("utf-8")


def test_the_exit_status_says_that_a_report_was_not_written(rosetta, write, monkeypatch):
    def full(*_arguments):
        raise OSError(28, os.strerror(28))

    write("a.json", GOOD)
    monkeypatch.setattr("rosetta_spec.reporters.outputs.replace_file", full)
    outcome = rosetta("check", "a.json", "--output", "json=out")
    assert outcome.status == 2
    assert outcome.stdout == "Checked 1 file, all fine.\n"
    assert outcome.stderr == (
        "error: --output json=out: it cannot be written (No space left on device)\n"
    )


def test_a_further_report_on_standard_output_follows_the_first(capsys):
    with Outputs([Output("jsonl", "-")], []) as outputs:
        assert list(outputs.keep([FINDING])) == [FINDING]
        assert outputs.write_reports(Tally(), sys.stdout, Style()) == []
    assert FINDING.code in capsys.readouterr().out


def test_a_report_may_go_to_a_pipe_of_the_shell(process, write):
    write("a.json", BAD)
    ended = process("check", "a.json", "--output", "concise=/dev/stderr")
    assert ended.returncode == 1
    assert ended.stderr == process("check", "a.json", "--format", "concise").stdout


@pytest.mark.parametrize("arguments", [("--output", "json=pipe"), ("--baseline", "pipe")])
def test_a_pipe_without_a_reader_is_an_error(rosetta, write, folder, arguments):
    write("a.json", BAD)
    os.mkfifo(folder / "pipe")
    more = ("--write-baseline",) if "--baseline" in arguments else ()
    ended = rosetta("check", "a.json", *arguments, *more)
    assert ended.status == 2
    assert ended.stderr.startswith("error: ")


def test_an_interrupted_run_leaves_the_old_report(folder, interrupt, write):
    write("report", "old")
    os.mkfifo("a.json")
    command = [sys.executable, "-m", "rosetta_spec", "check", "a.json", "--output", "json=report"]
    with (
        subprocess.Popen(command, stdout=-1, stderr=-1) as running,
        # Opening it waits until the other side is reading.
        (folder / "a.json").open("wb"),
    ):
        assert interrupt(running) == 130
    assert (folder / "report").read_text("utf-8") == "old"
    assert {path.name for path in folder.iterdir()} == {"report", "a.json"}
