"""What `schema` and `rule` print: all of it, and JSON that any program can read."""

import json

import pytest
from jsonschema import Draft7Validator

from rosetta_spec.document.values import json_text
from rosetta_spec.request.schema import request_schema
from rosetta_spec.spec.bundle import bundled_schema
from rosetta_spec.spec.pages import text_page
from rosetta_spec.spec.ruleset import builtin_ruleset

RULES = builtin_ruleset().rules


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [((), request_schema()), (("--bundle",), bundled_schema(builtin_ruleset().default_rules))],
    ids=["bare", "bundle"],
)
def test_a_schema_is_printed_as_it_is(rosetta, arguments, schema):
    outcome = rosetta("schema", *arguments)
    assert outcome.status == 0
    printed = json.loads(outcome.stdout)
    Draft7Validator.check_schema(printed)
    assert list(printed) == list(schema)
    assert printed == json.loads(json_text(schema))


def test_a_schema_is_written_to_a_file_which_may_be_there_already(rosetta, folder, write):
    printed = rosetta("schema", "--bundle").stdout
    write("schema.json", "old")
    for name in ("schema.json", "new.json"):
        outcome = rosetta("schema", "--bundle", "--output", name)
        assert (outcome.status, outcome.stdout, outcome.stderr) == (0, "", "")
        assert (folder / name).read_text(encoding="utf-8") == printed
    assert rosetta("schema", "--bundle", "--output", "-").stdout == printed


def test_a_schema_that_cannot_be_written_is_a_wrong_call(rosetta, folder):
    outcome = rosetta("schema", "--output", str(folder / "none" / "schema.json"))
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "schema.json cannot be written: No such file or directory" in outcome.stderr
    assert rosetta("schema", "--output", str(folder)).status == 2


def test_every_rule_is_listed_as_json(rosetta):
    outcome = rosetta("rule", "--format", "json")
    assert outcome.status == 0
    assert [each["code"] for each in json.loads(outcome.stdout)] == [rule.code for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_explained_by_code_and_by_name(rosetta, rule):
    assert rosetta("rule", rule.code).stdout == text_page(rule)
    facts = json.loads(rosetta("rule", rule.name, "--format", "json").stdout)
    assert facts["code"] == rule.code
    assert facts["severity"] == rule.severity
