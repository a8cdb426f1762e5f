"""The body of a request is the value that was checked: exact, and the same for the same request."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosetta_spec.document.json_writer import indented_json, json_text
from rosetta_spec.document.reader import read_documents
from rosetta_spec.strategies import requests
from rosetta_spec.submit.body import BodyError, body_of, canonical_json, digest_of


def exactly(text):
    return json.loads(text, parse_float=Decimal)


def body(text, format_="json"):
    (document,) = read_documents(text.encode(), format_)
    return body_of(document).decode()


def test_keys_are_sorted_and_the_editors_key_is_gone():
    text = '{"$schema": "x", "poolName": "ä/\\u007f", "annotationRequestId": "a\\n"}'
    assert body(text) == '{"annotationRequestId":"a\\n","poolName":"ä/\x7f"}'


def test_only_the_editors_key_at_the_top_goes():
    assert body('{"a": {"$schema": 1}}') == '{"a":{"$schema":1}}'


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("234234123133374715904", "234234123133374715904"),
        ("1.0", "1"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        ("0.20", "0.2"),
        ("2E-7", "0.0000002"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        ("9" * 4000, "9" * 4000),
        ("true", "true"),
        ("null", "null"),
        ("[1.50, []]", "[1.5,[]]"),
    ],
)
def test_a_value_is_written_exactly_and_in_one_way(written, sent):
    assert body(f'{{"a": {written}}}') == f'{{"a":{sent}}}'


@pytest.mark.parametrize("number", ["1e99999999999999999999", "1e5000", "1e-5000", "9" * 5000])
def test_a_number_that_no_server_reads_is_not_sent(number):
    with pytest.raises(BodyError, match="a number here has more than 4300 digits"):
        body(f'{{"samplingQuantity": {number}}}')


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("[]", "json"),
        ("{", "json"),
        ('{"a": "\\ud800"}', "json"),
        ("a: .nan", "yaml"),
        ("1: 2", "yaml"),
        ("a: !mine b", "yaml"),
    ],
)
def test_what_json_cannot_carry_is_not_sent_whatever_the_rules_say(text, format_):
    with pytest.raises(BodyError, match=";"):
        body(text, format_)


def test_of_a_repeated_key_the_last_value_is_sent():
    assert body('{"a": 1, "a": 2}') == '{"a":2}'


def test_what_an_alias_stands_for_is_written_out():
    assert body("a: &it [1]\nb: *it", "yaml") == '{"a":[1],"b":[1]}'


@settings(max_examples=30, deadline=None)
@given(requests())
def test_what_is_sent_is_what_was_written_in_any_order(request):
    text = json_text(request)
    sent = body(text)
    expected = {key: value for key, value in request.items() if key != "$schema"}
    assert exactly(sent) == exactly(json_text(expected))
    assert body(indented_json(dict(reversed(request.items())))) == sent


@settings(max_examples=30, deadline=None)
@given(st.recursive(st.integers() | st.text(st.characters(codec="utf-8")), st.lists))
def test_a_text_of_equal_values_is_equal_and_means_them(value):
    assert json.loads(canonical_json(value)) == value


def test_a_body_is_known_by_its_sha_256():
    assert digest_of(b"{}").startswith("44136fa355b3678a")
