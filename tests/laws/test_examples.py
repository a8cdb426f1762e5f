"""A rule's examples are its first tests: the docs cannot lie."""

import pytest

from rosetta_spec.api import check
from rosetta_spec.spec.ruleset import builtin_ruleset

RULES = [rule for rule in builtin_ruleset().rules if rule.kind.name != "suppression"]

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@every_rule
def test_the_bad_example_is_reported_by_its_rule_alone(rule, tmp_path):
    source = tmp_path / rule.bad.path if rule.bad.path else rule.bad.content
    codes = {diagnostic.code for diagnostic in check(source).diagnostics}
    assert rule.code in codes
    assert codes <= {rule.code, *rule.accompanied_by}


@every_rule
def test_the_good_example_is_fine(rule):
    assert check(rule.good.content).diagnostics == ()


@every_rule
def test_every_wording_is_short_lower_case_and_has_no_stop(rule):
    for wording in (*rule.message.values(), *rule.help.values(), *rule.related.values()):
        assert wording == wording.strip().rstrip(".")
        assert not wording[:1].isupper()
        assert "\n" not in wording
