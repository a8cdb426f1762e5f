"""`rosetta-spec explain`."""

import json
from unittest.mock import PropertyMock

GOOD = "annotationRequestId: a\npoolName: b\n"


def test_each_document_has_a_paragraph(rosetta, write):
    write("a.sampling.yaml", f"{GOOD}---\n{GOOD}samplingRatio: 20\ninterceptionFrame: 1\n")
    found = rosetta("explain", "a.sampling.yaml")
    assert found.status == 0
    assert found.stdout == (
        "a.sampling.yaml\n"
        '  Pool "b" of annotation request a: inspect all of its tasks.\n'
        "\n"
        "a.sampling.yaml, document 2\n"
        '  Pool "b" of annotation request a: inspect some of its tasks. No effect:\n'
        "  interceptionFrame 1. Not explained because of errors: samplingRatio. It has 1\n"
        "  error and 1 warning.\n"
    )


def test_json_has_the_same_as_data(rosetta, write):
    write("a.sampling.jsonl", '{"annotationRequestId": "a", "poolName": "b"}\n[]\n')
    found = json.loads(rosetta("explain", "--format", "json").stdout)
    text = 'Pool "b" of annotation request a: inspect all of its tasks.'
    a = {"filename": "a.sampling.jsonl", "document": 0, "text": text, "errors": 0, "warnings": 0}
    b = {**a, "document": 1, "text": "This is not a request.", "errors": 1}
    assert found == {"version": 1, "requests": [a, b]}


def test_a_file_that_cannot_be_read_is_an_error_and_the_others_are_explained(rosetta, write):
    write("a.sampling.yaml", GOOD)
    found = rosetta("explain", "a.sampling.yaml", "nope.yaml")
    assert found.status == 2
    assert found.stdout.startswith("a.sampling.yaml\n")
    assert found.stderr.startswith("error: nope.yaml: ")


def test_an_empty_file_is_read_and_is_not_a_request(rosetta, write):
    names = ["a.json", "b.jsonl", "c.yaml"]
    for name in names:
        write(name)
    found = rosetta("explain", "--format", "json", *names)
    assert (found.status, found.stderr) == (0, "")
    requests = json.loads(found.stdout)["requests"]
    assert [each["filename"] for each in requests] == names
    assert {(each["text"], each["errors"]) for each in requests} == {("This is not a request.", 1)}


def test_nothing_to_explain(rosetta, folder):
    (folder / "sub").mkdir()
    found = rosetta("explain", "--format", "json", "sub")
    assert json.loads(found.stdout) == {"version": 1, "requests": []}
    assert found.status == 0


def test_nothing_to_explain_may_be_an_error(rosetta, write):
    write("rosetta-spec.toml", "fail-on-no-files = true")
    found = rosetta("explain")
    assert found.status == 2
    assert "error: no file was read, and fail-on-no-files in rosetta-spec.toml:1" in found.stderr
    write("rosetta-spec.toml", "fail-on-no-files = 1")
    write("a.sampling.yaml", GOOD)
    found = rosetta("explain", "--format", "json")
    assert (found.status, json.loads(found.stdout)["requests"]) == (2, [])


def test_a_request_that_repeats_another_file_is_counted(rosetta, write):
    write("a.sampling.yaml", GOOD)
    write("b.sampling.json", '{"poolName": "b", "annotationRequestId": "a"}')
    found = json.loads(rosetta("explain", "--format", "json").stdout)
    assert [each["warnings"] for each in found["requests"]] == [0, 1]


def test_no_fix_is_proposed(rosetta, write, monkeypatch):
    proposed = PropertyMock(return_value=())
    monkeypatch.setattr("rosetta_spec.spec.ruleset.RuleViolation.proposed_fixes", proposed)
    write("a.sampling.yaml", f'{GOOD}sampleCount: "5"\n')
    assert rosetta("explain").stdout.endswith("It has 1 error.\n")
    assert not proposed.called
    rosetta("check")
    assert proposed.called
