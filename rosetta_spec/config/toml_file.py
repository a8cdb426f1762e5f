"""Read a configuration file: TOML, with the places of keys and values for messages."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal

from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.document.values import as_string, shown
from rosetta_spec.errors import FileProblem, WrongFileError
from rosetta_spec.fast.config import SHARED
from rosetta_spec.files.discovery import shown_name
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Location, Span, Text

#: Where our settings are in a file that is shared with other programs.
_TABLE = ("tool", "rosetta-spec")

#: A larger file is rejected, and so is a key of more parts, which takes `tomllib` quadratic time.
_MAX_BYTES = 256 * 1024
_MAX_PARTS = 100
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:(?>[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')[ \t]*\.[ \t]*){100}"""
)

#: How `tomllib` ends its messages.
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class ConfigError(WrongFileError):
    """A configuration file that cannot be used."""


class TomlFile:
    """A configuration file; `filename` is how it is shown, `settings` what it sets for us."""

    def __init__(self, path: str, content: bytes, text: Text, data: dict[str, Any]) -> None:
        self.path = path
        self.content = content
        self.filename = shown_path(path)
        self.folder = os.path.dirname(path)
        self._root: Pointer = _TABLE if os.path.basename(path) == SHARED else ()
        self._text = text
        self.has_settings, self.settings = _below(data, self._root)

    @cached_property
    def _places(self) -> TomlPlaces:
        return TomlPlaces(self._text.content)

    def location(self, pointer: Pointer, part: Literal["value", "key", "start"]) -> Location:
        """Find the row and column of a value, or of its key, among the settings."""
        locate = self._places.value if part == "value" else self._places.key
        return self._text.location(locate((*self._root, *pointer)))

    def error(self, problems: Iterable[FileProblem]) -> ConfigError:
        """Make an error of the problem that is first in the text."""
        placed = [(self.location(each.pointer, each.part), each) for each in problems]
        location, problem = min(placed, key=lambda pair: pair[0])
        return ConfigError(self.filename, location, problem.cause, problem.remedy)


def _below(data: Any, root: Pointer) -> tuple[bool, Any]:  # noqa: ANN401 - any TOML
    for key in root:
        if not isinstance(data, dict) or key not in data:
            return False, {}
        data = data[key]
    return True, data


def read_toml(path: str) -> TomlFile:
    """Read a configuration file.

    Raises:
        ConfigError: it cannot be read, or is not TOML in UTF-8.
    """
    return parse_toml(path, read_content(path))


def shown_path(path: str) -> str:
    """Return a path as it is shown: relative to the current folder."""
    try:
        return shown_name(os.path.relpath(path))
    except ValueError:  # on another drive of Windows
        return shown_name(path)


def real_place(path: str) -> str:
    """Return a path without links, except in its last part: a link is where it is."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def read_content(path: str) -> bytes:
    """Read the bytes of a configuration file.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        with open(path, "rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a path with a NUL in it is a ValueError
        cause, remedy = why_unreadable(error, "configuration file")
        raise ConfigError(shown_path(path), Location(1, 1), cause, remedy) from error
    if len(content) > _MAX_BYTES:
        cause = f"this configuration file is larger than {_MAX_BYTES // 1024} KiB"
        remedy = "check the path, or put shared settings into a file that others extend"
        raise ConfigError(shown_path(path), Location(1, 1), cause, remedy)
    return content


def parse_toml(path: str, content: bytes) -> TomlFile:
    """Parse the content of the configuration file at a path.

    Raises:
        ConfigError: it is not TOML in UTF-8.
    """
    try:
        # TOML has two line breaks, and `tomllib` counts its columns with one of them.
        text = Text(content.decode().replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        before = Text(content[: error.start].decode())
        location = before.location(len(before.content))
        cause, remedy = "this is not UTF-8", "save it as UTF-8"
        raise ConfigError(shown_path(path), location, cause, remedy) from None
    if found := _LONG_KEY.search(text.content):
        cause, remedy = f"this key has more than {_MAX_PARTS} parts", "write a shorter key"
        raise ConfigError(shown_path(path), text.location(found.start()), cause, remedy)
    try:
        return TomlFile(path, content, text, tomllib.loads(text.content))
    except RecursionError:
        cause, remedy = "lists or tables are nested too deeply", "write them flat"
        raise ConfigError(shown_path(path), Location(1, 1), cause, remedy) from None
    except ValueError as error:
        raise _syntax_error(path, text, str(error)) from None


def _syntax_error(path: str, text: Text, message: str) -> ConfigError:
    """Report a syntax error in the words of `tomllib`, at its place."""
    place = _PLACE.search(message)
    location = text.location(len(text.content)) if place else Location(1, 1)
    if place and place[1]:
        location = Location(int(place[1]), int(place[2]))
    reason = _PLACE.sub("", message)
    is_of_value = reason.startswith(("Invalid value", "Expected newline"))
    bare = _bare_string(text, text.offset(location)) if is_of_value else None
    if bare:
        value = text.slice(bare)
        cause, remedy = f"{shown(value)} is not in quotes", f"write {as_string(value)}"
        return ConfigError(shown_path(path), text.location(bare.start), cause, remedy)
    cause = f"this is no TOML: {reason[:1].lower()}{reason[1:]}"
    return ConfigError(shown_path(path), location, cause, "write it as TOML 1.0 has it")


#: What is before a value without quotes in its row; `tomllib` may have read `inf` of `info`.
_find_value = re.compile(r"(?:^|[=\[,])[ \t]*+([A-Za-z]*+)\Z").search
#: A value without quotes, as patterns and names are, and the blanks after it.
_match_bare = re.compile(r"""[^\s"'\[\]{},#=][^"'\[\]{},#=\r\n]*+(?=[\],}#\r\n]|\Z)""").match


def _bare_string(text: Text, at: int) -> Span | None:
    """Locate the value that TOML does not take, if it is text without quotes."""
    content = text.content
    before = _find_value(content[content.rfind("\n", 0, at) + 1 : at])
    found = _match_bare(content, at - len(before[1])) if before else None
    return Span(found.start(), found.start() + len(found[0].rstrip())) if found else None


#: Blanks, line breaks, comments, and the commas between items.
_BETWEEN = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_KEY = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|[A-Za-z0-9_-]+')

#: A scalar. Up to two quotes before the end of a long string may be part of it.
_SCALAR = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""(?:"{0,2})|\'\'\'[\s\S]*?\'\'\'(?:\'{0,2})'
    r'|"(?:\\.|[^"\\])*"|\'[^\']*\'|[^,\]}#\n]*'
)


class TomlPlaces:
    """Finds keys and values in a TOML text by pointer, which `tomllib` does not report.

    Offsets count code points. What is not in the text, such as a missing value, is found at what is
    above it: the header of its table, or the start of the text.
    """

    def __init__(self, content: str) -> None:
        self._content = content
        self._keys: dict[Pointer, int] = {}
        self._values: dict[Pointer, int] = {}
        #: How many headers each list of tables has had.
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
        """Extend a pointer by a key; in a list of tables, that of the last one."""
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
    """Return a key without its quotes and escapes."""
    if key[:1] not in ('"', "'"):
        return key
    (name,) = tomllib.loads(f"{key} = 0")
    return name
