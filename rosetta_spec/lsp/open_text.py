"""A text that is open in an editor, in one of its versions."""

from __future__ import annotations

from lsprotocol.types import TextDocumentContentChangePartial

from rosetta_spec.fast.formats import JSON, JSONL, YAML, format_by_name, format_of
from rosetta_spec.lsp.positions import Positions
from rosetta_spec.lsp.uri import path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol.types import TextDocumentContentChangeEvent

#: Formats by what editors call a language.
_LANGUAGES = {
    "json": JSON,
    "jsonc": JSON,
    "yaml": YAML,
    "jsonl": JSONL,
    "jsonlines": JSONL,
    "ndjson": JSONL,
}


class OpenText:
    """One version of a text; it never changes.

    `path` is where its file is, or would be saved, None if nobody knows. `source` is what the
    editor has sent, with a byte order mark if there is one.
    """

    def __init__(self, uri: str, version: int, language: str, source: str, encoding: str) -> None:
        self.uri = uri
        self.version = version
        self.source = source
        self.path = path_of(uri)
        self.positions = Positions(source, encoding)
        self._language = language
        self._encoding = encoding

    @property
    def named_format(self) -> str | None:
        """The format that its name stands for, or else its language; None if neither does."""
        by_language = _LANGUAGES.get(self._language.lower())
        return format_by_name(self.path or self.uri) or by_language

    @property
    def format_(self) -> str:
        """The format that it is in, or looks like."""
        return format_of(self.positions.text.content, self.named_format)

    @property
    def data(self) -> bytes:
        """The bytes of its file; half a surrogate pair makes them no UTF-8."""
        return self.source.encode(errors="surrogatepass")

    def changed(self, version: int, changes: Iterable[TextDocumentContentChangeEvent]) -> OpenText:
        """Return the version that changes make of it, one after the other."""
        text = self
        for change in changes:
            text = text.with_source(version, text.spliced(change))
        return text

    def with_source(self, version: int, source: str) -> OpenText:
        """Return a version with another content."""
        return OpenText(self.uri, version, self._language, source, self._encoding)

    def spliced(self, change: TextDocumentContentChangeEvent) -> str:
        """Return the content after a change, which may be one of the whole."""
        if not isinstance(change, TextDocumentContentChangePartial):
            return change.text
        start = self.positions.source_offset(change.range.start)
        end = self.positions.source_offset(change.range.end)
        return self.source[: min(start, end)] + change.text + self.source[max(start, end) :]
