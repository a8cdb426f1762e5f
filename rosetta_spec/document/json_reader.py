"""Read a JSON text (RFC 8259, strictly): its value, its problems, and its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, NoReturn, overload

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
    last_by_name,
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
    root = _node_at(content, _skip(content, 0), len(content.rstrip(BLANKS)))
    return Document(text, number, root, tuple(problems), value)


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


def _node_at(content: str, at: int, end: int) -> Node:
    """Return the node of the value between two offsets of a text that is known to be JSON."""
    opening, span = content[at], Span(at, end)
    if opening == "{":
        entries = _Entries(content, at)
        return Object(Style.FLOW, span, at, entries=entries, _members=_Members(entries))
    if opening == "[":
        return Array(Style.FLOW, span, at, entries=_Entries(content, at))
    value, _ = _scan(content, at)
    if opening != '"':
        return Scalar(Style.PLAIN, span, at, text=content[at:end], value=value)
    meaning = UNUSABLE if has_surrogate(value) else value
    return Scalar(Style.DOUBLE, span, at, text=value, value=meaning)


class _Offsets(NamedTuple):
    """Where an entry is written: the value, and before it the key and the colon if there are."""

    start: int
    key_end: int
    name: str | None
    mark: int | None
    value: int
    end: int
    comma: int | None


class _Entries(Sequence[Entry]):
    """The entries of an object or array, each read when it is first asked for.

    A document of 16 MiB has millions of values, and only a few of them have findings.
    """

    def __init__(self, content: str, start: int) -> None:
        self._content = content
        self._start = start
        self._offsets: list[_Offsets] | None = None
        self._read: dict[int, Entry] = {}

    @property
    def offsets(self) -> list[_Offsets]:
        """Where the entries are written."""
        if self._offsets is None:
            self._offsets = list(_offsets(self._content, self._start))
        return self._offsets

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        indices = range(len(self.offsets))[index]
        return self._entry(indices) if isinstance(indices, int) else list(map(self._entry, indices))

    def _entry(self, index: int) -> Entry:
        if index not in self._read:
            content, each = self._content, self.offsets[index]
            key = None if each.mark is None else _node_at(content, each.start, each.key_end)
            value = _node_at(content, each.value, each.end)
            entry = Entry(each.start, key, each.name, each.mark, value, each.comma)
            self._read[index] = entry
        return self._read[index]

    def __len__(self) -> int:
        return len(self.offsets)


class _Members(Mapping[str, Entry]):
    """The members of an object by their names, the last one of a repeated key."""

    def __init__(self, entries: _Entries) -> None:
        self._entries = entries
        self._indices: dict[str, int] | None = None

    @property
    def indices(self) -> dict[str, int]:
        """The index of each member in the entries."""
        if self._indices is None:
            named = ((each.name, index) for index, each in enumerate(self._entries.offsets))
            self._indices = last_by_name(named)
        return self._indices

    def __getitem__(self, name: str) -> Entry:
        return self._entries[self.indices[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.indices)

    def __len__(self) -> int:
        return len(self.indices)


def _offsets(content: str, start: int) -> Iterator[_Offsets]:
    is_object = content[start] == "{"
    at = _skip(content, start + 1)
    while content[at] not in "}]":
        value, key_end = at, at
        mark: int | None = None
        name: str | None = None
        if is_object:
            key, key_end = skim(content, at)
            name = None if has_surrogate(key) else key
            mark = _skip(content, key_end) + 1
            value = _skip(content, mark)
        _, end = skim(content, value)
        after = _skip(content, end)
        comma = after if content[after] == "," else None
        yield _Offsets(at, key_end, name, mark, value, end, comma)
        at = after if comma is None else _skip(content, comma + 1)
