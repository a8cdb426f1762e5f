"""`check --watch`: check again after each change of a request, a configuration or a ruleset."""

import os
import sys
from stat import S_ISREG
from time import monotonic, sleep
from typing import NoReturn

import click

from rosetta_spec.cli.run import run_check
from rosetta_spec.cli.terminal import FilteredInput
from rosetta_spec.errors import WrongFileError
from rosetta_spec.reporters.outputs import OutputError
from rosetta_spec.reporters.style import safe
from rosetta_spec.runner.tasks import CheckOptions, configured_sources
from rosetta_spec.spec.ruleset import SelectionError

#: Seconds between two looks at the files, and how many times longer this is than a look takes.
_PAUSE = 0.3
_SHARE = 10


def watch_check(options: CheckOptions) -> NoReturn:
    """Check, and check again after each change, until Ctrl-C raises `KeyboardInterrupt`.

    Raises:
        OutputError, SelectionError: as `run_check`, at the first check.
    """
    errors: tuple[type[Exception], ...] = (WrongFileError,)
    before = None
    while True:
        start = monotonic()
        state = _state(options)
        pause = max(_PAUSE, _SHARE * (monotonic() - start))
        if state != before:
            before = state
            click.clear()
            try:
                run_check(options, FilteredInput())
            except errors as error:
                sys.stderr.write(f"error: {safe(str(error))}\n")
            sys.stderr.write("\nWaiting for changes; press Ctrl-C to stop.\n")
            sys.stderr.flush()
            # From now on, a change of a file can be the cause.
            errors = (WrongFileError, OutputError, SelectionError)
        sleep(pause)


def _state(options: CheckOptions) -> object:
    """Return what is equal as long as another check would report the same."""
    messages: list[str] = []
    try:
        found = configured_sources(options, messages.append, is_tolerant=True)
    except (WrongFileError, SelectionError) as error:
        return str(error)
    paths = {*(source.path for source in found.sources), *found.config_files, options.baseline}
    return messages, found.wrong, {path: _state_of_file(path) for path in paths if path}


def _state_of_file(path: str) -> object:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    # To write to a pipe changes its time, but what was read is not there for another check.
    times = S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns)
    return found.st_ino, found.st_mode, times
