"""The files of a call, each with the settings that hold for it."""

from __future__ import annotations

import os

from rosetta_spec.config.settings import Overrides, Settings
from rosetta_spec.fast.closest import is_config_above
from rosetta_spec.files.sources import STDIN, sources_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rosetta_spec.files.sources import Source
    from rosetta_spec.runner.call import Call


def settled_sources(
    call: Call, warn: Callable[[str], None]
) -> tuple[list[Source], tuple[Settings, ...]]:
    """Return the files of a call, and all settings of the run, which the files have numbers of.

    Raises:
        SelectionError: the call names a rule that there is not.
        WrongFileError: a configuration file, or a ruleset that it names, cannot be used.
    """
    paths = call.paths or (".",)
    if call.overrides == _NO_OVERRIDES and _are_without_settings(paths):
        return sources_of(paths, warn), (Settings(),)
    # Most runs are without.
    from rosetta_spec.config.configuration import Configuration  # noqa: PLC0415

    configuration = Configuration(call.overrides)
    found = sources_of(paths, warn, configuration.choice)
    sources = configuration.settle(found, call.stdin_filename or STDIN)
    return sources, configuration.settings


_NO_OVERRIDES = Overrides()


def _are_without_settings(paths: Iterable[str]) -> bool:
    """Whether all paths are files that no configuration file is above."""
    for path in paths:
        if path == STDIN or "\0" in path or os.path.isdir(path):  # noqa: PTH112 - slow pathlib
            return False
    return not is_config_above(paths)
