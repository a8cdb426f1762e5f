"""Read a JSON text (RFC 8259, strictly) into nodes with exact spans."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.numbers import number_of
from rosetta_spec.document.tree import Array, Document, Member, NotJson, Object, Scalar
from rosetta_spec.fast.formats import MAX_NESTING, Declined
from rosetta_spec.fast.json_value import BLANKS, has_surrogate, scanner
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, NoReturn, TypeAlias

    from rosetta_spec.document.tree import Node, Problem
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.text import Text

#: Reads a scalar at an offset, every number exactly.
_scan = scanner(number_of, number_of)

#: So many blanks are skipped one by one.
_FEW = 100

#: Makes a named tuple from its values without a call of its constructor, which is written in Python
#: and would be a third of the time that reading takes.
_make = tuple.__new__

#: What the grammar wants where a text goes wrong; "end" is the end of the text.
Wanted: TypeAlias = 'Literal["value", "key", "colon", "comma", "end"]'


class Fault(NamedTuple):
    """What is wrong, before it is put into words; `name` and `pointer` are the problem's.

    A syntax error has an empty `span`, says what the grammar `wanted` there, which brackets are
    `opened` (their offsets, outermost first), and in `other` the key or value just before. `other`
    is for a repeated key the first one.
    """

    name: str
    pointer: Pointer
    span: Span
    wanted: Wanted = "value"
    opened: tuple[int, ...] = ()
    other: Span | None = None


_NOWHERE = Span(0, 0)


class _Stop(Exception):  # noqa: N818 - it ends the reading, and no one else sees it
    """A fatal fault was noted; the reading is over."""


def read_json(text: Text, number: int = 0) -> Document:
    """Read the one JSON value in `text`, any kind of value; `number` is the document's.

    Never raises: what is wrong is in the document's problems, one alone if it is fatal.
    """
    reader = _Reader(text.content)
    try:
        root = reader.read_root()
    except _Stop:
        root = None
    problems = _problems_of(text.content, reader.faults) if reader.faults else ()
    return Document(text, number, root, problems)


def _problems_of(content: str, faults: list[Fault]) -> tuple[Problem, ...]:
    # Most texts are right and do not pay for loading what explains the wrong ones.
    from rosetta_spec.document.json_errors import explain  # noqa: PLC0415

    return tuple(explain(content, fault) for fault in faults)


class _Reader:
    """One pass over a text; a method takes the offset where its thing starts.

    `opened` holds the offsets of the open brackets and `path` the key or index in each of them.
    """

    __slots__ = ("content", "faults", "opened", "path")

    def __init__(self, content: str) -> None:
        self.content = content
        self.faults: list[Fault] = []
        self.opened: list[int] = []
        self.path: list[str | int] = []

    def read_root(self) -> Node:
        root = self._value(self._skip(0))
        end = self._skip(root.span.end)
        if end < len(self.content):
            self._stop(end, "end", root.span)
        return root

    def _value(self, at: int) -> Node:
        opening = self.content[at : at + 1]
        if opening == "{":
            return self._object(at)
        if opening == "[":
            return self._array(at)
        value, end = self._scalar(at, "value")
        span = _make(Span, (at, end))
        if opening != '"' or not has_surrogate(value):
            return _make(Scalar, (value, span))
        self.faults.append(Fault("not-json", tuple(self.path), span))
        return NotJson(span)

    def _scalar(self, at: int, wanted: Wanted) -> tuple[Json, int]:
        try:
            return _scan(self.content, at)
        except (ValueError, StopIteration, SystemError, Declined):
            self._stop(at, wanted)

    def _array(self, start: int) -> Array:
        self._open(start)
        items: list[Node] = []
        at = self._skip(start + 1)
        more = not self.content.startswith("]", at)
        end = at + 1
        while more:
            self.path[-1] = len(items)
            item = self._value(at)
            items.append(item)
            at, more = self._after_item(item.span)
            end = at
        self._close()
        return Array(items, Span(start, end))

    def _after_item(self, item: Span) -> tuple[int, bool]:
        """Give the offset of the next item, or of the array's end, and which of the two it is."""
        at = self._skip(item.end)
        if self.content.startswith(",", at):
            return self._skip(at + 1), True
        if not self.content.startswith("]", at):
            self._stop(at, "comma", item)
        return at + 1, False

    def _object(self, start: int) -> Object:
        self._open(start)
        members: dict[str, Member] = {}
        firsts: dict[str, Span] = {}
        key, span, at = self._first_key(start + 1)
        while key is not None:
            self.path[-1] = key
            if key in members:
                first = firsts.setdefault(key, members.pop(key).key)
                self.faults.append(Fault("duplicate-key", tuple(self.path), span, other=first))
            if has_surrogate(key):
                value = self._unkeyed(span, at)
            else:
                value = self._value(at)
                members[key] = _make(Member, (span, value, None))
            key, span, at = self._next_key(value.span)
        self._close()
        return Object(members, Span(start, at))

    def _unkeyed(self, key: Span, at: int) -> Node:
        """Read a value whose key JSON cannot carry: nothing but a fatal fault in it counts."""
        self.faults.append(Fault("not-json", tuple(self.path[:-1]), key))
        count = len(self.faults)
        value = self._value(at)
        del self.faults[count:]
        return value

    def _first_key(self, at: int) -> tuple[str | None, Span, int]:
        """Read up to the value: the key, its span, the value's offset; no key in an empty object.

        Without a key the offset is the object's end.
        """
        at = self._skip(at)
        if self.content.startswith("}", at):
            return None, _NOWHERE, at + 1
        return self._key(at)

    def _next_key(self, value: Span) -> tuple[str | None, Span, int]:
        """Read on from a member's value, with the same result as for the first key."""
        at = self._skip(value.end)
        if self.content.startswith(",", at):
            return self._key(self._skip(at + 1))
        if not self.content.startswith("}", at):
            self._stop(at, "comma", value)
        return None, _NOWHERE, at + 1

    def _key(self, at: int) -> tuple[str, Span, int]:
        if not self.content.startswith('"', at):
            self._stop(at, "key")
        key, end = self._scalar(at, "key")
        span = _make(Span, (at, end))
        at = self._skip(end)
        if not self.content.startswith(":", at):
            self._stop(at, "colon", span)
        return key, span, self._skip(at + 1)

    def _skip(self, at: int) -> int:
        """Give the offset of the next character that is not blank."""
        content = self.content
        for end in range(at, min(at + _FEW, len(content))):
            if content[end] not in BLANKS:
                return end
        if len(content) <= at + _FEW:
            return len(content)
        return _skip_many(content, at + _FEW)

    def _open(self, at: int) -> None:
        if len(self.opened) == MAX_NESTING:
            self.faults = [Fault("too-large", ROOT, Span(at, at + 1))]
            raise _Stop
        self.opened.append(at)
        self.path.append("")

    def _close(self) -> None:
        self.opened.pop()
        self.path.pop()

    def _stop(self, at: int, wanted: Wanted, other: Span | None = None) -> NoReturn:
        self.faults = [Fault("syntax", ROOT, Span(at, at), wanted, tuple(self.opened), other)]
        raise _Stop


def _skip_many(content: str, at: int) -> int:
    # Nearly no text has so many blanks, and others do not pay for a slow import.
    import re  # noqa: PLC0415

    match = re.compile(f"[{BLANKS}]*+").match(content, at)
    return match.end() if match else at
