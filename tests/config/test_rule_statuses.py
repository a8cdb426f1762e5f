"""Which rules have a say: laws of how a call, a config and a file's own settings are weighed."""

from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.config.config import OFF, Config, Origin, Setting, rule_statuses
from rosetta_spec.spec.ruleset import ALWAYS, builtin_ruleset

RULES = builtin_ruleset()
CODES = [rule.code for rule in RULES.rules]
OPT_IN = {rule.code for rule in RULES.rules if rule.is_opt_in}
DISABLED = st.sampled_from([code for code in CODES if code not in ALWAYS])


def named(key, codes=DISABLED):
    return st.none() | st.frozensets(codes).map(lambda codes: Setting(codes, Origin(key)))


SEVERITIES = st.dictionaries(
    DISABLED,
    st.sampled_from(["error", "warning", "info", OFF]).map(
        lambda word: Setting(word, Origin("severity"))
    ),
)


def config_of(**chosen):
    return Config((), RULES, **chosen)


CALLS = st.builds(
    config_of,
    select=named("--select", st.sampled_from(CODES)).filter(lambda it: it is None or it.value),
    ignore=named("--ignore"),
    severity=st.just({}),
)
CONFIGS = st.builds(
    config_of,
    select=named("select", st.sampled_from(CODES)),
    ignore=named("ignore"),
    severity=SEVERITIES,
)
HERE = st.lists(
    st.frozensets(DISABLED).map(lambda codes: Setting(codes, Origin("here"))), max_size=2
)


NOTHING = config_of()


def weighed(call=NOTHING, config=NOTHING, here=()):
    ignored = [*here, call.ignore] if call.ignore else here
    return {it.rule.code: it for it in rule_statuses(config, call.select, ignored)}


def selected(*layers):
    return {code for code, status in weighed(*layers).items() if status.is_selected}


def test_all_rules_are_selected_as_declared_when_nothing_is_set():
    assert selected() == set(CODES) - OPT_IN
    assert tuple(status.rule for status in weighed().values()) == RULES.rules


@given(CALLS, CONFIGS, HERE)
def test_rules_that_cannot_be_disabled_are_always_selected(call, config, here):
    assert selected(call, config, here) >= ALWAYS


@given(CALLS, CONFIGS, HERE)
def test_what_a_call_or_a_file_ignores_is_not_selected_in_any_way(call, config, here):
    silent = (call.ignore.value if call.ignore else frozenset()).union(*(it.value for it in here))
    assert selected(call, config, here).isdisjoint(silent)


@given(CALLS, CONFIGS)
def test_what_a_call_selects_replaces_what_the_config_selects_ignores_and_sets_to_off(call, config):
    if call.select:
        ignored = call.ignore.value if call.ignore else frozenset()
        assert selected(call, config) == call.select.value - ignored | ALWAYS


@given(CONFIGS)
def test_of_one_config_what_is_ignored_or_off_beats_what_is_selected(config):
    on = {code for code, (severity, _) in config.severity.items() if severity != OFF}
    select = config.select.value if config.select else set(CODES) - OPT_IN | on
    ignore = config.ignore.value if config.ignore else set()
    off = {code for code, (severity, _) in config.severity.items() if severity == OFF}
    assert selected(NOTHING, config) == set(select) - ignore - off | ALWAYS


@given(CALLS, CONFIGS, HERE)
def test_a_rule_has_the_severity_that_the_config_gives_it_else_its_own(call, config, here):
    for code, status in weighed(call, config, here).items():
        severity, origin = config.severity.get(code, (OFF, None))
        if severity == OFF:
            assert status.rule is RULES.find(code)
            assert status.severity_by is None
        else:
            assert status.rule == RULES.find(code)._replace(severity=severity)
            assert status.severity_by == origin


@given(CALLS, CONFIGS, HERE)
def test_every_difference_from_the_declaration_has_its_source(call, config, here):
    for code, status in weighed(call, config, here).items():
        if not status.is_selected and code not in OPT_IN:
            assert status.selected_by is not None
        if status.rule.severity != RULES.find(code).severity:
            assert status.severity_by is not None
