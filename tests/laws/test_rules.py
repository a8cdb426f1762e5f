"""Laws that hold for every rule that is declared, whoever declared it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.pointer import format_pointer
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import broken_requests

#: Suppressions are comments; no request breaks their rules.
RULES = [rule for rule in builtin_ruleset().rules if rule.kind.name != "suppression"]

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
thorough = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@every_rule
@thorough
@given(data=st.data())
def test_what_is_broken_is_reported_there_and_nothing_else_changes(rule, data):
    breakage = data.draw(broken_requests(rule.code))
    assert check(breakage.valid).diagnostics == ()
    found = [(d.code, d.pointer) for d in check(breakage.broken).diagnostics]
    expected = (rule.code, format_pointer(breakage.pointer))
    assert expected in found
    assert {code for code, _ in found} - {rule.code} <= set(rule.accompanied_by)
    assert [place for place in found if place[0] == rule.code] == [expected]
