"""Members and items of JSON and of YAML's flow collections: how they go, and how new ones come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rosetta_spec.document.operations import CannotEditError
from rosetta_spec.document.values import json_string
from rosetta_spec.fixes.edits import TextEdit
from rosetta_spec.fixes.layout import DOUBLE, PAIR, SINGLE, Entry, Written
from rosetta_spec.fixes.literals import json_literal, key_style, value_style, yaml_key, yaml_literal
from rosetta_spec.fixes.members import NewMember
from rosetta_spec.fixes.source import BLANKS, BREAKS, Source
from rosetta_spec.text import Span


def removed_from_flow(source: Source, whole: Written, runs: Sequence[range]) -> Iterator[TextEdit]:
    """Take entries away; a run is one of indices without a gap."""
    if sum(map(len, runs)) == len(whole.entries):
        yield _emptied(source, whole)
        return
    for run in runs:
        yield from _without(source, whole, run)


def _emptied(source: Source, whole: Written) -> TextEdit:
    start, end = whole.span
    if whole.style == PAIR:
        return source.carved(
            start, end, indent_in(source, whole.span, whole.entries[0].start), "{}"
        )
    if not source.comments_in(start, end):
        return TextEdit(Span(start + 1, end - 1), "")
    return source.carved(start + 1, end - 1, indent_in(source, whole.span, whole.entries[0].start))


def _without(source: Source, whole: Written, run: range) -> Iterator[TextEdit]:
    entries = whole.entries
    first, last = entries[run[0]], entries[run[-1]]
    before = entries[run[0] - 1].end if run[0] else first.start
    end = last.end if run[0] else entries[run[-1] + 1].start
    row_end = min(source.row_end(last.end), whole.span.end)
    if source.comments_in(before, max(end, row_end)):
        yield from _between_comments(source, whole, run)
    else:
        yield TextEdit(Span(before, end), "")


def _between_comments(source: Source, whole: Written, run: range) -> Iterator[TextEdit]:
    """Take a run away with the comma after it, so that what is before it keeps its row."""
    entries = whole.entries
    first, last = entries[run[0]], entries[run[-1]]
    indent = indent_in(source, whole.span, first.start)
    if last.comma is not None:
        yield source.carved(first.start, last.comma + 1, indent)
        return
    comma = entries[run[0] - 1].comma
    assert comma is not None  # noqa: S101 - there is one between two entries
    yield TextEdit(Span(comma, comma + 1), "")
    yield source.carved(first.start, last.end, indent)


def indent_in(source: Source, whole: Span, at: int) -> str:
    """Give the indentation of further rows in a flow collection, as that of the row at `at`."""
    indent = source.indent(at)
    return indent if source.row_start(at) > whole.start else indent + "  "


def added_to_flow(
    source: Source, whole: Written, last: Entry | None, new: Sequence[NewMember]
) -> Iterator[TextEdit]:
    """Add members after the entry `last`, or to an empty object.

    Raises:
        CannotEditError: the object has no brackets.
    """
    if whole.style == PAIR:
        message = "an object without brackets takes no more members"
        raise CannotEditError(message)
    colon = _colon(source, whole)
    members = [_member(source, whole, each, colon) for each in new]
    if last is None:
        yield _filled(source, whole, (", " if colon == ": " else ",").join(members))
        return
    gap = _gap(source, whole, last, colon)
    if last is whole.entries[-1] and gap[0:1] in tuple(BREAKS):
        yield from _added_below(source, whole, members, gap)
    else:
        yield TextEdit(Span(last.end, last.end), "".join(f",{gap}{member}" for member in members))


def _added_below(
    source: Source, whole: Written, members: Sequence[str], gap: str
) -> Iterator[TextEdit]:
    """Add members on rows of their own, below the comment on the row of the last one."""
    last = whole.entries[-1]
    row_end = source.row_end(last.end)
    is_commented = row_end < whole.span.end and source.comments_in(last.end, row_end)
    if not is_commented or (last.comma or 0) > row_end:
        yield TextEdit(Span(last.end, last.end), "".join(f",{gap}{member}" for member in members))
        return
    if last.comma is None:
        yield TextEdit(Span(last.end, last.end), ",")
    text = gap + f",{gap}".join(members)
    yield TextEdit(Span(row_end, row_end), text if last.comma is None else f"{text},")


def _filled(source: Source, whole: Written, text: str) -> TextEdit:
    """Write the first members into an object; comments in it stay."""
    start, end = whole.span.start + 1, whole.span.end - 1
    is_blank = not source.content[start:end].strip(BLANKS)
    return TextEdit(Span(start, end if is_blank else start), text)


def _colon(source: Source, whole: Written) -> str:
    """Give the colon with the blanks after it that others have, or those of the whole document."""
    entries = whole.entries or source.root.entries
    is_close = entries and all(
        entry.mark == entry.value.start and entry.key and _is_quoted(source, entry.key)
        for entry in entries
    )
    return ":" if is_close else ": "


def _is_quoted(source: Source, key: Written) -> bool:
    return source.is_json or key.style in (SINGLE, DOUBLE)


def _gap(source: Source, whole: Written, last: Entry, colon: str) -> str:
    """Give what is between a comma and the next entry."""
    index = whole.entries.index(last)
    before = (whole.entries[index - 1].comma or 0) if index else whole.span.start
    gap = source.content[before + 1 : last.start]
    if gap.strip(BLANKS):
        return source.line_break(last.start) + source.indent(last.start)
    return gap if index else colon[1:]


def _member(source: Source, whole: Written, new: NewMember, colon: str) -> str:
    is_compact = colon == ":"
    if source.is_json:
        text = new.text or json_literal(new.value, is_compact=is_compact)
        return json_string(new.key) + colon + text
    model = whole if whole.entries else source.root
    text = new.text or yaml_literal(new.value, value_style(model))
    key = yaml_key(new.key, DOUBLE if is_compact else key_style(model))
    return key + colon + text
