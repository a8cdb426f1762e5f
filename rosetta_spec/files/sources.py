"""Which files a run reads."""

from __future__ import annotations

import os
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rosetta_spec.config.choice import FileChoice

STDIN = "-"


class Source(NamedTuple):
    """A file to read; `name` is what findings call it, `path` None for standard input.

    `settings` is the number of the settings that hold for it, of those of the run.
    """

    name: str
    path: str | None
    settings: int = 0


def sources_of(
    paths: Iterable[str], warn: Callable[[str], None], choice: FileChoice | None = None
) -> list[Source]:
    """Return the files that `paths` stand for, each once, sorted by name.

    A file is taken as it is named; a folder stands for the files below it that are wanted by
    `choice` and that git does not ignore, and for the folders below it that cannot be read. What
    is to be left out although it is named is. `warn` is told of a folder that has none. Where all
    paths are files and none is to be left out, no `choice` is needed.
    """
    by_file: dict[str, Source] = {}
    real = _Real().path
    found = (each for path in paths for each in _sources_at(path, warn, choice))
    for source, may_be_link in found:
        identity = STDIN if source.path is None else real(source.path, may_be_link=may_be_link)
        other = by_file.get(identity)
        if other is None or _order(source) < _order(other):
            by_file[identity] = source
    return sorted(by_file.values(), key=_order)


class _Real:
    """Finds out which file a path really means, asking only once for each folder."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def path(self, path: str, *, may_be_link: bool) -> str:
        if may_be_link and os.path.islink(path):  # noqa: PTH114 - pathlib loads slowly
            return os.path.realpath(path)
        end = path.rfind("/") + 1
        # Windows has two signs that end a folder, and drives.
        folder, name = os.path.split(path) if os.altsep else (path[:end], path[end:])
        if folder not in self._folders:
            self._folders[folder] = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118
        # What ends in no name of a file is left to the slower way.
        if not name.strip("."):
            return os.path.realpath(path)
        return self._folders[folder] + name


def _order(source: Source) -> tuple[str, str]:
    return source.name, str(source.path)


def _sources_at(
    path: str, warn: Callable[[str], None], choice: FileChoice | None
) -> Iterator[tuple[Source, bool]]:
    """Yield the files that a path stands for, each with whether it may be a link."""
    if path == STDIN:
        yield Source(STDIN, None), False
    elif choice is None:
        yield _source(path), True
    elif os.path.isdir(path):  # noqa: PTH112 - a path with a NUL is no folder here, and raises there
        # Who names files has no need of what looks through folders.
        from rosetta_spec.files.folders import files_below  # noqa: PLC0415

        for below in files_below(path, warn, choice):
            yield _source(below.path), below.may_be_link
    elif not choice.is_left_out(path):
        yield _source(path), True


def _source(path: str) -> Source:
    return Source(shown_name(path), path)


def shown_name(path: str) -> str:
    """Return what findings call a file: its path as it was given, with `/`, without `./`.

    What is no UTF-8 in it becomes U+FFFD.
    """
    name = path.replace(os.sep, "/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return name if name.isascii() else os.fsencode(name).decode(errors="replace")
