"""The requests to send: read and checked documents, each with its canonical body.

The body is JSON with sorted keys, no whitespace, and every number exact, without an exponent or
trailing zeros. The same request in another format or key order, or with `1.0` for `1`, gives the
same bytes, and so is recognized as the same request.
"""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from rosetta_spec.diagnostic import Diagnostic, Severity
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import canonical_json
from rosetta_spec.engine.diagnostics import DocumentReport, excerpt
from rosetta_spec.engine.tally import Tally
from rosetta_spec.pointer import Pointer, format_pointer
from rosetta_spec.request.schema import EDITOR_KEY, endpoint_data
from rosetta_spec.text import Location, Span

#: The page that explains every code that the API answers with.
PAGE = "https://rosetta-spec.github.io/rosetta-spec/submit/"

#: Severities that prevent sending. The `fail-on` of a configuration does not change this.
_BLOCKING = ("error",)

#: A repeated key is the only syntax problem after which a value remains: the last one.
_SENDABLE_PROBLEMS = frozenset({"duplicate-key"})


#: A number with more digits is not sent.
_MAX_DIGITS = 4300


class SubmitError(Exception):
    """Sending is not possible. The message gives the cause and the remedy, and no secret."""


class BodyError(ValueError):
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
    problems = [each for each in document.problems if each.name not in _SENDABLE_PROBLEMS]
    value = document.value
    if problems or not isinstance(value, dict):
        causes = [f"{each.cause}; {each.remedy}" for each in problems]
        raise BodyError(next(iter(causes), "this document is not an object; write keys and values"))
    request = {key: item for key, item in value.items() if key != EDITOR_KEY}
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
        message = (
            f"a number here has more than {_MAX_DIGITS} digits, which no server accepts;"
            " write a smaller one"
        )
        raise BodyError(message)
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
                cause, _, remedy = str(error).partition("; ")
                words = ("submit", "unsendable", cause, remedy)
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
