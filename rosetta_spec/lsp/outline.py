"""A tolerant outline of JSON and YAML: the values of a document that may be half written.

The tree of `document` is for valid documents only. While the examples are typed from start to end,
1 % of the texts are valid JSON and 42 % are valid YAML. An outline of a valid document has the same
keys and values at the same offsets, and takes a seventh of the time of the reader.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from rosetta_spec.fast.formats import JSON, MAX_NESTING, YAML
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Text

#: Longer documents get no outline, because it is made again at every key press.
MAX_LENGTH = 512 * 1024

_DOUBLE_QUOTED = r'"(?:[^"\\\r\n]|\\.)*+"'
_SINGLE_QUOTED = r"'(?:[^'\r\n]|'')*+'"

#: The tokens in brackets. A closing quote may be missing.
_json_token = re.compile(rf'{_DOUBLE_QUOTED}?|[{{}}\[\],:]|[^\s{{}}\[\],:"]++')
_yaml_token = re.compile(
    rf"#[^\r\n]*+|[&!][^\s{{}}\[\],]*+|{_DOUBLE_QUOTED}?|{_SINGLE_QUOTED}?"
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
_match_quoted = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'", re.DOTALL).match
_properties = re.compile(r"[ \t]*+(?:[&!][^\s]*+[ \t]*+)*+")
_blanks = re.compile(r"[ \t]*+")
_find_comment = re.compile(r"(?<!\S)#").search
_match_marker = re.compile(r"(?:---|\.\.\.)(?=\s|$)").match


class ValueKind(Enum):
    """What a node is."""

    OBJECT = "object"
    ARRAY = "array"
    SCALAR = "scalar"


@dataclass(slots=True)
class OutlineNode:
    """A value, from offset `start` to `end`; `text` is the content of a scalar.

    `column` is the column, from 0, of the keys or dashes of a YAML block; -1 in brackets.
    """

    kind: ValueKind
    start: int
    end: int
    text: str = ""
    column: int = -1
    entries: list[OutlineEntry] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it is an object or array without brackets."""
        return self.column >= 0


@dataclass(slots=True)
class OutlineEntry:
    """A member or an item. `mark` is the offset of its colon or dash, `comma` of the one after it.

    The value is None until something is written there.
    """

    key: OutlineNode | None = None
    mark: int | None = None
    value: OutlineNode | None = None
    comma: int | None = None

    @property
    def name(self) -> str:
        """The key without quotes."""
        return self.key.text if self.key else ""

    @property
    def start(self) -> int:
        """Where it starts."""
        first = self.key or (self.value if self.mark is None else None)
        return first.start if first else self.mark or 0

    @property
    def end(self) -> int:
        """Where it ends."""
        last = self.value or (self.key if self.mark is None else None)
        return last.end if last else (self.mark or 0) + 1


@dataclass(slots=True)
class Root:
    """A document of the text, from offset `start` to `end`, and its value if there is one."""

    start: int
    end: int
    value: OutlineNode | None = None


def outline(text: Text, format_: str) -> list[Root]:
    """Return the documents of a text, as far as they can be recognized."""
    content = text.content
    if len(content) > MAX_LENGTH:
        return []
    if format_ == YAML:
        return _BlockReader(text).roots
    starts = [at for at in text.row_starts if not at or content[at - 1] == "\n"]
    starts = [0] if format_ == JSON else starts
    return [
        Root(start, end, _FlowReader(content, start, end, is_yaml=False).root)
        for start, end in zip(starts, [*starts[1:], len(content)], strict=True)
        if format_ == JSON or content[start:end].strip()
    ]


def walk(
    node: OutlineNode | None, pointer: Pointer = (), entry: OutlineEntry | None = None
) -> Iterator[tuple[Pointer, OutlineNode, OutlineEntry | None]]:
    """Yield a value and all values in it, each with its pointer and its entry.

    A key without a value is yielded in its place.
    """
    if node:
        yield pointer, node, entry
        for at, each in entries_of(node, pointer):
            yield from walk(each.value or each.key, at, each)


def entries_of(node: OutlineNode, pointer: Pointer) -> Iterator[tuple[Pointer, OutlineEntry]]:
    """Yield the entries of a value, each with its pointer; `pointer` is that of the value."""
    for index, each in enumerate(node.entries):
        yield (*pointer, each.name if node.kind is ValueKind.OBJECT else index), each


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

    Skips scalars before the brackets, and what follows a bracket that is nested too deep. `_opened`
    are the objects and arrays that are not closed.
    """

    def __init__(self, content: str, start: int, end: int, *, is_yaml: bool) -> None:
        self.root: OutlineNode | None = None
        self._opened: list[OutlineNode] = []
        self._is_complete = False
        self._end = end
        token = _yaml_token if is_yaml else _json_token
        for match in token.finditer(content, start, end):
            if not is_yaml or match[0][0] not in _NO_CONTENT:
                self._add(match[0].rstrip(" \t"), match.start())
                if self._is_complete:
                    break

    def _add(self, word: str, at: int) -> None:
        if word in ("{", "["):
            node = OutlineNode(ValueKind.OBJECT if word == "{" else ValueKind.ARRAY, at, self._end)
            self._attach(node)
            self._opened.append(node)
            self._is_complete = len(self._opened) > MAX_NESTING
        elif word in ("}", "]"):
            self._close(ValueKind.OBJECT if word == "}" else ValueKind.ARRAY, at)
        elif word == ",":
            if last := self._open_entry():
                last.comma = at
        elif word == ":":
            self._colon(at)
        else:
            self._attach(OutlineNode(ValueKind.SCALAR, at, at + len(word), unquoted(word)))

    def _attach(self, node: OutlineNode) -> None:
        if not self._opened:
            self.root = node
            return
        last, entries = self._open_entry(), self._opened[-1].entries
        if self._opened[-1].kind is ValueKind.ARRAY:
            entries.append(OutlineEntry(value=node))
        elif last and last.mark is not None and last.value is None:
            last.value = node
        else:
            # A key, or an object or array without a key.
            is_key = node.kind is ValueKind.SCALAR
            entries.append(
                OutlineEntry(node) if is_key else OutlineEntry(mark=node.start, value=node)
            )

    def _open_entry(self) -> OutlineEntry | None:
        """Return the last entry of the innermost bracket, if no comma follows it."""
        entries = self._opened[-1].entries if self._opened else []
        return entries[-1] if entries and entries[-1].comma is None else None

    def _colon(self, at: int) -> None:
        if not self._opened or self._opened[-1].kind is not ValueKind.OBJECT:
            return
        last = self._open_entry()
        if last is None or last.mark is not None:
            last = OutlineEntry()
            self._opened[-1].entries.append(last)
        last.mark = at

    def _close(self, kind: ValueKind, at: int) -> None:
        """Close the innermost bracket of a kind, and the unclosed ones in it."""
        if not any(node.kind is kind for node in self._opened):
            return
        while (node := self._opened.pop()).kind is not kind:
            node.end = at
        node.end = at + 1
        self._is_complete = not self._opened


class _BlockReader:
    """Reads YAML line by line, by indentation. `_stack` are the open blocks, innermost last."""

    def __init__(self, text: Text) -> None:
        self._content = text.content
        self._starts = text.row_starts
        self._ends = [*text.row_starts[1:], len(text.content)]
        self.roots = [Root(0, len(text.content))]
        self._stack: list[OutlineNode] = []
        #: The last results of `_row_after`, by its other arguments.
        self._after: dict[tuple[int, str], int] = {}
        row = 0
        while row < len(self._starts) and not self._is_too_deep():
            row = self._read_row(row)

    def _is_too_deep(self) -> bool:
        return len(self._stack) > MAX_NESTING

    def _end_of(self, row: int) -> int:
        """Return where a row ends, without its line end."""
        start = self._starts[row]
        return start + len(self._content[start : self._ends[row]].rstrip("\r\n"))

    def _skip(self, pattern: re.Pattern[str], at: int, end: int) -> int:
        match = pattern.match(self._content, at, end)
        return match.end() if match else at

    def _read_row(self, row: int) -> int:
        """Read what starts in a row; return the row after it."""
        content, start, end = self._content, self._starts[row], self._end_of(row)
        if _match_marker(content, start, end):
            self._begin_document(start)
            start += 3
        at = self._read_dashes(self._starts[row], self._skip(_blanks, start, end), end)
        match = _match_key(content, at, end)
        if match is None:
            return self._read_without_key(row, at)
        column = at - self._starts[row]
        key = OutlineNode(ValueKind.SCALAR, at, match.end(1), unquoted(match[1]))
        entry = OutlineEntry(key, match.start(2))
        self._block(ValueKind.OBJECT, column, at).entries.append(entry)
        entry.value, after = self._read_value(row, match.end(), column)
        # The blanks after a colon belong to the value that is about to be written.
        self._extend(entry.end if entry.value else self._skip(_blanks, entry.end, len(content)))
        return after

    def _read_dashes(self, row_start: int, at: int, end: int) -> int:
        """Begin an item at each dash; return where they end."""
        content = self._content
        while content[at : at + 1] == "-" and content[at + 1 : at + 2] in ("", *" \t\r\n"):
            dash, at = at, self._skip(_blanks, at + 1, end)
            self._block(ValueKind.ARRAY, dash - row_start, dash).entries.append(
                OutlineEntry(mark=dash)
            )
            self._extend(at)
            if self._is_too_deep():
                break
        return at

    def _read_without_key(self, row: int, at: int) -> int:
        """Read an item, the rest of a scalar, or a key that is half written."""
        column = at - self._starts[row]
        above = (node.column for node in reversed(self._stack) if node.column < column)
        value, after = self._read_value(row, at, next(above, -1))
        if value is None:
            return after
        while self._stack and self._stack[-1].column > column:
            self._stack.pop()
        top = self._stack[-1] if self._stack else None
        if top is None:
            self._begin_value(value, column)
        elif (
            top.kind is ValueKind.OBJECT and top.column == column and value.kind is ValueKind.SCALAR
        ):
            top.entries.append(OutlineEntry(value))
        elif top.entries[-1].value is None:
            top.entries[-1].value = value
        self._extend(value.end)
        return after

    def _begin_document(self, start: int) -> None:
        if len(self.roots) == 1 and not self._content[:start].strip():
            self.roots.pop()
        else:
            self.roots[-1].end = start
        self.roots.append(Root(start, len(self._content)))
        self._stack = []

    def _begin_value(self, value: OutlineNode, column: int) -> None:
        """Take a value for that of the document; a scalar is taken for its first key."""
        if self.roots[-1].value is None and value.kind is ValueKind.SCALAR:
            key = value
            value = OutlineNode(
                ValueKind.OBJECT, key.start, key.end, column=column, entries=[OutlineEntry(key)]
            )
            self._stack.append(value)
        self.roots[-1].value = self.roots[-1].value or value

    def _block(self, kind: ValueKind, column: int, at: int) -> OutlineNode:
        """Return the block whose keys or dashes are in a column; begin it if it is not open."""
        while self._stack and not self._contains(self._stack[-1], kind, column):
            self._stack.pop()
        top = self._stack[-1] if self._stack else None
        if top and top.column == column and top.kind is kind:
            return top
        node = OutlineNode(kind, at, at, column=column)
        if top is None:
            self.roots[-1].value = node
        else:
            top.entries[-1].value = node
        self._stack.append(node)
        return node

    def _contains(self, node: OutlineNode, kind: ValueKind, column: int) -> bool:
        """Whether a key or dash in a column belongs to an open block."""
        if node.column != column:
            return node.column < column
        # The dashes of an array may be in the column of its key.
        is_below = (
            kind is ValueKind.ARRAY and node.kind is ValueKind.OBJECT and not node.entries[-1].value
        )
        return node.kind is kind or is_below

    def _extend(self, end: int) -> None:
        for node in self._stack:
            node.end = max(node.end, end)

    def _read_value(self, row: int, at: int, column: int) -> tuple[OutlineNode | None, int]:
        """Read the value that starts in a row; return it and the row after it.

        `column` is that of its key or dash; rows that are not deeper do not belong to it.
        """
        content, end = self._content, self._end_of(row)
        at = self._skip(_properties, at, end)
        if at >= end or content[at] == "#":
            return None, row + 1
        if content[at] in "|>":
            after = self._row_after(row, column)
            return OutlineNode(ValueKind.SCALAR, at, self._end_of(after - 1)), after
        if content[at] in "{[":
            limit = self._ends[self._row_after(row, column, closers="]}") - 1]
            return self._with_next_row(row, _FlowReader(content, at, limit, is_yaml=True).root)
        if content[at] in "\"'":
            limit = self._ends[self._row_after(row, column) - 1]
            match = _match_quoted(content, at, limit)
            stop = match.end() if match else end
            node = OutlineNode(ValueKind.SCALAR, at, stop, unquoted(content[at:stop]))
            return self._with_next_row(row, node)
        comment = _find_comment(content, at, end)
        text = content[at : comment.start() if comment else end].rstrip()
        return OutlineNode(ValueKind.SCALAR, at, at + len(text), text), row + 1

    def _row_after(self, row: int, column: int, closers: str = "") -> int:
        """Return the first row after `row` that is not deeper than a column nor blank."""
        # Rows are read in order, and those before the last result are deeper or blank.
        if row < (found := self._after.get((column, closers), 0)):
            return found
        row += 1
        while row < len(self._starts):
            line = self._content[self._starts[row] : self._end_of(row)]
            depth = len(line) - len(line.lstrip(" "))
            is_shallow = line.strip() and depth <= column and line[depth] not in closers
            if is_shallow or _match_marker(line):
                break
            row += 1
        self._after[column, closers] = row
        return row

    def _with_next_row(self, row: int, node: OutlineNode | None) -> tuple[OutlineNode | None, int]:
        """Return a node that starts in a row, and the row after its end."""
        return node, max(row + 1, bisect_left(self._starts, node.end if node else 0))
