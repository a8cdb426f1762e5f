"""Open documents: versions, positions in the client's units, and what is written at a cursor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from pathlib import Path

from lsprotocol import types
from pygls.workspace import TextDocument

from rosetta_spec.fast.formats import JSON, JSONL, YAML, format_by_name, format_of
from rosetta_spec.files.content import read_file
from rosetta_spec.lsp.outline import (
    MAX_LENGTH,
    OutlineEntry,
    OutlineNode,
    Root,
    ValueKind,
    entries_of,
    outline,
    walk,
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Location, Span, Text, long_property, units_in

#: Formats by the language identifiers of LSP.
_LANGUAGES = {
    "json": JSON,
    "jsonc": JSON,
    "yaml": YAML,
    "jsonl": JSONL,
    "jsonlines": JSONL,
    "ndjson": JSONL,
}


#: Characters that are searched for the keys of a request.
_MAX_SEARCHED = 64 * 1024

#: Characters in which line breaks are counted at once.
_BLOCK = 64 * 1024


class OpenDocument(TextDocument):
    """One version of an open document, which never changes: a thread may be checking it.

    `source` is what the client has sent, with a byte order mark if there is one. `errors` says how
    its surrogates, which UTF-8 lacks, are encoded.
    """

    errors = "surrogatepass"

    def __init__(
        self,
        uri: str,
        version: int,
        language_id: str | None,
        source: str,
        encoding: str = types.PositionEncodingKind.Utf16,
    ) -> None:
        super().__init__(uri, source, version, language_id)
        self.encoding = encoding

    def changed(
        self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent]
    ) -> OpenDocument:
        """Return the version after some changes, each applied to the result of the one before."""
        encoding = self.encoding
        document = OpenDocument(self.uri, version, self.language_id, self.source, encoding)
        for change in changes:
            source = change.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = map(document.offset_in_source, (change.range.start, change.range.end))
                source = f"{document.source[:start]}{source}{document.source[end:]}"
            document = OpenDocument(self.uri, version, self.language_id, source, encoding)
        return document

    @cached_property
    def text(self) -> Text:
        """The text as the checker reads it."""
        return Text(self.source, encoding=self.encoding)

    @property
    def data(self) -> bytes:
        """The bytes of its file; half a surrogate pair makes them invalid UTF-8."""
        return self.source.encode(errors=self.errors)

    @property
    def named_format(self) -> str | None:
        """The format that its name or else its language stands for, None if neither does."""
        return format_by_name(self.path) or _LANGUAGES.get((self.language_id or "").lower())

    @property
    def format_(self) -> str:
        """The format by its name, its language or its content."""
        return format_of(self.text.content, self.named_format)

    @long_property
    def outline(self) -> list[Root]:
        """The values of its documents, as far as they can be recognized."""
        return outline(self.text, self.format_)

    @long_property
    def top_keys(self) -> frozenset[str]:
        """The keys of its documents, each with a colon; those of a long text only at its start."""
        content = self.text.content
        is_short = len(content) <= _MAX_SEARCHED
        roots = self.outline if is_short else outline(Text(content[:_MAX_SEARCHED]), self.format_)
        entries = (entry for root in roots if root.value for entry in root.value.entries)
        return frozenset(entry.name for entry in entries if entry.mark)

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position in the text, which has no byte order mark."""
        return max(self.offset_in_source(position) - self.text.has_bom, 0)

    def offset_in_source(self, position: types.Position) -> int:
        """Return the offset of a position, byte order mark included.

        As LSP requires, a position after the end of its line means the end of the line. The rows
        are not listed, because each version of a large document would need its own list.
        """
        # The same text, in which a line feed ends each row.
        rows = self.source.replace("\r\n", " \n").replace("\r", "\n")
        start, left = 0, position.line
        while start < len(rows) and (count := rows.count("\n", start, start + _BLOCK)) < left:
            start += _BLOCK
            left -= count
        for _ in range(left):
            start = rows.find("\n", start) + 1
            if not start:
                return len(rows)
        end = rows.find("\n", start)
        line = self.source[start : end if end >= 0 else None].removesuffix("\r")
        length = min(position.character, len(line))
        # Each character has one unit or more, and at most four.
        surplus = units_in(line[:length], self.encoding) - position.character
        while surplus > 0:
            # A position inside a character means its start.
            end, length = length, length - -(-surplus // 4)
            surplus -= units_in(line[length:end], self.encoding)
        return start + length

    def location(self, position: types.Position) -> Location:
        """Return the row and column of a position."""
        return self.text.location(self.offset(position))

    def position(self, location: Location) -> types.Position:
        """Return the position of a row and column."""
        return types.Position(location.row - 1, self.text.units_before(location))

    def range(self, start: Location, end: Location) -> types.Range:
        """Return the range between two places."""
        return types.Range(self.position(start), self.position(end))

    def range_of(self, span: Span) -> types.Range:
        """Return the range of a span of the text."""
        return self.range(self.text.location(span.start), self.text.location(span.end))


def document_at(path: Path, encoding: str) -> OpenDocument:
    """Read a file as a document that is not open; its `data` are the bytes of the file.

    Raises:
        OSError, ValueError: the file cannot be read.
    """
    errors = "surrogateescape"
    text = read_file(str(path)).decode(errors=errors)
    document = OpenDocument(path.as_uri(), 0, None, text, encoding)
    document.errors = errors
    return document


class Target(Enum):
    """What can be completed."""

    #: The whole document, which is blank.
    DOCUMENT = auto()
    #: A key of the object at the pointer, with its value.
    MEMBER = auto()
    #: Only a key of the object at the pointer: a colon follows.
    KEY = auto()
    #: The value at the pointer.
    VALUE = auto()
    #: The value at the pointer, which may be a block: the first key of an object can be here.
    BLOCK_VALUE = auto()


@dataclass(frozen=True)
class CursorContext:
    """What can be completed at a cursor, and what it must be separated from.

    `replaced` is the text that a completion replaces. `siblings` are the other entries of the
    object, and `separator` is written between its members: it starts a new line if the object is on
    several lines, and has no comma in a YAML block. `prefix` and `suffix` go around what is
    inserted. `missing_comma` is the offset where a comma is missing before it.
    """

    target: Target
    pointer: Pointer
    replaced: Span
    siblings: tuple[OutlineEntry, ...] = ()
    separator: str = ", "
    prefix: str = ""
    suffix: str = ""
    missing_comma: int | None = None


#: Inserted where a key may be begun, so that the outline shows which object it would belong to.
_PLACEHOLDER = "x: "


#: What is before a comment; quotes that start within a word are part of it.
_before_comment = re.compile(
    r"""(?:[^'"#]|(?<![ \t,\[{:])['"]|"[^"]*"|'[^']*'|(?<=[^ \t])#)*+(?<![^ \t])#"""
).match


def cursor_context(document: OpenDocument, offset: int) -> CursorContext | None:
    """Return what can be completed at an offset, None if nothing can."""
    content, format_, roots = document.text.content, document.format_, document.outline
    if len(content) > MAX_LENGTH:
        return None
    before, after = row_around(document.text, offset)
    finder = _Finder(content, offset, format_ == YAML)
    if format_ == YAML:
        if not before.strip(" ") and not after.partition("#")[0].strip():
            # Before the first document are only blanks.
            root = next((it for it in reversed(roots) if it.start <= offset), roots[0])
            context = _on_blank_row(content, offset, root, len(before))
            if context:
                return context
        # A tab before a key or a dash is a syntax error.
        if _before_comment(before) or "\t" in before[: len(before) - len(before.lstrip())]:
            return None
    elif not (content if format_ == JSON else before + after).strip():
        separator = ",\n" if format_ == JSON else ", "
        return CursorContext(Target.DOCUMENT, (), Span(offset, offset), separator=separator)
    context = finder.in_roots(roots)
    # A client replaces text in one line only. Source: LSP 3.17, `CompletionItem.textEdit`.
    return None if context and has_line_end(document.text.slice(context.replaced)) else context


def row_around(text: Text, offset: int) -> tuple[str, str]:
    """Return what is before and after an offset in its row."""
    row, column = text.location(offset)
    line, _ = text.line_part(row, 1, len(text.content))
    return line[: column - 1], line[column - 1 :]


def _on_blank_row(content: str, offset: int, root: Root, column: int) -> CursorContext | None:
    """Return the context of a key of a YAML block in a row without text."""
    content = content[:offset] + _PLACEHOLDER + content[offset:]
    context = _Finder(content, offset, _is_yaml=True).in_roots(outline(Text(content), YAML))
    if context is None or context.target is not Target.KEY or context.separator != "\n":
        return None
    for pointer, node, _ in walk(root.value):
        is_object = (node.kind, node.column) == (ValueKind.OBJECT, column)
        is_replaced = node.kind in (ValueKind.OBJECT, ValueKind.ARRAY) and not is_object
        if is_replaced and pointer == context.pointer:
            return None
    return replace(context, target=Target.MEMBER, replaced=Span(offset, offset))


@dataclass
class _Finder:
    _content: str
    _offset: int
    _is_yaml: bool

    def in_roots(self, roots: Iterable[Root]) -> CursorContext | None:
        """Find what is being written in the first document that contains the offset."""
        for root in roots:
            if root.value and root.start <= self._offset <= root.end:
                return self._in_value(root.value, ())
        return None

    def _in_value(self, node: OutlineNode, pointer: Pointer) -> CursorContext | None:
        """Find what is being written in an object or array."""
        offset = self._offset
        is_closed = self._content[node.end - 1 : node.end] in ("}", "]")
        is_inside = node.start < offset and (offset < node.end or not is_closed)
        if node.kind is ValueKind.SCALAR or not (node.is_block or is_inside):
            return None
        for entry in node.entries:
            if entry.key and entry.key.start <= offset <= entry.key.end:
                return self._key(node, pointer, entry, entry.key)
        last, at = None, pointer
        for each_at, entry in entries_of(node, pointer):
            value = entry.value
            if value and value.start <= offset <= value.end:
                if value.kind is not ValueKind.SCALAR:
                    return self._in_value(value, each_at)
                return self._value(node, each_at, entry, Span(value.start, value.end))
            if entry.start < offset:
                last, at = entry, each_at
        is_open = last and last.value is None and (last.comma is None or last.comma >= offset)
        if last and is_open and last.mark is not None and last.mark < offset:
            return self._new_value(node, at, last, last.mark)
        return None if node.is_block else self._new_entry(node, pointer, last)

    def _key(
        self, node: OutlineNode, pointer: Pointer, entry: OutlineEntry, key: OutlineNode
    ) -> CursorContext:
        target = Target.MEMBER if entry.mark is None else Target.KEY
        replaced, others = Span(key.start, key.end), _others(node, entry)
        suffix, comma = ("", None) if node.is_block else self._commas(others, replaced)
        suffix = suffix if target is Target.MEMBER else ""
        separator = self._separator(node)
        return CursorContext(target, pointer, replaced, others, separator, "", suffix, comma)

    def _new_value(
        self, node: OutlineNode, at: Pointer, entry: OutlineEntry, mark: int
    ) -> CursorContext | None:
        """Return the context of a value that is missing after a colon or a dash."""
        between = self._content[mark + 1 : self._offset]
        if between.strip() or (node.is_block and has_line_end(between)):
            return None
        prefix = " " if self._is_yaml and not between else ""
        return self._value(node, at, entry, Span(self._offset, self._offset), prefix)

    def _value(
        self, node: OutlineNode, at: Pointer, entry: OutlineEntry, replaced: Span, prefix: str = ""
    ) -> CursorContext:
        is_item, others = node.kind is ValueKind.ARRAY, _others(node, entry)
        before = self._content[entry.start : replaced.start]
        if node.is_block and (is_item or has_line_end(before)):
            siblings = others if is_item else ()
            # A key after a dash and a tab is a syntax error.
            target = Target.VALUE if is_item and "\t" in before else Target.BLOCK_VALUE
            return CursorContext(target, at, replaced, siblings, "\n", prefix)
        if is_item:
            commas = self._commas(others, replaced)
            return CursorContext(Target.VALUE, at, replaced, others, ", ", "", *commas)
        separator = self._separator(node)
        return CursorContext(Target.VALUE, at, replaced, others, separator, prefix)

    def _new_entry(
        self, node: OutlineNode, pointer: Pointer, last: OutlineEntry | None
    ) -> CursorContext | None:
        """Return the context of an item or key in brackets, behind the last entry before it."""
        here, others = Span(self._offset, self._offset), tuple(node.entries)
        suffix, comma = self._commas(others, here)
        if node.kind is ValueKind.ARRAY:
            at = (*pointer, sum(each.end < self._offset for each in others))
            context = CursorContext(Target.VALUE, at, here, others, ", ", "", suffix)
            return context if comma is None else None
        if last and (last.comma is None or last.comma >= self._offset):
            is_complete = last.value and has_line_end(self._content[last.end : self._offset])
            if not is_complete:
                return None
        separator = self._separator(node)
        return CursorContext(Target.MEMBER, pointer, here, others, separator, "", suffix, comma)

    def _commas(self, others: Iterable[OutlineEntry], replaced: Span) -> tuple[str, int | None]:
        """Return the comma that is missing after a completion, and where one is missing before."""
        before = [each.end for each in others if each.end <= replaced.start]
        after = [each.start for each in others if each.start >= replaced.end]
        lacks_comma = bool(before) and "," not in self._content[before[-1] : replaced.start]
        lacks_next = bool(after) and "," not in self._content[replaced.end : after[0]]
        return "," if lacks_next else "", before[-1] if lacks_comma else None

    def _separator(self, node: OutlineNode) -> str:
        if node.is_block:
            return "\n"
        return ",\n" if has_line_end(self._content[node.start : self._offset]) else ", "


def _others(node: OutlineNode, entry: OutlineEntry) -> tuple[OutlineEntry, ...]:
    return tuple(each for each in node.entries if each is not entry)


def has_line_end(text: str) -> bool:
    """Whether a text is on several lines."""
    return "\n" in text or "\r" in text
