"""A ruleset is verified, and what is wrong with it is reported with a request that shows it."""

from decimal import Decimal
from itertools import cycle
from unittest.mock import Mock

import pytest
from hypothesis import strategies as st

from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import Breakage
from rosetta_spec.strategies.values import simplest_texts
from rosetta_spec.verify.laws import LawBrokenError, RuleProblem, assert_laws, law_problems
from rosetta_spec.verify.verification import Verification, example_problems, fix_problems, verify

HEAD = "annotationRequestId: a\\npoolName: b\\n"


def rule(number, kind, bad, good, **more):
    """Write a rule of a ruleset: its kind with options, and what its examples add to a request."""
    lines = [f"- code: POL{number:03}", f"  name: rule-{number}", "  severity: error", f"  {kind}"]
    lines += [f"  {key}: {value}" for key, value in more.items()]
    lines += ["  why: It is so.", "  source: Policy."]
    lines += [f'  bad: "{HEAD}{bad}\\n"', f'  good: "{HEAD}{good}\\n"']
    return "\n".join([*lines, *(f"  {word}: no" for word in ("message", "help"))])


CAP = "kind: schema\n  at: [/samplingRatio]\n  wants: is small\n  schema: {maximum: %s}"
HALF = rule(1, CAP % "0.5", "samplingRatio: 0.6", "samplingRatio: 0.5")


@pytest.fixture
def verified(tmp_path):
    """Verify a ruleset of some rules, beside ours."""

    def call(*rules):
        path = tmp_path / "team.yaml"
        path.write_text("\n".join(["rules:", *rules]), encoding="utf-8")
        team = load_ruleset(path).rules
        return verify(team, builtin_ruleset().with_rules(team).rules, examples=2)

    return call


def test_a_rule_has_passed_with_a_shortest_request_that_breaks_it_and_one_beside_that_does_not(
    verified,
):
    verification = verified(HALF)
    (result,) = verification.results
    assert verification.has_passed
    assert result.failing == {"annotationRequestId": "a", "poolName": "a", "samplingRatio": 1}
    assert result.passing == {**result.failing, "samplingRatio": Decimal("0.2")}
    facts = verification.facts()
    assert facts["summary"]["wrong"] == 0
    assert facts["rules"][0]["failing"] == result.failing
    assert verified(HALF).facts() == facts


def fixed(means, applicability="safe"):
    """Write a cap with a fix of its own."""
    fix = f"{{applicability: {applicability}, title: write less, {means}}}"
    return rule(1, CAP % "0.5", "samplingRatio: 0.6", "samplingRatio: 0.5", fix=fix)


@pytest.mark.no_cover
@pytest.mark.parametrize("applicability", ["safe", "unsafe", "choice"])
@pytest.mark.parametrize("means", ["set: 0.5", "remove: true"])
def test_a_fix_that_works_passes(verified, applicability, means):
    assert verified(fixed(means, applicability)).has_passed


#: Rules, and the names of the problems of each, and of all together.
WRONG = {
    "an example that is fine": (
        [rule(1, CAP % "0.5", "samplingRatio: 0.5", "samplingRatio: 0.1")],
        [["bad-example"]],
        [],
    ),
    "an example that breaks another rule": (
        [rule(1, CAP % "0.5", "samplingRatio: 0.6\\nsamplingQuantity: 1", "samplingRatio: 0.1")],
        [["bad-example"]],
        [],
    ),
    "a good example that is bad": (
        [rule(1, CAP % "0.5", "samplingRatio: 0.6", "samplingRatio: 0.7")],
        [["good-example"]],
        [],
    ),
    "a fix that fixes nothing": ([fixed("set: 0.7")], [["bad-fix"]], []),
    "an unsafe fix that fixes nothing": ([fixed("set: 0.7", "unsafe")], [["bad-fix"]], []),
    "a fix that breaks another rule": ([fixed("set: 2")], [["bad-fix"]], []),
    "a choice of nothing": ([fixed("set: 0.7", "choice")], [["bad-fix"]], []),
    "a cap that the request has anyhow": (
        [rule(1, CAP % "1", "samplingRatio: 1", "samplingRatio: 1")],
        [["bad-example", "never-fires"]],
        [],
    ),
    "a cap that nothing keeps": (
        [rule(1, CAP % "0", "samplingRatio: 1", "sampleCount: 1")],
        [["always-fires"]],
        ["contradiction"],
    ),
    "what no request has": (
        [rule(1, "kind: schema\n  wants: is no\n  schema: {maxProperties: 1}", "", "")],
        [["good-example", "always-fires"]],
        ["contradiction"],
    ),
    "a cap below another one": (
        [HALF, rule(2, CAP % "0.6", "samplingRatio: 0.7", "samplingRatio: 0.1")],
        [[], ["bad-example", "shadowed"]],
        [],
    ),
    "the same twice": (
        [HALF, HALF.replace("POL001", "POL002").replace("rule-1", "rule-2")],
        [["bad-example"], ["bad-example", "shadowed"]],
        [],
    ),
    "two that cannot both be kept": (
        [
            rule(
                1,
                "kind: forbidden\n  at: [/sampleType]\n  values: [1]",
                "sampleType: 1",
                "samplingRatio: 1",
            ),
            rule(
                2,
                "kind: forbidden\n  at: [/sampleType]\n  values: [2]",
                "sampleType: 2",
                "samplingRatio: 1",
            ),
        ],
        [[], []],
        ["contradiction"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_ruleset_is_reported(verified, name):
    rules, problems, together = WRONG[name]
    verification = verified(*rules)
    assert [
        [problem.name for problem in each.problems] for each in verification.results
    ] == problems
    assert [problem.name for problem in verification.problems] == together
    assert not verification.has_passed
    for problem in (
        *verification.problems,
        *(f for each in verification.results for f in each.problems),
    ):
        assert (problem.witness is None) == (problem.name == "never-fires")


def test_a_bad_example_that_breaks_only_other_rules_says_which(verified):
    text = rule(1, CAP % "0.5", "  samplingRatio: 0.6", "samplingRatio: 0.5")
    problem = verified(text).results[0].problems[0]
    assert problem.message == "its bad example does not break it, but breaks RS002"


def test_a_key_that_is_forbidden_is_no_contradiction(verified):
    forbidden = "kind: forbidden\n  at: [/subCondition]"
    bad = "subCondition: {haveIssue: true}"
    verification = verified(rule(1, forbidden, bad, "samplingRatio: 1"))
    assert verification.has_passed
    kind = verification.results[0].rule.kind
    assert kind.describe() == "The key is not used (subCondition)."


SHORT = "kind: schema\n  at: [/sequenceLength]\n  wants: is small\n  schema: {maximum: 50}"
LENGTHS = ("interceptionMode: 6\\nsequenceLength: 51", "interceptionMode: 6\\nsequenceLength: 50")
PAIR = "kind: together\n  keys: [interceptionMode, sampleType]"


@pytest.mark.parametrize(
    ("kind", "bad", "good"), [(SHORT, *LENGTHS), (PAIR, "sampleType: 1", "sampleCount: 1")]
)
def test_a_request_with_a_key_far_from_the_examples_of_a_ruleset_is_found(
    verified, kind, bad, good
):
    """A request with interceptionBoundary needs another mode, with another key."""
    text = rule(1, kind, bad, good).replace(": b\\n", ": street-night\\n")
    assert verified(text).problems == ()


def test_a_rule_that_cannot_be_broken_alone_is_reported(verified, monkeypatch):
    """What always comes with another rule has to say so."""
    monkeypatch.setattr("rosetta_spec.verify.laws._MAX_TRIES", 10)
    count = "kind: forbidden\n  at: [/sampleCount]"
    needs = "kind: required-when\n  key: sampleCount\n  by: sampleType\n  values: [1]"
    verification = verified(
        rule(1, count, "sampleCount: 1", "samplingRatio: 1"),
        rule(2, needs, "sampleType: 1", "samplingRatio: 1"),
    )
    assert [problem.name for problem in verification.results[1].problems] == ["law"]
    assert "no valid request was found" in verification.results[1].problems[0].message
    assert verification.problems == ()


def test_a_rule_passes_that_names_the_rule_that_comes_with_it(verified, monkeypatch):
    """The key only has an effect with a mode that needs it, so RS401 comes with each new one."""
    monkeypatch.setattr("rosetta_spec.verify.laws._MAX_TRIES", 10)
    kind, bad = (
        "kind: forbidden\n  at: [/interceptionBoundary]",
        "interceptionBoundary: [{start: 1, end: 2}]",
    )
    text = rule(1, kind, bad, "samplingRatio: 1", **{"accompanied-by": "[RS401]"})
    assert verified(text).has_passed


def test_a_rule_passes_whose_pattern_also_matches_other_forms_of_a_time(verified, monkeypatch):
    monkeypatch.setattr("rosetta_spec.verify.laws._MAX_TRIES", 10)
    kind = "kind: written-as\n  at: [/subCondition/startTime]\n  pattern: ^2025-\n  form: a year"
    examples = (f"subCondition: {{startTime: {year}-01-01 00:00:00}}" for year in (2024, 2025))
    assert verified(rule(1, kind, *examples)).has_passed


VALID = {"annotationRequestId": "a", "poolName": "b", "samplingRatio": 1}
BOTH = {**VALID, "samplingQuantity": 1}


@pytest.mark.parametrize(
    ("breakage", "expected"),
    [
        (Breakage(BOTH, BOTH, ("samplingQuantity",)), "in a request that should be valid"),
        (Breakage(VALID, BOTH, ("samplingRatio",)), "is not reported exactly once"),
        (
            Breakage(VALID, {**BOTH, "poolName": "b "}, ("samplingQuantity",)),
            "RS405 is also reported, and accompanied-by does not list it",
        ),
    ],
)
def test_a_broken_law_is_reported_with_a_request(breakage, expected):
    rules = builtin_ruleset().rules
    ratio = builtin_ruleset().find("RS201")
    with pytest.raises(LawBrokenError, match=expected) as caught:
        assert_laws(ratio, rules, breakage, None)
    assert caught.value.witness in (breakage.valid, breakage.broken)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("is_accepted", lambda *_: True, "the fast path accepts the broken request"),
        (
            "maker_of",
            lambda _: Mock(bundle={}),
            "the bundled schema disagrees",
        ),
        ("NOTATIONS", {"json": lambda _: st.just("{}")}, "when it is written as json"),
    ],
)
def test_acceptor_bundle_and_notations_must_agree_with_the_rules(
    monkeypatch, name, value, expected
):
    monkeypatch.setattr(f"rosetta_spec.verify.laws.{name}", value)
    assert expected in problem_with("RS201")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([b"{}", b"{}"], "a safe fix causes RS101"),
        (
            [b'{"annotationRequestId": "a", "poolName": "b", "sampleCount": "5"}'] * 2,
            "a fixable finding remains",
        ),
        ([b"{}", b"[]"], "applying the fixes twice changes the request again"),
    ],
)
def test_fixes_must_fix_and_cause_nothing(monkeypatch, made, expected):
    texts = cycle(made)
    monkeypatch.setattr(Fixer, "fix_file", lambda *_: next(texts))
    assert expected in problem_with("RS103")


def problem_with(code):
    (problem,) = law_problems(builtin_ruleset().find(code), builtin_ruleset().rules, 1)
    assert problem.name == "law"
    return problem.message


def test_a_pattern_that_nothing_matches_has_no_simplest_text():
    assert simplest_texts("^audit-[a-z]+$") == ("audit-a",)
    assert simplest_texts("^ $") == ()


@pytest.mark.parametrize("rule", builtin_ruleset().rules, ids=lambda rule: rule.code)
def test_the_examples_of_our_own_rules_show_what_they_are_for(rule):
    rules = builtin_ruleset().rules
    assert [*example_problems(rule, rules), *fix_problems(rule, rules)] == []


def test_rules_about_text_pass_by_their_examples_and_laws():
    chosen = [builtin_ruleset().find(code) for code in ("RS001", "RS004", "RS901", "RS406")]
    verification = verify(chosen, builtin_ruleset().rules, examples=2)
    assert verification.has_passed
    assert [result.failing is None for result in verification.results] == [True] * 3 + [False]


def test_a_problem_is_written_with_the_request_that_shows_it():
    problems = [RuleProblem("a", "x"), RuleProblem("b", "y", {"poolName": "p"})]
    text = Verification((), tuple(problems), 0).text()
    assert text.splitlines()[1:4] == [
        "        a: x",
        "        b: y",
        '        such as {"poolName": "p"}',
    ]
