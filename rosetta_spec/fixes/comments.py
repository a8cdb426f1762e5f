"""The fix of a comment: it may change the comment and no value."""

from __future__ import annotations

from rosetta_spec.diagnostic import Edit, Fix
from rosetta_spec.fixes.edit import TextEdit
from rosetta_spec.fixes.rereading import value_after
from rosetta_spec.kinds.unique import is_same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.spec.rule import FixNote
    from rosetta_spec.text import Span


#: The headers of block scalars, the only values that what is below a comment may become a part of.
_HEADERS = "|>"


def comment_fix(
    document: AnyDocument, edits: Iterable[tuple[Span, str]], title: str, note: FixNote
) -> tuple[Fix, ...]:
    """Return the fix that edits of comments are; none if they would change the document's value."""
    text_edits = [TextEdit(*edit) for edit in edits]
    if _has_blocks(document) and not is_same(value_after(document, text_edits), document.value):
        return ()
    locate = document.text.location
    located = (
        Edit(locate(edit.span.start), locate(edit.span.end), edit.content) for edit in text_edits
    )
    return (Fix(title, note.applicability, tuple(located)),)


def _has_blocks(document: AnyDocument) -> bool:
    """Whether a block scalar may stand in a text: to read it again takes long."""
    return any(mark in document.text.content for mark in _HEADERS)
