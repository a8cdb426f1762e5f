"""The outcome comes from the envelope alone; without an envelope it is unknown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.reporters.style import safe
from rosetta_spec.submit.credentials import Secret
from rosetta_spec.submit.response import CREATED, REFUSED, UNKNOWN, Response, answer_in


def answer(content, status=200, kind="application/json"):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return answer_in(Response(status, kind, body))


@pytest.mark.parametrize(
    ("code", "status", "state", "name"),
    [
        (2000, 500, CREATED, "created"),
        (2000.0, 200, CREATED, "created"),
        (5606, 200, REFUSED, "nothing-to-sample"),
        (400, 200, REFUSED, "wrong-form"),
        (99999, 422, REFUSED, "wrong-form"),
        (404, 200, REFUSED, "refused"),
        (99999, 200, UNKNOWN, "unlisted-code"),
        (0, 404, UNKNOWN, "unlisted-code"),
        (-1, 200, UNKNOWN, "unlisted-code"),
    ],
)
def test_the_code_decides_and_not_the_status_of_http(code, status, state, name):
    given = answer({"code": code, "success": True}, status)
    assert (given.outcome.state, given.explanation.name) == (state, name)


@pytest.mark.parametrize(
    "content",
    [
        [],
        2000,
        {"code": "2000"},
        {"code": True},
        {"code": None},
        {"code": 2000.5},
        {"code": 10**30},
        b'{"code": NaN}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"code": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_response_without_an_envelope_is_unknown(content):
    given = answer(content)
    assert (given.outcome.state, given.outcome.code) == (UNKNOWN, None)
    assert given.outcome.message.startswith(
        "this is not a response of the API: HTTP status 200 with "
    )


@pytest.mark.parametrize(
    ("data", "package", "scenes"),
    [
        ({"samplingPackageId": 5888, "sceneIdList": []}, "5888", 0),
        ({"samplingPackageId": "5888", "sceneIdList": [1]}, "5888", 1),
        ({"samplingPackageId": None, "sceneIdList": "x"}, None, None),
        ({"samplingPackageId": True}, None, None),
        (None, None, None),
        ([], None, None),
    ],
)
def test_code_2000_means_created_whatever_the_data(data, package, scenes):
    given = answer({"code": 2000, "data": data}).outcome
    assert (given.state, given.package_id, given.scene_count) == (CREATED, package, scenes)


def test_messages_of_the_api_are_cut_and_cleaned():
    message = "a\x1b[31m\n\u202eb\ud800" + "c" * 1000
    given = answer({"code": 5606, "message": message, "requestId": 7}).outcome
    assert len(given.message) == 300
    assert given.message.isprintable()
    assert given.request_id == "7"


def test_a_secret_in_a_response_is_redacted():
    body = json.dumps({"code": 5606, "message": "you message s3cr3t"}).encode()
    reply = Response(200, "", body, secrets=(Secret("s3cr3t"),))
    assert answer_in(reply).outcome.message == "you message [hidden]"
    assert reply._replace(body=b"s3cr3t").description() == (
        "HTTP status 200 with 6 bytes, which begins: [hidden]"
    )


@given(st.binary(max_size=200), st.integers(100, 599), st.text(max_size=20))
def test_any_response_gives_one_printable_line(body, status, kind):
    given = answer_in(Response(status, kind, body))
    assert given.outcome.message == safe(given.outcome.message)
    assert given.outcome.state in {CREATED, REFUSED, UNKNOWN}
