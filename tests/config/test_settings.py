"""What holds for each file: its own closest config and what the call says, weighed."""

import json
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec import WrongFileError, check, settings_of
from rosetta_spec.cli.check import facts_text, file_facts
from rosetta_spec.config.settings import Configuration, Overrides, Settings
from rosetta_spec.files.discovery import STDIN, Source
from rosetta_spec.files.names import with_real_folder
from rosetta_spec.spec.ruleset import ALWAYS, SelectionError, builtin_ruleset

CODES = frozenset(rule.code for rule in builtin_ruleset().default_rules)

IDLE = {"annotationRequestId": "a", "poolName": "p", "sequenceLength": 5}


@pytest.fixture(autouse=True)
def _in_a_repository(folder):
    (folder / ".git").mkdir()


def codes(its):
    return {rule.code for rule in its.rules}


def settings_by(path, **overrides):
    return Configuration(Overrides(**overrides)).settings_of(path)


class TestSettings:
    def test_without_a_config_none_of_our_rules_need_be_loaded(self):
        assert settings_of("a/b.json") == Settings(None, "error")

    def test_the_closest_config_of_each_file_applies_to_it(self, write):
        write("rosetta-spec.toml", "select = ['RS401']\nfail-on = 'info'")
        write("a/rosetta-spec.toml", "ignore = ['RS401']")
        assert settings_of("x.json").fail_on == settings_of("b/x.json").fail_on == "info"
        assert codes(settings_of("x.json")) == ALWAYS | {"RS401"}
        assert settings_of("a/b/x.json").fail_on == "error"
        assert codes(settings_of(Path("a/x.json"))) == CODES - {"RS401"}

    def test_what_a_file_ignores_is_not_reported_in_it_alone(self, write):
        write("rosetta-spec.toml", "[per-file-ignores]\n'old/' = ['RS401']\n'*.yaml' = ['RS402']")
        assert codes(settings_of("a.json")) == CODES
        assert codes(settings_of("old/a.json")) == CODES - {"RS401"}
        assert codes(settings_of("old/a.yaml")) == CODES - {"RS401", "RS402"}

    def test_a_call_selects_and_ignores_and_fails_over_the_config(self, write):
        write("rosetta-spec.toml", "select = ['RS405']\nignore = ['RS401']\nfail-on = 'never'")
        its = settings_by("a", select=("RS401", "RS402"), ignore=("RS402",), fail_on="info")
        assert codes(its) == ALWAYS | {"RS401"}
        assert its.fail_on == "info"

    def test_one_config_may_apply_to_all_or_none_to_any(self, write):
        write("a/rosetta-spec.toml", "fail-on = 'info'")
        write("mine.toml", "fail-on = 'never'")
        assert settings_by("a/x", config="mine.toml").fail_on == "never"
        assert settings_of("a/x", config="mine.toml").fail_on == "never"
        assert settings_by("a/x", is_isolated=True) == Settings()
        with pytest.raises(WrongFileError, match=r"none\.toml: there is no such "):
            settings_by("a/x", config="none.toml")

    def test_a_link_and_what_is_in_a_linked_folder_have_the_settings_of_the_real_file(
        self, write, folder
    ):
        write("a/rosetta-spec.toml", "fail-on = 'info'")
        write("a/x.json")
        (folder / "b").symlink_to("a")
        (folder / "x.json").symlink_to("a/x.json")
        assert settings_of("b/x.json").fail_on == "info"
        assert settings_of("x.json").fail_on == "info"

    def test_a_config_that_is_a_link_is_where_it_is(self, write, folder):
        write("shared/base.toml", "[tool.rosetta-spec]\nper-file-ignores = {'/old' = ['RS401']}")
        (folder / "pyproject.toml").symlink_to("shared/base.toml")
        assert codes(settings_of("old/a.json")) == CODES - {"RS401"}
        assert codes(settings_of("shared/old/a.json")) == CODES

    def test_in_python_they_give_what_the_command_finds(self, write, write_policy, rosetta):
        write("rosetta-spec.toml", "rulesets = ['policy.yaml']\nseverity.RS401 = 'info'")
        write_policy("policy.yaml")
        report = check({**IDLE, "samplingRatio": 0.5}, rules=settings_of("a.json").rules)
        found = [(each.code, each.severity) for each in report.diagnostics]
        assert found == [("RS401", "info"), ("POL001", "error")]
        write("a.json", json.dumps({**IDLE, "samplingRatio": 0.5}))
        ran = rosetta("check", "a.json", "--format", "json")
        assert [(each["code"], each["severity"]) for each in ran.diagnostics] == found

    def test_they_go_to_other_processes(self, write):
        write("rosetta-spec.toml", "severity.RS401 = 'info'")
        its = settings_of("a")
        copy = pickle.loads(pickle.dumps(its))  # noqa: S301 - our own
        assert [(rule.code, rule.severity) for rule in copy.rules] == [
            (rule.code, rule.severity) for rule in its.rules
        ]


PARTS = st.sampled_from([".", "..", "a", "b", "link", "", "...", "link/..", "a/b"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.lists(PARTS, max_size=4).map("/".join), max_size=4))
@example(["/", "//", "a//b", "/a/../b"])
def test_folders_are_where_the_system_finds_them_after_any_other_look_up(folder, paths):
    (folder / "a" / "b").mkdir(parents=True, exist_ok=True)
    if not (folder / "link").is_symlink():
        (folder / "link").symlink_to("a/b")
    configuration = Configuration(Overrides())
    for path in paths:
        head, tail = os.path.split(f"{path}/x")
        place = with_real_folder(f"{path}/x", configuration._real_folder)
        assert place == os.path.join(os.path.realpath(head), tail)  # noqa: PTH118


class TestRun:
    def test_files_with_the_same_settings_share_a_number(self, write):
        write("rosetta-spec.toml", "[per-file-ignores]\n'old' = ['RS401']\n'x*' = ['RS401']")
        write("new/rosetta-spec.toml")
        sources = [Source(name, name) for name in ("a", "b", "new/a", "old/a", "x", "y/a")]
        configuration = Configuration(Overrides())
        resolved = configuration.with_settings(sources, STDIN)
        assert [source.settings_index for source in resolved] == [0, 0, 1, 2, 2, 0]
        assert len(configuration.settings) == 3

    def test_standard_input_has_the_settings_of_its_name(self, write):
        write("a/rosetta-spec.toml", "exclude = ['b']\nfail-on = 'info'")
        stdin = Source(STDIN, None)
        for name, fail_on in (("a/b", "info"), ("b", "error"), (STDIN, "error")):
            configuration = Configuration(Overrides())
            (source,) = configuration.with_settings([stdin], name)
            assert configuration.settings[source.settings_index].fail_on == fail_on
        assert Configuration(Overrides(force_exclude=True)).with_settings([stdin], "a/b") == []

    def test_a_call_may_name_the_rules_of_any_of_its_files(self, write, write_policy):
        write("a/rosetta-spec.toml", "rulesets = ['policy.yaml']")
        write_policy("a/policy.yaml")
        sources = [Source("a/x", "a/x"), Source("b/x", "b/x")]
        configuration = Configuration(Overrides(select=("large-share",)))
        configuration.with_settings(sources, STDIN)
        assert list(map(codes, configuration.settings)) == [ALWAYS | {"POL001"}, ALWAYS]
        with pytest.raises(SelectionError, match="there is no rule large-share"):
            Configuration(Overrides(select=("large-share",))).with_settings(sources[1:], STDIN)

    def test_rules_that_cannot_be_disabled_cannot_be_ignored_by_a_call(self):
        with pytest.raises(SelectionError, match="RS001 cannot be disabled"):
            Configuration(Overrides(ignore=("RS001",))).with_settings([], STDIN)


class TestChoice:
    @pytest.fixture
    def choice(self):
        return Configuration(Overrides())

    def test_without_a_config_endings_decide_in_any_case(self, choice):
        assert choice.is_wanted("a/b.Sampling.JSON")
        assert not choice.is_wanted("a/b.json")
        assert not choice.is_excluded("a/b.json")
        assert choice.wanted_names(".").startswith("their names end in .sampling.json, ")

    def test_include_replaces_the_endings_and_exclude_comes_on_top(self, write, choice):
        write("rosetta-spec.toml", "include = ['*.req', '/one.json']\nexclude = ['old/']")
        assert choice.is_wanted("a/b.req")
        assert choice.is_wanted("one.json")
        assert not choice.is_wanted("a/one.json")
        assert not choice.is_wanted("a.sampling.json")
        assert not choice.is_wanted("a/old/b.req")
        assert choice.is_wanted("a/old.req")
        assert choice.wanted_names("a") == "include in rosetta-spec.toml:1 says which are read"

    def test_exclude_alone_leaves_the_endings(self, write, choice):
        write("rosetta-spec.toml", "\nexclude = ['old']")
        assert choice.is_wanted("a.sampling.json")
        assert not choice.is_wanted("old/a.sampling.json")
        assert choice.wanted_names("a") == "exclude in rosetta-spec.toml:2 says which are read"

    def test_a_named_file_is_left_out_only_by_force(self, write, choice):
        write("rosetta-spec.toml", "exclude = ['old']")
        assert not choice.is_force_excluded("old/a")
        assert Configuration(Overrides(force_exclude=True)).is_force_excluded("old/a")


class TestAccount:
    @pytest.fixture
    def configuration(self, write, write_policy):
        write_policy("policy.yaml")
        write("base.toml", "rulesets = ['policy.yaml']\nselect = ['RS401', 'RS402', 'POL001']")
        write(
            "rosetta-spec.toml",
            "extend = 'base.toml'\nexclude = ['old']\nseverity.POL001 = 'info'\n"
            "per-file-ignores.'a*' = ['RS402']\nfail-on = 'info'\n",
        )
        return Configuration(Overrides())

    def test_every_setting_has_its_source(self, configuration):
        facts = file_facts(configuration, "a.sampling.json")
        assert facts["configuration"] == ["rosetta-spec.toml", "base.toml"]
        assert facts["is_found"]
        here = {"filename": "rosetta-spec.toml"}
        assert facts["settings"] == {
            "include": {"value": facts["settings"]["include"]["value"], "source": None},
            "exclude": {"value": ["old"], "source": {"setting": "exclude", **here, "row": 2}},
            "fail-on": {"value": "info", "source": {"setting": "fail-on", **here, "row": 5}},
            "rulesets": {
                "value": ["policy.yaml"],
                "source": {"setting": "rulesets", "filename": "base.toml", "row": 1},
            },
        }
        rules = {each["code"]: each for each in facts["rules"]}
        select = {"setting": "select", "filename": "base.toml", "row": 2}
        assert rules["RS001"]["source"] is None
        assert (rules["RS201"]["severity"], rules["RS201"]["source"]) == ("off", select)
        assert (rules["RS401"]["severity"], rules["RS401"]["source"]) == ("warning", select)
        assert rules["RS402"]["severity"] == "off"
        assert rules["RS402"]["source"] == {"setting": "per-file-ignores", **here, "row": 4}
        assert rules["POL001"]["severity"] == "info"
        assert rules["POL001"]["source"] == {"setting": "severity", **here, "row": 3}

    def test_as_text_it_is_the_same(self, configuration):
        rows = [
            row.split() for row in facts_text(file_facts(configuration, "./old/b")).splitlines()
        ]
        assert rows[0] == ["old/b"]
        assert ["configuration:", "rosetta-spec.toml,", "base.toml"] in rows
        assert ["read", "where", "it", "is", "found", "in", "a", "folder:", "no"] in rows
        assert ["exclude", "exclude", "in", "rosetta-spec.toml:2", "old"] in rows
        assert ["RS001", "error", "unreadable-file", "default"] in rows
        assert ["RS402", "warning", "missing-join-type", "select", "in", "base.toml:2"] in rows
        assert ["POL001", "info", "large-share", "severity", "in", "rosetta-spec.toml:3"] in rows

    def test_options_of_the_call_are_named(self):
        overrides = Overrides(select=("RS401",), fail_on="never", fail_on_no_files=True)
        configuration = Configuration(overrides)
        facts = file_facts(configuration, "a")
        option = {"filename": None, "row": None}
        fail_on = {"value": "never", "source": {"setting": "--fail-on", **option}}
        assert facts["settings"]["fail-on"] == fail_on
        no_files = {"value": True, "source": {"setting": "--fail-on-no-files", **option}}
        assert facts["settings"]["fail-on-no-files"] == no_files
        assert facts["configuration"] == []
        rules = {each["code"]: each["source"] for each in facts["rules"]}
        assert rules["RS402"] == {"setting": "--select", **option}
        assert "configuration: none\n" in facts_text(file_facts(configuration, "a"))
