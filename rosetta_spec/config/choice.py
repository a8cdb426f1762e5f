"""Which files are read, of those that are found in a folder and of those that are named."""

from __future__ import annotations

import os

from rosetta_spec.fast.closest import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.config.lookup import ConfigLookup

#: Endings of the files that are read in a folder, unless a configuration file says otherwise.
INCLUDE = (
    "*.sampling.json",
    "*.sampling.yaml",
    "*.sampling.yml",
    "*.sampling.jsonl",
    "*.sampling.ndjson",
)

ENDINGS = tuple(pattern.removeprefix("*") for pattern in INCLUDE)


def is_included(path: str) -> bool:
    """Whether a file found in a folder is a sampling request, by its name."""
    return path.lower().endswith(ENDINGS)


class FileChoice:
    """Chooses files by their names, each by the config that holds for it."""

    def __init__(self, lookup: ConfigLookup, *, force_exclude: bool) -> None:
        self._lookup = lookup
        self._force_exclude = force_exclude

    def may_differ(self, folder: str, names: Iterable[str]) -> bool:
        """Whether a config may want files in a folder that are usually not read.

        `names` are all files below it, but for those that git ignores; what stands in a config
        that is ignored widens no folder above it.
        """
        configs = (name for name in names if name.rpartition("/")[2] in NAMES)
        return any(
            self._lookup.config_of(os.path.join(folder, name))  # noqa: PTH118 - slow pathlib
            for name in ("", *configs)
        )

    def is_wanted(self, path: str, *, may_differ: bool = True) -> bool:
        """Whether a file that was found in a folder is to be read."""
        # To look for a config in every folder of a large repository takes time.
        if not may_differ and not is_included(path):
            return False
        config = self._lookup.config_of(path)
        if config is None:
            return is_included(path)
        if config.include:
            is_wanted = config.include.patterns.has_match(self._lookup.real_path(path))
        else:
            is_wanted = is_included(path)
        return is_wanted and not self.is_excluded(path)

    def is_excluded(self, path: str) -> bool:
        """Whether a file or folder is to be left out where it is found."""
        config = self._lookup.config_of(path)
        exclude = config and config.exclude
        return bool(exclude and exclude.patterns.has_match(self._lookup.real_path(path)))

    def is_left_out(self, path: str) -> bool:
        """Whether a file is to be left out although it is named."""
        return self._force_exclude and self.is_excluded(path)

    def wanted_names(self, folder: str) -> str:
        """Say which files are read in a folder."""
        config = self._lookup.config_of(os.path.join(folder, ""))  # noqa: PTH118 - slow pathlib
        setting = config and (config.include or config.exclude)
        if setting:
            return f"{setting.origin} says which are read"
        return f"their names end in {', '.join(ENDINGS)}"
