"""A configuration file as it is read: TOML that knows where its values stand."""

from __future__ import annotations

import os
import re
import tomllib

from rosetta_spec.config.config_bytes import ConfigError, read_bytes, shown_path
from rosetta_spec.fast.closest import SHARED, may_have_table
from rosetta_spec.text import Location, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal

    from rosetta_spec.config.toml_places import TomlPlaces
    from rosetta_spec.errors import FileProblem
    from rosetta_spec.pointer import Pointer

#: Where our settings are in a file that is shared with other programs.
_TABLE = ("tool", "rosetta-spec")

#: How `tomllib` ends its messages.
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class ConfigFile:
    """A TOML file; `filename` is what people are shown, `settings` what it says to us."""

    def __init__(self, path: str, text: Text, data: dict[str, Any]) -> None:
        self.path = path
        self.filename = shown_path(path)
        self.folder = os.path.dirname(path)  # noqa: PTH120 - paths are plain strings here
        self._root: Pointer = _TABLE if os.path.basename(path) == SHARED else ()  # noqa: PTH119
        self._text = text
        self._places: TomlPlaces | None = None
        self.has_settings, self.settings = _below(data, self._root)

    def location(self, pointer: Pointer, part: Literal["value", "key", "start"]) -> Location:
        """Find the row and column of a value, or of its key, among the settings."""
        if self._places is None:
            # Most files are right, and nobody asks where in them something stands.
            from rosetta_spec.config.toml_places import TomlPlaces  # noqa: PLC0415

            self._places = TomlPlaces(self._text.content)
        locate = self._places.value if part == "value" else self._places.key
        return self._text.location(locate((*self._root, *pointer)))

    def error(self, faults: Iterable[FileProblem]) -> ConfigError:
        """Make an error of the first of some faults in the order of the text."""
        placed = [(self.location(fault.pointer, fault.part), fault) for fault in faults]
        location, fault = min(placed, key=lambda pair: pair[0])
        return ConfigError(self.filename, location, fault.cause, fault.remedy)


def _below(data: Any, root: Pointer) -> tuple[bool, Any]:  # noqa: ANN401 - whatever the file holds
    for key in root:
        if not isinstance(data, dict) or key not in data:
            return False, {}
        data = data[key]
    return True, data


def read_config(path: str, data: bytes) -> ConfigFile:
    """Read the content of a configuration file.

    Raises:
        ConfigError: it is no TOML in UTF-8.
    """
    try:
        # TOML has two line breaks, and `tomllib` counts its columns with one of them.
        text = Text(data.decode().replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        before = Text(data[: error.start].decode())
        location = before.location(len(before.content))
        raise ConfigError(
            shown_path(path), location, "this is not UTF-8", "save it as UTF-8"
        ) from None
    try:
        return ConfigFile(path, text, tomllib.loads(text.content))
    except RecursionError:
        cause, remedy = "lists or tables are nested too deeply", "write them flat"
        raise ConfigError(shown_path(path), Location(1, 1), cause, remedy) from None
    except ValueError as error:
        raise _syntax_error(path, text, str(error)) from None


def has_table(path: str) -> bool:
    """Whether the `pyproject.toml` at a path has a table of ours.

    Raises:
        ConfigError: it cannot be read.
    """
    data = read_bytes(path)
    return may_have_table(data) and read_config(path, data).has_settings


def _syntax_error(path: str, text: Text, message: str) -> ConfigError:
    """Tell what is no TOML in the words of `tomllib`, at its place."""
    place = _PLACE.search(message)
    location = text.location(len(text.content)) if place else Location(1, 1)
    if place and place[1]:
        location = Location(int(place[1]), int(place[2]))
    said = _PLACE.sub("", message)
    cause = f"this is no TOML: {said[:1].lower()}{said[1:]}"
    return ConfigError(shown_path(path), location, cause, "write it as TOML 1.0 has it")
