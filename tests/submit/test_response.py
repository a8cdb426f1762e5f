"""The outcome comes from the envelope alone; without an envelope it is unknown."""

import html
import json
import re
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.reporters.style import safe
from rosetta_spec.submit.credentials import HIDDEN, Secret
from rosetta_spec.submit.messages import (
    _MAX_TEXT,
    CREATED,
    REFUSED,
    UNKNOWN,
    Response,
    _spellings,
    hide,
    outcome_of,
)
from rosetta_spec.submit.report import submissions_json


def answer(content, status=200, kind="application/json"):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return outcome_of(Response(status, kind, body))


#: Codes that a page of the vendor lists, apart from 2000 and 5000.
REFUSALS = [
    *(5606, 57008, 57012, 57015, 401, 402, 403, 429, 51000, 56001),
    *range(50522, 50532),
    *range(51001, 51010),
    *range(52001, 52003),
    *range(53001, 53008),
    *range(54001, 54014),
    *range(55001, 55006),
    *range(57001, 57007),
]

#: Statuses of HTTP; 429 is another matter.
STATUSES = [200, 201, 400, 401, 404, 422, 500, 502]


@pytest.mark.no_cover
def test_the_code_decides_and_not_the_status_of_http():
    known = {2000: CREATED, 5000: UNKNOWN} | dict.fromkeys(REFUSALS, REFUSED)
    for code in [*range(-10, 1000), 2001, 4999, *range(5000, 6000), *range(50000, 60000), *known]:
        given = answer({"code": code, "success": code != 2000}, STATUSES[code % len(STATUSES)])
        assert (given.state, given.code) == (known.get(code, UNKNOWN), code)


@pytest.mark.parametrize("status", STATUSES)
def test_the_status_of_http_decides_nothing(status):
    states = [answer({"code": code}, status).state for code in (2000, 5000, 5606, 400, 422, 99999)]
    assert states == [CREATED, UNKNOWN, REFUSED, UNKNOWN, UNKNOWN, UNKNOWN]


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(100, 599).filter(lambda it: it != 429))
def test_a_code_that_no_page_lists_is_unknown(code, status):
    expected = REFUSED if code in REFUSALS else CREATED if code == 2000 else UNKNOWN
    assert answer({"code": code}, status).state == expected


@pytest.mark.parametrize("content", [b"", b"<html>", {"code": 99999}, {"message": "x"}, [429]])
def test_too_many_requests_is_not_created_by_its_status(content):
    given = answer(content, 429)
    assert (given.state, given.code) == (REFUSED, 429)


@pytest.mark.parametrize(("code", "state"), [(2000, CREATED), (5000, UNKNOWN), (5606, REFUSED)])
def test_a_listed_code_counts_more_than_the_status_of_too_many_requests(code, state):
    given = answer({"code": code}, 429)
    assert (given.state, given.code) == (state, code)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("30", "Slow down; wait 30 seconds"),
        ("1", "Slow down; wait 1 second"),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Slow down; wait until Wed, 21 Oct 2026 07:28:00 GMT"),
        ("\x1b[31m", "Slow down; wait until ␛[31m"),
        ("9" * 9000, f"Slow down; wait {'9' * 80} seconds"),
        ("", "Slow down"),
    ],
)
def test_the_time_to_wait_is_shown(header, shown):
    body = json.dumps({"code": 429, "message": "Slow down"}).encode()
    assert outcome_of(Response(200, "", body, retry_after=header)).message == shown
    assert outcome_of(Response(429, "", b"", retry_after="7")).message.endswith("; wait 7 seconds")


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


def test_a_secret_in_a_response_is_hidden():
    body = json.dumps({"code": 5606, "message": "you message s3cr3t"}).encode()
    reply = Response(200, "", body, secrets=(Secret("s3cr3t"),))
    assert outcome_of(reply).message == "you message [hidden]"
    assert reply._replace(body=b"s3cr3t").description() == (
        "HTTP status 200 with 6 bytes, which begins: [hidden]"
    )


#: What a key may look like: a signature, digits, characters with a meaning in JSON, HTML or
#: patterns, characters outside of ASCII.
KEYS = [
    "ede7b5172293035e35e3789b485163c3",
    "0123456789",
    'word"<\\&%/+.*[',
    "schlüssel-ключ",
    "鍵🔑",
]


def spellings(key):
    """Spell a key as JSON, Python, URLs and HTML do, in part or completely."""
    units = key.encode("utf-16-be").hex()
    octets = key.encode().hex()
    return [
        key,
        key.upper(),
        json.dumps(key)[1:-1],
        json.dumps(json.dumps(key))[3:-3],
        json.dumps(key, ensure_ascii=False)[1:-1].replace("/", "\\/"),
        "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)),
        repr(key.encode())[2:-1],
        "".join(f"\\x{octets[at : at + 2]}" for at in range(0, len(octets), 2)),
        key.encode().decode("latin-1"),
        quote(key),
        quote(key).lower(),
        "".join(f"%{octets[at : at + 2]}" for at in range(0, len(octets), 2)),
        html.escape(key),
        "".join(f"&#{ord(each)};" for each in key),
        "".join(f"&#x{ord(each):X};" for each in key),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_a_secret_is_hidden_in_every_encoding_of_unicode(encoding):
    key = "ede7b5172293035e35e3789b485163c3"
    reply = Response(200, "", f"<p>{key}</p>".encode(encoding), secrets=(Secret(key),))
    assert "<p>[hidden]</p>" in reply.description()


@pytest.mark.parametrize("key", KEYS)
def test_a_secret_is_hidden_in_every_usual_spelling(key):
    assert {hide(f"<{each}>", [Secret(key)]) for each in spellings(key)} == {f"<{HIDDEN}>"}


@pytest.mark.parametrize("key", KEYS)
def test_the_beginning_of_a_secret_at_the_end_is_hidden(key):
    """A text may have been cut anywhere, also inside an escape."""
    for each in spellings(key):
        start = len(re.match(f"{''.join(map(_spellings, key[:4]))}|.*", each)[0])
        for end in range(start, len(each)):
            assert hide(f"<{each[:end]}", [Secret(key)]) == f"<{HIDDEN}", each[:end]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "unit", ["\\\\", "\\\\u0", "&#0", "0", "%", "e", "ede7", "\\\\\\\\x", "0123456"]
)
@pytest.mark.parametrize("key", [*KEYS, "e" * 2000, "\\\\" * 200])
def test_no_text_makes_hiding_slow(unit, key):
    start = time.process_time()
    hide(unit * (_MAX_TEXT // len(unit)), [Secret(key)])
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "number",
    [
        "9" * 10**6,
        "1e" + "9" * 10**6,
        "-0." + "0" * 10**6 + "1",
        "1E-" + "9" * 10**6,
        "1e999," * 10**5,
    ],
    ids=["long", "large", "small", "tiny", "many"],
)
def test_no_number_makes_reading_slow(number):
    start = time.process_time()
    outcome = answer(f'{{"code": 2000, "x": [{number.rstrip(",")}]}}'.encode())
    assert outcome.state == CREATED
    assert time.process_time() - start < 10


@given(st.integers(0, 20_000), st.sampled_from(["", " ", "a ", "\n"]), st.sampled_from(KEYS))
def test_a_secret_is_hidden_wherever_a_text_is_cut(length, padding, key):
    text = padding * length + key
    reply = Response(200, text, text.encode(), secrets=(Secret(key),), location=text)
    envelope = json.dumps({"code": 5606, "message": text, "requestId": text}).encode()
    outcome = outcome_of(reply._replace(body=envelope))
    shown = [reply.description(), outcome.message, outcome.request_id]
    assert not [each for each in shown if key[:5] in each or key[:5].lower() in each]


@pytest.mark.parametrize("number", ["1e99999999999999999999999", "-1E-99999999999999999999999"])
def test_a_giant_number_is_no_obstacle(number):
    envelope = (
        f'{{"code": 2000, "message": {number}, "requestId": {number}, "date": {number},'
        f' "data": {{"samplingPackageId": {number}, "sceneIdList": [{number}]}}}}'
    )
    assert answer(envelope.encode()) == (CREATED, 2000, "", None, 1, None)
    assert answer(f'{{"code": {number}}}'.encode()).state == UNKNOWN
    assert answer(b'{"code": 2000, "x": %b}' % (b"9" * 900_000)).state == CREATED


@pytest.mark.parametrize(
    "content",
    [
        b'{"code": 5606, "code": 2000}',
        b'{"code": 2000, "code": 2000}',
        b'{"code": 2000, "c\\u006fde": 5606}',
        b'{"code": 2000, "data": {"samplingPackageId": 1, "samplingPackageId": 2}}',
        b'{"code": 2000, "data": null, "data": {}}',
        b'{"code": 2000, "x": NaN}',
        b'{"code": 2000, "x": -Infinity}',
        b'{"code": 2000} {"code": 5606}',
    ],
)
def test_what_can_be_read_in_two_ways_is_no_envelope(content):
    assert (answer(content).state, answer(content).code) == (UNKNOWN, None)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.integers()
        | st.text()
        | st.sampled_from([2000, 5606, 5000]),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["code", "message", "data", "samplingPackageId", "requestId", "x"]),
                inner,
            )
        ),
    ),
    st.integers(100, 999),
)
def test_any_json_gives_an_outcome(content, status):
    outcome = answer(content, status)
    assert outcome.state in {CREATED, REFUSED, UNKNOWN}
    assert json.loads(submissions_json([("a", 0, outcome)]))["version"] == 1


def test_an_encoding_that_was_not_asked_for_is_no_envelope():
    reply = Response(200, "application/json", b"", encoding="gzip, \x1b")
    assert outcome_of(reply).message == (
        "this is not a response of the API: HTTP status 200 with content in the encoding gzip, ␛"
        " of application/json"
    )


@given(st.binary(max_size=200), st.integers(100, 599), st.text(max_size=20))
def test_any_response_gives_one_printable_line(body, status, kind):
    given = outcome_of(Response(status, kind, body))
    assert given.message == safe(given.message)
    assert given.state in {CREATED, REFUSED, UNKNOWN}
