"""A document with too many findings: reports show some of them, everything else is about all."""

import json

from rosetta_spec.reporters import REPORTERS
from rosetta_spec.runner import worker

#: Three errors, RS109.
BAD = '{"annotationRequestId": "r-1", "poolName": "p", "a": 1, "b": 2, "c": 3}\n'


def test_the_first_findings_of_each_document_are_shown_and_all_are_counted(
    rosetta, write, monkeypatch
):
    write("a.jsonl", BAD * 2)
    everything = rosetta("check", "a.jsonl", "--format", "json")
    monkeypatch.setattr(worker, "MAX_SHOWN", 2)
    limited = rosetta("check", "a.jsonl", "--format", "json")
    assert limited.status == everything.status == 1
    assert limited.summary == {**everything.summary, "omitted": 2}
    found = everything.diagnostics
    assert limited.diagnostics == [*found[:2], *found[3:5]]
    assert rosetta("check", "a.jsonl").stdout.endswith(
        "Found 6 errors in 1 file (2 documents). 2 not shown.\n"
    )


def test_what_a_sarif_report_leaves_out_is_counted_on_standard_error(
    rosetta, write, folder, monkeypatch
):
    write("a.jsonl", BAD * 2)
    limited = REPORTERS["sarif"]._replace(max_findings=5)
    monkeypatch.setitem(REPORTERS, "sarif", limited)
    ran = rosetta("check", "a.jsonl", "--output", "sarif=report")
    assert (
        ran.stderr == "warning: 1 finding left out of the sarif report, which cannot contain more\n"
    )
    (run,) = json.loads((folder / "report").read_text("utf-8"))["runs"]
    assert len(run["results"]) == 5
