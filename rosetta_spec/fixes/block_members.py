"""Members and items of block YAML: how they go, and how new ones come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rosetta_spec.document.operations import CannotEditError
from rosetta_spec.fixes.edits import TextEdit
from rosetta_spec.fixes.layout import SCALAR_BLOCKS, Entry, Written
from rosetta_spec.fixes.literals import key_style, value_style, yaml_key, yaml_literal
from rosetta_spec.fixes.members import NewMember
from rosetta_spec.fixes.source import BREAKS, Source
from rosetta_spec.text import Span


def removed_from_block(
    source: Source, whole: Written, around: Entry | None, runs: Sequence[range]
) -> Iterator[TextEdit]:
    """Take entries away; a run is one of indices without a gap. `around` is where `whole` is."""
    if sum(map(len, runs)) == len(whole.entries):
        yield from replaced_block(source, whole, around, "[]" if whole.is_array else "{}")
        return
    gone = {index for run in runs for index in run}
    for run in runs:
        if source.starts_row(whole.entries[run[0]].start):
            stay = [whole.entries[index] for index in range(run[0]) if index not in gone]
            yield _without_rows(source, whole, run, stay[-1] if stay else None)
        else:
            yield _without_first(source, whole, run)


def replaced_block(
    source: Source, whole: Written, around: Entry | None, text: str
) -> Iterator[TextEdit]:
    """Write `text` for a block collection: after the colon or dash of what it is in, if above."""
    start, end = whole.span
    indent = " " * source.column(start)
    if around is None or around.mark is None or not source.starts_row(start):
        ends = [span.end for span in source.carried.values() if start <= span.start < end]
        yield source.carved(start, max([end, *ends]), indent, text)
        return
    yield TextEdit(Span(whole.place, whole.place), f" {text}")
    yield _rows_gone(source, whole.entries[0], whole.entries[-1], indent)


def _without_first(source: Source, whole: Written, run: range) -> TextEdit:
    """Take away the first entries, which begin after a dash; the next one takes their place."""
    start = whole.entries[0].start
    end = whole.entries[run[-1] + 1].start
    return source.carved(start, end, " " * source.column(start))


def _without_rows(source: Source, whole: Written, run: range, above: Entry | None) -> TextEdit:
    """Take away entries that have rows of their own; `above` is the nearest one that stays."""
    first, last = whole.entries[run[0]], whole.entries[run[-1]]
    indent = " " * source.column(first.start)
    edit = _rows_gone(source, first, last, indent)
    if above is None or edit.content or not _would_grow(source, above, edit.span.start):
        return edit
    return _closed_above(source, edit, above.value.last, indent)


def _rows_gone(source: Source, first: Entry, last: Entry, indent: str) -> TextEdit:
    """Take rows away but for their comments."""
    carried = source.carried.get(first.start)
    start = carried.start if carried else source.row_start(first.start)
    end = source.next_row(last.end)
    line_break = source.line_break(first.start)
    kept = (indent + comment + line_break for comment in source.comments_in(start, end))
    return TextEdit(Span(start, end), "".join(kept))


def _would_grow(source: Source, above: Entry, at: int) -> bool:
    """Whether what comes after `at` would belong to a block scalar above."""
    scalar = above.value.last
    start = source.next_row(scalar.span.end)
    return scalar.style in SCALAR_BLOCKS and not any(
        start <= comment.start < at for comment in source.comments
    )


def _closed_above(source: Source, edit: TextEdit, scalar: Written, indent: str) -> TextEdit:
    """Let nothing of what comes after an edit belong to the block scalar before it."""
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
    """Give the start of the next row from `at` on that is not blank, or the end of the text."""
    while at < len(source.content) and not source.content[at : source.next_row(at)].strip():
        at = source.next_row(at)
    return at


def keeps_blank_rows(source: Source, scalar: Written) -> bool:
    """Whether blank rows after a block scalar are part of it."""
    return "+" in source.header(scalar)


def added_to_block(
    source: Source, whole: Written, last: Entry, new: Sequence[NewMember]
) -> TextEdit:
    """Add members after the entry `last`.

    Raises:
        CannotEditError: it ends in a scalar of which they would be a part.
    """
    at = _end_of_rows(source, last)
    indent = " " * source.column(whole.span.start)
    rows = [row for each in new for row in (each.rows or [indent + _member(whole, each)])]
    line_break = source.line_break(last.end)
    text = line_break.join(rows)
    is_open = source.content[at - 1] not in BREAKS
    return TextEdit(Span(at, at), line_break + text if is_open else text + line_break)


def _end_of_rows(source: Source, entry: Entry) -> int:
    """Give the start of the row after an entry.

    Raises:
        CannotEditError: it ends in a block scalar that ends with the text.
    """
    scalar = entry.value.last
    at = source.next_row(entry.end)
    if scalar.style not in SCALAR_BLOCKS:
        return at
    if source.content[at - 1] not in BREAKS:
        message = "the text ends inside a block scalar"
        raise CannotEditError(message)
    return after_blank_rows(source, at) if keeps_blank_rows(source, scalar) else at


def _member(whole: Written, new: NewMember) -> str:
    text = new.text or yaml_literal(new.value, value_style(whole))
    return f"{yaml_key(new.key, key_style(whole))}: {text}"
