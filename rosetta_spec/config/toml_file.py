"""Configuration files: their text, and where each setting is in it.

If a file cannot be used, functions raise `WrongFileError`.
"""

import os
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from rosetta_spec.document.values import Json
from rosetta_spec.errors import CheckedFile, Part, WrongFileError
from rosetta_spec.fast.config_cache import SHARED
from rosetta_spec.files.names import shown_path
from rosetta_spec.pointer import Pointer
from rosetta_spec.spec.loading import SPLIT, read_limited
from rosetta_spec.text import Location, Text

#: Where our settings are in a file that is shared with other programs.
TABLE = ("tool", "rosetta-spec")

#: A larger file is rejected, and so is a key of more parts, which takes `tomllib` quadratic time.
_MAX_BYTES = 256 * 1024
_MAX_PARTS = 100
_LONG_KEY = re.compile(
    r"""(?<![\w\\-])(?:(?>[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')[ \t]*\.[ \t]*){100}"""
)

#: How `tomllib` ends its messages.
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

#: How it writes a key in them: as a tuple.
_TUPLE = re.compile(r"\('|(', ')|',?\)")

#: Python does not write integers of thousands of digits. Source: TOML 1.0, section Integer.
_LARGEST = 2**63

#: No valid setting is nested deeper. `jsonschema` writes out values whole.
_DEPTH = 4


class TomlFile(CheckedFile):
    """A configuration file; `settings` is what it sets for us."""

    def __init__(self, path: str, content: bytes, text: Text, data: dict[str, Any]) -> None:
        self.path = path
        self.content = content
        self.filename = shown_path(path)
        self.folder = os.path.dirname(path)
        self._root: Pointer = TABLE if os.path.basename(path) == SHARED else ()
        self._text = text
        settings: Any = data
        for key in self._root:
            settings = settings.get(key) if isinstance(settings, dict) else None
        self.has_settings = settings is not None
        self.settings = _as_json({} if settings is None else settings, _DEPTH)

    @cached_property
    def _places(self) -> dict[Pointer, tuple[int, int]]:
        return TomlPlaces(self._text.content).places

    def location(self, pointer: Pointer, part: Part) -> Location:
        """Find the row and column of a value, or of its key, among the settings.

        What is not in the text, such as a missing value, is found at what is above it: the header
        of its table, or the start of the text.
        """
        pointer = (*self._root, *pointer)
        while pointer and pointer not in self._places:
            pointer = pointer[:-1]
        return self._text.location(self._places.get(pointer, (0, 0))[part == "value"])


def _as_json(value: Any, depth: int) -> Json:  # noqa: ANN401 - any TOML
    """Turn settings into JSON that can be validated: a date is a string."""
    if isinstance(value, dict):
        return {key: _as_json(item, depth - 1) for key, item in value.items()} if depth else {}
    if isinstance(value, list):
        return [_as_json(item, depth - 1) for item in value] if depth else []
    if isinstance(value, int):
        return min(value, _LARGEST)
    return value if isinstance(value, float) else str(value)


#: What to write instead, by the start of the reason that `tomllib` gives.
_REMEDIES = (
    ("Expected '='", "write = after a key, and quotes around one with other signs than - and _"),
    ("Expected ']", "write ] after the name of the table"),
    ("Cannot", "write each key and each table once"),
    ("Duplicate", "write each key and each table once"),
    ("Invalid initial", "write a name, with quotes around one with other signs than - and _"),
    ("", "write text in quotes, lists in [ ] with commas, and true or false in lower case"),
)


def parse_toml(path: str, content: bytes | None = None) -> TomlFile:
    """Parse a configuration file; `content` replaces that of the file at the path."""
    name = shown_path(path)
    if content is None:
        # One that is shared need not be ours, and counts only if there is no other.
        is_shared = os.path.basename(path) == SHARED
        remedy = "write the configuration in rosetta-spec.toml beside it" if is_shared else SPLIT
        content = read_limited(Path(path), name, "configuration file", _MAX_BYTES, remedy)
    try:
        # TOML has two line breaks, and `tomllib` counts its columns with one of them.
        text = Text(content.decode().replace("\r\n", "\n"))
        if found := _LONG_KEY.search(text.content):
            location = text.location(found.start())
            cause, remedy = f"this key has more than {_MAX_PARTS} parts", "write a shorter key"
        else:
            return TomlFile(path, content, text, tomllib.loads(text.content))
    except UnicodeDecodeError as error:
        before = Text(content[: error.start].decode())
        location = before.location(len(before.content))
        cause, remedy = "this is not UTF-8", "save it as UTF-8"
    except RecursionError:
        location = Location(1, 1)
        cause, remedy = "lists or tables are nested too deeply", "use fewer levels"
    except ValueError as error:
        place = _PLACE.search(str(error))
        location = text.location(len(text.content)) if place else Location(1, 1)
        if place and place[1]:
            location = Location(int(place[1]), int(place[2]))
        reason = _TUPLE.sub(lambda found: "." if found[1] else "", _PLACE.sub("", str(error)))
        cause = f"this is not valid TOML: {reason[:1].lower()}{reason[1:]}"
        remedy = next(remedy for start, remedy in _REMEDIES if reason.startswith(start))
    raise WrongFileError(name, location, cause, remedy) from None


#: Blanks, line breaks, comments, and the commas between items.
_BETWEEN = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_KEY = re.compile(r'[ \t]*("(?:\\.|[^"\\])*"|\'[^\']*\'|[A-Za-z0-9_-]+)[ \t]*')
_EQUALS = re.compile(r"=[ \t]*")
_BRACKETS = re.compile(r"\[\[?|\]\]?")

#: A scalar. Up to two quotes before the end of a long string may be part of it.
_SCALAR = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""(?:"{0,2})|\'\'\'[\s\S]*?\'\'\'(?:\'{0,2})'
    r'|"(?:\\.|[^"\\])*"|\'[^\']*\'|[^,\]}#\n]*'
)


class TomlPlaces:
    """Finds keys and values in a TOML text, whose places `tomllib` does not report.

    `places` are the offsets of key and value, in code points, by pointer. The key of an item is the
    item. A table with a header is at its header, the first one of a list of tables.
    """

    def __init__(self, content: str) -> None:
        self._content = content
        self.places: dict[Pointer, tuple[int, int]] = {}
        table: Pointer = ()
        at = self._after(_BETWEEN, 0)
        while at < len(content):
            if content[at] == "[":
                table, at = self._keys(self._after(_BRACKETS, at), (), header=at)
                at = self._after(_BRACKETS, at)
            else:
                at = self._pair(at, table)
            at = self._after(_BETWEEN, at)

    def _after(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self._content, at)
        return found.end() if found else at

    def _keys(self, at: int, path: Pointer, header: int | None = None) -> tuple[Pointer, int]:
        """Read the parts of a key; return its pointer, and what comes after."""
        while True:
            found = _KEY.match(self._content, at)
            assert found  # noqa: S101 - `tomllib` has read it
            at = found.start(1) if header is None else header
            path = (*path, *tomllib.loads(f"{found[1]} = 0"))
            self.places.setdefault(path, (at, at))
            at = found.end()
            if self._content[at] != ".":
                return path, at
            at += 1

    def _pair(self, at: int, table: Pointer) -> int:
        """Read `key = value`, and return its end."""
        path, at = self._keys(at, table)
        at = self._after(_EQUALS, at)
        self.places[path] = self.places[path][0], at
        return self._value(at, path)

    def _value(self, at: int, path: Pointer) -> int:
        """Read a value, and return its end."""
        opening = self._content[at]
        if opening not in "[{":
            return self._after(_SCALAR, at)
        number = 0
        at = self._after(_BETWEEN, at + 1)
        while self._content[at] not in "]}":
            if opening == "{":
                at = self._pair(at, path)
            else:
                item = (*path, number)
                self.places[item] = at, at
                at = self._value(at, item)
                number += 1
            at = self._after(_BETWEEN, at)
        return at + 1
