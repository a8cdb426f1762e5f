"""Schema validation of the engine: what its laws do not reach."""

from rosetta_spec.engine import validation
from rosetta_spec.engine.validation import Validation


def test_more_short_strings_than_are_remembered_are_judged_alike(monkeypatch):
    monkeypatch.setattr(validation, "_MAX_REMEMBERED", 2)
    times = [f"2025-02-{day:02}" for day in range(27, 32)] * 2
    found = [
        [each.pointer for each in Validation({"subCondition": {"startTime": time}}).errors()]
        for time in times
    ]
    bad = [("annotationRequestId",), ("poolName",), ("subCondition", "startTime")]
    assert found == [bad[:2], bad[:2], bad, bad, bad] * 2
