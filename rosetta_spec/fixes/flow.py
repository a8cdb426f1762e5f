"""Edit members and items of JSON and of flow collections in YAML: remove them, add new ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rosetta_spec.document.operations import CannotEditError
from rosetta_spec.document.tree import Node, Style
from rosetta_spec.document.values import json_string
from rosetta_spec.fixes.edits import BLANKS, BREAKS, Place, Source, TextEdit
from rosetta_spec.fixes.literals import NewMember, json_literal, yaml_member
from rosetta_spec.text import Span


def removed_from_flow(source: Source, whole: Node, runs: Sequence[range]) -> Iterator[TextEdit]:
    """Remove runs of entries, each without a gap."""
    if sum(map(len, runs)) == len(whole.entries):
        yield _emptied(source, whole)
        return
    for run in runs:
        yield from _without(source, whole, run)


def _emptied(source: Source, whole: Node) -> TextEdit:
    start, end = whole.span
    if whole.style == Style.PAIR:
        return source.cut(start, end, indent_in(source, whole.span, whole.entries[0].start), "{}")
    if not source.comments_in(start, end):
        return TextEdit(Span(start + 1, end - 1), "")
    return source.cut(start + 1, end - 1, indent_in(source, whole.span, whole.entries[0].start))


def _without(source: Source, whole: Node, run: range) -> Iterator[TextEdit]:
    entries = whole.entries
    first, last = entries[run[0]], entries[run[-1]]
    before = entries[run[0] - 1].end if run[0] else first.start
    end = last.end if run[0] else entries[run[-1] + 1].start
    row_end = min(source.row_end(last.end), whole.span.end)
    if source.comments_in(before, max(end, row_end)):
        yield from _between_comments(source, whole, run)
    else:
        yield TextEdit(Span(before, end), "")


def _between_comments(source: Source, whole: Node, run: range) -> Iterator[TextEdit]:
    """Remove a run with the comma after it, so that comments before it keep their row."""
    entries = whole.entries
    first, last = entries[run[0]], entries[run[-1]]
    indent = indent_in(source, whole.span, first.start)
    if last.comma is not None:
        yield source.cut(first.start, last.comma + 1, indent)
        return
    comma = entries[run[0] - 1].comma
    assert comma is not None  # noqa: S101 - there is one between two entries
    yield TextEdit(Span(comma, comma + 1), "")
    yield source.cut(first.start, last.end, indent)


def indent_in(source: Source, whole: Span, at: int) -> str:
    """Return the indentation of further rows in a flow collection, like that of the row at `at`."""
    indent = source.indent(at)
    return indent if source.row_start(at) > whole.start else indent + "  "


def added_to_flow(
    source: Source, whole: Node, last: int | None, new: Sequence[NewMember]
) -> Iterator[TextEdit]:
    """Add members after the entry with the index `last`, or to an empty object.

    Raises:
        CannotEditError: the object has no brackets.
    """
    if whole.style == Style.PAIR:
        message = "an object without brackets takes no more members"
        raise CannotEditError(message)
    colon = _colon(source, whole)
    members = [_member(source, whole, each, colon) for each in new]
    if last is None:
        yield _filled(source, whole, (", " if colon == ": " else ",").join(members))
        return
    gap = _gap(source, whole, last, colon)
    entry = whole.entries[last]
    row_end = source.row_end(entry.end)
    is_below = entry is whole.entries[-1] and gap[0:1] in tuple(BREAKS)
    is_commented = row_end < whole.span.end and source.comments_in(entry.end, row_end)
    if not is_below or not is_commented or (entry.comma or 0) > row_end:
        yield TextEdit(Span(entry.end, entry.end), "".join(f",{gap}{each}" for each in members))
        return
    # The comment stays in the row of the last member; the new ones have rows below it.
    if entry.comma is None:
        yield TextEdit(Span(entry.end, entry.end), ",")
    text = gap + f",{gap}".join(members)
    yield TextEdit(Span(row_end, row_end), text if entry.comma is None else f"{text},")


def _filled(source: Source, whole: Node, text: str) -> TextEdit:
    start, end = whole.span.start + 1, whole.span.end - 1
    is_blank = not source.content[start:end].strip(BLANKS)
    return TextEdit(Span(start, end if is_blank else start), text)


def _colon(source: Source, whole: Node) -> str:
    """Return the colon and the blank after it as others have it, or those of the whole document."""
    entries = whole.entries or source.root.entries
    is_close = entries and all(
        entry.mark == entry.value.start
        and entry.key
        and (source.is_json or entry.key.style in (Style.SINGLE, Style.DOUBLE))
        for entry in entries
    )
    return ":" if is_close else ": "


def _gap(source: Source, whole: Node, last: int, colon: str) -> str:
    entry = whole.entries[last]
    before = (whole.entries[last - 1].comma or 0) if last else whole.span.start
    gap = source.content[before + 1 : entry.start]
    if gap.strip(BLANKS):
        return source.line_break(entry.start) + source.indent(entry.start)
    return gap if last else colon[1:]


def _member(source: Source, whole: Node, new: NewMember, colon: str) -> str:
    if source.is_json:
        text = new.text or json_literal(new.value, is_compact=colon == ":")
        return json_string(new.key) + colon + text
    return yaml_member(new, whole if whole.entries else source.root, colon)


def indented(source: Source, text: str, place: Place, target: Node) -> str:
    """Indent the further rows of a JSON value like the members of another object."""
    assert place.entry is not None  # noqa: S101 - it is a member
    old = source.indent(place.entry.start)
    new = source.indent(target.entries[-1].start if target.entries else target.span.start)
    first, *rest = text.split("\n")
    return "\n".join([first, *(new + row.removeprefix(old) for row in rest)])
