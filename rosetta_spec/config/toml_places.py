"""Where keys and values stand in a TOML text that `tomllib` has read, which tells no places."""

from __future__ import annotations

import re
import tomllib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.pointer import Pointer

#: Blanks, line breaks and comments, also the commas between items, which a reader has counted.
_BETWEEN = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_KEY = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|[A-Za-z0-9_-]+')

#: A string, or what else is neither list nor table. The last quotes of a long string may be its
#: own, up to two of them.
_SCALAR = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""(?:"{0,2})|\'\'\'[\s\S]*?\'\'\'(?:\'{0,2})'
    r'|"(?:\\.|[^"\\])*"|\'[^\']*\'|[^,\]}#\n]*'
)


class TomlPlaces:
    """Finds keys and values by pointer; offsets count code points.

    What the text does not have itself, such as a value that is missing, is found at what is above
    it: the header of its table, or the start of the text.
    """

    def __init__(self, content: str) -> None:
        self._content = content
        self._keys: dict[Pointer, int] = {}
        self._values: dict[Pointer, int] = {}
        #: How often each list of tables has had a header.
        self._counts: dict[Pointer, int] = {}
        self._read()

    def key(self, pointer: Pointer) -> int:
        """Return where the key of a value is; of an item of a list, the item."""
        return self._nearest(self._keys, pointer)

    def value(self, pointer: Pointer) -> int:
        """Return where a value is; of a table with a header, the header."""
        return self._nearest(self._values, pointer)

    def _nearest(self, offsets: dict[Pointer, int], pointer: Pointer) -> int:
        while pointer and pointer not in offsets:
            pointer = pointer[:-1]
        return offsets.get(pointer, 0)

    def _read(self) -> None:
        table: Pointer = ()
        at = self._skip(_BETWEEN, 0)
        while at < len(self._content):
            if self._content[at] == "[":
                table, at = self._header(at)
            else:
                at = self._pair(at, table)
            at = self._skip(_BETWEEN, at)

    def _skip(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self._content, at)
        return found.end() if found else at

    def _header(self, start: int) -> tuple[Pointer, int]:
        """Read `[table]` or `[[table]]`."""
        is_item = self._content.startswith("[[", start)
        keys, at = self._dotted_key(start + 1 + is_item)
        path: Pointer = ()
        for key, _ in keys:
            path = self._within(path, key)
            self._keys.setdefault(path, start)
            self._values.setdefault(path, start)
        if is_item:
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
            self._keys[path] = self._values[path] = start
        return path, at + 1 + is_item

    def _within(self, path: Pointer, key: str) -> Pointer:
        """Go down to a key; of a list of tables, to the last of these."""
        return (*path, self._counts[path], key) if path in self._counts else (*path, key)

    def _pair(self, start: int, table: Pointer) -> int:
        """Read `key = value`, and return its end."""
        keys, at = self._dotted_key(start)
        at = self._skip(_BLANKS, at + 1)
        path = table
        for key, offset in keys:
            path = (*path, key)
            self._keys.setdefault(path, offset)
            self._values.setdefault(path, offset)
        self._values[path] = at
        return self._value(at, path)

    def _dotted_key(self, at: int) -> tuple[list[tuple[str, int]], int]:
        """Read the parts of a key, each with its place; return them and what comes after."""
        keys = []
        while True:
            at = self._skip(_BLANKS, at)
            end = self._skip(_KEY, at)
            keys.append((_name(self._content[at:end]), at))
            at = self._skip(_BLANKS, end)
            if self._content[at : at + 1] != ".":
                return keys, at
            at += 1

    def _value(self, at: int, path: Pointer) -> int:
        """Read a value, and return its end."""
        opening = self._content[at : at + 1]
        if opening not in ("[", "{"):
            return self._skip(_SCALAR, at)
        number = 0
        at = self._skip(_BETWEEN, at + 1)
        while self._content[at] not in "]}":
            if opening == "{":
                at = self._pair(at, path)
            else:
                self._keys[*path, number] = self._values[*path, number] = at
                at = self._value(at, (*path, number))
                number += 1
            at = self._skip(_BETWEEN, at)
        return at + 1


def _name(key: str) -> str:
    """Return what a key stands for, quoted or not."""
    if key[:1] not in ('"', "'"):
        return key
    (name,) = tomllib.loads(f"{key} = 0")
    return name
