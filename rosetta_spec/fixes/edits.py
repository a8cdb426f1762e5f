"""An edit of a text, and the text that edits make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rosetta_spec.text import Span


class TextEdit(NamedTuple):
    """Put `content` in the place of what is at `span`."""

    span: Span
    content: str


def edited(content: str, edits: Iterable[TextEdit]) -> str:
    """Give the text that edits, sorted and none over another, make of `content`."""
    pieces = []
    at = 0
    for span, new in edits:
        pieces += [content[at : span.start], new]
        at = span.end
    return "".join((*pieces, content[at:]))
