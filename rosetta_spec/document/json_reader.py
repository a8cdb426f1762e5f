"""Read a JSON text (RFC 8259, strictly): its value, its problems, and its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NoReturn, overload

from rosetta_spec.document.json_errors import Wanted, explain, lone_surrogate, too_deep
from rosetta_spec.document.syntax_errors import FatalError
from rosetta_spec.document.tree import (
    Array,
    Document,
    Entry,
    Node,
    Object,
    Scalar,
    Style,
    SyntaxProblem,
    repeated_key,
)
from rosetta_spec.document.values import UNUSABLE, Json, number_of, shown
from rosetta_spec.fast.formats import MAX_NESTING, Declined
from rosetta_spec.fast.json_value import BLANKS, has_surrogate, read_json_value, scanner, skim
from rosetta_spec.text import Span, Text

#: Reads a whole value; an integer that `int` rejects for its digits is left to `_scan`.
_scan_value = scanner(number_of)

#: Reads a scalar at an offset, every number exactly.
_scan = scanner(number_of, number_of)

_skip_whitespace = re.compile(f"[{BLANKS}]*+").match


def read_json(text: Text, number: int = 0) -> Document:
    """Read the one JSON value in `text`, any kind of value; `number` is the document's.

    Never raises: what is wrong is in the document's problems, one alone if it is fatal.
    """
    content = text.content
    problems: list[SyntaxProblem] = []
    try:
        value = _valid_value(content)
    except Declined:
        try:
            value = _Reader(content, problems).read_root()
        except FatalError as error:
            return Document(text, number, None, (error.problem,))
    return Document(text, number, _node_at(content, _skip(content, 0)), tuple(problems), value)


def _valid_value(content: str) -> Json:
    """Return the value of a text without problems.

    Raises:
        Declined: there may be one.
    """
    if content.count("{") + content.count("[") > MAX_NESTING:
        raise Declined
    return read_json_value(content, _scan_value)


def _skip(content: str, at: int) -> int:
    if content[at : at + 1] not in BLANKS:
        return at
    match = _skip_whitespace(content, at)
    return match.end() if match else at


class _Reader:
    """Reads a text once; a method takes the offset where its thing starts, and returns its end.

    `opened` are the offsets of the open brackets and `path` the key or index in each of them.
    """

    def __init__(self, content: str, problems: list[SyntaxProblem]) -> None:
        self.content = content
        self.problems = problems
        self.opened: list[int] = []
        self.path: list[str | int] = []

    def read_root(self) -> Json:
        start = _skip(self.content, 0)
        value, end = self._value(start)
        after = _skip(self.content, end)
        if after < len(self.content):
            self._stop(after, "end", Span(start, end))
        return value

    def _value(self, at: int) -> tuple[Json, int]:
        opening = self.content[at : at + 1]
        if opening == "{":
            return self._object(at)
        if opening == "[":
            return self._array(at)
        value, end = self._scalar(at, "value")
        if opening == '"' and has_surrogate(value):
            self.problems.append(lone_surrogate(self.content, tuple(self.path), Span(at, end)))
            value = UNUSABLE
        return value, end

    def _scalar(self, at: int, wanted: Wanted) -> tuple[Json, int]:
        try:
            return _scan(self.content, at)
        except (ValueError, StopIteration, SystemError, Declined):
            self._stop(at, wanted)

    def _array(self, start: int) -> tuple[Json, int]:
        self._open(start)
        items: list[Json] = []
        at = _skip(self.content, start + 1)
        has_more = not self.content.startswith("]", at)
        end = at + 1
        while has_more:
            self.path[-1] = len(items)
            item, end = self._value(at)
            items.append(item)
            at, has_more = self._after(Span(at, end), "]")
            end = at
        self._close()
        return items, end

    def _object(self, start: int) -> tuple[Json, int]:
        self._open(start)
        members: dict[str, Json] = {}
        firsts: dict[str, Span] = {}
        at = _skip(self.content, start + 1)
        has_more = not self.content.startswith("}", at)
        end = at + 1
        while has_more:
            key, span, at = self._key(at)
            self.path[-1] = key
            if key in firsts:
                name = shown(self.content[slice(*span)])
                self.problems.append(repeated_key(name, tuple(self.path), span, firsts[key]))
            if has_surrogate(key):
                end = self._unkeyed(span, at)
            else:
                firsts.setdefault(key, span)
                members.pop(key, None)
                members[key], end = self._value(at)
            at, has_more = self._after(Span(at, end), "}")
            end = at
        self._close()
        return members, end

    def _unkeyed(self, key: Span, at: int) -> int:
        """Read a value whose key JSON cannot carry: only a fatal problem in it counts."""
        self.problems.append(lone_surrogate(self.content, tuple(self.path[:-1]), key))
        count = len(self.problems)
        _, end = self._value(at)
        del self.problems[count:]
        return end

    def _key(self, at: int) -> tuple[str, Span, int]:
        """Read a key and its colon: return the key, its span, and the offset of the value."""
        if not self.content.startswith('"', at):
            self._stop(at, "key")
        key, end = self._scalar(at, "key")
        span = Span(at, end)
        colon = _skip(self.content, end)
        if not self.content.startswith(":", colon):
            self._stop(colon, "colon", span)
        return key, span, _skip(self.content, colon + 1)

    def _after(self, value: Span, closer: str) -> tuple[int, bool]:
        """Return the offset of the next member or item, or of the end, and which of the two."""
        at = _skip(self.content, value.end)
        if self.content.startswith(",", at):
            return _skip(self.content, at + 1), True
        if not self.content.startswith(closer, at):
            self._stop(at, "comma", value)
        return at + 1, False

    def _open(self, at: int) -> None:
        if len(self.opened) == MAX_NESTING:
            raise too_deep(self.content, Span(at, at + 1))
        self.opened.append(at)
        self.path.append("")

    def _close(self) -> None:
        self.opened.pop()
        self.path.pop()

    def _stop(self, at: int, wanted: Wanted, other: Span | None = None) -> NoReturn:
        raise explain(self.content, at, wanted, self.opened, other)


def _node_at(content: str, at: int) -> Node:
    """Return the node of the value that starts at an offset of a text that is known to be JSON."""
    opening = content[at]
    if opening in "{[":
        _, end = skim(content, at)
        kind = Object if opening == "{" else Array
        return kind(Style.FLOW, Span(at, end), at, entries=_Entries(content, at))
    value, end = _scan(content, at)
    if opening != '"':
        return Scalar(Style.PLAIN, Span(at, end), at, text=content[at:end], value=value)
    meaning = UNUSABLE if has_surrogate(value) else value
    return Scalar(Style.DOUBLE, Span(at, end), at, text=value, value=meaning)


class _Entries(Sequence[Entry]):
    """The entries of an object or array, read when they are first asked for.

    A document of 16 MiB has millions of values, and only a few of them have findings.
    """

    def __init__(self, content: str, start: int) -> None:
        self._content = content
        self._start = start
        self._read: list[Entry] | None = None

    @property
    def _all(self) -> list[Entry]:
        if self._read is None:
            self._read = list(_entries(self._content, self._start))
        return self._read

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._all)


def _entries(content: str, start: int) -> Iterator[Entry]:
    is_object = content[start] == "{"
    at = _skip(content, start + 1)
    while content[at] not in "}]":
        key: Node | None = None
        name: str | None = None
        mark: int | None = None
        value_at = at
        if is_object:
            key = _node_at(content, at)
            name = key.value if isinstance(key.value, str) else None
            mark = _skip(content, key.span.end) + 1
            value_at = _skip(content, mark)
        value = _node_at(content, value_at)
        after = _skip(content, value.span.end)
        comma = after if content[after] == "," else None
        yield Entry(at, key, name, mark, value, comma)
        at = _skip(content, after + 1) if comma is not None else after
