"""Replace values and keys by others."""

from __future__ import annotations

from collections.abc import Iterator

from rosetta_spec.document.tree import BLOCK_SCALARS, FLOW_STYLES, Node, Style, Tag
from rosetta_spec.document.values import Json, json_string
from rosetta_spec.fixes.block import replaced_block
from rosetta_spec.fixes.edits import BREAKS, Place, Source, TextEdit
from rosetta_spec.fixes.flow import indent_in
from rosetta_spec.fixes.literals import (
    fits_tag,
    is_plain_in_flow,
    json_literal,
    style_after,
    yaml_key,
    yaml_literal,
)
from rosetta_spec.text import Span


def replaced(
    source: Source, place: Place, value: Json, text: str | None = None
) -> Iterator[TextEdit]:
    """Replace a value, by `text` if that is given.

    Raises:
        CannotEditError: the value cannot be written as JSON.
    """
    old = place.value
    if source.is_json:
        yield TextEdit(old.span, text or json_literal(value))
        return
    text = text or yaml_literal(value, style_after(old, in_flow=place.in_flow))
    if old.tag and not fits_tag(value, text, old.tag):
        if old.style == Style.NOTHING and old.tag.span.end == old.place:
            yield TextEdit(old.tag.span, text)
            return
        yield _without_tag(source, old.tag)
    yield from _replaced(source, place, text)


def _replaced(source: Source, place: Place, text: str) -> Iterator[TextEdit]:
    old = place.value
    if old.style == Style.NOTHING:
        yield _in_nothing(source, place, text)
    elif old.style == Style.BLOCK:
        yield from replaced_block(source, old, place.entry, text)
    elif old.style in FLOW_STYLES:
        indent = indent_in(source, old.span, old.span.start)
        yield source.cut(*old.span, indent, text)
    else:
        yield from _replaced_scalar(source, old, text)


def _replaced_scalar(source: Source, old: Node, text: str) -> Iterator[TextEdit]:
    """Replace a scalar; the comment beside the header of a block scalar stays."""
    start, end = old.span
    if old.style not in BLOCK_SCALARS:
        yield TextEdit(old.span, text)
        return
    header_end = start
    while source.content[header_end : header_end + 1] in tuple("|>+-0123456789"):
        header_end += 1
    yield TextEdit(Span(start, header_end), text)
    row_end = source.row_end(start)
    if row_end < end:
        yield TextEdit(Span(row_end, end), "")


def _without_tag(source: Source, tag: Tag) -> TextEdit:
    start = tag.span.start
    if not source.starts_row(start):
        start = source.before_blanks(start)
    return TextEdit(Span(start, tag.span.end), "")


def _in_nothing(source: Source, place: Place, text: str) -> TextEdit:
    """Write a value after a colon, a dash or a key that has none."""
    entry, at = place.entry, place.value.place
    if entry is None or entry.mark is not None:
        return TextEdit(Span(at, at), f" {text}")
    if place.in_flow:
        return TextEdit(Span(at, at), f": {text}")
    # After a question mark and a key, the colon has a row of its own, in their column.
    at = source.row_end(at)
    indent = " " * source.column(entry.start)
    return TextEdit(Span(at, at), f"{source.line_break(at)}{indent}: {text}")


def renamed(source: Source, place: Place, name: str) -> Iterator[TextEdit]:
    """Replace the key of a member.

    Raises:
        CannotEditError: it is too long for a key.
    """
    assert place.entry is not None  # noqa: S101 - the root has no key
    key = place.entry.key
    assert key is not None  # noqa: S101 - it is a member
    if source.is_json:
        yield TextEdit(key.span, json_string(name))
    else:
        style = key.style if key.style in (Style.SINGLE, Style.DOUBLE) else Style.PLAIN
        yield from _replaced_scalar(source, key, yaml_key(name, style))


def portable_text(source: Source, place: Place, *, to_flow: bool) -> str | None:
    """Return the text of a value if it means the same elsewhere in a row, None if it may not."""
    value = place.value
    text = source.content[value.span.start : value.span.end]
    if source.is_json:
        return text
    if value.tag or any(char in BREAKS for char in text) or not text:
        return None
    if value.style == Style.PLAIN:
        return text if place.in_flow or not to_flow or is_plain_in_flow(text) else None
    return text if value.style in (Style.SINGLE, Style.DOUBLE, Style.FLOW) else None
