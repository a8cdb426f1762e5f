"""What operations make of plain JSON."""

from __future__ import annotations

import pytest

from rosetta_spec.document.operations import (
    CannotEditError,
    Move,
    Put,
    Quote,
    Remove,
    Rename,
    Swap,
    applied,
)

REQUEST = {
    "poolName": "pool",
    "sampleType": "2",
    "taskId": [1, "b", "b", True],
    "subCondition": {"startTime": "b", "endTime": "a"},
}


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        (Put(("sampleType",), 2), {"sampleType": 2}),
        (Put(("sampleCount",), [5]), {"sampleCount": [5]}),
        (Put(("taskId", 1), "c"), {"taskId": [1, "c", "b", True]}),
        (Quote(("taskId", 0)), {"taskId": ["1", "b", "b", True]}),
        (Quote(("taskId", 3)), {"taskId": [1, "b", "b", "true"]}),
        (Remove(("taskId", 2)), {"taskId": [1, "b", True]}),
        (
            Swap(("subCondition", "startTime"), ("subCondition", "endTime")),
            {"subCondition": {"startTime": "a", "endTime": "b"}},
        ),
    ],
)
def test_an_operation_changes_only_its_place(operation, changed):
    assert applied(REQUEST, [operation]) == {**REQUEST, **changed}


def test_a_moved_member_is_no_longer_at_its_old_place():
    moved = applied(REQUEST, [Move(("taskId",), ("subCondition", "taskId"))])
    assert "taskId" not in moved
    assert moved["subCondition"]["taskId"] == REQUEST["taskId"]


def test_all_pointers_are_those_of_the_value_before():
    operations = [Remove(("taskId", 0)), Quote(("taskId", 3)), Remove(("taskId", 1))]
    assert applied(REQUEST, operations)["taskId"] == ["b", "true"]
    nested = {"a": [[1, 2], [3, 4]]}
    assert applied(nested, [Remove(("a", 0)), Remove(("a", 1, 0))]) == {"a": [[4]]}


def test_the_original_value_does_not_change():
    before = {"a": [{"b": 1}]}
    applied(before, [Put(("a", 0, "c"), 2), Rename(("a", 0, "b"), "d")])
    assert before == {"a": [{"b": 1}]}


@pytest.mark.parametrize(
    ("operations", "why"),
    [
        ([Remove(())], "there is nothing at "),
        ([Remove(("x",))], "there is nothing at /x"),
        ([Remove(("taskId", 4))], "there is nothing at /taskId/4"),
        ([Remove(("taskId", "0"))], "there is nothing at /taskId/0"),
        ([Put(("taskId", 4), 1)], "there is nothing at /taskId/4"),
        ([Put((), 1)], "there is nothing at "),
        ([Put(("poolName", "x"), 1)], "/poolName is not an object"),
        ([Put(("poolName", 0), 1)], "/poolName is not a list"),
        ([Put(("x", "y"), 1)], "there is nothing at /x"),
        ([Rename(("x",), "y")], "there is nothing at /x"),
        ([Rename(("taskId",), "poolName")], "/poolName is not free"),
        ([Move(("taskId",), ("poolName",))], "/poolName is not free"),
        ([Move(("poolName",), ("taskId", 1))], "/taskId/1 is not free"),
        ([Move(("taskId", 1), ("x",))], "/taskId/1 has no key to take along"),
        ([Rename(("taskId", 1), "x")], "/taskId is not an object"),
        ([Move((), ("x",))], "/x is changed twice"),
        ([Rename((), "x")], "/x is changed twice"),
        ([Quote(("poolName",))], "/poolName is not a number, boolean or null"),
        ([Quote(("taskId",)), Remove(("taskId", 1))], "/taskId/1 is changed twice"),
        ([Quote(("sampleType",)), Put(("sampleType",), 1)], "/sampleType is changed twice"),
        ([Move(("taskId",), ("taskId", "x"))], "/taskId/x is changed twice"),
    ],
)
def test_impossible_operations_are_rejected(operations, why):
    with pytest.raises(CannotEditError) as caught:
        applied(REQUEST, operations)
    assert str(caught.value) == why
