"""`check --watch`: check again after each change of a request, a configuration or a ruleset."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NoReturn

import click
from watchfiles import Change, DefaultFilter, watch

from rosetta_spec.cli.run import run_check
from rosetta_spec.cli.terminal import CommandError
from rosetta_spec.errors import WrongFileError
from rosetta_spec.files.names import real_path, root_above
from rosetta_spec.reporters.style import safe
from rosetta_spec.runner.tasks import CheckOptions, configured_sources

#: Milliseconds until the first check begins. Changes during a check are noticed after it.
_START = 100

#: The endings of what is checked, and of what a check depends on.
_ENDINGS = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".toml", ".gz", ".zst", ".gitignore")


def watch_check(options: CheckOptions) -> NoReturn:
    """Check, and check again after each change, until Ctrl-C raises `KeyboardInterrupt`.

    Raises:
        CommandError: the system cannot watch the files.
        OutputError, SelectionError: as `run_check`.
    """
    is_relevant = _filter_of(options)
    folders: set[str] = set()
    while True:
        # The configuration may name rulesets in other folders.
        folders |= _folders_of(options)
        is_first = True
        for changes in _changes(folders, is_relevant):
            if changes or is_first:
                is_first = False
                click.clear()
                _check(options)
                if not _folders_of(options) <= folders:
                    break


def _check(options: CheckOptions) -> None:
    try:
        run_check(options)
    except WrongFileError as error:
        sys.stderr.write(f"error: {safe(str(error))}\n")
    sys.stderr.write("\nWaiting for changes; press Ctrl-C to stop.\n")
    sys.stderr.flush()


def _filter_of(options: CheckOptions) -> Callable[[Change, str], bool]:
    outputs = {real_path(output.path) for output in options.outputs}
    named = {real_path(path) for path in (*options.paths, options.baseline) if path}
    is_of_interest = DefaultFilter()

    def is_relevant(change: Change, path: str) -> bool:
        is_read = path.lower().endswith(_ENDINGS) or path in named
        # Files in a new folder may be older than the watch on it.
        is_folder = change is Change.added and os.path.isdir(path)
        return (is_read or is_folder) and path not in outputs and is_of_interest(change, path)

    return is_relevant


def _folders_of(options: CheckOptions) -> set[str]:
    """Return the real folders in which a change may matter.

    A configuration file may be in any folder up to the root of the git repository.
    """
    files = [path for path in (options.overrides.config, options.baseline) if path]
    with suppress(WrongFileError):
        files += configured_sources(options, lambda _: None, is_tolerant=True).config_files
    paths = [*map(real_path, options.paths or (os.curdir,)), *map(real_path, files)]
    folders = {_folder_of(path) for path in paths}
    return folders | {root_above(folder) for folder in folders}


def _folder_of(path: str) -> str:
    """Return the nearest folder of a path that exists."""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _changes(
    folders: set[str], is_relevant: Callable[[Change, str], bool]
) -> Iterator[set[tuple[Change, str]]]:
    """Yield each set of changes, and empty sets while there are none."""
    try:
        yield from watch(
            *folders, watch_filter=is_relevant, yield_on_timeout=True, rust_timeout=_START
        )
    except OSError as error:
        message = f"the files cannot be watched: {error}"
        raise CommandError(message) from error
