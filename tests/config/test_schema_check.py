"""What the schema of settings rejects is explained."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from rosetta_spec.request.schema import CONFIG_SCHEMA, schema_folder
from rosetta_spec.spec.schema_errors import _EXPLAINERS, schema_problems

SCHEMA = json.loads((Path(schema_folder()) / CONFIG_SCHEMA).read_text(encoding="utf-8"))

WORDS = st.sampled_from(
    [
        *("error", "warning", "info", "off", "never", "RS402", "", "/", "//", "!a", "a/!b", ".."),
        *(
            "a/..",
            "../a",
            "a/../b",
            *(".", "./a", "./", "a/./b", ".//a"),
            "..a",
            "a..",
            "..\n",
            "\n..",
            "*.json",
            "!",
            "a\n",
            "\n",
            "é",
            " ",
        ),
    ]
)
TEXTS = WORDS | st.text(max_size=4)
ATOMS = TEXTS | st.booleans() | st.integers() | st.floats()
VALUES = ATOMS | st.lists(ATOMS, max_size=3) | st.dictionaries(TEXTS, ATOMS, max_size=2)
ANY = VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(TEXTS, VALUES, max_size=2)
RIGHT = st.lists(TEXTS, max_size=2) | WORDS | st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2))
NAMES = [*SCHEMA["properties"], *SCHEMA["properties"], "exlude"]
SETTINGS = st.dictionaries(st.sampled_from(NAMES), RIGHT | ANY, max_size=3)


def is_valid(settings):
    return Draft7Validator(SCHEMA).is_valid(settings)


@given(SETTINGS | ANY)
@example({"include": ["..\n"]})
@example({"severity": {"RS402": ["off"]}})
@example({"fail-on": {}})
@example({"per-file-ignores": {"!a": []}})
def test_everything_that_is_rejected_is_explained(settings):
    problems = list(schema_problems(settings, CONFIG_SCHEMA))
    assert bool(problems) != is_valid(settings)
    for problem in problems:
        assert problem.cause
        assert problem.remedy
        assert "\n" not in f"{problem.cause}{problem.remedy}"


@pytest.mark.parametrize(
    "pattern", [".", "./", "./.", "/.", "a/.", "a/./b", "././a", "a//b", ".//a", "a//", "a/..", ""]
)
def test_a_pattern_that_can_never_match_is_invalid(pattern):
    assert not is_valid({"include": [pattern]})
    assert not is_valid({"exclude": [f"!{pattern}"]})
    assert not is_valid({"per-file-ignores": {pattern: []}})


@pytest.mark.parametrize("pattern", ["./a", ".a", "a.", "...", "./.a", "./!a", "/a/", "a/.b"])
def test_a_pattern_may_start_at_the_folder_and_have_names_with_dots(pattern):
    assert is_valid({"include": [pattern, f"!{pattern}"], "per-file-ignores": {pattern: []}})


def test_the_schema_is_valid_by_its_own_draft():
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft7Validator.META_SCHEMA["$id"]
    assert SCHEMA["$id"].endswith(f"/main/schema/{CONFIG_SCHEMA}")


def test_every_setting_is_described_for_editors_with_examples_that_are_right():
    for key, schema in SCHEMA["properties"].items():
        assert {"title", "description", "examples"} <= schema.keys()
        assert all(is_valid({key: value}) for value in schema["examples"])


def test_every_keyword_that_can_reject_is_explained():
    says_nothing = {"title", "description", "examples", "errorMessage", "patternErrorMessage"}
    leads_on = {"properties", "items", "propertyNames", "$schema", "$id"}

    def keywords(schema):
        yield from schema
        for child in schema.get("properties", {}).values():
            yield from keywords(child)
        for name in ("items", "propertyNames", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                yield from keywords(schema[name])

    assert set(keywords(SCHEMA)) - says_nothing - leads_on <= set(_EXPLAINERS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exlude = []", "there is no key exlude in a configuration; did you mean exclude?"),
        (
            "select = []\nselct = 1",
            "there is no key selct in a configuration; remove it, or write include, ",
        ),
        (
            "line-length = 7",
            "there is no key line-length in a configuration; remove it, or write include, ",
        ),
        ("select = 5", 'select is the number 5, not a list; write a list such as ["RS201"'),
        ("select = true", "select is true, not a list"),
        ('select = "RS201"', 'select is the string "RS201", not a list'),
        ("select = ['a', 1.5]", "select[1] is the number 1.5, not a string; write the code or"),
        ("extend = {}", "extend is an object, not a string or a list; write a path such as"),
        ("ignore = [[]]", "ignore[0] is a list, not a string"),
        ("severity.RS402 = 'warn'", 'severity.RS402 cannot be "warn"; choose error, warning'),
        ("severity.RS402 = 'eror'", 'severity.RS402 cannot be "eror"; did you mean error?'),
        ("severity.RS402 = 1", "severity.RS402 is the number 1, not a string"),
        ("fail-on = 'off'", 'fail-on cannot be "off"; choose error, warning, info or never'),
        ("exclude = ['!']", 'exclude[0] "!" is not valid; write a name such as "generated"'),
        ("per-file-ignores.'!a' = []", 'per-file-ignores "!a" is not valid; write a name such as'),
        (
            "per-file-ignores.'../a' = []",
            'per-file-ignores "../a" is not valid; write a name such as',
        ),
        ("per-file-ignores.a = 'RS402'", 'per-file-ignores.a is the string "RS402", not a list'),
    ],
)
def test_a_problem_is_reported_with_its_remedy(text, message):
    (problem, *_) = schema_problems(tomllib.loads(text), CONFIG_SCHEMA)
    assert f"{problem.cause}; {problem.remedy}".startswith(message)
