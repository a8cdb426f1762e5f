"""A JSON document of which first only the value is read: spans are found when they are asked for.

Most documents with a mistake are right as JSON, and one or two places of them are shown.
"""

from __future__ import annotations

from rosetta_spec.document.numbers import number_of
from rosetta_spec.document.tree import Located
from rosetta_spec.document.values import holds
from rosetta_spec.fast.formats import JSON, MAX_NESTING, Declined
from rosetta_spec.fast.json_value import BLANKS, read_json_value, scanner, skim
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from rosetta_spec.document.tree import Node, Problem
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.text import Text

    #: Keys and values by key, items by index: where each starts and ends.
    Inside: TypeAlias = dict[str | int, tuple[int, int, int, int]]

#: A whole number that `int` refuses for its digits is left to the full reader.
_scan = scanner(number_of)


class JsonDocument:
    """What `Document` is, for a JSON text that holds an object and has no problem."""

    problems: tuple[Problem, ...] = ()
    format_ = JSON
    start = 0
    comments: tuple[Span, ...] = ()

    def __init__(self, text: Text, number: int) -> None:
        """Read the value.

        Raises:
            Declined: the full reader has to look.
        """
        content = text.content
        if content.count("{") + content.count("[") > MAX_NESTING:
            raise Declined
        self.text = text
        self.number = number
        self.value: Json = read_json_value(content, _scan)
        if type(self.value) is not dict:
            raise Declined
        self.places = JsonPlaces(content, self.value)

    @property
    def root(self) -> Node:
        """The object with the spans of all that is in it."""
        # What is read here once more is asked for whole only where it is to be changed.
        from rosetta_spec.document.json_reader import read_json  # noqa: PLC0415

        root = read_json(self.text, self.number).root
        assert root is not None  # noqa: S101 - it was read before
        return root


#: In a longer text a member is found sooner by reading them all once, as there may be many.
_LONGEST_SEARCHED = 16 * 1024


class JsonPlaces:
    """Finds values and keys in a JSON text that is known to be right and to have no key twice."""

    def __init__(self, content: str, value: Json) -> None:
        """`value` is what the text says."""
        self._content = content
        self._value = value
        self._may_search = len(content) <= _LONGEST_SEARCHED and "\\" not in content
        self._whole = Span(self._skip(0), len(content.rstrip(BLANKS)))
        #: What is in the objects and arrays that were looked into, by their offsets.
        self._opened: dict[int, Inside] = {}
        #: What was found, by pointer.
        self._found: dict[Pointer, tuple[Span | None, Span]] = {}

    def value(self, pointer: Pointer) -> Located:
        """Find the value at `pointer`; where there is none, the object or list above it."""
        _, span = self._walk(pointer)
        return Located(span, None, span)

    def key(self, pointer: Pointer) -> Located:
        """Find the key of the member at `pointer`; of an item, the item; of the root, its start."""
        key, _ = self._walk(pointer)
        if key is None:
            return self.start(pointer)
        return Located(key, None, key)

    def start(self, pointer: Pointer) -> Located:
        """Find the first character of the value at `pointer`."""
        _, span = self._walk(pointer)
        first = Span(span.start, min(span.start + 1, span.end))
        return Located(first, None, span)

    def _walk(self, pointer: Pointer) -> tuple[Span | None, Span]:
        """Go down as far as there are values: the last key (or item), if it is there, and value."""
        if pointer not in self._found:
            self._found[pointer] = self._walked(pointer)
        return self._found[pointer]

    def _walked(self, pointer: Pointer) -> tuple[Span | None, Span]:
        depth = self._depth(pointer)
        key, span, at = self._start(pointer[:depth])
        for token in pointer[at:depth]:
            found = self._inside(span.start)[token]
            key, span = Span(*found[:2]), Span(*found[2:])
        return (key if depth == len(pointer) else None), span

    def _depth(self, pointer: Pointer) -> int:
        """Count the tokens of a pointer, from the first on, that lead to something."""
        value = self._value
        for depth, token in enumerate(pointer):
            if not holds(value, token):
                return depth
            value = value[token]
        return len(pointer)

    def _start(self, pointer: Pointer) -> tuple[Span | None, Span, int]:
        """Find the last member on the way to what is at a pointer that can be found by its key.

        The third is how many tokens lead there. Without a backslash every quote in the text opens
        or closes a string, so that a key in quotes is one; and where that stands but once, it is
        the key that is known to be there.
        """
        content = self._content
        for at in range(len(pointer) if self._may_search else 0, 0, -1):
            key = pointer[at - 1]
            name = f'"{key}"'
            start = content.find(name)
            if start == content.rfind(name) and isinstance(key, str) and key.isidentifier():
                end = start + len(name)
                value = self._skip(content.index(":", end) + 1)
                _, stop = skim(content, value)
                return Span(start, end), Span(value, stop), at
        return None, self._whole, 0

    def _inside(self, at: int) -> Inside:
        """Return what is in the object or array at an offset, nothing of another value."""
        if at not in self._opened:
            opening = self._content[at]
            read = {"{": self._members, "[": self._items}.get(opening)
            self._opened[at] = read(at) if read else {}
        return self._opened[at]

    def _members(self, at: int) -> Inside:
        content = self._content
        members: Inside = {}
        at = self._skip(at + 1)
        while content[at] == '"':
            key, end = skim(content, at)
            start = self._skip(self._skip(end) + 1)
            _, stop = skim(content, start)
            members[key] = at, end, start, stop
            at = self._next(stop)
        return members

    def _items(self, at: int) -> Inside:
        """An item's own span stands for its key."""
        items: Inside = {}
        at = self._skip(at + 1)
        while self._content[at] != "]":
            _, stop = skim(self._content, at)
            items[len(items)] = at, stop, at, stop
            at = self._next(stop)
        return items

    def _next(self, at: int) -> int:
        """Go over the comma after a member or an item, if there is one."""
        at = self._skip(at)
        return self._skip(at + 1) if self._content[at] == "," else at

    def _skip(self, at: int) -> int:
        content = self._content
        while content[at] in BLANKS:
            at += 1
        return at
