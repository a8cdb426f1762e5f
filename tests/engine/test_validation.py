"""Schema validation of the engine: what its laws do not reach."""

import pytest

from rosetta_spec.api import check
from rosetta_spec.engine import validation
from rosetta_spec.engine.validation import Validation
from rosetta_spec.spec.ruleset import builtin_ruleset


def test_more_short_strings_than_are_remembered_are_judged_alike(monkeypatch):
    monkeypatch.setattr(validation, "_MAX_REMEMBERED", 2)
    times = [f"2025-02-{day:02}" for day in range(27, 32)] * 2
    found = [
        [each.pointer for each in Validation({"subCondition": {"startTime": time}}).errors()]
        for time in times
    ]
    bad = [("annotationRequestId",), ("poolName",), ("subCondition", "startTime")]
    assert found == [bad[:2], bad[:2], bad, bad, bad] * 2


@pytest.mark.parametrize("request_", [{"poolNam": "b"}, {"poolNam": "b", "poolName": None}])
def test_a_required_key_that_is_misspelled_is_missing_if_misspellings_are_not_reported(request_):
    rules = builtin_ruleset().default_rules

    def codes_without(*codes):
        selected = [rule for rule in rules if rule.code not in codes]
        report = check({"annotationRequestId": "a", **request_}, rules=selected)
        return [each.code for each in report.diagnostics]

    assert codes_without() == ["RS109"]
    assert codes_without("RS101") == ["RS109"]
    assert codes_without("RS109") == ["RS101"]
    assert codes_without("RS101", "RS109") == []
