"""Where the configuration file of a folder is: the closest one, up to the root of its repository.

It is looked for in every run, so it asks the file system little, and remembers every answer.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Names of configuration files; of several in one folder the first one counts.
NAMES = (".rosetta-spec.toml", "rosetta-spec.toml", "pyproject.toml")

#: The one that is shared with other programs, and counts only with a table of ours.
SHARED = "pyproject.toml"

#: What our table is called there, and what can hide it: TOML has escapes in quoted keys.
_TABLE = b"rosetta-spec"
_ESCAPE = b"\\"


class ClosestConfigs:
    """Finds the configuration files of folders, and looks into each folder once."""

    def __init__(self) -> None:
        self._found: dict[str, str | None] = {}

    def of(self, folder: str) -> str | None:
        """Return the path of the configuration file for a real folder, None where there is none.

        Raises:
            WrongFileError: a `pyproject.toml` cannot be read.
        """
        passed = []
        found = None
        for each in _upwards(folder):
            if each in self._found:
                found = self._found[each]
                break
            passed.append(each)
            found = _config_in(each)
            if found:
                break
        self._found.update(dict.fromkeys(passed, found))
        return found


def is_config_above(paths: Iterable[str]) -> bool:
    """Whether a configuration file is above any of some files.

    Raises:
        WrongFileError: a `pyproject.toml` cannot be read.
    """
    closest = ClosestConfigs()
    folders = {os.path.dirname(path) for path in paths}  # noqa: PTH120 - pathlib loads slowly
    return any(closest.of(os.path.realpath(folder)) for folder in folders)


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, up to the root of its repository, or of everything."""
    yield folder
    above = os.path.dirname(folder)  # noqa: PTH120 - as above
    while above != folder and not os.path.exists(f"{folder}/.git"):  # noqa: PTH110
        yield above
        folder, above = above, os.path.dirname(above)  # noqa: PTH120


def _config_in(folder: str) -> str | None:
    for name in NAMES:
        path = os.path.join(folder, name)  # noqa: PTH118 - as above
        if os.path.isfile(path) and (name != SHARED or _has_table(path)):  # noqa: PTH113
            return path
    return None


def _has_table(path: str) -> bool:
    """Whether a `pyproject.toml` has a table of ours; most are passed over as bytes."""
    # Most folders have no file of this name.
    from rosetta_spec.config.config_bytes import read_bytes  # noqa: PLC0415

    data = read_bytes(path)
    if _TABLE not in data and _ESCAPE not in data:
        return False
    # What reads TOML loads slowly.
    from rosetta_spec.config.config_file import read_config  # noqa: PLC0415

    return read_config(path, data).has_settings
