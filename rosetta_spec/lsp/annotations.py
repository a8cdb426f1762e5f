"""What an editor shows beside the text: what values mean, what a request asks for, and folds."""

from __future__ import annotations

import re
import textwrap
from decimal import Decimal

from lsprotocol.types import (
    CodeLens,
    Command,
    FoldingRange,
    InlayHint,
    InlayHintKind,
    Location,
    Range,
)

from rosetta_spec.document.values import json_text
from rosetta_spec.fast.formats import YAML
from rosetta_spec.lsp.document import Document
from rosetta_spec.lsp.hover import explanations, listed_entry
from rosetta_spec.lsp.outline import Kind, Node, outline, walk
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import schema_at
from rosetta_spec.text import Span

#: The command that says what a request asks for, by the URI and the number of its document.
EXPLAIN_REQUEST = "rosetta-spec.explainRequest"

_MAX_TITLE = 100

_words_in = re.compile(r"(?<![^\s,\[{])([*&])([^\s,\[\]{}]+)").finditer


def inlay_hints(document: Document, shown: Range) -> list[InlayHint]:
    """Return what the listed values and the shares in a range mean."""
    start, end = document.offset(shown.start), document.offset(shown.end)
    hints = []
    for root in outline(document.text, document.format_):
        for pointer, node, _ in walk(root.value):
            meaning = _meaning(pointer, node) if start <= node.end <= end else ""
            if meaning:
                at = document.range_of(Span(node.end, node.end)).start
                hints.append(InlayHint(at, meaning, InlayHintKind.Type, padding_left=True))
    return hints


def _meaning(pointer: Pointer, node: Node) -> str:
    schema = schema_at(pointer) or {}
    entry = listed_entry(schema, node.text)
    if entry and json_text(entry["const"]) == node.text and node.text.isdecimal():
        return str(entry["title"])
    is_share = (schema.get("type"), schema.get("maximum")) == ("number", 1)
    if is_share and re.fullmatch(r"0\.[0-9]{1,9}|1(\.0)?", node.text):
        return f"{(Decimal(node.text) * 100).normalize():f} %"
    return ""


def code_lenses(document: Document) -> list[CodeLens]:
    """Return a lens at the start of each request that says what it asks for."""
    return [
        CodeLens(
            Range(at, at),
            Command(
                textwrap.shorten(text, _MAX_TITLE, placeholder=" …"),
                EXPLAIN_REQUEST,
                arguments=[document.uri, number],
            ),
        )
        for number, (at, text) in enumerate(explanations(document))
    ]


def folding_ranges(document: Document) -> list[FoldingRange]:
    """Return the lines of each object and array that has several."""
    ranges = []
    for root in outline(document.text, document.format_):
        for _, node, entry in walk(root.value):
            first = entry.key if entry and entry.key else node
            start = document.text.location(first.start).row - 1
            end = document.text.location(max(node.end - 1, node.start)).row - 1
            if node.kind is not Kind.SCALAR and end > start:
                ranges.append(FoldingRange(start, end))
    return ranges


def anchor_of(document: Document, offset: int) -> Location | None:
    """Return the anchor that the alias at an offset refers to."""
    if document.format_ != YAML:
        return None
    anchors: dict[str, Span] = {}
    for match in _words_in(document.text.content):
        span = Span(*match.span())
        if match[1] == "&":
            anchors[match[2]] = span
        elif span.start <= offset <= span.end:
            found = anchors.get(match[2])
            return Location(document.uri, document.range_of(found)) if found else None
    return None
