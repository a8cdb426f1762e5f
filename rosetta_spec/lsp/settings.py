"""What holds for the files of open texts, read again when a file that says so has changed."""

from __future__ import annotations

import os

from rosetta_spec.config.configuration import Configuration
from rosetta_spec.fast.closest import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from rosetta_spec.config.settings import Overrides

    #: When files were changed, how large they are, and which they are; None: there is none.
    Stamp: TypeAlias = dict[str, tuple[int, int, int] | None]

#: Its folder is the topmost that is looked into.
_REPOSITORY = ".git"
_THERE = (0, 0, 0)


class FreshConfiguration:
    """Gives the configuration as the files have it now; `edition` changes when it does."""

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._stamp: Stamp = {}
        self._configuration = Configuration(overrides)
        self.edition = 0

    def of(self, path: str) -> Configuration:
        """Return the configuration that knows what holds for a file.

        Raises:
            WrongFileError: a configuration file or a ruleset cannot be used.
        """
        if any(_stamp_of(name) != stamp for name, stamp in self._stamp.items()):
            self.forget()
        # Before it is read: what changes meanwhile is seen the next time.
        stamps = {name: _stamp_of(name) for name in self._possible(path) if name not in self._stamp}
        try:
            config = self._configuration.lookup.config_of(path)
        except Exception:
            # What is wrong is looked at again until it is right.
            self.forget()
            raise
        self._stamp |= stamps
        if config:
            named = (*config.filenames, *(config.rulesets.paths if config.rulesets else ()))
            self._stamp |= {name: _stamp_of(name) for name in named if name not in self._stamp}
        return self._configuration

    def forget(self) -> None:
        """Read everything again the next time."""
        self._stamp = {}
        self._configuration = Configuration(self._overrides)
        self.edition += 1

    def _possible(self, path: str) -> Iterator[str]:
        """Yield what may be, or decide, the configuration file of a file."""
        folder = os.path.realpath(os.path.dirname(path))  # noqa: PTH120 - paths are strings here
        above = ""
        while folder != above:
            yield from (os.path.join(folder, name) for name in (*NAMES, _REPOSITORY))  # noqa: PTH118
            above, folder = folder, os.path.dirname(folder)  # noqa: PTH120


def _stamp_of(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return None
    if path.endswith(_REPOSITORY):
        # What is inside changes all the time.
        return _THERE
    return status.st_mtime_ns, status.st_size, status.st_ino
