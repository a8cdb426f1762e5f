"""Which config holds for a file: each configuration file is found and loaded once."""

from __future__ import annotations

import os

from rosetta_spec.config.config_file import has_table
from rosetta_spec.fast.closest import ClosestConfigs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.config.config import Config
    from rosetta_spec.config.loading import ConfigLoader
    from rosetta_spec.config.settings import Overrides


class ConfigLookup:
    """Looks up the config of files; `configs` are those that were found so far, by path."""

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._closest = ClosestConfigs(has_table)
        self._real_folders: dict[str, str] = {}
        #: What holds for files whose paths are the same up to the last slash.
        self._known: dict[str, Config | None] = {}
        self._loader: ConfigLoader | None = None
        self.configs: dict[str, Config] = {}

    def config_of(self, path: str) -> Config | None:
        """Return what the configuration file for a file says, None where there is none.

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
        found = self._overrides.config or self._closest.of(self._real_folder(path))
        return self._loaded(found) if found else None

    def real_path(self, path: str) -> str:
        """Return a path without links but for the last part: a link is where it stands."""
        return os.path.join(self._real_folder(path), os.path.basename(path))  # noqa: PTH118, PTH119

    def _real_folder(self, path: str) -> str:
        """Find out where the folder of a path really is, asking only once for each folder."""
        known = self._real_folders
        folder = os.path.dirname(path)  # noqa: PTH120 - pathlib loads slowly
        below = []
        while folder not in known:
            above, name = os.path.split(folder)
            # Two dots go up from where a link leads, or from what is not there.
            is_odd = not name.strip(".") or ".." in folder
            if is_odd or os.path.islink(folder):  # noqa: PTH114 - as above
                known[folder] = os.path.realpath(folder)
            else:
                below.append(name)
                folder = above
        real = known[folder]
        for name in reversed(below):
            folder = os.path.join(folder, name)  # noqa: PTH118 - as above
            real = known[folder] = os.path.join(real, name)  # noqa: PTH118
        return real

    def _loaded(self, path: str) -> Config:
        if path not in self.configs:
            if self._loader is None:
                # Most runs have no configuration file.
                from rosetta_spec.config.loading import ConfigLoader  # noqa: PLC0415

                self._loader = ConfigLoader()
            self.configs[path] = self._loader.load(path)
        return self.configs[path]
