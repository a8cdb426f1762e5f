"""Edits that only write over scalars: most fixes are that, and need not know the whole layout."""

from __future__ import annotations

from rosetta_spec.document.operations import Put, Quote
from rosetta_spec.document.values import ABSENT, json_string, value_at
from rosetta_spec.fast.formats import JSON
from rosetta_spec.fixes.edit import TextEdit
from rosetta_spec.fixes.layout import DOUBLE, PLAIN, SINGLE
from rosetta_spec.fixes.literals import json_literal, yaml_literal
from rosetta_spec.fixes.source import BREAKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.document.operations import Operation
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.document.values import Json
    from rosetta_spec.text import Span

#: What starts an anchor, an alias, a tag or a block scalar.
_INVOLVED = "&*!|>"


def simple_edits(
    document: AnyDocument, value: Json, operations: Iterable[Operation]
) -> tuple[TextEdit, ...] | None:
    """Give the edits, where each operation writes over a scalar; None where more is involved.

    `value` is that of the document.
    """
    content = document.text.content
    is_json = document.format_ == JSON
    # Of a key that stands twice only the whole layout knows which one counts.
    if document.problems or (not is_json and any(char in content for char in _INVOLVED)):
        return None
    edits = []
    for operation in operations:
        span = _scalar_of(document, value, operation)
        if span is None:
            return None
        old = document.text.slice(span)
        edits.append(TextEdit(span, _written(operation, old, is_json=is_json)))
    return tuple(sorted(edits))


def _scalar_of(document: AnyDocument, whole: Json, operation: Operation) -> Span | None:
    """Find the scalar on one row that an operation writes over; None if there is more to it."""
    if not isinstance(operation, Put | Quote):
        return None
    value = value_at(whole, operation.pointer)
    if value is ABSENT or isinstance(value, dict | list):
        return None
    span = document.places.value(operation.pointer).span
    text = document.text.slice(span)
    is_on_one_row = text and not any(char in text for char in BREAKS)
    is_json = document.format_ == JSON
    is_plain = is_on_one_row and (is_json or not _needs_style(document, operation, value))
    return span if is_plain else None


def _needs_style(document: AnyDocument, operation: Put | Quote, old: Json) -> bool:
    """Whether a string takes the place of what is none, perhaps among others that are quoted."""
    is_new = isinstance(operation, Put) and isinstance(operation.value, str)
    content = document.text.content
    return is_new and not isinstance(old, str) and ("{" in content or "[" in content)


def _written(operation: Operation, old: str, *, is_json: bool) -> str:
    if isinstance(operation, Quote):
        return json_string(old)
    assert isinstance(operation, Put)  # noqa: S101 - there are no others here
    if operation.text is not None:
        return operation.text
    if is_json:
        return json_literal(operation.value)
    style = old[0] if old[0] in (SINGLE, DOUBLE) else PLAIN
    return yaml_literal(operation.value, style)
