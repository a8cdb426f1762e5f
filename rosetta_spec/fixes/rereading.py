"""What a document is after edits: its text is read again, as if it had always been so."""

from __future__ import annotations

from rosetta_spec.document.reader import read_text
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fast.formats import YAML
from rosetta_spec.fixes.edit import edited
from rosetta_spec.text import Span, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.document.values import Json
    from rosetta_spec.fixes.edit import TextEdit


def value_after(document: AnyDocument, edits: Iterable[TextEdit]) -> Json:
    """Read the value of an edited document; `UNUSABLE` if it is none, or has other problems."""
    start, stop = _part(document)
    # A comment behind the end of a document belongs to it, and is no part of what is read.
    inside = [
        edit._replace(span=Span(edit.span.start - start, edit.span.end - start))
        for edit in edits
        if edit.span.end <= stop
    ]
    text = Text(edited(document.text.content[start:stop], inside), first_row=2)
    after, *others = read_text(text, document.format_)
    if others or _names(after) != _names(document):
        return UNUSABLE
    return after.value


def _part(document: AnyDocument) -> tuple[int, int]:
    """Find the part of the text that a document of a stream is written in."""
    if document.format_ != YAML:
        return 0, len(document.text.content)
    assert document.root is not None  # noqa: S101 - what cannot be read has no fixes
    # A line that starts so ends a document, whatever stands in it.
    ends = (
        document.text.content.find(f"{line_end}{marker}", document.root.span.end)
        for line_end in "\r\n"
        for marker in ("---", "...")
    )
    return document.start, min(
        (end + 1 for end in ends if end >= 0), default=len(document.text.content)
    )


def _names(document: AnyDocument) -> list[str]:
    return [problem.name for problem in document.problems]
