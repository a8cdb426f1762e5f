"""Read a JSON text (RFC 8259, strictly): its value, its problems, and its tree."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from rosetta_spec.document.json_errors import (
    JsonErrorPlace,
    Wanted,
    explain,
    lone_surrogate,
    too_deep,
)
from rosetta_spec.document.syntax_errors import FatalError
from rosetta_spec.document.tree import (
    Array,
    Document,
    Entries,
    Entry,
    Node,
    NodeStyle,
    Object,
    Problems,
    Scalar,
    SyntaxProblem,
    last_by_name,
    repeated_key,
)
from rosetta_spec.document.values import UNUSABLE, Json, clipped, number_of, scan_scalar
from rosetta_spec.fast.formats import MAX_NESTING, Declined
from rosetta_spec.fast.json_value import BLANKS, has_surrogate, read_json_value, scanner, skim
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text, long_property

#: Reads the value at an offset; returns it and its end.
_ReadValue: TypeAlias = Callable[[str, int], tuple[Json, int]]

#: Reads a whole value in which keys are repeated; the last one counts.
_scan_repeated = scanner(number_of, number_of, last_by_name)

#: In a longer text, a value of fewer than `_SHORT` characters is read again, instead of being kept,
#: to find what is inside it.
_LONG_TEXT = 10_000
_SHORT = 1000

#: Containers with more characters of text than this are not skimmed.
_LONG = 1_000_000

_STRING = r'"(?:[^"\\]++|\\.)*+"'

#: Brackets, strings, in which there may be some, and what is between them: no other thread runs
#: while a part is searched.
_BRACKETS = rf'[\[\]{{}}]|{_STRING}|[^\[\]{{}}"]{{1,10000}}+'
_DEPTHS = {"[": 1, "{": 1, "]": -1, "}": -1}

_skip_whitespace = re.compile(f"[{BLANKS}]*+").match

#: Entries with at most two levels inside them, each with its comma.
_PLAIN = rf'{_STRING}|[^\[\]{{}}"]++'
_INNER = rf"[\[{{](?:{_PLAIN})*+[\]}}]"
_OUTER = rf"[\[{{](?:{_PLAIN}|{_INNER})*+[\]}}]"
_VALUE = rf'(?:{_STRING}|[^\s",:\[\]{{}}]++|{_OUTER})[{BLANKS}]*+,[{BLANKS}]*+'
_PARTS = {
    "[": rf"(?:{_VALUE})++",
    "{": rf"(?:{_STRING}[{BLANKS}]*+:[{BLANKS}]*+{_VALUE})++",
}
#: They are read at once in so many characters.
_AT_ONCE = 100_000
_CLOSERS = {"[": "]", "{": "}"}


def in_parts(scan: _ReadValue) -> _ReadValue:
    """Return a scanner like `scan` that reads long lists and objects in parts.

    No other thread runs while a part is read.
    """

    def read(content: str, at: int) -> tuple[Json, int]:
        opening = content[at : at + 1]
        if opening not in _CLOSERS or len(content) - at < _LONG:
            return scan(content, at)
        closer = _CLOSERS[opening]
        found: dict[str, Json] | list[Json] = {} if opening == "{" else []
        add: Callable[[Any], None] = found.update if isinstance(found, dict) else found.extend
        count = 0
        at = _skip(content, at + 1)
        after = closer if content.startswith(closer, at) else ","
        while after == ",":
            if part := re.compile(_PARTS[opening]).match(content, at, at + _AT_ONCE):
                entries: Any = scan(f"{opening}{part[0].rstrip(BLANKS)[:-1]}{closer}", 0)[0]
                at = _skip(content, part.end())
            else:
                entries, at = entry(content, at) if opening == "{" else item(content, at)
                at = _skip(content, at)
                after = content[at : at + 1]
                at = _skip(content, at + 1) if after == "," else at
            count += len(entries)
            add(entries)
        if after != closer or len(found) != count:
            raise Declined
        return found, at + 1

    def item(content: str, at: int) -> tuple[list[Json], int]:
        value, end = read(content, at)
        return [value], end

    def entry(content: str, at: int) -> tuple[dict[str, Json], int]:
        key, end = scan(content, at)
        colon = _skip(content, end)
        if not isinstance(key, str) or content[colon : colon + 1] != ":":
            raise Declined
        value, end = read(content, _skip(content, colon + 1))
        return {key: value}, end

    return read


#: Reads a whole value; an integer that `int` rejects for its digits is left to `_scan_repeated`.
_scan_value = in_parts(scanner(number_of))


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
        value = _usable(value)
    return Document(text, number, root, checker.problems.finished(), value)


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


def _usable(value: Json) -> Json:
    """Return a value without the strings and keys that have lone surrogates."""
    if isinstance(value, str):
        return UNUSABLE if has_surrogate(value) else value
    if isinstance(value, list):
        return list(map(_usable, value))
    if isinstance(value, dict):
        return {key: _usable(item) for key, item in value.items() if not has_surrogate(key)}
    return value


def _skip(content: str, at: int) -> int:
    if content[at : at + 1] not in BLANKS:
        return at
    match = _skip_whitespace(content, at)
    return match.end() if match else at


class _Checker:
    """Checks a text; each method takes the offset where a part starts, and returns its end.

    `opened` are the offsets of the open brackets and `path` the key or index in each of them, None
    for a key with a lone surrogate: only a fatal problem in its value counts.
    """

    def __init__(self, content: str, *, is_line: bool = False) -> None:
        self.content = content
        self.is_line = is_line
        self.problems = Problems()
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
            return scan_scalar(self.content, at)
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
        keys: dict[str, int] = {}
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

    def _key(self, at: int, keys: dict[str, int]) -> int:
        """Check a key and its colon, and return where the value starts.

        `keys` are those of its object before it, and where they are first.
        """
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
            first = keys[key]
            _, end = skim(self.content, first)
            name = clipped(self.content[slice(*span)])
            self._report(repeated_key(name, self._pointer, span, Span(first, end)))
        keys.setdefault(key, at)
        return _skip(self.content, colon + 1)

    @property
    def _pointer(self) -> Pointer:
        return tuple(part for part in self.path if part is not None)

    def _report(self, problem: SyntaxProblem) -> None:
        if None not in self.path:
            self.problems.append(problem)

    def _error(self, at: int, wanted: Wanted, other: Span | None = None) -> FatalError:
        place = (self.content, at, wanted, self.opened, other)
        return explain(JsonErrorPlace(*place, is_line=self.is_line))


def _node_at(content: str, at: int, end: int) -> Node:
    """Return the node of the value between two offsets of a text that is known to be JSON."""
    opening, span = content[at], Span(at, end)
    if opening in "{[":
        kind = Object if opening == "{" else Array
        return kind(NodeStyle.FLOW, span, _Entries(content, at))
    value, _ = scan_scalar(content, at)
    if opening != '"':
        return Scalar(NodeStyle.PLAIN, span, content[at:end], value)
    meaning = UNUSABLE if has_surrogate(value) else value
    return Scalar(NodeStyle.DOUBLE, span, value, meaning)


def _end_of(content: str, at: int) -> int:
    """Return where a value of a text that is known to be JSON ends."""
    if content[at] not in "[{" or len(content) - at < _LONG:
        return skim(content, at)[1]
    # To skim would make all lists inside of it.
    depth = 0
    return next(
        part.end()
        for part in re.compile(_BRACKETS).finditer(content, at)
        if not (depth := depth + _DEPTHS.get(part[0], 0))
    )


class _Entries(Entries):
    """The entries of an object or array; only where each starts is kept, and those that are long.

    A document of 16 MiB has millions of values, and only a few of them have findings.
    """

    def __init__(self, content: str, start: int) -> None:
        self._content = content
        self._start = start
        self._is_object = content[start] == "{"
        self._kept_above = _SHORT if len(content) > _LONG_TEXT else 0
        #: The long ones by where they start.
        self._long: dict[int, Entry] = {}

    @long_property
    def starts(self) -> array[int]:
        """Where the entries start, in order."""
        # An array of machine integers, which take a tenth of the memory of a list.
        starts = array("I")
        at = _skip(self._content, self._start + 1)
        while self._content[at] not in "}]":
            starts.append(at)
            entry = self._entry(at)
            at = _skip(self._content, entry.end if entry.comma is None else entry.comma + 1)
        return starts

    @long_property
    def found(self) -> Mapping[str, int]:
        """The index of each member by its key."""
        names = (self._key(start)[0] for start in self.starts)
        return last_by_name((name, index) for index, name in enumerate(names))

    def __len__(self) -> int:
        return len(self.starts)

    def _item(self, index: int) -> Entry:
        return self._entry(self.starts[index])

    def _key(self, start: int) -> tuple[str | None, int]:
        """Return a key, None if it has a lone surrogate, and its end."""
        key, end = skim(self._content, start)
        return (None if has_surrogate(key) else key), end

    def _entry(self, start: int) -> Entry:
        if start in self._long:
            return self._long[start]
        content, value = self._content, start
        key: Node | None = None
        mark: int | None = None
        name: str | None = None
        if self._is_object:
            name, key_end = self._key(start)
            key = _node_at(content, start, key_end)
            mark = _skip(content, key_end) + 1
            value = _skip(content, mark)
        end = _end_of(content, value)
        after = _skip(content, end)
        comma = after if content[after] == "," else None
        entry = Entry(start, key, name, mark, _node_at(content, value, end), comma)
        if end - start > self._kept_above:
            self._long[start] = entry
        return entry
