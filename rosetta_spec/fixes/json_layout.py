"""How a JSON document is written."""

from __future__ import annotations

from collections.abc import Iterator

from rosetta_spec.fast.json_value import BLANKS, skim
from rosetta_spec.fixes.layout import DOUBLE, FLOW, PLAIN, Entry, Layout, Written
from rosetta_spec.text import Span


def json_layout(content: str) -> Layout:
    """Lay out a text that is known to be JSON."""
    return Layout(_Reader(content).value(0))


class _Collection(Written):
    """An object or array whose entries are read when they are asked for."""

    reader: _Reader
    _read: tuple[Entry, ...] | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        if self._read is None:
            self._read = tuple(self.reader.entries(self.span.start))
        return self._read


class _Reader:
    """Goes through a text; each method takes an offset before its thing."""

    def __init__(self, content: str) -> None:
        self.content = content

    def value(self, at: int) -> Written:
        at = self._skip(at)
        opening = self.content[at]
        if opening not in "{[":
            return self._scalar(at)
        _, end = skim(self.content, at)
        collection = _Collection(FLOW, Span(at, end), at, at, is_array=opening == "[")
        collection.reader = self
        return collection

    def entries(self, at: int) -> Iterator[Entry]:
        entry_at = self._member if self.content[at] == "{" else self._item
        at = self._skip(at + 1)
        while self.content[at] not in "}]":
            entry = entry_at(at)
            at = self._skip(entry.end)
            if self.content[at] == ",":
                entry = entry._replace(comma=at)
                at = self._skip(at + 1)
            yield entry

    def _scalar(self, at: int) -> Written:
        value, end = skim(self.content, at)
        if self.content[at] == DOUBLE:
            return Written(DOUBLE, Span(at, end), at, at, value)
        return Written(PLAIN, Span(at, end), at, at, self.content[at:end])

    def _member(self, at: int) -> Entry:
        key = self._scalar(at)
        mark = self._skip(key.span.end) + 1
        return Entry(at, key, key.text, mark, self.value(mark))

    def _item(self, at: int) -> Entry:
        return Entry(at, None, None, None, self.value(at))

    def _skip(self, at: int) -> int:
        while self.content[at] in BLANKS:
            at += 1
        return at
