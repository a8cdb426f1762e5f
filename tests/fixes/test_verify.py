"""Fixes verified together pass or fail as they do alone, with few evaluations."""

from collections import Counter
from decimal import Decimal

import pytest

from rosetta_spec import check
from rosetta_spec.diagnostic import Omitted, Severity
from rosetta_spec.document.operations import Move, Put, Remove, Rename
from rosetta_spec.document.reader import read_documents
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.engine import Engine
from rosetta_spec.fixes import verify
from rosetta_spec.fixes.verify import FixVerifier, Relocation, divided
from rosetta_spec.spec.ruleset import builtin_ruleset

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
def test_fixes_that_are_verified_together_are_those_that_are_verified_alone(text, monkeypatch):
    together = fixes_of(text)
    failures = FixVerifier.failures
    monkeypatch.setattr(
        FixVerifier,
        "failures",
        lambda self, candidates: [
            reason for each in candidates for reason in failures(self, [each])
        ],
    )
    assert fixes_of(text) == together


@pytest.fixture
def counted(monkeypatch):
    """How often rules are evaluated and texts are read to verify fixes."""
    counts = Counter()

    def counting(name, function):
        return lambda *given: counts.update([name]) or function(*given)

    look = counting("evaluations", Engine.violations_in)
    monkeypatch.setattr(Engine, "violations_in", look)
    monkeypatch.setattr(verify, "read_text", counting("reads", verify.read_text))
    return counts


@pytest.mark.parametrize("item", ["1{}", "' a{}'", "a"])
def test_many_fixes_of_a_rule_take_one_evaluation(item, counted):
    items = "".join(f"  - {item.format(number)} # {number}\n" for number in range(100))
    found = fixes_of(f"{HEAD}subCondition:\n  taskId:\n{items}")
    assert len(found) >= 99
    assert all(fixes for _, _, fixes, _ in found)
    assert counted == {"evaluations": 1, "reads": 1}


@pytest.mark.parametrize(
    ("start", "end", "evaluations"),
    [("{0}2", "{0}1", 1), ("{1}", "{0}", 3), ("{9}", "{0}", 31), ("99", "{0}", 63)],
)
def test_fixes_that_exclude_each_other_are_read_once(start, end, evaluations, counted):
    """All of these ranges are reversed, and each of them meets others once they are not."""
    ranges = "".join(
        f"- {{start: {start.format(*range(n, n + 10))}, end: {end.format(n)}}}\n"
        for n in range(1, 33)
    )
    found = fixes_of(f"{CUSTOM}interceptionBoundary:\n{ranges}")
    assert len(found) == 32
    assert all(fixes for _, _, fixes, _ in found)
    assert counted == {"evaluations": evaluations, "reads": 1}


def test_reading_texts_is_limited(counted, monkeypatch):
    """All of these keys have the same nearest key, so the text of each fix is read alone."""
    monkeypatch.setattr(verify, "_MAX_READ", 0)
    keys = "".join(f"samplingRati{number}: 1\n" for number in range(20))
    found = fixes_of(HEAD + keys)
    assert sum(bool(fixes) for _, _, fixes, _ in found) == verify._MIN_TRIES
    assert counted["reads"] == verify._MIN_TRIES


def test_the_number_of_evaluations_is_limited(monkeypatch):
    """All of these keys have the same nearest key, so each fix is verified alone."""
    monkeypatch.setattr(verify, "_MAX_EVALUATED", 0)
    keys = "".join(f"samplingRati{number}: 1\n" for number in range(100))
    dropped = [dropped for _, _, _, dropped in fixes_of(HEAD + keys)]
    assert 0 < dropped.count(()) <= verify._MIN_TRIES
    reasons = {drop.reason for drops in dropped for drop in drops}
    assert reasons == {"there are too many findings to try a fix for each"}


@pytest.mark.parametrize(
    ("value", "remaining", "caused"),
    [(1, [], []), ("2", ["RS103"], []), (0, [], ["RS107"]), (Decimal("1.5"), [], ["RS106"])],
)
def test_with_findings_that_are_only_counted_an_outcome_is_the_same(value, remaining, caused):
    (document,) = read_documents(f'{HEAD}sampleCount: "1"\nsampleType: "1"\n'.encode(), "yaml")
    engine = Checker()._engine
    violations = list(engine.violations_in(document.value))
    omitted = Counter({Omitted("RS112", "repeated-item", Severity.WARNING, is_fixable=True): 7})
    stays = [violations[0]._replace(rule=builtin_ruleset().find("RS112"))] * 7
    for counts, counted in [(Counter(), []), (omitted, stays)]:
        verifier = FixVerifier(
            document,
            violations,
            lambda value, counted=counted: [*engine.violations_in(value), *counted],
            counts,
        )
        effect = verifier.effect(violations[:1], [Put(("sampleCount",), value)])
        found = [[each.rule.code for each in part] for part in effect[1:]]
        assert found == [remaining, caused]


@pytest.mark.parametrize(
    ("caused", "parts"),
    [
        ([], ([("a",), ("b", 1)], [("b", 0)])),
        ([("c",)], ([("a",), ("b", 1)], [("b", 0)])),
        ([("b", 0, "x")], ([("a",), ("b", 1)], [("b", 0)])),
        ([("a",), ("b",)], ([("a",), ("b", 1)], [("b", 0)])),
        ([("b",)], ([("a",), ("b", 1)], [("b", 0)])),
    ],
)
def test_fixes_near_what_they_cause_are_divided_from_the_others(caused, parts):
    fixes = [("a",), ("b", 0), ("b", 1)]
    assert divided(fixes, lambda place: [place], caused) == parts


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
    assert Relocation(operations).moved(pointer) == place
