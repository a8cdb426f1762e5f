"""Laws of validation: `jsonschema`, checked place by place, finds what it finds in the whole."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.engine import validation
from rosetta_spec.engine.validation import (
    UncoveredKeywordError,
    Validation,
    _root_node,
    _SchemaNode,
)
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import places, request_schema, validator_of
from rosetta_spec.strategies import messy_requests

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


def errors_of_the_whole(value):
    """The errors of `jsonschema` for the whole schema, by place and keyword."""
    return {
        (tuple(error.absolute_path), error.validator)
        for error in validator_of(request_schema()).iter_errors(value)
        if error.instance is not UNUSABLE and error.validator != "anyOf"
    }


def errors_by_place(value, place=None, pointer=()):
    """The same, with each place checked by itself."""
    place = place or _root_node()
    found = {(pointer, keyword) for keyword in place.failed_keywords(value)}
    if isinstance(value, dict):
        for key in value.keys() & place._properties.keys():
            found |= errors_by_place(value[key], place._properties[key], (*pointer, key))
    if isinstance(value, list) and place._items:
        for index, item in enumerate(value):
            found |= errors_by_place(item, place._items, (*pointer, index))
    return found


MEMBERS = {"required", "additionalProperties"}


@pytest.mark.no_cover
@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(document=documents)
@example({"sampleType": True, "sampleCount": Decimal("1.0"), "samplingRatio": Decimal("1e-999")})
@example({"subCondition": {"startTime": "2025-03-13 20:00:00\n", "taskId": [], "haveIssue": 1}})
def test_place_by_place_the_same_is_invalid(document):
    expected = errors_of_the_whole(document)
    of_values = {(pointer, keyword) for pointer, keyword in expected if keyword not in MEMBERS}
    assert errors_by_place(document) == of_values
    # Each error is reported, at the value or at the member that is missing or unknown.
    reported = {error.pointer for error in Validation(document).errors()}
    of_members = {pointer for pointer, keyword in expected if keyword in MEMBERS}
    others = {pointer for pointer, _ in expected} - of_members
    assert others <= reported
    assert {pointer[:-1] for pointer in reported - others} == of_members


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"type": "string", "maxLength": 3}, "maxLength"),
        ({"type": "string", "pattern": "^[a-z]+$"}, "pattern"),
        ({"type": "string", "not": {"const": "x"}}, "not"),
        ({"type": "array", "minItems": 2}, "minItems"),
        ({"type": "integer", "enum": [1], "anyOf": [{"const": 2}]}, "anyOf"),
        ({"type": "object", "additionalProperties": True}, "additionalProperties"),
    ],
)
def test_a_schema_with_a_keyword_that_no_rule_reports_is_rejected(schema, named):
    with pytest.raises(UncoveredKeywordError, match=f'no rule covers {named}.* at "/sampleType"'):
        _SchemaNode(schema, ("sampleType",))


def test_a_request_with_one_schema_error_makes_jsonschema_judge_it(monkeypatch):
    checked = []
    monkeypatch.setattr(
        validation, "validator_of", lambda schema: Spy(validator_of(schema), checked)
    )
    monkeypatch.setattr(validation, "_root_node", lambda: _SchemaNode(request_schema()))
    request = {"annotationRequestId": "a", "poolName": "b", "sampleCount": 0}
    (error,) = Validation(request).errors()
    assert (error.kind_name, error.pointer) == ("bounds", ("sampleCount",))
    assert checked == [0]
    assert list(Validation({**request, "sampleCount": 1}).errors()) == []
    assert checked == [0]


class Spy:
    """A validator that notes what it is checked about."""

    def __init__(self, validator, checked):
        assert "jsonschema" in type(validator).__module__
        self.validator = validator
        self.checked = checked

    def iter_errors(self, value):
        self.checked.append(value)
        return self.validator.iter_errors(value)
