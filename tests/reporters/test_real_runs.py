"""Reports of real files are valid in every machine-readable format, for files with any mistake."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

from rosetta_spec.reporters import REPORTERS
from rosetta_spec.reporters.github import MAX_ANNOTATIONS

ROOT = Path(__file__).parents[2]
FORMATS = ("json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson")

GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'
#: RS107, RS201 and RS401 beside letters of one to four bytes.
BAD = '{"poolName": "aé日👍", "annotationRequestId": "é", "samplingRatio": 2, "sequenceLength": 5}'

FILES = {
    "aé日 👍.sampling.json": BAD,
    "broken.sampling.yaml": "poolName: [",
    "bom.sampling.json": "\ufeff" + BAD,
    "empty.sampling.yaml": "",
    "latin.sampling.json": BAD.encode("utf-16"),
    "lines.sampling.jsonl": f"{GOOD}\n{BAD}\n\n{BAD}\n{{\n",
    "rows.sampling.yaml": f"{GOOD}\r\n---\r\n{BAD}\r---\n[]\n",
    "packed.json.gz": gzip.compress(BAD.encode(), mtime=0),
    "50% & <b>, :\n%0A.sampling.json": BAD,
    "\x1b[2J\u202e.sampling.json": BAD,
    "surrogate.sampling.json": '{"poolName": "\\ud83d", "\\udc00": 1}',
}


@pytest.fixture
def every_format(rosetta, read_report, folder):
    """Write all reports of a call in one run, and read each of them."""

    def call(*arguments):
        options = [f"--output={name}=../{folder.name}.{name}" for name in FORMATS]
        outcome = rosetta("check", *arguments, *options, "--format", "json")
        reports = {
            name: read_report(name, Path(f"../{folder.name}.{name}").read_text("utf-8"))
            for name in FORMATS
        }
        return outcome, reports

    return call


def counts_of(reports):
    tests = [test for suite in reports["junit"].values() for test in suite]
    return {
        len(reports["sarif"]["runs"][0]["results"]),
        len(reports["gitlab"]),
        sum(failure is not None for _, failure in tests),
        len(reports["rdjson"]["diagnostics"]),
        len(reports["json"]["diagnostics"]),
        len(reports["jsonl"]),
    }


def test_reports_of_any_mistake(every_format, write):
    for name, content in FILES.items():
        write(name, content)
    outcome, reports = every_format(*FILES, "missing é.json")
    assert outcome.status == 2
    assert counts_of(reports) == {len(outcome.diagnostics)}
    names = {each["filename"] for each in outcome.diagnostics}
    assert {each["location"]["path"] for each in reports["gitlab"]} == names
    assert {each["location"]["path"] for each in reports["rdjson"]["diagnostics"]} == names
    (run,) = reports["sarif"]["runs"]
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    }
    assert {unquote(uri) for uri in uris} == names
    assert run["invocations"] == [{"executionSuccessful": False}]
    described = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert described == {code for _, code in outcome.found}
    assert all("help" in rule for rule in run["tool"]["driver"]["rules"])


def test_fingerprints_are_those_of_json_and_never_repeat(every_format, write):
    write("a.jsonl", f"{BAD}\n" * 3)
    write("b.json", BAD)
    outcome, reports = every_format("a.jsonl", "b.json")
    fingerprints = [each["fingerprint"] for each in outcome.diagnostics]
    (run,) = reports["sarif"]["runs"]
    assert len(set(fingerprints)) == len(fingerprints) == 8
    assert [each["fingerprint"] for each in reports["gitlab"]] == fingerprints
    assert [
        each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]
    ] == fingerprints


def test_a_column_of_rdjson_counts_the_bytes_of_the_file(every_format, write):
    for name in ("a.json", "bom.json"):
        path = write(name, ("\ufeff" if name == "bom.json" else "") + BAD)
        outcome, reports = every_format(name)
        shown = [
            (
                each["location"]["range"]["start"]["column"],
                each["location"]["range"]["end"]["column"],
            )
            for each in reports["rdjson"]["diagnostics"]
        ]
        data = path.read_bytes()
        assert [data[start - 1 : end - 1] for start, end in shown] == [b"2", b'"sequenceLength"']
        assert [each["location"]["column"] for each in outcome.diagnostics] == [
            BAD.index("2,") + 1,
            BAD.index('"seq') + 1,
        ]


def test_clean_files_make_valid_reports_of_nothing(every_format, write):
    write("é.sampling.json", GOOD)
    outcome, reports = every_format()
    assert outcome.status == 0
    assert counts_of(reports) == {0}
    assert reports["github"] == []
    assert reports["sarif"]["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_the_examples(every_format, folder):
    shutil.copytree(ROOT / "examples" / "bad", folder / "bad")
    outcome, reports = every_format()
    assert outcome.status == 1
    assert counts_of(reports) == {len(outcome.diagnostics)}
    levels = Counter(level for level, _, _ in reports["github"])
    assert levels["error"] == MAX_ANNOTATIONS


@pytest.mark.parametrize("name", ["text", "concise"])
def test_inside_github_actions_the_annotations_follow_a_report_for_people(
    rosetta, read_report, write, monkeypatch, name
):
    write("a.json", BAD)
    alone = rosetta("check", "a.json", "--format", name)
    annotations = rosetta("check", "a.json", "--format", "github")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    inside = rosetta("check", "a.json", "--format", name, "--output", "jsonl=report.jsonl")
    assert (inside.status, inside.stderr) == (1, "")
    assert inside.stdout == alone.stdout + annotations.stdout
    assert [level for level, _, _ in read_report("github", annotations.stdout)] == [
        "error",
        "warning",
    ]


@pytest.mark.parametrize("name", sorted(set(REPORTERS) - {"text", "concise"}))
def test_a_report_for_machines_is_followed_by_nothing(rosetta, write, monkeypatch, name):
    write("a.json", BAD)
    alone = rosetta("check", "a.json", "--format", name)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert rosetta("check", "a.json", "--format", name) == alone


def test_elsewhere_nothing_follows(rosetta, write, monkeypatch):
    write("a.json", BAD)
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    assert "::" not in rosetta("check", "a.json").stdout


def test_the_docs_name_every_format():
    page = (ROOT / "docs" / "continuous-integration.md").read_text("utf-8")
    assert [name for name in REPORTERS if f"`{name}`" not in page] == []


def test_a_suppressed_finding_is_in_no_report(every_format, write):
    write(
        "é.sampling.yaml",
        "annotationRequestId: é\npoolName: p\n"
        "sequenceLength: 5 # rosetta-spec: ignore[RS401] 理由\n",
    )
    outcome, reports = every_format()
    assert outcome.summary["suppressed"] == 1
    assert counts_of(reports) == {0}


def test_findings_beside_suppressed_ones_count_bytes_too(every_format, write):
    path = write(
        "a.sampling.yaml",
        '# rosetta-spec: ignore-file[RS401] 理由\n{"annotationRequestId": "é", "poolName": "日本",'
        ' "samplingRatio": 2, "sequenceLength": 5}\n',
    )
    outcome, reports = every_format()
    assert outcome.found == [("a.sampling.yaml", "RS107")]
    ends = reports["rdjson"]["diagnostics"][0]["location"]["range"]
    row = path.read_bytes().splitlines()[ends["start"]["line"] - 1]
    assert row[ends["start"]["column"] - 1 : ends["end"]["column"] - 1] == b"2"


def test_a_finding_that_is_not_in_the_baseline_keeps_its_fingerprint(every_format, rosetta, write):
    write("a.jsonl", f"{BAD}\n" * 2)
    rosetta("check", "a.jsonl", "--baseline", "known.json", "--write-baseline")
    write("a.jsonl", f"{BAD}\n" * 3)
    everything, _ = every_format("a.jsonl")
    outcome, reports = every_format("a.jsonl", "--baseline", "known.json")
    assert outcome.summary["suppressed"] == 4
    left = [each["fingerprint"] for each in everything.diagnostics[4:]]
    assert [each["fingerprint"] for each in reports["gitlab"]] == left
    assert counts_of(reports) == {2}


@pytest.mark.parametrize("target", ["report.md", "summary.md", "./summary.md"])
@pytest.mark.parametrize("is_relative", [False, True])
def test_inside_github_actions_a_markdown_report_is_added_to_the_summary_of_the_job(
    rosetta, write, monkeypatch, target, is_relative
):
    write("a.sampling.json", BAD)
    summary = write("summary.md", "before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", summary.name if is_relative else str(summary))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    rosetta("check", "--format", "json", "--output", f"markdown={target}")
    added = summary.read_text("utf-8").removeprefix("before\n")
    assert added.startswith("## rosetta-spec\n")
    assert added.count("## rosetta-spec") == 1


def test_a_call_may_write_its_report_to_the_summary_of_the_job_too(write, folder):
    write("a.sampling.json", BAD)
    summary = write("summary.md", "")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    call = [
        sys.executable,
        "-m",
        "rosetta_spec",
        "check",
        "--format",
        "concise",
        "--output",
        "markdown=report.md",
    ]
    with summary.open("ab") as file:
        ended = subprocess.run(
            call, stdout=file, env=os.environ | environment, cwd=folder, check=False
        )
    assert ended.returncode == 1
    added = summary.read_text("utf-8")
    assert "a.sampling.json:1:" in added
    assert "## rosetta-spec" not in added
    assert (folder / "report.md").read_text("utf-8").startswith("## rosetta-spec")


def test_another_report_does_not_go_to_the_summary_of_the_job(rosetta, write, monkeypatch):
    write("a.sampling.json", BAD)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(write("summary.md", "before\n")))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    outcome = rosetta("check", "--output", "json=summary.md", "--output", "markdown=report.md")
    assert outcome.status == 2
    assert "this call also reads or writes this file" in outcome.stderr


def test_a_summary_of_the_job_that_is_not_mounted_is_not_written(rosetta, write, monkeypatch):
    write("a.json", '{"annotationRequestId": "r-1", "poolName": "p"}')
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/no/such/summary.md")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    outcome = rosetta("check", "a.json", "--output", "markdown=report.md")
    assert (outcome.status, outcome.stderr) == (0, "")
