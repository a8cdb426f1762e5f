"""Which files in a folder are read: those that are wanted, and that git does not ignore."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from stat import S_ISREG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rosetta_spec.config.choice import FileChoice

#: What points git at one repository, as `git rev-parse --local-env-vars` lists it, but for
#: settings, which are for every repository.
_REPOSITORY = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)


def files_below(folder: str, warn: Callable[[str], None], choice: FileChoice) -> list[str]:
    """Return the requests below a folder, and the folders in it that cannot be read.

    `warn` is told where there is none, and what git has to say.
    """
    found = list(_files_below(Path(folder), warn, choice))
    if not found:
        names = choice.wanted_names(folder)
        warn(f"no sampling request in {folder}: {names}, and what git ignores is skipped")
    return found


def _files_below(folder: Path, warn: Callable[[str], None], choice: FileChoice) -> Iterator[str]:
    listed = _listed_by_git(folder, warn) if _is_in_repository(folder) else None
    # A submodule that was never fetched has no repository: of its folder git says only that.
    if listed is None or listed == ["."]:
        yield from _walked(folder, choice)
        return
    for name in listed:
        path = folder / name
        if _is_folder(path):
            # A repository of its own inside this one: git names it and leaves the rest to us.
            yield from _files_below(path, warn, choice)
        elif choice.is_wanted(str(path)) and _may_be_file(path):
            yield str(path)


def _is_in_repository(folder: Path) -> bool:
    # Where the folder really is: a link may lead into a repository, or out of one.
    real = folder.resolve()
    marks = (above / ".git" for above in (real, *real.parents))
    return any(os.path.exists(mark) for mark in marks)  # noqa: PTH110 - raises nothing


def _listed_by_git(folder: Path, warn: Callable[[str], None]) -> list[str] | None:
    """Ask git for the files below a folder that it tracks or would track; None if it cannot say."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    # Inside a hook git points at one repository by its environment; the folder may be in another.
    environment = {key: value for key, value in os.environ.items() if key not in _REPOSITORY}
    try:
        listing = subprocess.run(  # noqa: S603 - a fixed command
            command, cwd=folder, env=environment, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        warn(f"git's ignore rules are not applied in {folder}: {_why_not(error)}")
        return None
    # It says what it could not look into, and that is no failure to it.
    for line in _lines(listing.stderr):
        warn(f"git in {folder}: {line.removeprefix('warning: ')}")
    names = {os.fsdecode(name).rstrip("/") for name in listing.stdout.split(b"\0") if name}
    return sorted(names)


def _why_not(error: OSError | subprocess.CalledProcessError) -> str:
    if isinstance(error, OSError):
        return "there is no git" if error.filename == "git" else str(error.strerror).lower()
    said = _lines(error.stderr)
    return said[0] if said else f"git ended with status {error.returncode}"


def _lines(output: bytes) -> list[str]:
    return output.decode(errors="replace").strip().splitlines()


def _walked(folder: Path, choice: FileChoice) -> Iterator[str]:
    # A folder that cannot be read is named like a file, so that reading it says why.
    unreadable: list[str] = []
    for above, folders, names in os.walk(
        folder, onerror=lambda error: unreadable.append(error.filename)
    ):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = Path(above, name)
            if choice.is_wanted(str(path)) and _may_be_file(path):
                yield str(path)
    yield from (path for path in unreadable if not choice.is_excluded(path))


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114 - as above


def _may_be_file(path: Path) -> bool:
    """Whether a path is a file, or is in a folder that lets nobody see.

    A file deleted since git saw it is none, nor is a pipe, which would be waited for, nor a link
    to nowhere, with which an editor marks a file that it has open.
    """
    try:
        return S_ISREG(path.stat().st_mode)
    except PermissionError:
        return True
    except OSError:
        return False
