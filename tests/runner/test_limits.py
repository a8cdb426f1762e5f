"""A document with too many findings: reports show some of them, everything else is about all."""

import json

import pytest

from rosetta_spec.reporters import REPORTERS
from rosetta_spec.runner import tasks

#: Three errors, RS109.
BAD = '{"annotationRequestId": "r-1", "poolName": "p", "a": 1, "b": 2, "c": 3}\n'


def test_the_first_findings_of_each_document_are_shown_and_all_are_counted(
    rosetta, write, monkeypatch
):
    write("a.jsonl", BAD * 2)
    everything = rosetta("check", "a.jsonl", "--format", "json")
    monkeypatch.setattr(tasks, "MAX_SHOWN", 2)
    limited = rosetta("check", "a.jsonl", "--format", "json")
    assert limited.status == everything.status == 1
    assert limited.summary == {**everything.summary, "omitted": 2}
    found = everything.diagnostics
    assert limited.diagnostics == [*found[:2], *found[3:5]]
    assert rosetta("check", "a.jsonl").stdout.endswith(
        "Found 6 errors in 1 file (2 documents). 2 not shown.\n"
    )


@pytest.mark.parametrize(
    ("name", "shown", "warned"),
    [
        ("sarif", 6, ""),
        ("sarif", 2, "2 findings left out of the sarif report, because there are too many"),
        ("jsonl", 2, "2 findings left out of the jsonl report, because there are too many"),
        ("gitlab", 2, "2 findings left out of the gitlab report, because there are too many"),
        ("junit", 2, "2 findings left out of the junit report, because there are too many"),
        ("rdjson", 2, "2 findings left out of the rdjson report, because there are too many"),
        # These say it themselves.
        ("json", 2, ""),
        ("concise", 2, ""),
        ("github", 2, ""),
    ],
)
def test_what_a_report_leaves_out_is_counted_on_standard_error(
    rosetta, write, monkeypatch, name, shown, warned
):
    write("a.jsonl", BAD * 2)
    monkeypatch.setattr(tasks, "MAX_SHOWN", shown)
    expected = f"warning: {warned}\n" if warned else ""
    assert rosetta("check", "a.jsonl", "--output", f"{name}=report").stderr == expected


def test_a_sarif_report_counts_on_standard_error_and_in_itself_what_it_leaves_out(
    rosetta, write, folder, monkeypatch
):
    write("a.jsonl", BAD * 2)
    monkeypatch.setattr(tasks, "MAX_SHOWN", 2)
    limited = REPORTERS["sarif"]._replace(max_findings=3)
    monkeypatch.setitem(REPORTERS, "sarif", limited)
    ran = rosetta("check", "a.jsonl", "--output", "sarif=report")
    assert ran.stderr == (
        "warning: 3 findings left out of the sarif report, because there are too many\n"
    )
    (run,) = json.loads((folder / "report").read_text("utf-8"))["runs"]
    assert len(run["results"]) == 3
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("3 findings left out")
