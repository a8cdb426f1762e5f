"""The schema of rulesets matches the classes of the kinds, and all its errors have sentences."""

import inspect
import json
import re
from pathlib import Path
from typing import ClassVar, get_origin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from jsonschema.exceptions import SchemaError

from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.document.tree import PROBLEMS
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import Kind
from rosetta_spec.request.schema import RULESET_SCHEMA, schema_folder
from rosetta_spec.spec import schema_errors
from rosetta_spec.spec.ruleset import _OWN_KEYS

SCHEMA = json.loads((Path(schema_folder()) / RULESET_SCHEMA).read_text(encoding="utf-8"))
PARTS = SCHEMA["definitions"]
RULE = PARTS["rule"]

_SAYS_NOTHING = {
    *("$schema", "$id", "title", "description", "examples", "patternErrorMessage"),
    *("errorMessage", "definitions"),
}
_LEADS_ON = {"$ref", "properties", "items", "allOf", "if", "then", "propertyNames"}


def schemas_in(schema):
    """Yield `schema` and every schema inside it, except those that are only conditions (`if`)."""
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword in ("properties", "definitions"):
        for child in schema.get(keyword, {}).values():
            yield from schemas_in(child)
    for keyword in ("items", "then", "propertyNames", "additionalProperties"):
        yield from schemas_in(schema.get(keyword))
    for child in schema.get("allOf", []):
        yield from schemas_in(child)


def resolved(schema):
    return PARTS[schema["$ref"].removeprefix("#/definitions/")] if "$ref" in schema else schema


def definition_of(name):
    """Return the definition of a kind, with what it shares with other kinds in place."""
    found = PARTS[f"kind-{name}"]
    shared = [resolved(part) for part in found.get("allOf", [])]
    return {**found, **(shared[0] if shared else {})}


def arguments_of(cls):
    """Return the options of a kind by name, True where one has to be given.

    They are the annotated attributes, except those whose value a class below sets.
    """
    arguments = {}
    below = [each for each in cls.__mro__ if issubclass(each, Kind) and each is not Kind]
    for each in reversed(below):
        annotations = inspect.get_annotations(each, eval_str=True)
        fixed = vars(each).keys() - annotations.keys()
        arguments = {name: needed for name, needed in arguments.items() if name not in fixed}
        for name, annotation in annotations.items():
            if get_origin(annotation) is not ClassVar:
                arguments[name] = name not in vars(each)
    return arguments


def test_the_schema_is_valid_by_its_own_draft():
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft7Validator.META_SCHEMA["$id"]
    assert SCHEMA["$id"].endswith(f"/main/schema/{RULESET_SCHEMA}")


def test_every_kind_has_a_definition_and_every_definition_a_kind():
    defined = [name.removeprefix("kind-") for name in PARTS if name.startswith("kind-")]
    chosen = [part["if"]["properties"]["kind"]["const"] for part in RULE["allOf"]]
    led_to = [part["then"]["$ref"].removeprefix("#/definitions/kind-") for part in RULE["allOf"]]
    assert sorted(KINDS) == sorted(defined)
    assert RULE["properties"]["kind"]["enum"] == chosen == led_to == defined


@pytest.mark.parametrize("name", KINDS)
def test_the_options_of_a_kind_are_the_arguments_of_its_class(name):
    definition = definition_of(name)
    options = {
        key.replace("-", "_"): key in definition.get("required", [])
        for key in definition["properties"]
        if key not in _OWN_KEYS
    }
    assert options == arguments_of(KINDS[name])
    assert definition["additionalProperties"] is False
    assert definition["properties"].keys() >= _OWN_KEYS == RULE["properties"].keys()


@pytest.mark.parametrize("name", KINDS)
def test_the_description_of_a_kind_names_its_cases_and_facts(name):
    description = PARTS[f"kind-{name}"]["description"]
    _, _, cases = description.partition("Cases: ")
    cases, _, _ = cases.partition(".")
    assert cases == ", ".join(KINDS[name].cases)
    assert set(re.findall(r"\{(\w+)\}", description)) == KINDS[name].facts


def test_listed_values_are_those_that_the_code_knows():
    options = definition_of("reading")["properties"]
    assert set(options["problem"]["enum"]) == PROBLEMS
    assert RULE["properties"]["severity"]["enum"] == list(Severity)
    fix = RULE["properties"]["fix"]["properties"]
    assert fix["applicability"]["enum"] == list(Applicability)


def test_every_keyword_has_a_sentence():
    """Every keyword of the schema has a sentence, and every required key an example."""
    for schema in schemas_in(SCHEMA):
        assert schema.keys() <= _SAYS_NOTHING | _LEADS_ON | schema_errors._EXPLAINERS.keys()
        for key in schema.get("required", []):
            assert resolved(schema["properties"][key])["examples"]
        if schema.keys() & {"minItems", "minProperties"}:
            assert schema["examples"]
        assert ("pattern" in schema) == ("patternErrorMessage" in schema)
        assert "not" not in schema or "errorMessage" in schema


def test_what_people_fill_in_has_a_description():
    for name in RULE["properties"]:
        assert RULE["properties"][name]["title"]
    for kind in KINDS:
        for option in definition_of(kind)["properties"].values():
            assert option is True or resolved(option)["description"]


def test_examples_are_valid():
    for schema in schemas_in(SCHEMA):
        validator = Draft7Validator({**schema, "definitions": PARTS})
        for each in schema.get("examples", []):
            validator.validate(each)


def test_a_fragment_has_the_keywords_of_draft_07_that_validators_check():
    known = set(Draft7Validator.META_SCHEMA["properties"])
    fragment = PARTS["fragment"]["properties"]
    assert fragment.keys() <= known
    says_nothing = {"default", "examples", "readOnly", "contentMediaType", "contentEncoding"}
    assert known - fragment.keys() <= says_nothing


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["", "a", "[", "string"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted(PARTS["fragment"]["properties"])), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(PARTS["fragment"]["properties"])), json_values))
@example({"items": []})
def test_a_fragment_that_is_accepted_is_a_valid_schema(fragment):
    validator = Draft7Validator(
        {"$ref": "#/definitions/fragment", "definitions": PARTS},
        format_checker=schema_errors._validator(RULESET_SCHEMA).format_checker,
    )
    if validator.is_valid(fragment):
        Draft7Validator.check_schema(fragment)
        Draft7Validator(fragment).is_valid({"a": [1]})
    else:
        # What is refused is wrong, or one of the few words that a fragment does without.
        refused = {name for name, part in PARTS["fragment"]["properties"].items() if is_never(part)}
        text = json.dumps(fragment)
        # An enum that is empty or repeats itself is valid, and a slip.
        slips = {"minItems", "uniqueItems"}
        is_slip = any(
            error.absolute_path[-1] == "enum" and error.validator in slips
            for error in validator.iter_errors(fragment)
            if error.absolute_path
        )
        assert is_slip or is_invalid(fragment) or any(f'"{name}":' in text for name in refused)


def is_never(schema):
    return schema is not True and "not" in schema and schema["not"] == {}


def is_invalid(schema):
    try:
        Draft7Validator.check_schema(schema)
    except SchemaError:
        return True
    return False
