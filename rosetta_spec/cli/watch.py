"""`check --watch`: check again after each change of a request, a configuration or a ruleset."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatch
from itertools import starmap
from typing import NoReturn

import click
from watchfiles import Change, DefaultFilter, watch

from rosetta_spec.cli.run import run_check
from rosetta_spec.cli.terminal import CommandError, FilteredInput
from rosetta_spec.config.settings import Configuration
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.formats import GLOB
from rosetta_spec.files.content import file_identity
from rosetta_spec.files.names import real_path, root_above
from rosetta_spec.reporters.outputs import OutputError
from rosetta_spec.reporters.style import safe
from rosetta_spec.runner.tasks import CheckOptions, configured_sources
from rosetta_spec.spec.ruleset import SelectionError

#: Milliseconds until the first check begins. Changes during a check are noticed after it.
_START = 100

#: The usual endings of what is checked, and of what a check depends on.
_ENDINGS = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".toml", ".gz", ".zst", ".gitignore")


def watch_check(options: CheckOptions) -> NoReturn:
    """Check, and check again after each change, until Ctrl-C raises `KeyboardInterrupt`.

    Raises:
        CommandError: the system cannot watch the files.
        OutputError, SelectionError: as `run_check`, at the first check.
    """
    watched = _Watched(options)
    errors: tuple[type[Exception], ...] = (WrongFileError,)
    while True:
        folders = _identities(watched.folders)
        is_first = True
        for changes in _changes(folders):
            if is_first or any(starmap(watched.is_relevant, changes)):
                is_first = False
                click.clear()
                _check(options, errors)
                # From now on, a change of a file can be the cause.
                errors = (WrongFileError, OutputError, SelectionError)
                watched.look()
                # The configuration may name rulesets in other folders.
                if watched.folders != set(folders):
                    break


def _check(options: CheckOptions, errors: tuple[type[Exception], ...]) -> None:
    try:
        run_check(options, FilteredInput())
    except errors as error:
        sys.stderr.write(f"error: {safe(str(error))}\n")
    sys.stderr.write("\nWaiting for changes; press Ctrl-C to stop.\n")
    sys.stderr.flush()


class _Watched:
    """The files that the checks so far depend on, and the folders in which changes may matter.

    All are real paths.
    """

    def __init__(self, options: CheckOptions) -> None:
        self._options = options
        self._outputs = {real_path(output.path) for output in options.outputs}
        globs = [path for path in options.paths if not GLOB.isdisjoint(path)]
        #: The last parts of globs.
        self._names = {os.path.basename(path) for path in globs}
        self._is_of_interest = DefaultFilter()
        self._files: set[str] = set()
        #: The folders that they are in.
        self._above: set[str] = set()
        #: What the call and configuration files name.
        self._named: set[str] = set()
        self.look()

    def look(self) -> None:
        """Add what the next check depends on, and find the folders."""
        options = self._options
        self._configuration = Configuration(options.overrides, is_tolerant=True)
        paths = {*(options.paths or (os.curdir,)), options.overrides.config, options.baseline}
        files = [path for path in paths if path]
        # The check reports what is wrong.
        with suppress(WrongFileError, SelectionError):
            found = configured_sources(options, lambda _: None, is_tolerant=True)
            files += found.config_files
            self._files.update(real_path(each.path) for each in found.sources if each.path)
        self._named.update(map(real_path, files))
        self._files.update(path for path in self._named if not os.path.isdir(path))
        for path in self._files:
            while (path := os.path.dirname(path)) not in self._above:
                self._above.add(path)
        folders = {_folder_of(path) for path in self._named}
        # A configuration file may be in any folder up to the root of the git repository.
        self.folders = folders | {root_above(folder) for folder in folders}

    def is_relevant(self, change: Change, path: str) -> bool:
        """Whether a change is a reason for the next check."""
        if path in self._outputs:
            return False
        # Rulesets may be in folders that are otherwise of no interest, such as `.venv`.
        if path in self._files:
            return True
        if not self._is_of_interest(change, path):
            return False
        # Files in a new folder may be older than the watch on it, and if a folder is moved away,
        # no change names those in it.
        is_new = change is Change.added and os.path.isdir(path)
        is_gone = change is Change.deleted and path in self._above
        is_usual = path.lower().endswith(_ENDINGS)
        return is_new or is_gone or is_usual or self._is_wanted(path)

    def _is_wanted(self, path: str) -> bool:
        if any(fnmatch(os.path.basename(path), name) for name in self._names):
            return True
        with suppress(WrongFileError):
            return self._configuration.is_wanted(path)
        return False


def _folder_of(path: str) -> str:
    """Return the nearest folder of a path that exists."""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _identities(folders: Iterable[str]) -> dict[str, object]:
    """Return what distinguishes each folder that exists from others at the same path."""
    return {folder: file_identity(folder) for folder in folders if os.path.isdir(folder)}


def _changes(folders: Mapping[str, object]) -> Iterator[set[tuple[Change, str]]]:
    """Yield each set of changes, and empty sets while there are none.

    It ends when watchfiles has to start again: after a change of a file whose name is not UTF-8,
    and if a folder was deleted or moved, because its watch does not pass to the next one.
    """
    try:
        # A filter here would also keep back the empty sets, as long as other files change.
        for changes in watch(
            *folders, watch_filter=None, yield_on_timeout=True, rust_timeout=_START
        ):
            # A new folder may get the inode of a deleted one, and no change says that one above
            # was moved.
            is_deleted = any((Change.deleted, folder) in changes for folder in folders)
            if is_deleted or _identities(folders) != folders:
                return
            yield changes
    except (OSError, RuntimeError, UnicodeError) as error:
        if "decode path" in str(error) or _identities(folders) != folders:
            return
        message = f"the files cannot be watched: {error}"
        raise CommandError(message) from error
