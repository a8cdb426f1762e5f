"""Find the configuration file of each file, and decide by it which files are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import NamedTuple

from rosetta_spec.config.config import Config
from rosetta_spec.config.toml_file import parse_toml, read_content
from rosetta_spec.fast.config import NAMES, ClosestConfigs, may_have_table
from rosetta_spec.fast.formats import REQUEST_ENDINGS
from rosetta_spec.files.discovery import real_file


class Overrides(NamedTuple):
    """What a call sets, regardless of the configuration files.

    `config` is the path of one configuration file for all files, instead of the closest ones; with
    `is_isolated` there is none. `select` and `ignore` are codes and names of rules. With
    `force_exclude`, files that are named are excluded too.
    """

    config: str | None = None
    is_isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    force_exclude: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All rules that are named."""
        return (*self.select, *self.ignore)


class ConfigLookup:
    """Looks up the config of files; `configs` are those that were loaded so far, by path."""

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._closest = ClosestConfigs(self._has_table)
        #: By the part of a path up to the last slash.
        self._known: dict[str, Config | None] = {}
        self._real_folder = cache(os.path.realpath)
        self.configs: dict[str, Config] = {}
        #: The content of each `pyproject.toml` that was parsed and does not contain our table.
        self.others: dict[str, bytes] = {}

    def config_of(self, path: str) -> Config | None:
        """Return the config of a file, None if there is none.

        Raises:
            WrongFileError: it, or a ruleset that it names, cannot be used.
        """
        folder = path[: path.rfind("/") + 1] if os.sep == "/" else path
        if folder not in self._known:
            self._known[folder] = self._found(path)
        return self._known[folder]

    def _found(self, path: str) -> Config | None:
        if self._overrides.is_isolated:
            return None
        found = self._overrides.config or self._closest.of(self._real_folder(os.path.dirname(path)))
        if found and found not in self.configs:
            self.configs[found] = self._load(found)
        return self.configs[found] if found else None

    @cached_property
    def _load(self) -> Callable[[str], Config]:
        from rosetta_spec.config.loading import ConfigLoader  # noqa: PLC0415 - mostly not needed

        return ConfigLoader().load

    def _has_table(self, path: str) -> bool:
        """Whether a `pyproject.toml` has our table; most can be passed over as bytes."""
        content = read_content(path)
        if not may_have_table(content):
            return False
        if parse_toml(path, content).has_settings:
            return True
        self.others[path] = content
        return False

    def real_path(self, path: str) -> str:
        """Return a path without links, except in its last part: see `real_file`."""
        return os.path.join(self._real_folder(os.path.dirname(path)), os.path.basename(path))


def is_request_name(path: str) -> bool:
    """Whether a file found in a folder is a sampling request, by its name."""
    return path.lower().endswith(REQUEST_ENDINGS)


class FileSelection:
    """Selects files by their names, each by its config."""

    def __init__(self, lookup: ConfigLookup, *, force_exclude: bool) -> None:
        self._lookup = lookup
        self._force_exclude = force_exclude

    def may_differ(self, folder: str, names: Iterable[str]) -> bool:
        """Whether a config may include files in a folder that are usually not read.

        `names` are all files below it that git does not ignore.
        """
        configs = (name for name in names if name.rpartition("/")[2] in NAMES)
        return any(self._lookup.config_of(os.path.join(folder, name)) for name in ("", *configs))

    def is_wanted(self, path: str, *, may_differ: bool = True) -> bool:
        """Whether a file that was found in a folder is read."""
        # To look for a config in every folder of a large repository takes time.
        if not may_differ and not is_request_name(path):
            return False
        config = self._lookup.config_of(path)
        if config and config.include:
            is_wanted = config.include.value.has_match(self._lookup.real_path(path))
        else:
            is_wanted = is_request_name(path)
        return is_wanted and not self.is_excluded(path)

    def is_excluded(self, path: str) -> bool:
        """Whether a file or folder is left out when it is found in a folder."""
        config = self._lookup.config_of(path)
        exclude = config and config.exclude
        return bool(exclude and exclude.value.has_match(self._lookup.real_path(path)))

    def is_left_out(self, path: str) -> bool:
        """Whether a file is left out although it is named."""
        return self._force_exclude and self.is_excluded(real_file(path))

    def wanted_names(self, folder: str) -> str:
        """Describe which files are read in a folder."""
        config = self._lookup.config_of(os.path.join(folder, ""))
        setting = config and (config.include or config.exclude)
        if setting:
            return f"{setting.origin} says which are read"
        return f"their names end in {', '.join(REQUEST_ENDINGS)}"
