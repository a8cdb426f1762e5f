"""Fixes of many like findings: proven together as they would be alone, and in bounded time."""

import pytest

from rosetta_spec import check
from rosetta_spec.document.operations import Move, Remove, Rename
from rosetta_spec.engine.engine import Engine
from rosetta_spec.fixes import planner
from rosetta_spec.fixes.moves import Moves

HEAD = "annotationRequestId: r\npoolName: p\n"
CUSTOM = f"{HEAD}interceptionMode: 5\ninterceptionFrame: 1\n"


def fixes_of(text):
    diagnostics = check(text, input_format="yaml").diagnostics
    return [(each.code, each.pointer, each.fixes, each.dropped) for each in diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}subCondition: {{taskId: [1, "1", 2, 2, " 3", 3, 4.0]}}\n',
        f"{HEAD}subCondition:\n  taskId: [a, b]\n  workPoolFilter: [x]\n  workPoolFilterType: 1\n",
        f"{HEAD}subCondition:\n  taskId:\n  - a # 1\n  - b\n  - a # 2\n  - c\n  - b\n  - ' a'\n",
        f"{CUSTOM}interceptionBoundary: [{{start: 9, end: 7}}, {{start: 3, end: 1}}]\n",
        f"{CUSTOM}interceptionBoundary: [{{start: 9, end: 1}}, {{start: 8, end: 1}}]\n",
        f"{CUSTOM}interceptionBoundary:\n- {{strat: 1, end: 2}}\n- {{strat: 3, end: 4}}\n",
        f"{HEAD}samplingRatio1: 1\nsamplingRatio2: 1\nsampleRatio: 1\nx: 1\n",
        f"{HEAD}sampleCount: &x '1'\nsampleType: '1'\nsamplingRatio: '1'\nsamplingQuantity: *x\n",
    ],
)
def test_what_is_proven_together_is_what_is_proven_alone(text, monkeypatch):
    alone = fixes_of(text)
    monkeypatch.setattr(planner, "FEW", 1)
    assert fixes_of(text) == alone


@pytest.mark.parametrize("item", ["1{}", "' a{}'", "a"])
def test_a_crowd_is_proven_by_one_look(item, monkeypatch):
    looks = []
    look = Engine.look
    monkeypatch.setattr(Engine, "look", lambda *given: looks.append(0) or look(*given))
    items = "".join(f"  - {item.format(number)} # {number}\n" for number in range(100))
    found = fixes_of(f"{HEAD}subCondition:\n  taskId:\n{items}")
    assert len(found) >= 99
    assert all(fixes for _, _, fixes, _ in found)
    assert len(looks) == 1


def test_what_does_not_go_together_is_tried_until_it_has_taken_too_long(monkeypatch):
    """All of these want to be the one key that is nearest."""
    monkeypatch.setattr(planner, "_MOST_LOOKED_AT", 0)
    keys = "".join(f"samplingRati{number}: 1\n" for number in range(100))
    dropped = [dropped for _, _, _, dropped in fixes_of(HEAD + keys)]
    assert 0 < dropped.count(()) <= planner.FEW
    reasons = {drop.reason for drops in dropped for drop in drops}
    assert reasons == {"there are too many findings to try a fix for each"}


@pytest.mark.parametrize(
    ("operations", "pointer", "place"),
    [
        ([], ("a", 1), ("a", 1)),
        ([Remove(("a", 2)), Remove(("a", 0))], ("a", 0), None),
        ([Remove(("a", 2)), Remove(("a", 0))], ("a", 1), ("a", 0)),
        ([Remove(("a", 2)), Remove(("a", 0))], ("a", 3, "x"), ("a", 1, "x")),
        ([Remove(("a", 2)), Remove(("a", 0))], ("b", 3), ("b", 3)),
        ([Remove(("a",))], ("a", 1), None),
        ([Remove(("a",)), Rename(("b",), "c")], ("b", 1), ("c", 1)),
        ([Move(("b", "x"), ("y",)), Remove(("b", "z", 0))], ("b", "x", 1), ("y", 1)),
        ([Move(("b", "x"), ("y",)), Remove(("b", "z", 0))], ("b", "z", 1), ("b", "z", 0)),
    ],
)
def test_where_values_are_after_operations(operations, pointer, place):
    assert Moves(operations).moved(pointer) == place
