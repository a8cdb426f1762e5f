"""Open documents: their versions, their positions in the client's units, and their formats."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from lsprotocol import types
from pygls.workspace import TextDocument

from rosetta_spec.fast.formats import JSON, JSONL, YAML, format_by_name, format_of
from rosetta_spec.files.content import read_file
from rosetta_spec.lsp.outline import Root, outline
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
