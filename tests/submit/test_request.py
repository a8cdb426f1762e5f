"""The body of a request is exactly the checked value, and equal for equal requests."""

import gzip
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosetta_spec.config.settings import Settings
from rosetta_spec.diagnostic import Detail
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import canonical_json, indented_json, json_text
from rosetta_spec.engine.tally import Tally
from rosetta_spec.files.discovery import Source
from rosetta_spec.runner.tasks import CheckOptions, ConfiguredSources, checked_documents
from rosetta_spec.strategies import (
    block_yaml_texts,
    broken_requests,
    flow_yaml_texts,
    json_texts,
    requests,
)
from rosetta_spec.submit.messages import (
    BodyError,
    _canonical_number,
    body_of,
    digest_of,
    read_requests,
)


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
def test_a_value_is_written_exactly_and_canonically(written, sent):
    assert body(f'{{"a": {written}}}') == f'{{"a":{sent}}}'


@pytest.mark.parametrize("number", ["1e99999999999999999999", "1e5000", "1e-5000", "9" * 5000])
def test_a_number_with_too_many_digits_is_not_sent(number):
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
def test_a_document_that_json_cannot_represent_is_not_sent(text, format_):
    with pytest.raises(BodyError, match=";"):
        body(text, format_)


def test_the_last_value_of_a_repeated_key_is_sent():
    assert body('{"a": 1, "a": 2}') == '{"a":2}'


def test_the_value_of_an_alias_is_written_out():
    assert body("a: &it [1]\nb: *it", "yaml") == '{"a":[1],"b":[1]}'


@settings(max_examples=30)
@given(requests())
def test_the_body_has_the_value_in_whatever_order_it_was_written(request):
    text = json_text(request)
    sent = body(text)
    expected = {key: value for key, value in request.items() if key != "$schema"}
    assert exactly(sent) == exactly(json_text(expected))
    assert body(indented_json(dict(reversed(request.items())))) == sent


@settings(max_examples=30)
@given(st.recursive(st.integers() | st.text(st.characters(codec="utf-8")), st.lists))
def test_canonical_json_parses_to_the_same_value(value):
    assert json.loads(canonical_json(value, _canonical_number)) == value


def test_the_digest_of_a_body_is_its_sha_256():
    assert digest_of(b"{}").startswith("44136fa355b3678a")


def read(data, input_format=None):
    call = CheckOptions(input_format=input_format)
    return checked(Source("-", None, content=io.BytesIO(data)), call)


def checked(source, call):
    tally, found = Tally(), ConfiguredSources([source], (Settings(),), ())
    return read_requests(checked_documents(found, call, tally, Detail()), tally)


def expected_body(request):
    """Return the body of a request that is given as data."""
    exact = json.loads(json_text(request), parse_float=Decimal)
    return canonical_json(
        {key: exact[key] for key in exact if key != "$schema"}, _canonical_number
    ).encode()


@pytest.mark.no_cover
@settings(max_examples=25)
@given(st.data(), requests())
def test_a_request_has_the_same_body_in_every_notation(data, request):
    texts = [
        (data.draw(json_texts(request)), "json"),
        (data.draw(flow_yaml_texts(request)), "yaml"),
        (data.draw(block_yaml_texts(request)), "yaml"),
        (json_text(request), "jsonl"),
    ]
    for text, input_format in texts:
        reading = read(text.encode(), input_format)
        assert [each.body for each in reading.requests] == [expected_body(request)]
        assert reading.tally.failing == 0


@settings(max_examples=10)
@given(st.lists(requests(), min_size=1, max_size=5))
def test_documents_keep_their_numbers_and_places(several):
    lines = "\n\n".join(map(json_text, several))
    reading = read(lines.encode(), "jsonl")
    assert [each.body for each in reading.requests] == list(map(expected_body, several))
    assert [each.document.number for each in reading.requests] == list(range(len(several)))
    assert [each.location.row for each in reading.requests] == [
        2 * number + 1 for number in range(len(several))
    ]


@settings(max_examples=10)
@given(broken_requests("ratio-with-quantity"))
def test_a_document_with_an_error_is_not_a_request(breakage):
    reading = read(json_text(breakage.broken).encode())
    assert (reading.requests, reading.tally.failing > 0) == ([], True)
    assert reading.documents == [("-", 0)]


def test_a_compressed_file_is_sent_decompressed(write):
    write("a.sampling.json.gz", gzip.compress(b'{"annotationRequestId":"a","poolName":"p"}'))
    source = Source("a.sampling.json.gz", "a.sampling.json.gz")
    reading = checked(source, CheckOptions())
    assert [each.body for each in reading.requests] == [
        b'{"annotationRequestId":"a","poolName":"p"}'
    ]
