"""The judge of shape finds what `jsonschema` finds, with each keyword that the schema uses."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.engine.validation import KEYWORDS, _request_place, judge
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import places, request_schema, schema_at
from rosetta_spec.request.schema_judge import exact_validator
from rosetta_spec.strategies import messy_requests

#: What says something to people and editors only, and what leads to other schemas.
ANNOTATIONS = {"$schema", "$id", "title", "description", "examples"}
STRUCTURE = {"items", "additionalProperties", "anyOf"}

PLACES = list(places())

numbers = st.sampled_from(
    [0, 1, 2, -1, 6, 7, 10**30, *map(Decimal, ("1.0", "0.5", "1e30", "-0.0", "1e-30", "0E5"))]
)
texts = st.text(max_size=3) | st.sampled_from(
    ["", " ", "\u3000", "and", "AND", "1", "true", "2025-03-13 20:00:00", "2025-02-30"]
)
scalars = st.none() | st.booleans() | numbers | texts | st.just(UNUSABLE)
keys = st.sampled_from(sorted({place[-1] for place in PLACES if place} - {EVERY_ITEM})) | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


def with_values_at(document, put):
    """Put values at places of a request, in their order, as far as there is an object or list."""
    for place, value in put:
        above = document
        for token in place[:-1]:
            inside = above if isinstance(above, dict) else dict(enumerate(above or ()))
            above = inside.get(0 if token == EVERY_ITEM else token)
            if not isinstance(above, dict | list):
                break
        else:
            if isinstance(above, list):
                above.append(value)
            else:
                above[place[-1]] = value
    return document


documents = st.builds(
    with_values_at,
    messy_requests() | st.dictionaries(keys, anything, max_size=4),
    st.lists(st.tuples(st.sampled_from(PLACES[1:]), anything), max_size=4),
)


def failures_by_us(value, place=None, pointer=()):
    """Each pointer with the keywords that fail there, as the judge of shape asks them."""
    place = place or _request_place()
    failures = {(pointer, keyword) for keyword in place.failed_keywords(value)}
    if isinstance(value, dict):
        for key in value.keys() & place.properties.keys():
            _, below = place.properties[key]
            failures |= failures_by_us(value[key], below, (*pointer, key))
    if isinstance(value, list) and place.items:
        _, below = place.items
        for index, item in enumerate(value):
            failures |= failures_by_us(item, below, (*pointer, index))
    return failures


def failures_by_jsonschema(value):
    """The same by `jsonschema`; what is additional to `properties` fails these."""
    return {
        (tuple(error.absolute_path), _NAMES.get(error.validator, error.validator))
        for error in exact_validator()(request_schema()).iter_errors(value)
        if error.instance is not UNUSABLE and error.validator != "anyOf"
    }


_NAMES = {"additionalProperties": "properties"}


@pytest.mark.no_cover
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(document=documents)
@example({"sampleType": True, "sampleCount": Decimal("1.0"), "samplingRatio": Decimal("1e-999")})
@example({"subCondition": {"startTime": "2025-03-13 20:00:00\n", "taskId": [], "haveIssue": 1}})
def test_the_judge_of_shape_finds_what_jsonschema_finds(document):
    failures = failures_by_us(document)
    assert failures == failures_by_jsonschema(document)
    # Each is told, at the value or at the member that is missing or strange.
    told = {error.pointer for error in judge(document)}
    of_members = {pointer for pointer, keyword in failures if keyword in {"required", "properties"}}
    others = {pointer for pointer, _ in failures} - of_members
    assert others <= told
    assert {pointer[:-1] for pointer in told - others} == of_members


@pytest.mark.parametrize("place", PLACES, ids="/".join)
def test_the_judge_of_shape_knows_every_keyword_of_the_schema(place):
    schema = schema_at(place)
    assert schema.keys() <= KEYWORDS.keys() | STRUCTURE | ANNOTATIONS
    assert isinstance(schema["type"], str)
    assert (schema["type"] == "object") == ("properties" in schema)
    assert ("properties" in schema) == (schema.get("additionalProperties") is False)
    if "anyOf" in schema:
        assert all(branch.keys() <= {"const", *ANNOTATIONS} for branch in schema["anyOf"])
        values = [branch["const"] for branch in schema["anyOf"]]
        assert values == schema.get("enum", [True, False])


def test_the_judge_of_shape_knows_no_keyword_that_the_schema_does_not_use():
    used = {keyword for place in PLACES for keyword in schema_at(place)}
    assert used >= KEYWORDS.keys()
