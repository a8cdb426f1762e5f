"""Laws that every declared rule obeys, ours and those of teams."""

from pathlib import Path

import pytest
from broken_texts import breakages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.verify.laws import assert_laws, is_accepted

OURS = builtin_ruleset()
#: A team's rules obey the same laws, with keys and kinds of their choice.
BOTH = OURS.with_rules(load_ruleset(Path(__file__).parent / "policy.rules.yaml").rules)
every_rule = pytest.mark.parametrize(
    "rule", BOTH.rules, ids=lambda rule: f"{rule.code}-{rule.name}"
)
thorough = settings(
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def rules_with(rule):
    """Return the rules that a rule is used with. Hypothesis cannot show so many as an argument."""
    return OURS.rules if rule in OURS.rules else BOTH.rules


def assert_all_laws(rule, data):
    rules = rules_with(rule)
    breakage = data.draw(breakages(rule, rules))
    assert is_accepted(breakage.valid, rules)
    assert_laws(rule, rules, breakage, data)


@every_rule
@pytest.mark.no_cover  # tracing would make it four times as slow; the short run is traced
@settings(thorough, max_examples=9)
@given(data=st.data())
def test_each_rule_obeys_all_laws(rule, data):
    assert_all_laws(rule, data)


@every_rule
@settings(thorough, max_examples=3, derandomize=True)
@given(data=st.data())
def test_each_rule_obeys_all_laws_in_a_short_run(rule, data):
    assert_all_laws(rule, data)


@every_rule
def test_the_examples_are_true(rule, tmp_path):
    rules = rules_with(rule)
    bad = tmp_path / rule.bad.path if rule.bad.path else rule.bad.content
    codes = {diagnostic.code for diagnostic in check(bad, rules=rules).diagnostics}
    assert rule.code in codes
    assert codes <= {rule.code, *rule.accompanied_by}
    assert check(rule.good.content, rules=rules).diagnostics == ()


@every_rule
def test_every_wording_is_lower_case_and_has_no_stop(rule):
    for wording in (*rule.message.values(), *rule.help.values(), *rule.related.values()):
        assert wording == wording.strip().rstrip(".")
        assert not wording[:1].isupper()
        assert "\n" not in wording
