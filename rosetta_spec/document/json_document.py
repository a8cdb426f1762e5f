"""A JSON document of which first only the value is read: spans are found when they are asked for.

Most documents with a mistake are right as JSON, and one or two places of them are shown.
"""

from __future__ import annotations

from rosetta_spec.document.json_value import BLANKS, read_json_value, scanner
from rosetta_spec.document.limits import MAX_NESTING
from rosetta_spec.document.locate import Located
from rosetta_spec.document.number import number_of
from rosetta_spec.document.quick import Declined
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.node import Node, Problem
    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.text import Text

_scan = scanner(number_of, number_of)

#: Finds where a value ends and makes no number of its digits.
_skim = scanner(str, str)


class JsonDocument:
    """What `Document` is, for a JSON text that holds an object and has no problem."""

    problems: tuple[Problem, ...] = ()

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
        self.places = JsonPlaces(content)

    @property
    def root(self) -> Node:
        """The object with the spans of all that is in it."""
        # What is read here once more is asked for whole only where it is to be changed.
        from rosetta_spec.document.json_reader import read_json  # noqa: PLC0415

        root = read_json(self.text, self.number).root
        assert root is not None  # noqa: S101 - it was read before
        return root


class JsonPlaces:
    """Finds values and keys in a JSON text that is known to be right and to have no key twice."""

    def __init__(self, content: str) -> None:
        self._content = content
        #: What was asked before: one place is asked for by several.
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
        if pointer not in self._found:
            self._found[pointer] = self._walked(pointer)
        return self._found[pointer]

    def _walked(self, pointer: Pointer) -> tuple[Span | None, Span]:
        """Go down as far as there are values: the last key (or item) and value on the way."""
        key: Span | None = None
        at = self._skip(0)
        for token in pointer:
            found = self._item(at, token) if isinstance(token, int) else self._member(at, token)
            if found is None:
                return None, Span(at, _skim(self._content, at)[1])
            key, at = found
        span = Span(at, _skim(self._content, at)[1])
        return (span if key and key.start == key.end else key), span

    def _member(self, at: int, wanted: str) -> tuple[Span, int] | None:
        """Find the key and the value's offset of a member of the object at an offset."""
        if self._content[at] != "{":
            return None
        at = self._skip(at + 1)
        while self._content[at] == '"':
            key, end = _skim(self._content, at)
            value = self._skip(self._skip(end) + 1)
            if key == wanted:
                return Span(at, end), value
            at = self._after(value)
        return None

    def _item(self, at: int, index: int) -> tuple[Span, int] | None:
        """Find an item of the array at an offset; its key is an empty span."""
        if self._content[at] != "[":
            return None
        at = self._skip(at + 1)
        for _ in range(index):
            if self._content[at] == "]":
                return None
            at = self._after(at)
        return None if self._content[at] == "]" else (Span(at, at), at)

    def _after(self, value: int) -> int:
        """Give the offset of what follows a value and perhaps a comma."""
        at = self._skip(_skim(self._content, value)[1])
        return self._skip(at + 1) if self._content[at] == "," else at

    def _skip(self, at: int) -> int:
        while self._content[at] in BLANKS:
            at += 1
        return at
