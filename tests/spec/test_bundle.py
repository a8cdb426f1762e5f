"""The bundled schema says each rule in its words, where editors show them."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import indented_json
from rosetta_spec.request.schema import NOT_BLANK, is_valid
from rosetta_spec.spec.bundle import _EditorSchema, bundled_schema
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset, rule_from

RULES = builtin_ruleset().rules
POLICY = load_ruleset(Path(__file__).parents[1] / "laws" / "policy.rules.yaml").rules
BUNDLE = bundled_schema(RULES)
#: What a rule of a team has, whatever its kind.
TEAM_RULE = {
    **dict.fromkeys(("name", "message", "help", "why", "source", "bad", "good"), "x"),
    "code": "POL001",
    "severity": "error",
}
PUBLISHED = Path(__file__).parents[2] / "docs" / "sampling-create.schema.json"


def schemas_in(schema):
    """Yield every schema inside a bundled one, itself first."""
    if isinstance(schema, dict):
        yield schema
        inside = [schema.get(key) for key in ("if", "then", "else", "not", "items")]
        inside += [*schema.get("properties", {}).values(), *schema.get("allOf", ())]
        inside += schema.get("patternProperties", {}).values()
        for child in inside:
            yield from schemas_in(child)


def words_in(schema, keyword):
    return [each[keyword] for each in schemas_in(schema) if keyword in each]


def test_the_published_schema_is_fresh(refresh_or_compare):
    refresh_or_compare(PUBLISHED, f"{indented_json(BUNDLE)}\n")


@pytest.mark.parametrize("rules", [RULES, POLICY, ()], ids=["ours", "policy", "none"])
def test_a_bundle_is_a_schema_that_names_and_speaks_of_nothing_twice(rules):
    schema = bundled_schema(rules)
    Draft7Validator.check_schema(schema)
    assert not any({"oneOf", "$ref"} & each.keys() for each in schemas_in(schema))
    for keyword in ("errorMessage", "deprecationMessage"):
        for words in words_in(schema, keyword):
            assert re.match(r"[A-Z]+[0-9]{3} [a-z-]+: [^{]", words)
            assert not re.search(r"\{[a-z_]+\}", words)


@pytest.mark.parametrize("rule", [*RULES, *POLICY], ids=lambda rule: rule.code)
def test_an_expressible_rule_has_its_own_message(rule):
    schema = bundled_schema([rule])
    keyword = "errorMessage" if rule.severity is Severity.ERROR else "deprecationMessage"
    expected = words_in(schema, "errorMessage") + words_in(schema, "deprecationMessage")
    if not rule.kind.is_expressible():
        assert expected == []
        assert f"{rule.code} ({rule.name})" in schema["$comment"]
    else:
        assert expected == words_in(schema, keyword)
        assert all(words.startswith(f"{rule.code} {rule.name}: ") for words in expected)
        assert expected


def test_a_message_without_facts_is_that_of_a_finding():
    for request in (
        {"annotationRequestId": "a"},
        {"annotationRequestId": "a", "poolName": "b", "samplingRatio": 1, "samplingQuantity": 1},
        {"annotationRequestId": "a", "poolName": "b", "interceptionMode": 6},
        {"annotationRequestId": "a", "poolName": "b", "subCondition": {"workPoolFilter": ["c"]}},
    ):
        (found,) = check(request).diagnostics
        assert f"{found.code} {found.name}: {found.message}" in words_in(BUNDLE, "errorMessage")


def test_what_needs_a_value_says_what_is_wanted():
    assert (
        "RS105 unknown-choice: values are among those that the API lists; "
        "choose 1 (Sequential sampling) or 2 (Random sampling)"
    ) in words_in(BUNDLE["properties"]["sampleType"], "errorMessage")


def test_a_warning_fits_and_an_error_does_not():
    request = {"annotationRequestId": "a", "poolName": "b", "sequenceLength": 1}
    assert is_valid(request, BUNDLE)
    strict = [rule._replace(severity=Severity.ERROR) for rule in RULES]
    assert not is_valid(request, bundled_schema(strict))


def test_what_belongs_together_is_offered_together():
    labels = [snippet["label"] for snippet in BUNDLE["defaultSnippets"]]
    assert labels[0] == "sampling request"
    assert "interceptionMode 5 (custom) with interceptionFrame and interceptionBoundary" in labels
    inside = BUNDLE["properties"]["subCondition"]["defaultSnippets"]
    assert [each["label"] for each in inside] == [
        "workPoolFilter with workPoolFilterType",
        "operationFilterType with userNameFilter",
    ]
    for snippet in (*BUNDLE["defaultSnippets"][1:], {"body": {"subCondition": inside[0]["body"]}}):
        request = {"annotationRequestId": "a", "poolName": "b", **snippet["body"]}
        assert check(request).diagnostics == ()


def test_a_rule_about_two_objects_is_reported_at_the_key_that_requires_the_other():
    entry = {
        **TEAM_RULE,
        "kind": "set-when",
        "by": "/subCondition/haveIssue",
        "values": [True],
        "place": "/sampleType",
        "to": [2],
        "message": {"missing": "no", "other": "{by} wants {key} {wanted}"},
        "help": {"missing": "no", "other": "write {wanted}"},
    }
    schema = bundled_schema([rule_from(entry, "")])
    start = {"annotationRequestId": "a", "poolName": "b", "subCondition": {"haveIssue": True}}
    assert is_valid({**start, "sampleType": 2}, schema)
    assert not is_valid({**start, "sampleType": 1}, schema)
    assert not is_valid(start, schema)
    missing, other = (clause["else"]["properties"] for clause in schema["allOf"][-2:])
    assert missing["subCondition"]["properties"]["haveIssue"]["errorMessage"] == "POL001 x: no; no"
    assert other == {
        "sampleType": {
            "type": "null",
            "errorMessage": "POL001 x: subCondition.haveIssue wants sampleType 2 (Random sampling);"
            " write 2 (Random sampling)",
        }
    }


@pytest.mark.parametrize("pattern", [r"^a-[a-z]+$", r"\Aa-[a-z]+\Z", r"\Aa-[a-z]+$(?!\n)"])
@pytest.mark.parametrize("name", ["a-x", " a-x", "a-x\n", "\na-x \n", "b a-x", "a-x b", "a-x\nb"])
def test_a_pattern_is_about_the_text_without_blanks_around_it(pattern, name):
    entry = {
        **TEAM_RULE,
        "kind": "written-as",
        "at": ["/poolName"],
        "pattern": pattern,
        "form": "a-x",
    }
    rule = rule_from(entry, "")
    request = {"annotationRequestId": "a", "poolName": name}
    has_error = "POL001" in [each.code for each in check(request, rules=[rule]).diagnostics]
    assert has_error is ("b" in name)
    assert is_valid(request, bundled_schema([rule])) is not has_error


def test_a_setting_of_a_key_without_listed_values_is_reported_too():
    entry = {
        **TEAM_RULE,
        "kind": "ignored-unless",
        "by": "sampleCount",
        "settings": {"sampleType": [10]},
        "message": {"absent": "no", "other": "no"},
        "help": {"absent": "no", "other": "no"},
    }
    schema = bundled_schema([rule_from(entry, "")])
    start = {"annotationRequestId": "a", "poolName": "b", "sampleType": 1}
    assert is_valid({**start, "sampleCount": 10}, schema)
    assert not is_valid({**start, "sampleCount": 11}, schema)
    assert not is_valid(start, schema)
    (words,) = words_in(schema, "errorMessage")
    assert words.startswith("POL001 x: keys are set only where they have an effect")


def test_a_string_without_forbidden_forms_has_only_a_message_about_blanks():
    rules = {rule.kind.name: rule for rule in RULES}
    written = _EditorSchema(rules)._written({"pattern": NOT_BLANK}, ("poolName",))
    assert list(written) == ["pattern", "errorMessage"]
    assert "RS108" in written["errorMessage"]


def test_a_pattern_of_the_bundle_is_one_of_ecma_262():
    """Editors read it, and JavaScript names groups differently."""
    entry = {
        **TEAM_RULE,
        "kind": "written-as",
        "at": ["/poolName"],
        "pattern": r"\A(?P<team>audit|lane)-[(?P<x>]\Z",
        "form": "team-subject",
    }
    schema = bundled_schema([rule_from(entry, "")])
    (pattern,) = (each for each in words_in(schema, "pattern") if "audit" in each)
    assert re.fullmatch(r"\^\S+\(audit\|lane\)-\[\(\?P<x>\]\S+\$", pattern)


def document_of(example):
    (document,) = read_documents(example.text.encode(), None)
    return document.value


@pytest.mark.parametrize("severity", [Severity.WARNING, None], ids=["warning", "off"])
@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.severity is Severity.ERROR and rule.kind.is_expressible()],
    ids=lambda rule: rule.code,
)
def test_what_is_no_error_for_a_team_fits_its_bundle(rule, severity):
    others = [other for other in RULES if other is not rule]
    rules = [*others, rule._replace(severity=severity)] if severity else others
    assert not is_valid(document_of(rule.bad), BUNDLE)
    has_error = check(rule.bad.text, rules=rules).summary.errors > 0
    assert is_valid(document_of(rule.bad), bundled_schema(rules)) is not has_error


def test_a_rule_of_a_team_is_not_about_a_value_that_is_wrong_for_another_rule():
    entry = {
        **TEAM_RULE,
        "wants": "x",
        "kind": "schema",
        "at": ["/samplingRatio"],
        "schema": {"maximum": 0.2},
    }
    rules = [rule_from(entry, ""), *(rule for rule in RULES if rule.code != "RS107")]
    for ratio, has_error in ((0.2, False), (0.5, True), (20, False)):
        request = {"annotationRequestId": "a", "poolName": "b", "samplingRatio": ratio}
        assert (check(request, rules=rules).summary.errors > 0) is has_error
        assert is_valid(request, bundled_schema(rules)) is not has_error


def test_a_rule_that_is_silent_beside_a_wrong_key_rejects_nothing_there():
    severities = {"RS109": Severity.WARNING, "RS110": Severity.WARNING, "RS403": Severity.ERROR}
    rules = [rule._replace(severity=severities.get(rule.code, rule.severity)) for rule in RULES]
    schema = bundled_schema(rules)
    cases = (({}, True), ({"haveIsue": True}, False), ({"poolName": 1}, False))
    for conditions, has_error in cases:
        request = {"annotationRequestId": "a", "poolName": "b", "subCondition": conditions}
        assert (check(request, rules=rules).summary.errors > 0) is has_error
        assert is_valid(request, schema) is not has_error


@pytest.mark.parametrize("severity", [Severity.WARNING, None], ids=["warning", "off"])
@pytest.mark.parametrize(
    ("members", "has_error"),
    [
        ({"samplingRatio": None, "samplingQuantity": 5}, False),
        ({"interceptionMode": None, "interceptionFrame": 5}, True),
        ({"interceptionMode": 1, "interceptionFrame": None}, True),
        ({"interceptionMode": None, "interceptionFrame": None}, False),
        ({"subCondition": None}, False),
        ({"subCondition": {"haveIssue": None}}, True),
        ({"subCondition": {"workPoolFilter": ["p"], "workPoolFilterType": None}}, True),
        ({"subCondition": {"haveIssue": True, "startTime": None}}, False),
        ({"subCondition": {"haveIssue": True, "taskId": ["1"], "conditionJoinType": None}}, True),
    ],
)
def test_null_counts_as_absent_where_it_is_no_error(members, has_error, severity):
    rules = [rule._replace(severity=Severity.ERROR) for rule in RULES if rule.code != "RS102"]
    if severity:
        rules += [rule._replace(severity=severity) for rule in RULES if rule.code == "RS102"]
    request = {"annotationRequestId": "a", "poolName": "b", **members}
    assert (check(request, rules=rules).summary.errors > 0) is has_error
    assert is_valid(request, bundled_schema(rules)) is not has_error


@pytest.mark.parametrize(("quantity", "has_error"), [("-0.5", False), ("-1", True)])
def test_a_fraction_is_not_out_of_range_where_it_is_no_error(quantity, has_error):
    rules = [rule for rule in RULES if rule.code != "RS106"]
    request = {"annotationRequestId": "a", "poolName": "b", "samplingQuantity": Decimal(quantity)}
    assert (check(request, rules=rules).summary.errors > 0) is has_error
    assert is_valid(request, bundled_schema(rules)) is not has_error


@pytest.mark.parametrize(
    ("value", "has_error"), [([], True), ("1", True), ({}, True), (None, False)]
)
def test_a_forbidden_key_is_rejected_with_any_value(value, has_error):
    entry = {
        **TEAM_RULE,
        "kind": "forbidden",
        "at": ["/subCondition"],
    }
    rules = [rule_from(entry, ""), *(rule for rule in RULES if rule.code != "RS102")]
    request = {"annotationRequestId": "a", "poolName": "b", "subCondition": value}
    assert (check(request, rules=rules).summary.errors > 0) is has_error
    assert is_valid(request, bundled_schema(rules)) is not has_error
