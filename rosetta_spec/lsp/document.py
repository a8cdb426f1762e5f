"""Open documents: their versions, their positions in the client's units, and their formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from lsprotocol import types
from pygls.workspace import PositionCodec, ServerTextPosition, TextDocument

from rosetta_spec.fast.formats import JSON, JSONL, YAML, format_by_name, format_of
from rosetta_spec.text import BOM, Location, Span, Text

#: Formats by the language identifiers of LSP.
_LANGUAGES = {
    "json": JSON,
    "jsonc": JSON,
    "yaml": YAML,
    "jsonl": JSONL,
    "jsonlines": JSONL,
    "ndjson": JSONL,
}


class _PositionCodec(PositionCodec):
    def position_from_client_units(
        self, lines: Sequence[str], position: types.Position
    ) -> ServerTextPosition:
        """Move a position behind its line to the end of the line, as LSP asks for.

        pygls moves it to the last character.
        """
        if position.line < len(lines):
            length = self.client_num_units(lines[position.line].rstrip("\r\n"))
            position = types.Position(position.line, min(position.character, length))
        return super().position_from_client_units(lines, position)


class Document(TextDocument):
    """One version of an open document, which never changes: a thread may be checking it.

    `source` is what the client has sent, with a byte order mark if there is one.
    """

    def __init__(
        self,
        uri: str,
        version: int,
        language_id: str | None,
        source: str,
        encoding: types.PositionEncodingKind | str | None = types.PositionEncodingKind.Utf16,
    ) -> None:
        codec = _PositionCodec(encoding)
        super().__init__(uri, source, version, language_id, position_codec=codec)

    def changed(
        self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent]
    ) -> Document:
        """Return the version after some changes, each applied to the result of the one before."""
        encoding = self.position_codec.encoding
        document = Document(self.uri, version, self.language_id, self.source, encoding)
        for change in changes:
            source = change.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = map(document.offset_in_source, (change.range.start, change.range.end))
                source = f"{document.source[:start]}{source}{document.source[end:]}"
            document = Document(self.uri, version, self.language_id, source, encoding)
        return document

    @cached_property
    def text(self) -> Text:
        """The text as the checker reads it."""
        return Text(self.source)

    @property
    def data(self) -> bytes:
        """The bytes of its file; half a surrogate pair makes them invalid UTF-8."""
        return self.source.encode(errors="surrogatepass")

    @property
    def named_format(self) -> str | None:
        """The format that its name or else its language stands for, None if neither does."""
        return format_by_name(self.path) or _LANGUAGES.get((self.language_id or "").lower())

    @property
    def format_(self) -> str:
        """The format by its name, its language or its content."""
        return format_of(self.text.content, self.named_format)

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position in the text, which has no byte order mark."""
        return max(self.offset_in_source(position) - self.text.has_bom, 0)

    def offset_in_source(self, position: types.Position) -> int:
        """Return the offset of a position, byte order mark included.

        pygls would divide the whole source into lines.
        """
        text, row = self.text, position.line
        if row >= len(text.row_starts):
            return len(self.source)
        line, _ = text.line_part(row + 1, 1, len(text.content))
        has_mark = text.has_bom and row == 0
        found = self.position_codec.position_from_client_units(
            [BOM + line if has_mark else line], types.Position(0, position.character)
        )
        return text.row_starts[row] + (text.has_bom and not has_mark) + found.character

    def location(self, position: types.Position) -> Location:
        """Return the row and column of a position."""
        return self.text.location(self.offset(position))

    def position(self, location: Location) -> types.Position:
        """Return the position of a row and column."""
        start = self.text.row_starts[location.row - 1]
        before = self.text.content[start : start + location.column - 1]
        if location.row == 1 and self.text.has_bom:
            before = BOM + before
        # pygls counts each character on its own.
        units = len(before) if before.isascii() else self.position_codec.client_num_units(before)
        return types.Position(location.row - 1, units)

    def range(self, start: Location, end: Location) -> types.Range:
        """Return the range between two places."""
        return types.Range(self.position(start), self.position(end))

    def range_of(self, span: Span) -> types.Range:
        """Return the range of a span of the text."""
        return self.range(self.text.location(span.start), self.text.location(span.end))
