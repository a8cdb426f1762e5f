"""Find the configuration file of a folder: the closest one, up to the root of its repository."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Names of configuration files; of several in one folder the first one counts.
NAMES = (".rosetta-spec.toml", "rosetta-spec.toml", "pyproject.toml")

#: The one that is shared with other programs, and counts only with our table.
SHARED = "pyproject.toml"

#: What our table is called there, and what can hide it: TOML has escapes in quoted keys.
_TABLE = b"rosetta-spec"
_ESCAPE = b"\\"


def may_have_table(data: bytes) -> bool:
    """Whether a `pyproject.toml` may have our table; most are passed over as bytes."""
    return _TABLE in data or _ESCAPE in data


class ClosestConfigs:
    """Finds the configuration files of folders, and looks into each folder once."""

    def __init__(self, has_table: Callable[[str], bool]) -> None:
        """`has_table` says whether the `pyproject.toml` at a path has our table."""
        self._has_table = has_table
        self._found: dict[str, str | None] = {}

    def of(self, folder: str) -> str | None:
        """Return the path of the configuration file for a real folder, None if there is none."""
        passed = []
        found = None
        for each in _upwards(folder):
            if each in self._found:
                found = self._found[each]
                break
            passed.append(each)
            found = self._config_in(each)
            if found:
                break
        self._found.update(dict.fromkeys(passed, found))
        return found

    def _config_in(self, folder: str) -> str | None:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (name != SHARED or self._has_table(path)):
                return path
        return None


def repository_of(folder: str) -> str | None:
    """Return the root of the git repository that a real folder is in, None if there is none."""
    *_, last = _upwards(folder)
    return last if _is_root(last) else None


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, up to the root of its repository, or of everything."""
    yield folder
    above = os.path.dirname(folder)
    while above != folder and not _is_root(folder):
        yield above
        folder, above = above, os.path.dirname(above)


def _is_root(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))
