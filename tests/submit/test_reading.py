"""What is sent is what was checked, in whatever notation it is written."""

import gzip
import io
import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from rosetta_spec.config.settings import Settings
from rosetta_spec.document.json_writer import json_text
from rosetta_spec.files.sources import Source
from rosetta_spec.runner.call import Call
from rosetta_spec.strategies import (
    block_yaml_texts,
    broken_requests,
    flow_yaml_texts,
    json_texts,
    requests,
)
from rosetta_spec.submit.body import canonical_json
from rosetta_spec.submit.reading import read_requests


def read(data, input_format=None):
    sources = [Source("-", None)]
    call = Call(input_format=input_format)
    return read_requests(sources, (Settings(),), call, lambda: io.BytesIO(data))


def body_of(request):
    """Write a request that is given as data as it has to be sent."""
    exact = json.loads(json_text(request), parse_float=Decimal)
    return canonical_json({key: exact[key] for key in exact if key != "$schema"}).encode()


@settings(max_examples=25, deadline=None)
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
        assert [each.body for each in reading.requests] == [body_of(request)]
        assert reading.tally.failing == 0


@settings(max_examples=10, deadline=None)
@given(st.lists(requests(), min_size=1, max_size=5))
def test_documents_keep_their_numbers_and_places(several):
    lines = "\n\n".join(map(json_text, several))
    reading = read(lines.encode(), "jsonl")
    assert [each.body for each in reading.requests] == list(map(body_of, several))
    assert [each.document.number for each in reading.requests] == list(range(len(several)))
    assert [each.location.row for each in reading.requests] == [
        2 * number + 1 for number in range(len(several))
    ]


@settings(max_examples=10, deadline=None)
@given(broken_requests("ratio-with-quantity"))
def test_what_has_an_error_is_no_request(breakage):
    reading = read(json_text(breakage.broken).encode())
    assert (reading.requests, reading.tally.failing > 0) == ([], True)
    assert reading.places == [("-", 0)]


def test_what_is_compressed_is_sent_as_what_it_unpacks_to(write):
    write("a.sampling.json.gz", gzip.compress(b'{"annotationRequestId":"a","poolName":"p"}'))
    source = Source("a.sampling.json.gz", "a.sampling.json.gz")
    reading = read_requests([source], (Settings(),), Call(), io.BytesIO)
    assert [each.body for each in reading.requests] == [
        b'{"annotationRequestId":"a","poolName":"p"}'
    ]
