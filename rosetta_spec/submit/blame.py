"""Findings about sending: what the API says of a request, shown in the request."""

from __future__ import annotations

from rosetta_spec.diagnostic import Diagnostic, Severity
from rosetta_spec.engine.excerpt import excerpt
from rosetta_spec.pointer import format_pointer
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.submit.meaning import Meaning
    from rosetta_spec.submit.request import Request

#: The page that explains every answer.
PAGE = "https://rosetta-spec.github.io/rosetta-spec/submit/"


def unsendable(document: AnyDocument, filename: str, message: str) -> Diagnostic:
    """Say of a document without errors that JSON cannot carry it."""
    cause, _, remedy = message.partition("; ")
    return _diagnostic(document, filename, (), ("submit", "unsendable", cause, remedy))


def blamed(request: Request, meaning: Meaning, code: int | None, said: str) -> Diagnostic:
    """Show what an answer means where the cause is; `said` is what the API or the system said."""
    value = request.document.value
    pointer = next(((key,) for key in meaning.keys if key in value), ())
    cause = f"{meaning.cause} ({said})" if said else meaning.cause
    label = meaning.state if code is None else str(code)
    words = (label, meaning.name, cause, meaning.remedy)
    return _diagnostic(request.document, request.filename, pointer, words)


def _diagnostic(
    document: AnyDocument, filename: str, pointer: Pointer, words: tuple[str, str, str, str]
) -> Diagnostic:
    code, name, cause, remedy = words
    span = _span(document, pointer)
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
        related=(),
        fixes=(),
        fingerprint="",
        url=PAGE,
        excerpt=excerpt(document.text, [(start, end)]),
    )


def _span(document: AnyDocument, pointer: Pointer) -> Span:
    if document.root is None:
        return Span(0, 0)
    places = document.places
    return (places.value(pointer) if pointer else places.start(())).span
