"""A tolerant outline of JSON and YAML: the values of a document that may be half written.

The tree of `document` is for valid documents only. While the examples are typed from start to end,
1 % of the texts are valid JSON and 42 % are valid YAML. An outline of a valid document has the same
keys and values at the same offsets, and takes a seventh of the time of the reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from rosetta_spec.fast.formats import JSON, MAX_NESTING, YAML
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text

#: Longer documents get no outline, because it is made again at every key press.
MAX_LENGTH = 512 * 1024

#: The open objects and arrays after which nothing more is read, and their document.
_MAX_OPEN = MAX_NESTING + 1

_DOUBLE_QUOTED = r'"(?:[^"\\\r\n]|\\[^\r\n])*+"'
_SINGLE_QUOTED = r"'(?:[^'\r\n]|'')*+'"

#: The tokens in brackets. A closing quote may be missing.
_json_token = re.compile(rf'{_DOUBLE_QUOTED}?|[{{}}\[\],:]|[^\s{{}}\[\],:"]++')
#: Those of YAML. The first one is the start of a row with text, except a closing bracket.
_yaml_token = re.compile(
    r"[\r\n] *+(?![\]}]|[ \t]*+(?:[\r\n]|\Z))"
    rf"|#[^\r\n]*+|[&!][^\s{{}}\[\],]*+|{_DOUBLE_QUOTED}?|{_SINGLE_QUOTED}?"
    r"|[{}\[\],]|:(?=[\s{}\[\],]|$)"
    r"|[^\s{}\[\],\"'#:](?:[^\r\n{}\[\],:#]|:(?![\s{}\[\],]|$)|(?<![ \t])#)*+|[:\"'#]"
)
#: What a comment, an anchor and a tag start with.
_NO_CONTENT = "#&!"

#: A plain key may contain blanks, and colons that something follows directly. Possessive, because
#: a line may be as long as the document.
_PLAIN_KEY = (
    r"[^\s#\[\]{}\"'|>&*!%@`,]"
    r"(?:[^:#\r\n \t]++|:(?!\s|$)|(?<!\s)\#|[ \t]++(?=[^:#\r\n \t]|:(?!\s|$)))*+"
)
_match_key = re.compile(
    rf"({_DOUBLE_QUOTED}|{_SINGLE_QUOTED}|{_PLAIN_KEY})[ \t]*+(:)(?=\s|$)"
).match
_match_dash = re.compile(r"-(?=[ \t\r\n]|\Z)[ \t]*+").match
_match_properties = re.compile(r"[ \t]*+(?:[&!][^\s]*+[ \t]*+)*+").match
_match_blanks = re.compile(r"[ \t]*+").match
_match_rest = re.compile(r"[^\r\n]*+(?:\r\n?|\n)?").match
_find_comment = re.compile(r"(?<!\S)#").search
_MARKER = r"(?:---|\.\.\.)(?=\s|$)"
_match_marker = re.compile(_MARKER).match


class ValueKind(Enum):
    """What a value is; a document has one entry, its value."""

    NOTHING = "nothing"
    DOCUMENT = "document"
    OBJECT = "object"
    ARRAY = "array"
    SCALAR = "scalar"


@dataclass(slots=True)
class Place:
    """A value from offset `start` to `end`, with its key or dash if it has one.

    The kind is NOTHING until a value is written after the key or dash, or in a document. `name` is
    the key without quotes, `mark` the offset of the colon or dash, and `comma` that of the comma
    after the value. `text` is the content of a scalar. `column` is the column, from 0, of the keys
    or dashes in a YAML block; -1 in brackets.
    """

    kind: ValueKind
    start: int
    end: int
    text: str = ""
    column: int = -1
    entries: list[Place] = field(default_factory=list)
    key: Span | None = None
    name: str = ""
    mark: int | None = None
    comma: int | None = None

    @property
    def is_block(self) -> bool:
        """Whether it is an object or array without brackets."""
        return self.column >= 0

    @property
    def first(self) -> int:
        """Where its key, its dash or else its value starts."""
        if self.key:
            return self.key.start
        return self.start if self.mark is None else self.mark


def _place_of_key(start: int, end: int, name: str, mark: int | None = None) -> Place:
    return Place(ValueKind.NOTHING, end, end, key=Span(start, end), name=name, mark=mark)


def _document(start: int, end: int) -> Place:
    return Place(ValueKind.DOCUMENT, start, end, entries=[Place(ValueKind.NOTHING, start, start)])


def outline(text: Text, format_: str) -> list[Place]:
    """Return the documents of a text, as far as they can be recognized."""
    content = text.content
    if len(content) > MAX_LENGTH:
        return []
    if format_ == YAML:
        return _BlockReader(content).documents
    rows = re.finditer(r"[^\n]*+\n?", content)
    spans = [match.span() for match in rows if match[0].strip()]
    return [
        _FlowReader(content, start, end).document
        for start, end in ([(0, len(content))] if format_ == JSON else spans)
    ]


def walk(place: Place, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Place]]:
    """Yield a value and all values in it, each with its pointer, and keys without values."""
    if place.key or place.kind is not ValueKind.NOTHING:
        yield pointer, place
        for at, each in entries_of(place, pointer):
            yield from walk(each, at)


def entries_of(place: Place, pointer: Pointer) -> Iterator[tuple[Pointer, Place]]:
    """Yield the entries of a value, each with its pointer; `pointer` is that of the value."""
    for index, each in enumerate(place.entries):
        yield (*pointer, each.name if place.kind is ValueKind.OBJECT else index), each


def unquoted(token: str) -> str:
    """Return the string that a token stands for; its closing quote may be missing."""
    if token[:1] == '"':
        for closed in (token, f'{token}"'):
            with suppress(ValueError):
                return str(json.loads(closed, strict=False))
        return token.strip('"')
    if token[:1] == "'":
        return token[1:].removesuffix("'").replace("''", "'")
    return token


class _FlowReader:
    """Reads the first value in brackets in a part of a text.

    Skips scalars before the brackets, and what follows a bracket that is nested too deep. In YAML,
    a row that begins in `column` or before it ends the value. `_opened` are the document, and the
    objects and arrays that are not closed.
    """

    def __init__(
        self, content: str, start: int, end: int, column: int = -1, *, is_yaml: bool = False
    ) -> None:
        self.document = _document(start, end)
        self._opened = [self.document]
        self._is_complete = False
        self._end = end
        for match in (_yaml_token if is_yaml else _json_token).finditer(content, start, end):
            word, at = match[0], match.start()
            if word[0] in "\r\n":
                if len(word) - 1 <= column or _match_marker(content, at + 1):
                    for each in self._opened:
                        each.end = at + 1
                    break
            elif not is_yaml or word[0] not in _NO_CONTENT:
                self._add(word.rstrip(" \t"), at)
                if self._is_complete:
                    break

    def _add(self, word: str, at: int) -> None:
        if word in ("{", "["):
            kind = ValueKind.OBJECT if word == "{" else ValueKind.ARRAY
            place = Place(kind, at, self._end)
            self._attach(place)
            self._opened.append(place)
            self._is_complete = len(self._opened) > _MAX_OPEN
        elif word in ("}", "]"):
            self._close(ValueKind.OBJECT if word == "}" else ValueKind.ARRAY, at)
        elif word == ",":
            if last := self._open_entry():
                last.comma = at
        elif word == ":":
            self._colon(at)
        else:
            self._attach(Place(ValueKind.SCALAR, at, at + len(word), unquoted(word)))

    def _attach(self, value: Place) -> None:
        last, parent = self._open_entry(), self._opened[-1]
        is_missing = last and last.mark is not None and last.kind is ValueKind.NOTHING
        if parent.kind is ValueKind.DOCUMENT or (parent.kind is ValueKind.OBJECT and is_missing):
            _replace_last(parent, value)
            return
        if parent.kind is ValueKind.OBJECT and value.kind is ValueKind.SCALAR:
            value = _place_of_key(value.start, value.end, value.text)
        elif parent.kind is ValueKind.OBJECT:
            # An object or array without a key.
            value.mark = value.start
        parent.entries.append(value)

    def _open_entry(self) -> Place | None:
        """Return the last entry of the innermost bracket, if no comma follows it."""
        entries = self._opened[-1].entries
        return entries[-1] if entries and entries[-1].comma is None else None

    def _colon(self, at: int) -> None:
        if self._opened[-1].kind is not ValueKind.OBJECT:
            return
        last = self._open_entry()
        if last is None or last.mark is not None:
            last = Place(ValueKind.NOTHING, at + 1, at + 1)
            self._opened[-1].entries.append(last)
        last.mark = at

    def _close(self, kind: ValueKind, at: int) -> None:
        """Close the innermost bracket of a kind, and the unclosed ones in it."""
        if not any(place.kind is kind for place in self._opened):
            return
        while (place := self._opened.pop()).kind is not kind:
            place.end = at
        place.end = at + 1
        self._is_complete = self._opened == [self.document]


def _replace_last(parent: Place, value: Place) -> None:
    """Write a value after the last key, colon or dash, or in a document."""
    last = parent.entries[-1]
    value.key, value.name, value.mark = last.key, last.name, last.mark
    parent.entries[-1] = value


class _BlockReader:
    """Reads YAML row by row, by indentation.

    `_stack` are the document and its open blocks, innermost last.
    """

    def __init__(self, content: str) -> None:
        self._content = content
        self._stack = [_document(0, len(content))]
        self.documents = [*self._stack]
        row = 0
        while row < len(content) and len(self._stack) <= _MAX_OPEN:
            row = self._read_row(row)

    def _read_row(self, row: int) -> int:
        """Read what starts in the row at an offset; return the offset of the row after it."""
        content, start = self._content, row
        if _match_marker(content, row):
            self._begin_document(row)
            start += 3
        at = self._read_dashes(row, self._skip(_match_blanks, start))
        match = _match_key(content, at)
        if match is None:
            return self._read_without_key(row, at)
        column = at - row
        place = _place_of_key(at, match.end(1), unquoted(match[1]), match.start(2))
        block = self._block(ValueKind.OBJECT, column, at)
        block.entries.append(place)
        value, after = self._read_value(match.end(), column)
        if value:
            _replace_last(block, value)
        # The blanks after a colon belong to the value that is about to be written.
        self._extend(value.end if value else self._skip(_match_blanks, match.end()))
        return after

    def _read_dashes(self, row: int, at: int) -> int:
        """Begin an item at each dash; return where they end."""
        while len(self._stack) <= _MAX_OPEN and (match := _match_dash(self._content, at)):
            item = Place(ValueKind.NOTHING, at + 1, at + 1, mark=at)
            self._block(ValueKind.ARRAY, at - row, at).entries.append(item)
            at = match.end()
            self._extend(at)
        return at

    def _read_without_key(self, row: int, at: int) -> int:
        """Read an item, the rest of a scalar, or a key that is half written."""
        column = at - row
        above = (block.column for block in reversed(self._stack) if block.column < column)
        value, after = self._read_value(at, next(above))
        if value is None:
            return after
        while self._stack[-1].column > column:
            self._stack.pop()
        top = self._stack[-1]
        is_missing = top.entries[-1].kind is ValueKind.NOTHING
        is_first = top.kind is ValueKind.DOCUMENT and is_missing
        is_among_keys = (top.kind, top.column) == (ValueKind.OBJECT, column)
        if value.kind is ValueKind.SCALAR and (is_first or is_among_keys):
            place = _place_of_key(value.start, value.end, value.text)
            self._block(ValueKind.OBJECT, column, value.start).entries.append(place)
        elif is_missing:
            _replace_last(top, value)
        self._extend(value.end)
        return after

    def _begin_document(self, start: int) -> None:
        self.documents[-1].end = start
        self._stack = [_document(start, len(self._content))]
        self.documents += self._stack

    def _block(self, kind: ValueKind, column: int, at: int) -> Place:
        """Return the block whose keys or dashes are in a column; begin it if it is not open."""
        while not self._contains(self._stack[-1], kind, column):
            self._stack.pop()
        top = self._stack[-1]
        if (top.kind, top.column) == (kind, column):
            return top
        block = Place(kind, at, at, column=column)
        _replace_last(top, block)
        self._stack.append(block)
        return block

    def _contains(self, block: Place, kind: ValueKind, column: int) -> bool:
        """Whether a key or dash in a column belongs to an open block."""
        if block.column != column:
            return block.column < column
        # The dashes of an array may be in the column of its key.
        is_below = kind is ValueKind.ARRAY and block.entries[-1].kind is ValueKind.NOTHING
        return block.kind is kind or is_below

    def _extend(self, end: int) -> None:
        for block in self._stack:
            block.end = max(block.end, end)

    def _read_value(self, at: int, column: int) -> tuple[Place | None, int]:
        """Read the value that starts at an offset; return it and the offset of the row after it.

        `column` is that of its key or dash; rows that are not deeper do not belong to it.
        """
        content, at = self._content, self._skip(_match_properties, at)
        first, after = content[at : at + 1], self._skip(_match_rest, at)
        if first in ("", "\r", "\n", "#"):
            return None, after
        if first in "{[":
            (value,) = _FlowReader(content, at, len(content), column, is_yaml=True).document.entries
        elif first in "|>\"'":
            end = self._skip(_scalar_behind(column).match, at)
            text = "" if first in "|>" else unquoted(content[at:end])
            value = Place(ValueKind.SCALAR, at, end, text)
        else:
            comment = _find_comment(content, at, after)
            # Other whitespace is content, so the text is never empty.
            text = content[at : comment.start() if comment else after].rstrip(" \t\r\n")
            value = Place(ValueKind.SCALAR, at, at + len(text), text)
        return value, self._skip(_match_rest, value.end - 1)

    def _skip(self, match: Callable[[str, int], re.Match[str] | None], at: int) -> int:
        """Return where what matches at an offset ends."""
        found = match(self._content, at)
        return found.end() if found else at


@lru_cache
def _scalar_behind(column: int) -> re.Pattern[str]:
    """Return the pattern of a scalar with quotes or `|` whose further rows are behind a column."""
    next_row = rf"(?:\r\n?+|\n)(?!{_MARKER})(?: {{{column + 1}}}|(?=[ \t]*+(?:[\r\n]|\Z)))"
    return re.compile(
        rf"[|>][^\r\n]*+(?:{next_row}[^\r\n]*+)*+"
        rf'|"(?:[^"\\\r\n]|\\[^\r\n]|\\?+{next_row})*+"'
        rf"|'(?:[^'\r\n]|''|{next_row})*+'"
        # The closing quote is missing.
        r"|[\"'][^\r\n]*+"
    )
