"""Find the files of a run: those that are named, and those in folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from stat import S_ISREG
from typing import NamedTuple, Protocol

from rosetta_spec.fast.config import repository_of

STDIN = "-"


class Source(NamedTuple):
    """A file to read; `name` is how it is shown, `path` None for standard input.

    `settings` is an index into the settings of the run.
    """

    name: str
    path: str | None
    settings: int = 0


class Selection(Protocol):
    """Selects files by their names; the methods are those of `FileSelection`."""

    def may_differ(self, folder: str, names: Iterable[str]) -> bool: ...  # noqa: D102
    def is_wanted(self, path: str, *, may_differ: bool = True) -> bool: ...  # noqa: D102
    def is_excluded(self, path: str) -> bool: ...  # noqa: D102
    def is_left_out(self, path: str) -> bool: ...  # noqa: D102
    def wanted_names(self, folder: str) -> str: ...  # noqa: D102


def find_sources(
    paths: Iterable[str], warn: Callable[[str], None], selection: Selection
) -> list[Source]:
    """Return the files that `paths` select, each once, sorted by name.

    A folder selects the matching files below it that git does not ignore, and the folders
    below it that cannot be read. `warn` is called for a folder without any, and with git's own
    warnings.
    """
    by_file: dict[str, Source] = {}
    real_folder = cache(os.path.realpath)
    for path in paths:
        for found in _files_at(path, warn, selection):
            source = Source(STDIN, None) if found == STDIN else Source(shown_name(found), found)
            file = _real_path(found, real_folder)
            by_file[file] = min(by_file.get(file, source), source, key=_order)
    return sorted(by_file.values(), key=_order)


def _real_path(path: str, real_folder: Callable[[str], str]) -> str:
    folder, name = os.path.split(path)
    if path == STDIN or not name.strip(".") or os.path.islink(path):
        return path if path == STDIN else os.path.realpath(path)
    return os.path.join(real_folder(folder), name)


def _order(source: Source) -> tuple[str, str]:
    return source.name, str(source.path)


def _files_at(path: str, warn: Callable[[str], None], selection: Selection) -> Iterable[str]:
    if path == STDIN:
        return [path]
    if os.path.isdir(path):
        found = list(_files_below(_normal(path), warn, selection))
        if not found:
            names = selection.wanted_names(_normal(path))
            warn(
                f"no sampling request in {_normal(path)}: {names}, and what git ignores is skipped"
            )
        return found
    return [] if selection.is_left_out(path) else [path]


def _normal(path: str) -> str:
    """Return a path without parts that mean nothing; the current folder is "."."""
    start = "/" if path.startswith("/") else ""
    parts = path.replace(os.sep, "/").split("/")
    return start + "/".join(part for part in parts if part not in ("", ".")) or "."


def _files_below(folder: str, warn: Callable[[str], None], selection: Selection) -> Iterator[str]:
    # Where the folder really is: a link may lead into a repository, or out of one.
    is_in_repository = repository_of(os.path.realpath(folder)) is not None
    listed = None
    if is_in_repository:
        from rosetta_spec.files.git_listing import listed_by_git  # noqa: PLC0415 - files are named

        listed = listed_by_git(folder, warn)
    # A submodule that was never fetched has no repository: git lists its folder only.
    if listed is None or listed == ["."]:
        yield from _walked(folder, warn, selection)
        return
    may_differ = selection.may_differ(folder, listed)
    for name in listed:
        path = _inside(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            # Of a repository inside this one git lists the folder only.
            yield from _files_below(path, warn, selection)
        elif selection.is_wanted(path, may_differ=may_differ) and _may_be_file(path):
            yield path


def _inside(folder: str, name: str) -> str:
    return name if folder == "." else os.path.join(folder, name)


def _walked(folder: str, warn: Callable[[str], None], selection: Selection) -> Iterator[str]:
    """Yield the files below a folder without git; of a folder that cannot be read, the folder."""
    waiting = [folder]
    while waiting:
        above = waiting.pop()
        try:
            with os.scandir(above) as entries:
                found = list(entries)
        except OSError:
            if not selection.is_excluded(above):
                yield above
            continue
        if above != folder and any(entry.name == ".git" for entry in found):
            yield from _files_below(above, warn, selection)
            continue
        for entry in found:
            path = _inside(above, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting += [path] if entry.name != ".git" else []
            elif selection.is_wanted(path) and _may_be_file(path):
                yield path


def _may_be_file(path: str) -> bool:
    """Whether a path is a file, or is to be reported as one that cannot be read.

    A file that was deleted since git saw it is not one, nor is a pipe, whose reader would wait. A
    link to nowhere is one, except those with which an editor marks a file that it has open.
    """
    try:
        return S_ISREG(os.stat(path).st_mode)
    except PermissionError:
        return True
    except OSError:
        return os.path.islink(path) and not os.path.basename(path).startswith(".#")


def shown_name(path: str) -> str:
    """Return how a file is shown: its path as it was given, with `/`, without a leading `./`.

    What is not UTF-8 in it becomes U+FFFD.
    """
    name = path.replace(os.sep, "/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return name if name.isascii() else os.fsencode(name).decode(errors="replace")
