"""A SARIF run has at most 25,000 results, errors first, and says what it leaves out."""

import json

from rosetta_spec.reporters import REPORTERS

WARNING = '{"annotationRequestId": " a", "poolName": "b"}\n'
ERROR = '{"annotationRequestId": "a"}\n'


def test_a_run_holds_25_000_results():
    assert REPORTERS["sarif"].max_findings == 25_000


def test_what_is_above_the_limit_is_left_out_and_counted(rosetta, write, monkeypatch):
    monkeypatch.setitem(REPORTERS, "sarif", REPORTERS["sarif"]._replace(max_findings=250))
    write("a.sampling.jsonl", WARNING * 260 + ERROR * 5)
    outcome = rosetta("check", "--format", "sarif", "--ignore", "RS501", ".")
    (run,) = json.loads(outcome.stdout)["runs"]
    levels = [each["level"] for each in run["results"]]
    assert len(levels) == 250
    assert levels.count("error") == 5
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("15 findings left out")
    assert "15 findings left out of the sarif report" in outcome.stderr
