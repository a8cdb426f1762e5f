"""A configuration changes what is reported, never what is found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.config.config import OFF, Config, Origin, Setting, rule_statuses
from rosetta_spec.spec.ruleset import ALWAYS, builtin_ruleset
from rosetta_spec.strategies import messy_requests

#: Tracing would make them four times as slow, and other tests reach the same code.
pytestmark = pytest.mark.no_cover

RULES = builtin_ruleset()
CODES = st.sampled_from([rule.code for rule in RULES.rules if rule.code not in ALWAYS])
SEVERITIES = st.dictionaries(
    CODES,
    st.sampled_from(["error", "warning", "info", OFF]).map(
        lambda word: Setting(word, Origin("severity"))
    ),
)


def named(key):
    return st.none() | st.frozensets(CODES).map(lambda codes: Setting(codes, Origin(key)))


def configs(**settings):
    return st.builds(lambda **chosen: Config((), RULES, **chosen), **settings)


@settings(max_examples=30)
@given(
    messy_requests(),
    configs(select=named("--select"), ignore=named("--ignore"), severity=st.just({})),
    configs(select=named("select"), ignore=named("ignore"), severity=SEVERITIES),
)
def test_exactly_the_findings_of_enabled_rules_are_reported(document, call, config):
    ignored = [call.ignore] if call.ignore else []
    weighed = {it.rule.code: it for it in rule_statuses(config, call.select, ignored)}
    rules = [it.rule for it in weighed.values() if it.is_selected]
    expected = [
        without_fixes(each)._replace(severity=weighed[each.code].rule.severity)
        for each in check(document).diagnostics
        if weighed[each.code].is_selected
    ]
    found = map(without_fixes, check(document, rules=rules).diagnostics)
    assert list(found) == expected


def without_fixes(diagnostic):
    """Leave out what depends on the rules that have a say: a fix satisfies all of them."""
    return diagnostic._replace(fixes=(), dropped=())
