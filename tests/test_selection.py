"""Which rules have a say: by code or name, and never without those that are always said."""

import pytest

from rosetta_spec.selection import ALWAYS, SelectionError, selected_rules, unknown_rule
from rosetta_spec.spec.ruleset import builtin_ruleset

RULES = builtin_ruleset()
CODES = {rule.code for rule in RULES.rules}


def selected(select=(), ignore=()) -> set[str]:
    return {rule.code for rule in selected_rules(RULES, select, ignore)}


def test_all_rules_are_selected_when_none_is_named():
    assert selected() == CODES


@pytest.mark.parametrize("name", ["RS201", "ratio-with-quantity"])
def test_a_rule_is_named_by_code_or_name(name):
    assert selected([name]) == ALWAYS | {"RS201"}
    assert selected(ignore=[name]) == CODES - {"RS201"}


def test_ignore_beats_select():
    assert selected(["RS201", "RS101"], ["RS201"]) == ALWAYS | {"RS101"}


def test_ignoring_all_that_is_selected_leaves_what_is_always_said():
    assert selected(["RS201"], ["ratio-with-quantity"]) == ALWAYS


def test_what_is_always_said_may_be_selected():
    assert selected(["RS002"]) == ALWAYS


@pytest.mark.parametrize("rule", [rule for rule in RULES.rules if rule.code in ALWAYS])
def test_what_is_always_said_cannot_be_ignored(rule):
    for name in (rule.code, rule.name):
        with pytest.raises(SelectionError, match=f"{rule.code} is always said"):
            selected(ignore=[name])


def test_rules_keep_their_order_whatever_the_order_of_names():
    assert selected_rules(RULES, ["RS301", "RS101"]) == selected_rules(RULES, ["RS101", "RS301"])


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("rs201", "did you mean RS201?"),
        ("RATIO-WITH-QUANTITY", "did you mean ratio-with-quantity?"),
        ("ratio-with-quantty", "did you mean ratio-with-quantity?"),
        ("something-else-entirely", "`rosetta-spec rule` lists them all"),
    ],
)
def test_an_unknown_rule_is_answered_with_the_nearest(name, remedy):
    assert unknown_rule(RULES, name) == f"there is no rule {name}; {remedy}"
    for options in ({"select": [name]}, {"ignore": [name]}):
        with pytest.raises(SelectionError) as error:
            selected(**options)
        assert str(error.value) == unknown_rule(RULES, name)
