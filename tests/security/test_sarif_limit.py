"""A SARIF run has at most 25,000 results, errors first, and says what it leaves out."""

import json

WARNING = '{"annotationRequestId": " a", "poolName": "b"}\n'
ERROR = '{"annotationRequestId": "a"}\n'


def test_a_run_holds_25_000_results_and_says_what_is_left_out(rosetta, write):
    write("a.sampling.jsonl", WARNING * 25_010 + ERROR * 5)
    outcome = rosetta("check", "--format", "sarif", "--ignore", "RS501", ".")
    (run,) = json.loads(outcome.stdout)["runs"]
    levels = [each["level"] for each in run["results"]]
    assert len(levels) == 25_000
    assert levels.count("error") == 5
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("15 findings left out")
    assert "15 findings left out of the sarif report" in outcome.stderr
