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
from rosetta_spec.lsp.outline import MAX_LENGTH, Place, ValueKind, entries_of, outline
from rosetta_spec.pointer import ROOT, Pointer
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

    @property
    def absolute_path(self) -> str:
        """Where its file is, or would be saved."""
        return str(Path(self.path or "untitled").absolute())

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
    def outline(self) -> list[Place]:
        """Its documents, as far as they can be recognized."""
        return outline(self.text, self.format_)

    @property
    def values(self) -> list[Place]:
        """The values of its documents; their kind is NOTHING where there is none."""
        return [value for document in self.outline for value in document.entries]

    @long_property
    def top_keys(self) -> frozenset[str]:
        """The keys of its documents, each with a colon; those of a long text only at its start."""
        content = self.text.content
        is_short = len(content) <= _MAX_SEARCHED
        start = self.outline if is_short else outline(Text(content[:_MAX_SEARCHED]), self.format_)
        keys = (key for document in start for value in document.entries for key in value.entries)
        return frozenset(key.name for key in keys if key.mark)

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

    def row_around(self, offset: int) -> tuple[str, str]:
        """Return what is before and after an offset in its row."""
        row, column = self.text.location(offset)
        line, _ = self.text.line_part(row, 1, len(self.text.content))
        return line[: column - 1], line[column - 1 :]

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
    siblings: tuple[Place, ...] = ()
    separator: str = ", "
    prefix: str = ""
    suffix: str = ""
    missing_comma: int | None = None


#: What is before a comment; quotes that start within a word are part of it.
_before_comment = re.compile(
    r"""(?:[^'"#]|(?<![ \t,\[{:])['"]|"[^"]*"|'[^']*'|(?<=[^ \t])#)*+(?<![^ \t])#"""
).match


def cursor_context(document: OpenDocument, offset: int) -> CursorContext | None:
    """Return what can be completed at an offset, None if nothing can."""
    content, format_, documents = document.text.content, document.format_, document.outline
    if len(content) > MAX_LENGTH:
        return None
    before, after = document.row_around(offset)
    if format_ == YAML:
        if not before.strip(" ") and not after.partition("#")[0].strip():
            document_here = next(it for it in reversed(documents) if it.start <= offset)
            if context := _on_blank_row(document_here, offset, len(before)):
                return context
        # A tab before a key or a dash is a syntax error.
        if _before_comment(before) or "\t" in before[: len(before) - len(before.lstrip())]:
            return None
    elif not (content if format_ == JSON else before + after).strip():
        around = (",\n  ", "{\n  ", "\n}") if format_ == JSON else (", ", "{", "}")
        return CursorContext(Target.DOCUMENT, (), Span(offset, offset), (), *around)
    context = _Finder(content, offset, format_ == YAML).in_documents(documents)
    # A client replaces text in one line only. Source: LSP 3.17, `CompletionItem.textEdit`.
    return None if context and _has_line_end(document.text.slice(context.replaced)) else context


def _on_blank_row(document: Place, offset: int, column: int) -> CursorContext | None:
    """Return the context of a key of a YAML block in a row without text."""
    (place,), pointer = document.entries, ROOT
    while place.is_block and place.column < column:
        above = [found for found in entries_of(place, pointer) if found[1].first < offset]
        if not above:
            return None
        pointer, place = above[-1]
    is_begun = (place.kind, place.column) == (ValueKind.OBJECT, column)
    if not is_begun and place.kind is not ValueKind.NOTHING:
        return None
    here, siblings = Span(offset, offset), tuple(place.entries)
    return CursorContext(Target.MEMBER, pointer, here, siblings, separator="\n")


@dataclass
class _Finder:
    _content: str
    _offset: int
    _is_yaml: bool

    def in_documents(self, documents: Iterable[Place]) -> CursorContext | None:
        """Find what is being written in the first document that contains the offset."""
        for document in documents:
            (value,) = document.entries
            is_inside = document.start <= self._offset <= document.end
            if is_inside and value.kind is not ValueKind.NOTHING:
                return self._in_value(value, ())
        return None

    def _in_value(self, parent: Place, pointer: Pointer) -> CursorContext | None:
        """Find what is being written in an object or array: what is touched, or is not there."""
        offset = self._offset
        is_closed = self._content[parent.end - 1 : parent.end] in ("}", "]")
        is_inside = parent.start < offset and (offset < parent.end or not is_closed)
        if parent.kind is ValueKind.SCALAR or not (parent.is_block or is_inside):
            return None
        for entry in parent.entries:
            if entry.key and entry.key.start <= offset <= entry.key.end:
                target = Target.MEMBER if entry.mark is None else Target.KEY
                return self._context(parent, target, pointer, entry.key, _others(parent, entry))
        last, last_at = None, pointer
        for at, entry in entries_of(parent, pointer):
            if entry.kind is not ValueKind.NOTHING and entry.start <= offset <= entry.end:
                if entry.kind is not ValueKind.SCALAR:
                    return self._in_value(entry, at)
                return self._value(parent, at, entry, Span(entry.start, entry.end))
            if entry.first < offset:
                last, last_at = entry, at
        is_open = last and (last.comma is None or last.comma >= offset)
        is_missing = last and last.kind is ValueKind.NOTHING
        if last and is_open and is_missing and last.mark is not None and last.mark < offset:
            return self._new_value(parent, last_at, last, last.mark)
        return None if parent.is_block else self._new_entry(parent, pointer, last)

    def _new_value(
        self, parent: Place, at: Pointer, entry: Place, mark: int
    ) -> CursorContext | None:
        """Return the context of a value that is missing after a colon or a dash."""
        between = self._content[mark + 1 : self._offset]
        if between.strip() or (parent.is_block and _has_line_end(between)):
            return None
        context = self._value(parent, at, entry, Span(self._offset, self._offset))
        return replace(context, prefix=" " if self._is_yaml and not between else "")

    def _value(self, parent: Place, at: Pointer, entry: Place, replaced: Span) -> CursorContext:
        target, siblings = Target.VALUE, _others(parent, entry)
        is_item = parent.kind is ValueKind.ARRAY
        before = self._content[entry.first : replaced.start]
        if parent.is_block and (is_item or _has_line_end(before)):
            siblings = siblings if is_item else ()
            # A key after a dash and a tab is a syntax error.
            target = Target.VALUE if is_item and "\t" in before else Target.BLOCK_VALUE
        return self._context(parent, target, at, replaced, siblings)

    def _new_entry(
        self, parent: Place, pointer: Pointer, last: Place | None
    ) -> CursorContext | None:
        """Return the context of an item or key in brackets, behind the last entry before it."""
        here, others = Span(self._offset, self._offset), tuple(parent.entries)
        if parent.kind is ValueKind.ARRAY:
            at = (*pointer, sum(each.end < self._offset for each in others))
            context = self._context(parent, Target.VALUE, at, here, others)
            return context if context.missing_comma is None else None
        if last and (last.comma is None or last.comma >= self._offset):
            has_value = last.kind is not ValueKind.NOTHING
            if not has_value or not _has_line_end(self._content[last.end : self._offset]):
                return None
        return self._context(parent, Target.MEMBER, pointer, here, others)

    def _context(
        self,
        parent: Place,
        target: Target,
        pointer: Pointer,
        replaced: Span,
        siblings: tuple[Place, ...],
    ) -> CursorContext:
        """Return a context with what separates it from other entries of the object or array."""
        context = CursorContext(target, pointer, replaced, siblings)
        is_object = parent.kind is ValueKind.OBJECT
        if parent.is_block:
            return replace(context, separator="\n")
        if is_object and _has_line_end(self._content[parent.start : self._offset]):
            context = replace(context, separator=",\n")
        if is_object and target is Target.VALUE:
            return context
        before = [each.end for each in siblings if each.end <= replaced.start]
        after = [each.first for each in siblings if each.first >= replaced.end]
        lacks_comma = bool(before) and "," not in self._content[before[-1] : replaced.start]
        lacks_next = bool(after) and "," not in self._content[replaced.end : after[0]]
        return replace(
            context,
            suffix="," if lacks_next and target is not Target.KEY else "",
            missing_comma=before[-1] if lacks_comma else None,
        )


def _others(parent: Place, entry: Place) -> tuple[Place, ...]:
    return tuple(each for each in parent.entries if each is not entry)


def _has_line_end(text: str) -> bool:
    """Whether a text is on several lines."""
    return "\n" in text or "\r" in text
