"""Read a JSON text (RFC 8259, strictly): its value, its problems, and its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, overload

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
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text

#: Reads a whole value; an integer that `int` rejects for its digits is left to `_scan`.
_scan_value = scanner(number_of)

#: Reads a scalar at an offset, every number exactly.
_scan = scanner(number_of, number_of)


#: Reads a whole value in which keys are repeated; the last one counts.
_scan_repeated = scanner(number_of, number_of, last_by_name)

_skip_whitespace = re.compile(f"[{BLANKS}]*+").match


def read_json(text: Text, number: int = 0, *, is_line: bool = False) -> Document:
    """Read the one JSON value in `text`, any kind of value; `number` is the document's.

    Never raises: what is wrong is in the document's problems, one alone if it is fatal. Whether the
    text is a line of JSON Lines decides what the messages suggest.
    """
    content = text.content
    checker = _Checker(content, is_line=is_line)
    try:
        value = _value_of(checker)
    except FatalError as error:
        return Document(text, number, None, (error.problem,))
    root = _node_at(content, _skip(content, 0), len(content.rstrip(BLANKS)))
    if any(problem.name == "not-json" for problem in checker.problems):
        value = root.value
    return Document(text, number, root, tuple(checker.problems), value)


def _value_of(checker: _Checker) -> Json:
    """Return the value of a text, with lone surrogates if it has some; check the text if needed."""
    content = checker.content
    # With so few brackets a text cannot be nested too deep.
    is_checked = content.count("{") + content.count("[") > MAX_NESTING
    if is_checked:
        checker.check()
    try:
        return read_json_value(content, _scan_value)
    except Declined:
        if not is_checked:
            checker.check()
        return _scan_repeated(content, _skip(content, 0))[0]


def _skip(content: str, at: int) -> int:
    if content[at : at + 1] not in BLANKS:
        return at
    match = _skip_whitespace(content, at)
    return match.end() if match else at


class _Checker:
    """Checks a text; a method takes where its thing starts, and returns its end.

    `opened` are the offsets of the open brackets and `path` the key or index in each of them, None
    for a key with a lone surrogate: only a fatal problem in its value counts.
    """

    def __init__(self, content: str, *, is_line: bool = False) -> None:
        self.content = content
        self.is_line = is_line
        self.problems: list[SyntaxProblem] = []
        self.opened: list[int] = []
        self.path: list[str | int | None] = []

    def check(self) -> None:
        """Check the whole text.

        Raises:
            FatalError: at the first place that is not JSON, or is nested too deep.
        """
        start = _skip(self.content, 0)
        end = self._value(start)
        after = _skip(self.content, end)
        if after < len(self.content):
            raise self._error(after, "end", Span(start, end))

    def _value(self, at: int) -> int:
        if self.content.startswith(("{", "["), at):
            return self._container(at)
        value, end = self._scalar(at, "value")
        if isinstance(value, str) and has_surrogate(value):
            self._report(lone_surrogate(self.content, self._pointer, Span(at, end)))
        return end

    def _scalar(self, at: int, wanted: Wanted) -> tuple[Json, int]:
        try:
            return _scan(self.content, at)
        except (ValueError, StopIteration, SystemError, Declined):
            raise self._error(at, wanted) from None

    def _container(self, start: int) -> int:
        if len(self.opened) == MAX_NESTING:
            raise too_deep(self.content, Span(start, start + 1))
        self.opened.append(start)
        self.path.append(-1)
        is_object = self.content[start] == "{"
        closer = "}" if is_object else "]"
        at = end = _skip(self.content, start + 1)
        has_more = not self.content.startswith(closer, at)
        keys: dict[str, Span] = {}
        index = 0
        while has_more:
            if is_object:
                at = self._key(at, keys)
            else:
                self.path[-1] = index
                index += 1
            value = Span(at, self._value(at))
            end = _skip(self.content, value.end)
            has_more = self.content.startswith(",", end)
            if not has_more and not self.content.startswith(closer, end):
                raise self._error(end, "comma", value)
            at = _skip(self.content, end + 1)
        self.opened.pop()
        self.path.pop()
        return end + 1

    def _key(self, at: int, keys: dict[str, Span]) -> int:
        """Check a key and its colon, and return where the value starts."""
        if not self.content.startswith('"', at):
            raise self._error(at, "key")
        key, end = self._scalar(at, "key")
        span = Span(at, end)
        colon = _skip(self.content, end)
        if not self.content.startswith(":", colon):
            raise self._error(colon, "colon", span)
        self.path[-1] = key
        if has_surrogate(key):
            self._report(lone_surrogate(self.content, self._pointer[:-1], span))
            self.path[-1] = None
        elif key in keys:
            shown_key = shown(self.content[slice(*span)])
            self._report(repeated_key(shown_key, self._pointer, span, keys[key]))
        keys.setdefault(key, span)
        return _skip(self.content, colon + 1)

    @property
    def _pointer(self) -> Pointer:
        return tuple(part for part in self.path if part is not None)

    def _report(self, problem: SyntaxProblem) -> None:
        if None not in self.path:
            self.problems.append(problem)

    def _error(self, at: int, wanted: Wanted, other: Span | None = None) -> FatalError:
        return explain(self.content, at, wanted, self.opened, other, is_line=self.is_line)


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
