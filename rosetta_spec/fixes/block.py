"""Edit members and items of block YAML: remove them, add new ones, and move them with comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rosetta_spec.document.operations import CannotEditError
from rosetta_spec.document.tree import BLOCK_SCALARS, Array, Entry, Node, Style
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fixes.edits import BREAKS, Place, Source, TextEdit
from rosetta_spec.fixes.literals import NewMember, yaml_key, yaml_literal, yaml_member
from rosetta_spec.text import Span


def removed_from_block(
    source: Source, whole: Node, around: Entry | None, runs: Sequence[range]
) -> Iterator[TextEdit]:
    """Remove runs of entries, each without a gap; `around` is the entry with `whole`, if any."""
    if sum(map(len, runs)) == len(whole.entries):
        yield from replaced_block(source, whole, around, "[]" if isinstance(whole, Array) else "{}")
        return
    removed = {index for run in runs for index in run}
    for run in runs:
        if source.starts_row(whole.entries[run[0]].start):
            above = run[0] - 1
            while above in removed:
                above -= 1
            yield _without_rows(source, whole, run, whole.entries[above] if above >= 0 else None)
        else:
            yield _without_first(source, whole, run)


def replaced_block(
    source: Source, whole: Node, around: Entry | None, text: str
) -> Iterator[TextEdit]:
    """Replace a block collection by `text`, in the row of its key or dash if that is above."""
    start, end = whole.span
    indent = " " * source.column(start)
    if around is None or around.mark is None or not source.starts_row(start):
        ends = [span.end for span in source.moved.values() if start <= span.start < end]
        yield source.cut(start, max([end, *ends]), indent, text)
        return
    yield TextEdit(Span(whole.place, whole.place), f" {text}")
    yield _only_comments(source, whole.entries[0], whole.entries[-1], indent)


def _without_first(source: Source, whole: Node, run: range) -> TextEdit:
    """Remove the first entries, which begin after a dash; the next one takes their place."""
    start = whole.entries[0].start
    end = whole.entries[run[-1] + 1].start
    return source.cut(start, end, " " * source.column(start))


def _without_rows(source: Source, whole: Node, run: range, above: Entry | None) -> TextEdit:
    """Remove entries that have rows of their own; `above` is the nearest one that stays."""
    first, last = whole.entries[run[0]], whole.entries[run[-1]]
    indent = " " * source.column(first.start)
    edit = _only_comments(source, first, last, indent)
    if above is None or edit.content or not _would_grow(source, above, edit.span.start):
        return edit
    return _closed_above(source, edit, above.value.last, indent)


def _only_comments(source: Source, first: Entry, last: Entry, indent: str) -> TextEdit:
    moved = source.moved.get(first.start)
    start = moved.start if moved else source.row_start(first.start)
    end = source.next_row(last.end)
    line_break = source.line_break(first.start)
    kept = (indent + comment + line_break for comment in source.comments_in(start, end))
    return TextEdit(Span(start, end), "".join(kept))


def _would_grow(source: Source, above: Entry, at: int) -> bool:
    scalar = above.value.last
    start = source.next_row(scalar.span.end)
    return scalar.style in BLOCK_SCALARS and not source.spans_of_comments(start, at)


def _closed_above(source: Source, edit: TextEdit, scalar: Node, indent: str) -> TextEdit:
    """Extend an edit so that the text after it does not become part of the block scalar above."""
    start, end = edit.span
    after = after_blank_rows(source, end)
    blank = source.content[end:after]
    if keeps_blank_rows(source, scalar) or blank.strip(BREAKS):
        blank, end = "", after
    comment = source.after_blanks(after)
    if source.content[comment : comment + 1] == "#" and source.column(comment) > len(indent):
        return TextEdit(Span(start, comment), blank + indent)
    return TextEdit(Span(start, end), "")


def after_blank_rows(source: Source, at: int) -> int:
    """Return the start of the next row from `at` that is not blank, or the end of the text."""
    while at < len(source.content) and not source.content[at : source.next_row(at)].strip():
        at = source.next_row(at)
    return at


def keeps_blank_rows(source: Source, scalar: Node) -> bool:
    """Whether blank rows after a block scalar are part of it."""
    return "+" in source.header(scalar)


def added_to_block(source: Source, whole: Node, last: Entry, new: Sequence[NewMember]) -> TextEdit:
    """Add members after the entry `last`.

    Raises:
        CannotEditError: they would become part of a block scalar.
    """
    at = _end_of_rows(source, last)
    indent = " " * source.column(whole.span.start)
    rows = [row for each in new for row in (each.rows or [indent + yaml_member(each, whole)])]
    line_break = source.line_break(last.end)
    text = line_break.join(rows)
    is_open = source.content[at - 1] not in BREAKS
    return TextEdit(Span(at, at), line_break + text if is_open else text + line_break)


def _end_of_rows(source: Source, entry: Entry) -> int:
    """Return the start of the row after an entry.

    Raises:
        CannotEditError: it ends in a block scalar that ends with the text.
    """
    scalar = entry.value.last
    at = source.next_row(entry.end)
    if scalar.style not in BLOCK_SCALARS:
        return at
    if source.content[at - 1] not in BREAKS:
        message = "the text ends inside a block scalar"
        raise CannotEditError(message)
    return after_blank_rows(source, at) if keeps_blank_rows(source, scalar) else at


def moved_member(source: Source, place: Place, key: str, target: Node) -> NewMember:
    """Take a member with its comments, to write it under `key` in the column of `target`.

    The comments above the first member of a document are about the document, and stay.

    Raises:
        CannotEditError: it ends in a block scalar, which might mean something else there.
    """
    entry = place.entry
    assert entry is not None  # noqa: S101 - it is a member
    start = entry.start
    if source.starts_row(start):
        is_first = len(place.pointer) == 1 and place.nth == 0
        start = source.row_start(start) if is_first else _with_comments(source, start)
    end = source.row_end(entry.end)
    column = source.column(target.span.start)
    shift = column - source.column(entry.start)
    first, *rest = _rows(source.content[start : entry.start] + _body(source, entry, key, end))
    rows = [" " * column + first.lstrip(" "), *(_shifted(row, shift) for row in rest)]
    source.moved[entry.start] = Span(start, end)
    return NewMember(key, UNUSABLE, rows=tuple(rows))


def _rows(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _shifted(row: str, shift: int) -> str:
    if not row or shift >= 0:
        return row and " " * shift + row
    blanks = len(row) - len(row.lstrip(" "))
    return row[min(-shift, blanks) :]


def _with_comments(source: Source, at: int) -> int:
    """Return the start of the comments directly above a row, in its column."""
    column, start = source.column(at), source.row_start(at)
    while True:
        # There is a row above: the member is not the first of the document.
        above = source.row_start(start - 1)
        at = above + column
        if not (source.spans_of_comments(at, at + 1) and source.starts_row(at)):
            return start
        start = above


def _body(source: Source, entry: Entry, key: str, end: int) -> str:
    """Return the text of a member from its key to the comment after it."""
    value = entry.value
    assert entry.key is not None  # noqa: S101 - it is a member
    is_scalar = value.style in BLOCK_SCALARS
    ends_in_scalar = value.last.style in BLOCK_SCALARS and not is_scalar
    if ends_in_scalar or entry.key.style in BLOCK_SCALARS:
        message = "what ends in a block scalar cannot be moved"
        raise CannotEditError(message)
    style = entry.key.style if entry.key.style in (Style.SINGLE, Style.DOUBLE) else Style.PLAIN
    is_same = entry.name == key
    content = source.content
    before = content[entry.start : entry.key.span.start]
    name = content[slice(*entry.key.span)] if is_same else yaml_key(key, style)
    if not is_scalar:
        return before + name + content[entry.key.span.end : end]
    comments = source.comments_in(value.span.start, source.row_end(value.span.start))
    literal = yaml_literal(value.text, Style.PLAIN)
    between = content[entry.key.span.end : value.start]
    return " ".join([before + name + between + literal, *comments])
