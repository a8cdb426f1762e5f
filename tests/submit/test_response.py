"""The outcome comes from the envelope alone; without an envelope it is unknown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.reporters.style import safe
from rosetta_spec.submit.credentials import Secret
from rosetta_spec.submit.response import (
    CREATED,
    REFUSED,
    UNKNOWN,
    Response,
    outcome_of,
)


def answer(content, status=200, kind="application/json"):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return outcome_of(Response(status, kind, body))


#: Codes that a page of the vendor lists, apart from 2000 and 5000.
REFUSALS = [
    *(5606, 57008, 57012, 57015, 401, 402, 403, 51000, 56001),
    *range(50522, 50532),
    *range(51001, 51010),
    *range(52001, 52003),
    *range(53001, 53008),
    *range(54001, 54014),
    *range(55001, 55006),
    *range(57001, 57007),
]

STATUSES = [200, 201, 400, 401, 404, 422, 500, 502]


@pytest.mark.parametrize("status", STATUSES)
def test_the_code_decides_and_not_the_status_of_http(status):
    known = {2000: CREATED, 5000: UNKNOWN} | dict.fromkeys(REFUSALS, REFUSED)
    for code in [*range(-10, 1000), 2001, 4999, *range(5000, 6000), *range(50000, 60000), *known]:
        given = answer({"code": code, "success": code != 2000}, status)
        assert (given.state, given.code) == (known.get(code, UNKNOWN), code)


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(100, 599))
def test_a_code_that_no_page_lists_is_unknown(code, status):
    expected = REFUSED if code in REFUSALS else CREATED if code == 2000 else UNKNOWN
    assert answer({"code": code}, status).state == expected


def test_a_code_may_be_spelled_as_a_fraction_without_one():
    assert answer({"code": 2000.0}).state == CREATED
    assert answer(b'{"code": 2e3}').state == CREATED


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
    assert (given.state, given.code) == (UNKNOWN, None)
    assert given.message.startswith("this is not a response of the API: HTTP status 200 with ")


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
    given = answer({"code": 2000, "data": data})
    assert (given.state, given.package_id, given.scene_count) == (CREATED, package, scenes)


def test_messages_of_the_api_are_cut_and_cleaned():
    message = "a\x1b[31m\n\u202eb\ud800" + "c" * 1000
    given = answer({"code": 5606, "message": message, "requestId": 7})
    assert len(given.message) == 300
    assert given.message.isprintable()
    assert given.request_id == "7"


def test_a_secret_in_a_response_is_redacted():
    body = json.dumps({"code": 5606, "message": "you message s3cr3t"}).encode()
    reply = Response(200, "", body, secrets=(Secret("s3cr3t"),))
    assert outcome_of(reply).message == "you message [hidden]"
    assert reply._replace(body=b"s3cr3t").description() == (
        "HTTP status 200 with 6 bytes, which begins: [hidden]"
    )


@given(st.binary(max_size=200), st.integers(100, 599), st.text(max_size=20))
def test_any_response_gives_one_printable_line(body, status, kind):
    given = outcome_of(Response(status, kind, body))
    assert given.message == safe(given.message)
    assert given.state in {CREATED, REFUSED, UNKNOWN}
