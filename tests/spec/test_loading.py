"""A team's ruleset is loaded, or rejected with the place and remedy of its first problem."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rosetta_spec import api
from rosetta_spec.document.reader import read_documents
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast import formats
from rosetta_spec.spec.loading import RulesetError, load_ruleset
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset

HERE = Path(__file__).parent

#: One rule of each of some kinds; every test below spoils something in it.
RULESET = (HERE / "policy.yaml").read_text(encoding="utf-8")

#: Cases: lines to replace (-), their replacement (+), and the place and words of the error.
WRONG = (HERE / "wrong_rulesets.txt").read_text(encoding="utf-8")


def written(folder, text, name="team.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def error_in(folder, text, name="team.yaml"):
    """Return the error of a ruleset without its file name."""
    path = written(folder, text, name)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    error = caught.value
    assert error.filename == path.as_posix()
    row, column = error.location
    assert str(error) == f"{error.filename}:{row}:{column}: {error.cause}; {error.remedy}"
    return str(error).removeprefix(f"{error.filename}:")


def words(message):
    _place, words = message.split(": ", 1)
    return words


def spoilt(old, new):
    assert RULESET.count(old) == 1, old
    return RULESET.replace(old, new)


def wrong_rulesets():
    for case in WRONG.strip("\n").split("\n\n"):
        lines = case.split("\n")
        old = "\n".join(line[2:] for line in lines if line.startswith("- "))
        new = "\n".join(line[2:] for line in lines if line.startswith("+ "))
        message = " ".join(line for line in lines if line[0] not in "-+")
        yield pytest.param(old, new, message, id=new)


@pytest.mark.parametrize(("old", "new", "message"), list(wrong_rulesets()))
def test_a_wrong_ruleset_is_rejected_at_its_first_problem(tmp_path, old, new, message):
    assert error_in(tmp_path, spoilt(old, new)) == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    # JSON has no second document.
    [case for case in wrong_rulesets() if "---" not in case.values[1]][::7],
)
def test_a_ruleset_in_json_is_rejected_in_the_same_words(tmp_path, old, new, message):
    (document,) = read_documents(spoilt(old, new).encode(), formats.YAML)
    text = json.dumps(document.value, default=float)
    assert words(error_in(tmp_path, text, "team.json")) == words(message)


def test_the_first_problem_in_the_text_is_reported(tmp_path):
    text = spoilt("name: missing-type", "name: Missing").replace("kind: schema", "kind: schem")
    assert error_in(tmp_path, text).startswith('17:11: kind cannot be "schem";')


@pytest.mark.parametrize(
    "text",
    [
        RULESET + "    good: twice\n",
        RULESET + '    bad: "\n',
        RULESET.replace("code: POL001", "code: .inf"),
        RULESET.replace("severity: info", "{a: b}: info"),
        "rules: *rules\n",
        RULESET + "---\n[\n",
        "a: " + "[" * 101 + "]" * 101,
    ],
)
def test_syntax_errors_are_reported_in_the_words_of_the_reader(tmp_path, text):
    problem = next(
        problem for document in read_documents(text.encode(), None) for problem in document.problems
    )
    assert words(error_in(tmp_path, text)) == f"{problem.cause}; {problem.remedy}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: this file is empty; write rules: with a list of rules below it"),
        (
            "# nothing\n- 1\n",
            (
                "2:1: this document is a list, not an object;"
                " write rules: with a list of rules below it"
            ),
        ),
        (
            "rules: []\n--- # more\nrules: []\n",
            (
                "3:1: this is a second document, and a ruleset is a single one;"
                " put all rules into the first"
            ),
        ),
    ],
)
def test_a_file_that_is_not_a_single_object_is_rejected(tmp_path, text, message):
    assert error_in(tmp_path, text) == message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.yaml", "there is no such ruleset; check the path"),
        (".", "this is a folder, not a ruleset; name a file in it"),
        ("nul\0.yaml", "a path cannot contain a NUL; check the path"),
    ],
)
def test_a_file_that_cannot_be_read_is_rejected(tmp_path, name, message):
    with pytest.raises(WrongFileError, match=rf"(?<!:1:1): {message}"):
        load_ruleset(tmp_path / name)


def test_a_problem_behind_an_alias_is_shown_at_the_alias(tmp_path):
    text = spoilt("[sampleCount, samplingQuantity]", "&keys [sampleCount, samplingQuantity]")
    text = text.replace("schema: {maximum: 0.1}", "schema: {required: *keys, minimum: *keys}")
    assert error_in(tmp_path, text).startswith("19:40: schema.minimum is a list, not a number")


def test_codes_and_names_of_the_rules_beside_it_are_taken(tmp_path):
    path = written(tmp_path, RULESET)
    loaded = load_ruleset(path)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path, builtin_ruleset().with_rules(loaded.rules))
    assert caught.value.cause == "code POL001 is that of count-with-quantity"
    alone = load_ruleset(written(tmp_path, spoilt("RS204, ", "")), Ruleset(()))
    assert [rule.code for rule in alone.rules] == ["POL001", "POL002", "POL003", "POL004"]


def test_a_deeply_nested_fragment_is_validated(tmp_path):
    """No nesting that the reader allows is too deep for the schema of rulesets."""
    fragment = "{not: " * 90 + "{maximun: 1}" + "}" * 90
    message = error_in(tmp_path, spoilt("{maximum: 0.1}", fragment))
    assert message.endswith("; did you mean maximum?")
    dependencies = "{dependencies: {a: {items: [" * 24 + "5" + "]}}}" * 24
    assert "is the number 5" in error_in(tmp_path, spoilt("{maximum: 0.1}", dependencies))


def test_numbers_of_a_ruleset_are_exact(tmp_path):
    """A share of 0.1 is not above a maximum of 0.1, which the nearest float would make it."""
    rule = load_ruleset(written(tmp_path, RULESET)).find("large-share")
    assert rule.kind.schema == {"maximum": Decimal("0.1")}


def findings(text, rules):
    chosen = builtin_ruleset().with_rules(rules).rules
    return [
        (found.code, found.pointer, found.message)
        for found in api.check(text, rules=chosen).diagnostics
    ]


@pytest.mark.parametrize("code", ["RSX500", "XRS500", "AB000", "ABCDEFGH999"])
def test_codes_that_only_contain_our_letters_are_allowed(tmp_path, code):
    path = written(tmp_path, RULESET.replace("POL001", code))
    rule = load_ruleset(path, builtin_ruleset()).find(code)
    assert [found[0] for found in findings(rule.bad.content, [rule])] == [code]


def test_a_rule_of_an_existing_kind_takes_one_entry(tmp_path):
    """Each rule of the ruleset reports its bad example, beside ours, and nothing in a good one."""
    rules = load_ruleset(written(tmp_path, RULESET)).rules
    request = "annotationRequestId: a\npoolName: b\n"
    bad = request + "sampleCount: 2\nsamplingQuantity: 2\nsamplingRatio: 0.2\n"
    assert findings(bad, rules) == [
        (
            "POL001",
            "/samplingQuantity",
            "samplingQuantity stands beside sampleCount; remove samplingQuantity or sampleCount",
        ),
        (
            "RS201",
            "/samplingQuantity",
            (
                "samplingQuantity and samplingRatio are both set, and the server accepts only one"
                " of them; keep the one that you want and remove the other"
            ),
        ),
        (
            "POL002",
            "/samplingRatio",
            "samplingRatio 0.2 is more than we can review; write a ratio that is at most 0.1",
        ),
    ]
    assert findings(request + "interceptionMode: 6\nsequenceLength: 5\n", rules) == [
        (
            "POL003",
            "/sampleType",
            "interceptionMode 6 (sequencelength) needs sampleType; add sampleType, for example 1",
        )
    ]
    assert findings(request + "samplingRatio: 0.1\ninterceptionMode: 6\n", ()) != []
    assert findings(request + "samplingRatio: 0.1\n", rules) == []


def test_a_rule_has_all_that_its_entry_says(tmp_path):
    first, *_, last = load_ruleset(written(tmp_path, RULESET)).rules
    assert first.url == "https://example.com/rules/count-with-quantity#POL001"
    assert first.related == {"": ""}
    assert last.related == {"equal": "the other"}
    assert last.bad.content == b"poolName: stra\xdfe"


RULE = """\
rules:
  - code: POL001
    name: of-a-kind
    severity: error
    message: {wording}
    help: {wording}
    why: Because.
    source: Policy.
    bad: "annotationRequestId: a\\npoolName: b\\n"
    good: "annotationRequestId: a\\npoolName: b\\n"
    {options}
"""

CASES_OF_ALLOWED = "{absent: a, other: b}"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "kind: span\n at: [/subCondition]\n low: startTime\n high: endTime\n unit: days",
            "no limit",
        ),
        (
            "kind: span\n low: startTime\n high: endTime\n unit: days\n at-most: 5",
            "has no key startTime",
        ),
        (
            (
                "kind: span\n at: [/subCondition]\n "
                "low: startTime\n high: taskId\n unit: days\n at-most: 5"
            ),
            "taskId does not contain times",
        ),
        (
            "kind: span\n low: sampleCount\n high: samplingQuantity\n unit: days\n at-most: 5",
            "sampleCount does not contain times",
        ),
        (
            (
                "kind: span\n at: [/interceptionBoundary]\n "
                "low: start\n high: stop\n unit: days\n at-most: 5"
            ),
            "each item of interceptionBoundary has no key stop",
        ),
        (
            "kind: span\n at: [/poolName]\n low: a\n high: b\n unit: days\n at-most: 5",
            "poolName has no key a",
        ),
        ("kind: span\n low: a\n high: b\n unit: weeks\n at-most: 5", 'unit cannot be "weeks"'),
        ("kind: span\n low: a\n high: b\n unit: days\n at-most: -5", "at-most"),
        (
            "kind: span\n low: a\n high: b\n unit: days\n at-most: 1e5000",
            "at-most 1E+5000 is not at least 0 and at most 1000000000000000; write a number that",
        ),
        ("kind: at-most\n key: sampleCount\n limit: poolNam", "did you mean poolName?"),
        ("kind: at-most\n key: sampleCount\n limit: poolName", "poolName does not contain numbers"),
        ("kind: at-most\n key: poolName\n limit: sampleCount", "poolName does not contain numbers"),
        ("kind: at-most\n key: sampleCount\n limit: sampleCount", "is named twice"),
        ("kind: required-with\n key: sampleTyp\n by: samplingQuantity", "did you mean sampleType?"),
        ("kind: required-with\n key: sampleType\n by: sampleType", "is named twice"),
        (
            "kind: allowed-when\n place: /sampleType\n to: [3]\n by: /poolName\n values: [a]",
            "cannot be 3",
        ),
        (
            "kind: allowed-when\n place: /sampleType\n to: [1]\n by: /poolName",
            "no condition says when",
        ),
        (
            "kind: allowed-when\n place: /sampleType\n to: [1]\n by: /pool\n values: [a]",
            "no place /pool",
        ),
    ],
)
def test_a_rule_of_a_kind_for_teams_is_rejected(tmp_path, options, message):
    wording = CASES_OF_ALLOWED if "allowed-when" in options else "it is wrong"
    text = RULE.format(options=options.replace("\n", "\n   "), wording=wording)
    assert message in error_in(tmp_path, text)


def test_by_may_be_any_key_where_only_its_presence_counts(tmp_path):
    options = "kind: required-with\n    at: [/subCondition]\n    key: haveIssue\n    by: taskId"
    path = written(tmp_path, RULE.format(options=options, wording="it is wrong"))
    (rule,) = load_ruleset(path).rules
    assert rule.kind.describe() == "taskId needs haveIssue (subCondition)."
