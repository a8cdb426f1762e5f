"""Completion in configuration files and rulesets."""

import json
import tomllib

import pytest
from lsprotocol.types import ClientCompletionItemOptions

from rosetta_spec.spec.ruleset import builtin_ruleset

RULE = "rules:\n  - code: POL001\n    kind: exclusive\n"
CONFIG = ".rosetta-spec.toml"
RULES = "a.rules.yaml"


@pytest.fixture
def offered(session, open_text):
    def call(name, text):
        """Complete at `|`, and return the text after each completion by its label."""
        offset = text.index("|")
        document = open_text(name, text.replace("|", ""))
        items = session.completions(document, offset, ClientCompletionItemOptions())
        return {each.label: applied(document, each) for each in items}

    return call


def applied(document, item):
    edits = [item.text_edit, *(item.additional_text_edits or ())]
    content = document.text.content
    for edit in sorted(edits, key=lambda each: document.offset(each.range.start), reverse=True):
        start, end = document.offset(edit.range.start), document.offset(edit.range.end)
        content = content[:start] + edit.new_text + content[end:]
    return content


@pytest.mark.parametrize(
    ("name", "text", "label", "written"),
    [
        (CONFIG, "fail|", "fail-on", "fail-on = "),
        (CONFIG, "ignore = []\n|", "select", "ignore = []\nselect = "),
        (CONFIG, "fail-on = |", "never", 'fail-on = "never"'),
        (CONFIG, 'fail-on = "w|"', "warning", 'fail-on = "warning"'),
        (CONFIG, "fail-on-no-files = |", "true", "fail-on-no-files = true"),
        (CONFIG, 'ignore = ["RS402", |]', "RS501", 'ignore = ["RS402", "RS501"]'),
        (CONFIG, "select = [\n  RS|\n]", "RS109", 'select = [\n  "RS109"\n]'),
        (CONFIG, "[severity]\nRS4|", "RS402", "[severity]\nRS402 = "),
        (CONFIG, "[severity]\nRS402 = |", "off", '[severity]\nRS402 = "off"'),
        (CONFIG, '[per-file-ignores]\n"a" = [|]', "RS402", '[per-file-ignores]\n"a" = ["RS402"]'),
        (
            CONFIG,
            '[per-file-ignores]\n"[ab]" = [|]',
            "RS402",
            '[per-file-ignores]\n"[ab]" = ["RS402"]',
        ),
        ("pyproject.toml", "[tool.rosetta-spec]\n|", "fail-on", "[tool.rosetta-spec]\nfail-on = "),
        (
            "pyproject.toml",
            "[tool.rosetta-spec.severity]\nRS402 = |",
            "info",
            '[tool.rosetta-spec.severity]\nRS402 = "info"',
        ),
        (RULES, "|", "rules", "rules: "),
        (RULES, "r|", "rules", "rules: "),
        (RULES, "rules:\n  - |", "code", "rules:\n  - code: "),
        (RULES, "rules:\n  - c|: POL001", "code", "rules:\n  - code: POL001"),
        (RULES, f"{RULE}    ke|", "keys", f"{RULE}    keys: "),
        (RULES, f"# ours\n---\n{RULE}    ke|", "keys", f"# ours\n---\n{RULE}    keys: "),
        (RULES, "rules:\n  - kind: |", "required-when", "rules:\n  - kind: required-when"),
        (RULES, f"{RULE}    severity: w|", "warning", f"{RULE}    severity: warning"),
        (RULES, f"{RULE}    fix:\n      t|", "title", f"{RULE}    fix:\n      title: "),
        (
            "a.rules.json",
            '{"rules": [{"kind": "exclusive"\n|}]}',
            "keys",
            '{"rules": [{"kind": "exclusive",\n"keys": }]}',
        ),
        ("a.rules.json", "|", "rules", '{\n  "rules": \n}'),
        ("a.rules.json", '{"rules": [{"kind": "|"}]}', "any-of", '{"rules": [{"kind": "any-of"}]}'),
    ],
)
def test_keys_and_values_are_offered(offered, name, text, label, written):
    assert offered(name, text)[label] == written


@pytest.mark.parametrize(
    ("name", "text", "label"),
    [
        (CONFIG, "fail-on = 'info'\n|", "fail-on"),
        (CONFIG, 'ignore = ["RS402", |]', "RS402"),
        (CONFIG, "include = [|]", "RS402"),
        (CONFIG, "[severity]\n|", "fail-on"),
        (CONFIG, "fail-on = 'info' # |", "select"),
        ("pyproject.toml", "[tool.rosetta-spec]\n[project]\n|", "fail-on"),
        (RULES, f"{RULE}    |", "kind"),
        (RULES, f"{RULE}    |", "settings"),
        (RULES, f"{RULE}    why: |", "exclusive"),
        (RULES, f"{RULE}    why: x # |", "exclusive"),
    ],
)
def test_what_is_there_or_belongs_elsewhere_is_not_offered(offered, name, text, label):
    assert label not in offered(name, text)


@pytest.mark.no_cover
def test_long_lists_take_linear_time(offered):
    """Quadratic time would be minutes."""
    assert "RS402" in offered(CONFIG, f"ignore = [{'a' * 100_000} |")
    rows = "a = [\n" * 50_000
    assert "select" in offered(CONFIG, f"{rows}]\n|")


def test_every_code_and_option_of_a_kind_is_offered(offered):
    codes = {rule.code for rule in builtin_ruleset().rules}
    assert offered(CONFIG, "ignore = [|]").keys() == codes
    assert offered(RULES, f"{RULE}    |").keys() >= {"at", "keys", "message"}


def test_the_rules_of_a_team_are_offered(offered, write, write_policy):
    write(CONFIG, 'rulesets = ["policy.yaml"]\n')
    write_policy("policy.yaml")
    assert "POL001" in offered(CONFIG, "ignore = [|]")
    write(CONFIG, "wrong")
    assert "RS109" in offered(CONFIG, "ignore = [|]")


def test_what_is_offered_can_be_read(offered):
    for label, text in offered(CONFIG, "fail-on = |").items():
        assert tomllib.loads(text) == {"fail-on": label}
    for label, text in offered("a.rules.json", '{"rules": [{"severity": |}]}').items():
        assert json.loads(text)["rules"] == [{"severity": label}]
