"""The files of a call, each with the settings that hold for it."""

from __future__ import annotations

from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.settings import Settings
from rosetta_spec.files.sources import STDIN, sources_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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
    configuration = Configuration(call.overrides)
    found = sources_of(paths, warn, configuration.choice)
    sources = configuration.settle(found, call.stdin_filename or STDIN)
    return sources, configuration.settings
