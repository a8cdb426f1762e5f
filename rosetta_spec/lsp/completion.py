"""Help with writing: the keys that can stand at a cursor, with what belongs to them, and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lsprotocol.types import (
    ClientCapabilities,
    CompletionItem,
    CompletionItemKind,
    InsertTextFormat,
    InsertTextMode,
    MarkupContent,
    MarkupKind,
    TextEdit,
)
from pygls.capabilities import get_capability

from rosetta_spec.document.values import Json, json_text
from rosetta_spec.fast.formats import YAML
from rosetta_spec.fixes.source import BREAKS
from rosetta_spec.lsp.belonging import RelatedKeys, values_of
from rosetta_spec.lsp.cursor import Spot, spot_at
from rosetta_spec.lsp.document import Document
from rosetta_spec.lsp.hover import about_place, about_value, without_markdown
from rosetta_spec.lsp.snippet import Writer
from rosetta_spec.request.schema import EDITOR_KEY, Schema, listed_values, schema_at
from rosetta_spec.spec.rule import Rule
from rosetta_spec.text import Span

#: What comes first: required keys, needed ones, others, those without effect, the editor's own.
_REQUIRED, _NEEDED, _OTHER, _IDLE, _EDITORS = range(5)

#: What a request is called that has not begun.
_WHOLE = "sampling request"


_ITEM = "text_document.completion.completion_item"


class CompletionCapabilities(NamedTuple):
    """What a client does with completion items."""

    has_snippets: bool = False
    can_indent: bool = False
    has_markdown: bool = False


def completion_capabilities(client: ClientCapabilities) -> CompletionCapabilities:
    """Return what a client does with completion items."""
    modes = get_capability(client, f"{_ITEM}.insert_text_mode_support.value_set") or ()
    formats = get_capability(client, f"{_ITEM}.documentation_format") or ()
    return CompletionCapabilities(
        has_snippets=bool(get_capability(client, f"{_ITEM}.snippet_support")),
        can_indent=InsertTextMode.AdjustIndentation in modes,
        has_markdown=MarkupKind.Markdown in formats,
    )


def completions(
    document: Document, offset: int, rules: Iterable[Rule], capabilities: CompletionCapabilities
) -> list[CompletionItem]:
    """Return what can be written at an offset of a text, the likeliest first."""
    spot = spot_at(document.text, document.format_, offset)
    # An editor replaces nothing on several rows. Source: LSP 3.17, `CompletionItem.textEdit`.
    if spot is None or any(char in BREAKS for char in document.text.slice(spot.span)):
        return []
    schema = schema_at(spot.pointer) or {}
    if spot.is_open and schema.get("type") == "object":
        start = document.text.location(spot.span.start)
        spot = spot._replace(is_key=True, column=start.column - 1)
    maker = _Maker(document, spot, rules, capabilities)
    if spot.is_bare:
        return [maker.whole(schema)]
    offered = maker.keys(schema) if spot.is_key else maker.values(schema)
    return sorted(offered, key=lambda item: item.sort_text or "")


class _Offer(NamedTuple):
    """Something to insert: what it is called, what is said of it, and where it stands."""

    label: str
    kind: CompletionItemKind
    detail: str
    about: str
    order: str
    content: str
    #: What is compared with what is there already.
    compared: str


class _Maker:
    def __init__(
        self,
        document: Document,
        spot: Spot,
        rules: Iterable[Rule],
        capabilities: CompletionCapabilities,
    ) -> None:
        self._document = document
        self._spot = spot
        self._capabilities = capabilities
        self._is_yaml = document.format_ == YAML
        self._home = spot.pointer if spot.is_key else spot.pointer[:-1]
        self._related = RelatedKeys(rules, self._home)
        words = [(it.name, it.value.text if it.value else "") for it in spot.members]
        self._present = dict(values_of(words, self._home))

    def _writer(self) -> Writer:
        return Writer(is_yaml=self._is_yaml, has_stops=self._capabilities.has_snippets)

    def whole(self, schema: Schema) -> CompletionItem:
        """Return a request with what it must have."""
        writer = self._writer()
        first, *others = schema["required"]
        inside = self._member(writer, first, writer.value((first,)))
        inside += self._others(writer, others)
        if self._spot.is_bare:
            end = "\\}" if self._capabilities.has_snippets else "}"
            rows = "\n".join(f"  {row}" for row in inside.split("\n"))
            inside = f"{{\n{rows}\n{end}" if self._spot.is_tall else f"{{{inside}{end}"
        about, kind = str(schema["description"]), CompletionItemKind.Snippet
        order = f"{_REQUIRED}99"
        return self._item(_Offer(_WHOLE, kind, "required keys", about, order, inside, _WHOLE))

    def keys(self, schema: Schema) -> Iterator[CompletionItem]:
        """Yield the keys that are not there yet."""
        if not self._home and not self._present and not self._spot.has_colon:
            yield self.whole(schema)
        for number, key in enumerate(schema.get("properties", ())):
            if key in self._present or self._related.is_excluded(key, self._present):
                continue
            rank, detail = self._rank(key, schema)
            order = f"{rank}{number:02}"
            yield self._key(key, detail, order)
            yield from self._key_with_values(key, order)

    def _rank(self, key: str, schema: Schema) -> tuple[int, str]:
        asking = self._related.is_needed(key, self._present)
        title = schema["properties"][key]["title"]
        if key in schema.get("required", ()):
            return _REQUIRED, f"{title} (required)"
        if asking:
            return _NEEDED, f"{title} (needed by {asking})"
        if key == EDITOR_KEY:
            return _EDITORS, title
        return (_IDLE, title) if self._related.is_idle(key, self._present) else (_OTHER, title)

    def _key(self, key: str, detail: str, order: str) -> CompletionItem:
        writer = self._writer()
        if self._spot.has_colon:
            content = writer.key(key)
        else:
            content = self._tight(self._member(writer, key, self._value(writer, key)))
            content += self._others(writer, self._related.partners(key))
            content += self._end()
        about = about_place((*self._home, key))
        kind = CompletionItemKind.Property
        return self._item(_Offer(key, kind, detail, about, order, content, self._compared(key)))

    def _key_with_values(self, key: str, order: str) -> Iterator[CompletionItem]:
        """Yield a key with each value that asks for other keys, these included."""
        for value, name in listed_values(schema_at((*self._home, key)) or {}):
            needed = self._related.needed_by(key, value)
            if self._spot.has_colon or not needed:
                continue
            writer = self._writer()
            content = self._tight(self._member(writer, key, writer.scalar(value)))
            content += self._others(writer, needed) + self._end()
            about = about_value((*self._home, key), json_text(value))
            label, kind = f"{key}: {json_text(value)}", CompletionItemKind.Snippet
            compared, order_of = self._compared(key), f"{order}{value}"
            yield self._item(_Offer(label, kind, name, about, order_of, content, compared))

    def values(self, schema: Schema) -> Iterator[CompletionItem]:
        """Yield the values that can stand at the cursor, with what they ask for."""
        key = self._spot.pointer[-1] if self._spot.pointer else ""
        listed = listed_values(schema) or _booleans(schema)
        for number, (value, name) in enumerate(listed):
            writer = self._writer()
            text = writer.plain(writer.scalar(value))
            needed = (
                self._related.needed_by(key, value)
                if isinstance(key, str) and not self._spot.is_open
                else []
            )
            content = self._tight(text) + self._others(writer, needed) + self._end()
            word = value if isinstance(value, str) else json_text(value)
            about = about_value(self._spot.pointer, word)
            order = f"{number:02}"
            yield self._item(
                _Offer(word, CompletionItemKind.Value, name, about, order, content, text)
            )
        if not listed and _has_shown_form(schema):
            writer = self._writer()
            content = self._tight(writer.value(self._spot.pointer)) + self._end()
            label = Writer(is_yaml=self._is_yaml, has_stops=False).value(self._spot.pointer)
            about = about_place(self._spot.pointer)
            kind = CompletionItemKind.Value
            yield self._item(_Offer(label, kind, "example", about, "99", content, label))

    def _tight(self, content: str) -> str:
        return f" {content}" if self._spot.is_tight else content

    def _value(self, writer: Writer, key: str) -> str:
        schema = schema_at((*self._home, key)) or {}
        if schema.get("type") != "object":
            return " " + writer.value((*self._home, key))
        stop = "$1" if self._capabilities.has_snippets else ""
        if self._spot.column >= 0:
            return f"\n  {stop}"
        return " {" + stop + (r"\}" if self._capabilities.has_snippets else "}")

    def _member(self, writer: Writer, key: str, value: str) -> str:
        return f"{writer.key(key)}:{value if value[:1] in (' ', chr(10)) else f' {value}'}"

    def _others(self, writer: Writer, keys: Iterable[str]) -> str:
        """Write members for the keys that are not there yet, divided as those around them are."""
        separator = ",\n" if self._spot.is_tall else ", "
        separator = "\n" if self._spot.column >= 0 else separator
        return "".join(
            separator + self._member(writer, key, writer.value((*self._home, key)))
            for key in keys
            if key not in self._present
        )

    def _end(self) -> str:
        return "," if self._spot.is_before else ""

    def _compared(self, key: str) -> str:
        """Return what is compared with what is there already; in JSON that has quotes."""
        there = self._document.text.slice(self._spot.span)[:1]
        return f"{there}{key}{there}" if there in ('"', "'") else key

    def _item(self, offer: _Offer) -> CompletionItem:
        has_snippets, can_indent, *_ = self._capabilities
        range_of = self._document.range_of
        edit = TextEdit(range_of(self._spot.span), offer.content)
        comma = self._spot.after
        before = None if comma is None else [TextEdit(range_of(Span(comma, comma)), ",")]
        return CompletionItem(
            label=offer.label,
            kind=offer.kind,
            detail=offer.detail or None,
            documentation=_documentation(offer.about, self._capabilities),
            sort_text=offer.order,
            filter_text=offer.compared,
            insert_text_format=(
                InsertTextFormat.Snippet if has_snippets else InsertTextFormat.PlainText
            ),
            insert_text_mode=InsertTextMode.AdjustIndentation if can_indent else None,
            text_edit=edit,
            additional_text_edits=before,
        )


def _documentation(
    markdown: str, capabilities: CompletionCapabilities
) -> MarkupContent | str | None:
    if capabilities.has_markdown and markdown:
        return MarkupContent(MarkupKind.Markdown, markdown)
    return without_markdown(markdown) or None


def _booleans(schema: Schema) -> list[tuple[Json, str]]:
    if schema.get("type") != "boolean":
        return []
    return [(entry["const"], entry["title"]) for entry in schema["anyOf"]]


def _has_shown_form(schema: Schema) -> bool:
    """Whether an example helps: of a free text it does not."""
    is_free = schema.get("type") == "string" and not schema.get("pattern", "").startswith("^")
    return "examples" in schema and schema.get("type") != "object" and not is_free
