"""From operations on a document to edits of its text, as small as they can be."""

from __future__ import annotations

from rosetta_spec.fixes.operations import CannotEditError
from rosetta_spec.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.fixes.operations import Operation
    from rosetta_spec.text import Span


class TextEdit(NamedTuple):
    """Put `content` in the place of what is at `span`."""

    span: Span
    content: str


def edits_of(document: AnyDocument, operations: Sequence[Operation]) -> tuple[TextEdit, ...]:
    """Give the edits of the document's text that do `operations`, sorted, none over another.

    The document has a root. All pointers are those of the document before, as in `applied`.

    Raises:
        CannotEditError: it cannot be done, or not surely without a loss.
    """
    raise CannotEditError(f"{len(operations)} operations on document {document.number}")  # noqa: EM102, TRY003


def edited(content: str, edits: Iterable[TextEdit]) -> str:
    """Give the text that edits, sorted as `edits_of` does, make of `content`."""
    pieces = []
    at = 0
    for span, new in edits:
        pieces += [content[at : span.start], new]
        at = span.end
    return "".join((*pieces, content[at:]))
