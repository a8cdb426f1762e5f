"""What an editor shows about a document: explanations, hints, symbols, folds and anchors."""

import re
import textwrap
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from lsprotocol import types

from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import Json, json_text
from rosetta_spec.engine.directives import directives_in
from rosetta_spec.engine.explanation import explain
from rosetta_spec.fast.formats import YAML
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.outline import ValueKind, walk
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema, schema_at
from rosetta_spec.spec.pages import severity_called
from rosetta_spec.spec.ruleset import Rule, Ruleset
from rosetta_spec.text import Span

#: The command that says what a request asks for, by the URI and the number of its document.
EXPLAIN_REQUEST = "rosetta-spec.explainRequest"

_MAX_TITLE = 100

_anchors_in = re.compile(r"(?<![^\s,\[{])([*&])([^\s,\[\]{}]+)").finditer
_marks_in = re.compile(r"\\([\\`*_\[\]<>#|~])|\*\*|`")
_special_in = re.compile(r"[\\`*_\[\]<>#|~]")

#: Documents with more characters are not explained, because each change reads them again.
_MAX_EXPLAINED = 64 * 1024
_MAX_REQUESTS = 100


def hover_at(
    document: OpenDocument, offset: int, ruleset: Ruleset, *, has_markdown: bool
) -> types.Hover | None:
    """Return the explanation of what is at an offset, None if there is nothing to explain."""
    found = _rule_at(document, offset, ruleset) or _value_at(document, offset)
    if found is None:
        return None
    markdown, span = found
    kind = types.MarkupKind.Markdown if has_markdown else types.MarkupKind.PlainText
    content = markdown if has_markdown else without_markdown(markdown)
    return types.Hover(types.MarkupContent(kind, content), document.range_of(span))


def _value_at(document: OpenDocument, offset: int) -> tuple[str, Span] | None:
    around = (each for each in document.outline if each.start <= offset <= each.end)
    places = ((value, *at) for each in around for value in each.entries for at in walk(value))
    for value, pointer, place in places:
        if place.key and place.key.start <= offset < place.key.end:
            explanation = about_place(pointer)
            if explanation and place is value.entries[0]:
                start = document.position(document.text.location(value.start))
                texts = (text for at, text in explanations(document) if at == start)
                # The values in it are not Markdown.
                escaped = (_special_in.sub(r"\\\g<0>", text) for text in texts)
                explanation = "\n\n".join((explanation, *escaped))
            return (explanation, place.key) if explanation else None
        if place.kind is ValueKind.SCALAR and place.start <= offset < place.end:
            explanation = about_value(pointer, place.text) or about_place(pointer)
            return (explanation, Span(place.start, place.end)) if explanation else None
    return None


def explanations(document: OpenDocument) -> Iterator[tuple[types.Position, str]]:
    """Yield where each request starts, and what it asks for."""
    if len(document.source) <= _MAX_EXPLAINED:
        for each in islice(read_documents(document.data, document.named_format), _MAX_REQUESTS):
            if each.root:
                yield document.position(each.text.location(each.root.span.start)), explain(each)


def _rule_at(document: OpenDocument, offset: int, ruleset: Ruleset) -> tuple[str, Span] | None:
    """Explain a rule that a comment names; a `#` in quotes counts as a comment too."""
    before, after = document.row_around(offset)
    line, start = before + after, offset - len(before)
    comment = line.find("#")
    if document.format_ != YAML or comment < 0:
        return None
    span = Span(start + comment, start + len(line.rstrip()))
    for directive in directives_in(document.text.content, span):
        for name in directive.names:
            rule = ruleset.find(name.text)
            if rule and name.span.start <= offset < name.span.end:
                return _about_rule(rule), name.span
    return None


def _about_rule(rule: Rule) -> str:
    parts = [
        f"**{rule.code} {rule.name}** ({severity_called(rule)})",
        rule.kind.describe(),
        rule.why,
        f"<{rule.url}>" if rule.url else "",
    ]
    return "\n\n".join(filter(None, parts))


def about_place(pointer: Pointer) -> str:
    """Explain a key or an item in Markdown; return "" if the schema does not know the place."""
    schema = schema_at(pointer)
    if not schema or not pointer:
        return ""
    listed = schema.get("anyOf") or schema.get("items", {}).get("anyOf", ())
    values = [f"- `{json_text(it['const'])}`: {_meaning(it)}" for it in listed]
    parts = [f"**{schema.get('title', '')}**", schema.get("description", ""), "\n".join(values)]
    return "\n\n".join(filter(None, parts))


def about_value(pointer: Pointer, word: str) -> str:
    """Explain a listed value in Markdown; return "" if it is not listed."""
    entry = listed_entry(schema_at(pointer), word)
    return f"`{_spelled(entry['const'])}`: {_meaning(entry)}" if entry else ""


def listed_entry(schema: Schema, word: str) -> dict[str, Any] | None:
    """Return the schema of the listed value that a word is or names, in any case."""
    wanted = word.strip().lower()
    for entry in schema.get("anyOf", ()):
        found: dict[str, Any] = entry
        if wanted in (_spelled(entry["const"]), entry["title"].lower()):
            return found
    return None


def _spelled(value: Json) -> str:
    return value if isinstance(value, str) else json_text(value)


def _meaning(entry: dict[str, Any]) -> str:
    return f"{entry['title']}: {entry['description']}"


def without_markdown(text: str) -> str:
    """Return Markdown as plain text, for clients that would show its marks."""
    return _marks_in.sub(r"\1", text)


_KINDS = {ValueKind.OBJECT: types.SymbolKind.Object, ValueKind.ARRAY: types.SymbolKind.Array}

_MAX_DEPTH = 11
_MAX_SYMBOLS = 2000

#: Characters of a value that are shown beside its key.
_MAX_DETAIL = 60


def symbols_of(document: OpenDocument) -> list[types.DocumentSymbol]:
    """Return the keys and items of a document as symbols; each request of several is one."""
    values = [value for value in document.values if value.kind is not ValueKind.NOTHING]
    requests: list[types.DocumentSymbol] = []
    children: dict[Pointer, list[types.DocumentSymbol]] = {}
    left = _MAX_SYMBOLS
    for number, value in enumerate(values[:left], start=1):
        for pointer, place in islice(walk(value), left + 1):
            if len(pointer) > _MAX_DEPTH:
                continue
            left -= bool(pointer)
            start = (place.key or place).start
            children[pointer] = []
            symbol = types.DocumentSymbol(
                # Editors reject an empty name.
                name=(str(pointer[-1]) or "?") if pointer else f"request {number}",
                kind=_KINDS.get(place.kind, types.SymbolKind.Field),
                range=document.range_of(Span(start, place.end)),
                selection_range=document.range_of(Span(start, start)),
                detail=place.text[:_MAX_DETAIL] or None,
                children=children[pointer],
            )
            (children[pointer[:-1]] if pointer else requests).append(symbol)
    return children[()] if len(values) == 1 else requests


def inlay_hints(document: OpenDocument, shown: types.Range) -> list[types.InlayHint]:
    """Return what the listed values and the shares in a range mean."""
    start, end = document.offset(shown.start), document.offset(shown.end)
    hints = []
    for value in document.values:
        for pointer, place in walk(value):
            meaning = _hint(pointer, place.text) if start <= place.end <= end else ""
            if meaning:
                at = document.range_of(Span(place.end, place.end)).start
                hints.append(
                    types.InlayHint(at, meaning, types.InlayHintKind.Type, padding_left=True)
                )
    return hints


def _hint(pointer: Pointer, text: str) -> str:
    schema = schema_at(pointer)
    entry = listed_entry(schema, text)
    if entry and json_text(entry["const"]) == text and text.isdecimal():
        return str(entry["title"])
    is_share = (schema.get("type"), schema.get("maximum")) == ("number", 1)
    if is_share and re.fullmatch(r"0\.[0-9]{1,9}|1(\.0)?", text):
        return f"{(Decimal(text) * 100).normalize():f} %"
    return ""


def code_lenses(document: OpenDocument) -> list[types.CodeLens]:
    """Return a lens at the start of each request that says what it asks for."""
    return [
        types.CodeLens(
            types.Range(at, at),
            types.Command(
                textwrap.shorten(text, _MAX_TITLE, placeholder=" …"),
                EXPLAIN_REQUEST,
                arguments=[document.uri, number],
            ),
        )
        for number, (at, text) in enumerate(explanations(document))
    ]


def folding_ranges(document: OpenDocument) -> list[types.FoldingRange]:
    """Return the lines of each object and array that has several."""
    ranges = []
    for value in document.values:
        for _, place in walk(value):
            start = document.text.location((place.key or place).start).row - 1
            end = document.text.location(max(place.end - 1, place.start)).row - 1
            if place.kind in _KINDS and end > start:
                ranges.append(types.FoldingRange(start, end))
    return ranges


def anchor_of(document: OpenDocument, offset: int) -> types.Location | None:
    """Return the anchor that the alias at an offset refers to."""
    if document.format_ != YAML:
        return None
    anchors: dict[str, Span] = {}
    for match in _anchors_in(document.text.content):
        span = Span(*match.span())
        if match[1] == "&":
            anchors[match[2]] = span
        elif span.start <= offset <= span.end:
            found = anchors.get(match[2])
            return types.Location(document.uri, document.range_of(found)) if found else None
    return None
