"""Which files in a folder are read: those that are wanted, and that git does not ignore."""

from __future__ import annotations

import os
from stat import S_ISREG
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rosetta_spec.config.choice import FileChoice


class Below(NamedTuple):
    """What is below a folder; `may_be_link` is false where that is known already."""

    path: str
    may_be_link: bool = True


def files_below(folder: str, warn: Callable[[str], None], choice: FileChoice) -> list[Below]:
    """Return the requests below a folder, and the folders in it that cannot be read.

    `warn` is told where there is none, and what git has to say.
    """
    found = list(_files_below(_plain(folder), warn, choice))
    if not found:
        names = choice.wanted_names(folder)
        warn(f"no sampling request in {folder}: {names}, and what git ignores is skipped")
    return found


def _plain(path: str) -> str:
    """Return a path without what has no meaning in it; the current folder is "."."""
    start = "/" if path.startswith("/") else ""
    parts = path.replace(os.sep, "/").split("/")
    return start + "/".join(part for part in parts if part not in ("", ".")) or "."


def _files_below(folder: str, warn: Callable[[str], None], choice: FileChoice) -> Iterator[Below]:
    listed = _listed_by_git(folder, warn) if _is_in_repository(folder) else None
    # A submodule that was never fetched has no repository: of its folder git says only that.
    if listed is None or listed == ["."]:
        yield from _walked(folder, warn, choice)
        return
    may_differ = choice.may_differ(folder, listed)
    for name in listed:
        path = _inside(folder, name)
        if _is_folder(path):
            # A repository of its own inside this one: git names it and leaves the rest to us.
            yield from _files_below(path, warn, choice)
        elif choice.is_wanted(path, may_differ=may_differ) and _may_be_file(path):
            yield Below(path)


def _inside(folder: str, name: str) -> str:
    return name if folder == "." else os.path.join(folder, name)  # noqa: PTH118 - slow pathlib


def _is_in_repository(folder: str) -> bool:
    # Where the folder really is: a link may lead into a repository, or out of one.
    folder, below = os.path.realpath(folder), ""
    while folder != below:
        if os.path.exists(os.path.join(folder, ".git")):  # noqa: PTH110, PTH118 - as above
            return True
        folder, below = os.path.dirname(folder), folder  # noqa: PTH120 - as above
    return False


def _listed_by_git(folder: str, warn: Callable[[str], None]) -> list[str] | None:
    # What starts other programs is a slow import.
    from rosetta_spec.files.git_listing import listed_by_git  # noqa: PLC0415

    return listed_by_git(folder, warn)


def _walked(folder: str, warn: Callable[[str], None], choice: FileChoice) -> Iterator[Below]:
    """Yield the files below a folder; one that cannot be read is named like a file, to say why.

    Of a repository below it git says which.
    """
    waiting = [folder]
    while waiting:
        above = waiting.pop()
        try:
            with os.scandir(above) as entries:
                found = list(entries)
        except OSError:
            if not choice.is_excluded(above):
                yield Below(above)
            continue
        if above != folder and any(entry.name == ".git" for entry in found):
            yield from _files_below(above, warn, choice)
            continue
        start = _inside(above, "")
        for entry in found:
            path = start + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting += [path] if entry.name != ".git" else []
            elif choice.is_wanted(path):
                # Most systems need not be asked.
                if entry.is_file(follow_symlinks=False):
                    yield Below(path, may_be_link=False)
                elif _may_be_file(path):
                    yield Below(path)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114 - as above


def _may_be_file(path: str) -> bool:
    """Whether a path is a file, or has to be told as one that cannot be read.

    A file deleted since git saw it is none, nor is a pipe, which would be waited for. A link to
    nowhere is one, to say so, but for those with which an editor marks a file that it has open.
    """
    try:
        return S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - as above
    except PermissionError:
        return True
    except OSError:
        name = os.path.basename(path)  # noqa: PTH119 - as above
        return os.path.islink(path) and not name.startswith(".#")  # noqa: PTH114 - as above
