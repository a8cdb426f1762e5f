"""Members of block YAML that go to another object as they stand, with the comments on them."""

from __future__ import annotations

from rosetta_spec.document.operations import CannotEditError
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fixes.layout import DOUBLE, PLAIN, SCALAR_BLOCKS, SINGLE, Entry
from rosetta_spec.fixes.literals import yaml_key, yaml_literal
from rosetta_spec.fixes.members import NewMember
from rosetta_spec.fixes.place import Place
from rosetta_spec.fixes.source import Source
from rosetta_spec.text import Span


def carried_member(
    source: Source, place: Place, key: str, column: int, *, is_header: bool
) -> NewMember:
    """Take a member up with its comments, to put it down in another column.

    With `is_header` the comments above it are about the whole document and stay.

    Raises:
        CannotEditError: it ends in a block scalar, which might not be the same there.
    """
    entry = place.entry
    assert entry is not None  # noqa: S101 - it is a member
    start = entry.start
    if source.starts_row(start):
        start = source.row_start(start) if is_header else _with_comments(source, entry.start)
    end = source.row_end(entry.end)
    head = source.content[start : entry.start]
    shift = column - source.column(entry.start)
    first, *rest = _rows(head + _body(source, entry, key, end))
    rows = [" " * column + first.lstrip(" "), *(_shifted(row, shift) for row in rest)]
    source.carried[entry.start] = Span(start, end)
    return NewMember(key, UNUSABLE, rows=tuple(rows))


def _rows(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _shifted(row: str, shift: int) -> str:
    if not row or shift >= 0:
        return row and " " * shift + row
    blanks = len(row) - len(row.lstrip(" "))
    return row[min(-shift, blanks) :]


def _with_comments(source: Source, at: int) -> int:
    """Give the start of the comments directly above a row, in its column."""
    column, start = source.column(at), source.row_start(at)
    starts = {comment.start for comment in source.comments}
    # A member that is not the first of the document is below something else.
    while (above := source.row_start(start - 1)) + column in starts:
        if not source.starts_row(above + column):
            break
        start = above
    return start


def _body(source: Source, entry: Entry, key: str, end: int) -> str:
    """Give the text of a member from its key on, with the comment after it."""
    value = entry.value
    assert entry.key is not None  # noqa: S101 - it is a member
    is_scalar = value.style in SCALAR_BLOCKS
    ends_in_scalar = value.last.style in SCALAR_BLOCKS and not is_scalar
    if ends_in_scalar or entry.key.style in SCALAR_BLOCKS:
        message = "what ends in a block scalar cannot be moved"
        raise CannotEditError(message)
    style = entry.key.style if entry.key.style in (SINGLE, DOUBLE) else PLAIN
    is_same = entry.name == key
    content = source.content
    before = content[entry.start : entry.key.span.start]
    name = content[slice(*entry.key.span)] if is_same else yaml_key(key, style)
    if not is_scalar:
        return before + name + content[entry.key.span.end : end]
    comments = source.comments_in(value.span.start, source.row_end(value.span.start))
    literal = yaml_literal(value.text, PLAIN)
    between = content[entry.key.span.end : value.start]
    return " ".join([before + name + between + literal, *comments])
