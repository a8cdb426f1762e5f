"""Rules as settings name them, by code or name; some cannot be disabled."""

import pytest

from rosetta_spec.request.wording import name_called
from rosetta_spec.spec.ruleset import (
    ALWAYS,
    SelectionError,
    builtin_ruleset,
    codes_of,
    no_such_rule,
)

RULES = builtin_ruleset()
LIST = "`rosetta-spec rule` lists them all"

#: The rules RS4xx that are not named.
MORE_OF_400 = sum(rule.code.startswith("RS40") for rule in RULES.rules) - 3


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.code)
def test_a_rule_is_named_by_code_or_name(rule):
    for name in (rule.code, rule.name):
        assert codes_of(RULES, name) == {rule.code}


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.code)
def test_rules_that_cannot_be_disabled_cannot_be_ignored(rule):
    for name, called in ((rule.code, rule.code), (rule.name, f"{rule.name} \\({rule.code}\\)")):
        if rule.code in ALWAYS:
            with pytest.raises(SelectionError, match=f"^{called} cannot be disabled; leave it out"):
                codes_of(RULES, name, is_off=True)
        else:
            assert codes_of(RULES, name, is_off=True) == {rule.code}


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("rs201", "did you mean RS201?"),
        ("RATIO-WITH-QUANTITY", "did you mean ratio-with-quantity?"),
        ("ratio-with-quantty", "did you mean ratio-with-quantity?"),
        ("RS90l", f"the nearest are RS901 and RS902, and {LIST}"),
        ("RS2001", f"the nearest are RS001 and RS201, and {LIST}"),
        ("ratio", f"the nearest is ratio-with-quantity, and {LIST}"),
        ("-times", f"the nearest is incomparable-times, and {LIST}"),
        ("x" * 101, LIST),
        ("RS40l", f"the nearest are RS401, RS402, RS403 and {MORE_OF_400} more, and {LIST}"),
        ("###", LIST),
        ("", LIST),
    ],
)
def test_an_unknown_rule_is_answered_with_the_nearest(name, remedy):
    assert str(no_such_rule(RULES, name)) == f"there is no rule {name_called(name)}; {remedy}"
    for is_off in (False, True):
        with pytest.raises(SelectionError) as error:
            codes_of(RULES, name, is_off=is_off)
        assert str(error.value) == str(no_such_rule(RULES, name))
