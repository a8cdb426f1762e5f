"""The requests that are sent, each a checked document with its canonical body, and the responses.

A body is JSON with sorted keys, no whitespace, and every number exact, without an exponent or
trailing zeros. The same request in another format or key order, or with `1.0` for `1`, gives the
same bytes, and so is recognized as the same request.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from rosetta_spec.diagnostic import Diagnostic, Severity
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import Json, canonical_json, is_number, is_whole, number_of
from rosetta_spec.engine.diagnostics import DocumentReport, excerpt
from rosetta_spec.engine.tally import Tally
from rosetta_spec.errors import ExplainedError
from rosetta_spec.fast.formats import counted
from rosetta_spec.pointer import Pointer, format_pointer, parse_pattern
from rosetta_spec.reporters.style import safe
from rosetta_spec.request.schema import EDITOR_KEY, endpoint_data
from rosetta_spec.submit.credentials import HIDDEN, Secret
from rosetta_spec.text import Location, Span

#: The page that explains every code that the API answers with.
PAGE = "https://rosetta-spec.github.io/rosetta-spec/submit/"

#: Severities that prevent sending. The `fail-on` of a configuration does not change this.
_BLOCKING = ("error",)

#: A repeated key is the only syntax problem after which a value remains: the last one.
_SENDABLE_PROBLEMS = frozenset({"duplicate-key"})


#: A number with more digits is not sent.
_MAX_DIGITS = 4300


class BodyError(ExplainedError):
    """A document that cannot be sent as JSON, regardless of what the rules report."""


class Identity(NamedTuple):
    """What makes two requests the same.

    `endpoint` is a URL, `digest` the SHA-256 of the canonical body in hexadecimal.
    """

    endpoint: str
    access_key: str
    digest: str


class RequestOrigin(NamedTuple):
    """Where a request was read, and the values by which people find its package later."""

    filename: str
    document: int
    annotation_request_id: str
    pool_name: str


class SendableRequest(NamedTuple):
    """A checked document and its body."""

    filename: str
    document: Document
    body: bytes

    @property
    def location(self) -> Location:
        """The location of its first character."""
        return self.document.text.location(self.document.locator.start(()).span.start)

    @property
    def origin(self) -> RequestOrigin:
        """Its origin, for the journal."""
        value = self.document.value
        names = (str(value.get(key, "")) for key in endpoint_data()["identifiedBy"])
        return RequestOrigin(self.filename, self.document.number, *names)


class CheckedRequests(NamedTuple):
    """The requests of a call, in report order, and the findings in all documents.

    If `tally.failing` is not 0, nothing must be sent. `documents` has the file name and number of
    every document, including those that are not requests.
    """

    documents: list[tuple[str, int]]
    requests: list[SendableRequest]
    diagnostics: list[Diagnostic]
    tally: Tally


def body_of(document: Document) -> bytes:
    """Return the request body for a document.

    Raises:
        BodyError: JSON cannot represent it, or a number in it has too many digits.
    """
    for each in document.problems:
        if each.name not in _SENDABLE_PROBLEMS:
            raise BodyError(each.cause, each.remedy)
    request = {key: item for key, item in document.value.items() if key != EDITOR_KEY}
    return canonical_json(request, _canonical_number).encode()


def digest_of(body: bytes) -> str:
    """Return the SHA-256 of a body in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _canonical_number(number: int | Decimal) -> str:
    if isinstance(number, int):
        return str(number)
    if not number:
        return "0"
    text = f"{number:f}" if abs(number.adjusted()) < _MAX_DIGITS else ""
    # The sign and the point are not digits.
    if not 0 < len(text) <= _MAX_DIGITS + 2:
        cause = f"a number here has more than {_MAX_DIGITS} digits, which no server accepts"
        raise BodyError(cause, "write a smaller one")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_requests(checked: Iterable[tuple[str, DocumentReport]], tally: Tally) -> CheckedRequests:
    """Make requests of documents that were checked; the checked bytes are those that are sent.

    `tally` counts the files, and here also the findings.
    """
    found = CheckedRequests([], [], [], tally)
    for filename, report in checked:
        document = report.document
        has_error = any(each.severity in _BLOCKING for each in report.diagnostics)
        if document is not None and not has_error:
            try:
                found.requests.append(SendableRequest(filename, document, body_of(document)))
            except BodyError as error:
                words = ("submit", "unsendable", error.cause, error.remedy)
                unsendable = diagnostic_at(document, filename, (), words)
                report = report._replace(diagnostics=(*report.diagnostics, unsendable))  # noqa: PLW2901
        found.documents.append((filename, report.number))
        found.diagnostics.extend(report.diagnostics)
        found.tally.count_document(report, _BLOCKING)
    return found


def diagnostic_at(
    document: Document, filename: str, pointer: Pointer, words: tuple[str, str, str, str]
) -> Diagnostic:
    """Return an error about sending a document; `words` are code, name, cause and remedy."""
    code, name, cause, remedy = words
    span = Span(0, 0)
    if document.root is not None:
        locator = document.locator
        span = (locator.value(pointer) if pointer else locator.start(())).span
    start, end = document.text.location(span.start), document.text.location(span.end)
    return Diagnostic(
        code=code,
        name=name,
        severity=Severity.ERROR,
        cause=cause,
        remedy=remedy,
        filename=filename,
        document=document.number,
        pointer=format_pointer(pointer),
        location=start,
        end_location=end,
        url=PAGE,
        excerpt=excerpt(document.text, [(start, end)]),
    )


#: What is known of a request that was sent.
CREATED = "created"
REFUSED = "refused"
UNKNOWN = "unknown"

#: The most bytes that are read of a response; an envelope lists each task of a package.
MAX_BYTES = 16 * 1024 * 1024

#: The most characters that are shown of a body, of the target of a redirect, and of a message.
_MAX_BODY = 80
_MAX_TARGET = 200
_MAX_MESSAGE = 300

#: The characters of a text in which secrets are hidden before it is cut to what is shown.
_MAX_TEXT = 16 * 1024

#: The end of a text, perhaps in the middle of a character that has several bytes or an escape.
_CUT = r"(?:[\\%&][\w#\\%]{0,24}|[\x80-\xff]{1,3})?\Z"

#: Ids are below this number.
_NUMBER_LIMIT = 10**100

#: The journal stores a code as a signed integer of 64 bits; the API's codes have five digits.
_CODE_LIMIT = 2**63


class Explanation(NamedTuple):
    """The outcome of a code, its cause, and the remedy.

    `keys` are the keys of the request that may be the cause; the diagnostic is shown at the first
    one that the request has. `affects_all` says that any other request would be refused too.
    """

    name: str
    outcome: str
    cause: str
    remedy: str
    keys: tuple[str, ...] = ()
    affects_all: bool = False

    def with_message(self, message: str) -> str:
        """Return the cause with what the API or the network said."""
        return f"{self.cause} ({message})" if message else self.cause


def _explanation(data: dict[str, Any]) -> Explanation:
    keys = tuple(data.get("keys", ()))
    words = (data["name"], data["outcome"], data["cause"], data["remedy"])
    return Explanation(*words, keys, affects_all=data.get("affectsAll", False))


_UNLISTED_CODE = _explanation(endpoint_data()["unlistedCode"])


def explanation_of(code: int | None) -> Explanation:
    """Explain a code; None is that of a request without a response of the API."""
    if code is None:
        return _explanation(endpoint_data()["noResponse"])
    for each in endpoint_data()["responses"]:
        if re.fullmatch(each["code"], str(code)):
            return _explanation(each)
    return _UNLISTED_CODE


class Outcome(NamedTuple):
    """What came of a request: its state, and what the API said.

    `package_id` is a string of digits, since an id may exceed the integers of SQLite.
    """

    state: str
    code: int | None = None
    message: str = ""
    package_id: str | None = None
    scene_count: int | None = None
    request_id: str | None = None


class LostError(Exception):
    """Some of the request has left, and there is no response."""


class NeverLeftError(Exception):
    """Nothing of the request has left, so that it can be sent again."""


class Response(NamedTuple):
    """An HTTP response; the texts of some of its headers are empty if it has none.

    `is_cut` says that there is more than `body`, `encoding` names one that was not asked for, in
    which case the body was not read. `secrets` are hidden wherever the response repeats them.
    """

    status: int
    content_type: str
    body: bytes
    is_cut: bool = False
    secrets: tuple[Secret, ...] = ()
    location: str = ""
    encoding: str = ""
    retry_after: str = ""

    def description(self) -> str:
        """Describe it for a message, when it is not an envelope."""
        kind = self.one_line(self.content_type, _MAX_BODY).partition(";")[0].lower()
        start = self.one_line(self.body[: 4 * _MAX_TEXT].decode(errors="replace"), _MAX_BODY)
        if self.encoding:
            size = f"content in the encoding {self.one_line(self.encoding, _MAX_BODY)}"
        elif self.is_cut:
            size = f"more than {MAX_BYTES // (1024 * 1024)} MiB"
        else:
            size = f"{len(self.body)} bytes" if self.body else "nothing"
        begins = f", which begins: {start}" if start else ""
        target = self.one_line(self.location, _MAX_TARGET)
        leads = f", which leads to {target}, and is not followed" if target else ""
        return (
            f"HTTP status {self.status} with {size}{' of ' + kind if kind else ''}{leads}{begins}"
        )

    def one_line(self, text: str, length: int) -> str:
        """Hide secrets in a part of the response, make it printable on one line, and cut it."""
        # In UTF-16 and UTF-32, there are NULs between the characters of ASCII.
        text = text[:_MAX_TEXT].replace("\0", "")
        return safe(" ".join(hide(text, self.secrets).split()))[:length]


def hide(text: str, secrets: Iterable[Secret]) -> str:
    """Replace every secret in a text that others wrote, in any usual spelling.

    At its end also the beginning of one, as the text may have been cut.
    """
    for secret in secrets:
        first, *rest = map(_spellings, secret.reveal())
        later = [f"(?:{each}|{_CUT})" for each in rest[3:]]
        text = re.sub("".join([first, *rest[:3], *later]), HIDDEN, text, flags=re.IGNORECASE)
    return text


def _spellings(character: str) -> str:
    """Return a pattern for a character as JSON, Python, URLs, HTML and Latin-1 may write it.

    Its repetitions are limited, since the text may be made to take long.
    """
    units = character.encode("utf-16-be").hex()
    octets = re.findall("..", character.encode().hex())
    spellings = [
        re.escape(character),
        re.escape(character.encode().decode("latin-1")),
        "".join(rf"\\{{1,4}}u{unit}" for unit in re.findall("....", units)),
        "".join(rf"\\{{1,4}}x{octet}" for octet in octets),
        "".join(f"%{octet}" for octet in octets),
        f"&#0{{0,6}}{ord(character)};",
        f"&#x0{{0,6}}{ord(character):x};",
        re.escape(html.escape(character)),
    ]
    return rf"\\{{0,4}}(?:{'|'.join(dict.fromkeys(spellings))})"


def outcome_of(response: Response) -> Outcome:
    """Read the envelope; without one, the outcome is unknown."""
    envelope = _envelope_in(response)
    code = None if envelope is None else int(_part(envelope, "code"))
    if code is None or explanation_of(code) is _UNLISTED_CODE:
        # Some HTTP statuses say by themselves that nothing happened.
        listed = endpoint_data()["responses"]
        alike = (each["code"] for each in listed if each.get("status") == response.status)
        code = next(map(int, alike), code)
    message = _text(response, _part(envelope, "message")) or ""
    if envelope is None:
        message = f"this is not a response of the API: {response.description()}"
    wait = response.one_line(response.retry_after, _MAX_BODY)
    if wait:
        wait = f"wait {counted(int(wait), 'second')}" if wait.isdecimal() else f"wait until {wait}"
        message = f"{message}; {wait}" if message else wait
    scenes = _part(envelope, "scenes")
    return Outcome(
        explanation_of(code).outcome,
        code,
        message,
        _text(response, _part(envelope, "packageId")),
        len(scenes) if isinstance(scenes, list) else None,
        _text(response, _part(envelope, "requestId")),
    )


def _envelope_in(response: Response) -> Json:
    """Return the envelope, an object whose code is a whole number, or None."""
    if response.is_cut or response.encoding:
        return None
    try:
        content = json.loads(
            response.body,
            parse_int=number_of,
            parse_float=number_of,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError):
        return None
    code = _part(content, "code")
    if not is_number(code) or not -_CODE_LIMIT < code < _CODE_LIMIT or not is_whole(code):
        return None
    return content


def _no_constant(name: str) -> None:
    """Reject NaN and Infinity, which are not JSON."""
    raise ValueError(name)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return an object; with a key twice, it could mean one or the other."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError
    return value


def _part(envelope: Json, name: str) -> Json:
    """Return a part of the envelope by its name in the data about the endpoint, or None."""
    for token in parse_pattern(endpoint_data()["envelope"][name]):
        if not isinstance(envelope, dict):
            return None
        envelope = envelope.get(token)
    return envelope


def _text(response: Response, value: Json) -> str | None:
    """Return a string or a whole number as text on one line, None for other values."""
    if is_number(value):
        is_usable = -_NUMBER_LIMIT < value < _NUMBER_LIMIT and is_whole(value)
        return str(int(value)) if is_usable else None
    if not isinstance(value, str):
        return None
    return response.one_line(value.encode(errors="replace").decode(), _MAX_MESSAGE)
