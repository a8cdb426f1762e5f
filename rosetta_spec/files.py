"""Which files a run reads: those that are named, and in folders those that match."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Endings of the files that are read in a folder, by default.
INCLUDE = (
    "*.sampling.json",
    "*.sampling.yaml",
    "*.sampling.yml",
    "*.sampling.jsonl",
    "*.sampling.ndjson",
)

STDIN = "-"


class Source(NamedTuple):
    """A file to read; `name` is what findings call it, `path` None for standard input."""

    name: str
    path: Path | None


def sources_of(paths: Iterable[str], warn: Callable[[str], None]) -> list[Source]:
    """Return the files that `paths` stand for, each once, sorted by name.

    A file is taken as it is named; a folder stands for the files below it that match `INCLUDE`
    (in any case) and that git does not ignore. `warn` is told of a folder that has none.
    """
    by_file: dict[str, Source] = {}
    for source in (source for path in paths for source in _sources_at(path, warn)):
        identity = STDIN if source.path is None else os.path.realpath(source.path)
        by_file[identity] = min(source, by_file.get(identity, source))
    return sorted(by_file.values())


def _sources_at(path: str, warn: Callable[[str], None]) -> Iterator[Source]:
    if path == STDIN:
        yield Source(STDIN, None)
    elif os.path.isdir(path):  # noqa: PTH112 - a path with a NUL is no folder here, and raises there
        found = [_source(name) for name in _files_below(Path(path), warn) if is_included(name)]
        if not found:
            warn(f"no file in {path} is a sampling request: their names end in {_endings()}")
        yield from found
    else:
        yield _source(path)


def _source(path: str) -> Source:
    name = path.replace(os.sep, "/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    # What is no text in the file system's encoding is shown by replacements.
    name = os.fsencode(name).decode(errors="replace")
    return Source(name, Path(path))


def is_included(name: str) -> bool:
    """Whether a file found in a folder is a sampling request, by its name."""
    base = name.rsplit("/", 1)[-1].lower()
    return any(base.endswith(pattern.removeprefix("*")) for pattern in INCLUDE)


def _endings() -> str:
    return ", ".join(pattern.removeprefix("*") for pattern in INCLUDE)


def _files_below(folder: Path, warn: Callable[[str], None]) -> Iterator[str]:
    listed = _listed_by_git(folder, warn) if _is_in_repository(folder) else None
    if listed is None:
        yield from _walked(folder)
        return
    for name in listed:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            # A repository of its own inside this one: git names it and leaves the rest to us.
            yield from _files_below(path, warn)
        elif path.is_file():
            yield str(path)


def _is_in_repository(folder: Path) -> bool:
    absolute = folder.absolute()
    return any((above / ".git").exists() for above in (absolute, *absolute.parents))


def _listed_by_git(folder: Path, warn: Callable[[str], None]) -> list[str] | None:
    """Ask git for the files below a folder that it tracks or would track; None if it cannot say."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    # Inside a hook git points at one repository by its environment; the folder may be in another.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        listing = subprocess.run(  # noqa: S603 - a fixed command
            command, cwd=folder, env=environment, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", b"").decode(errors="replace").strip() or str(error)
        warn(f"git's ignore rules are not applied in {folder}: {reason.splitlines()[0]}")
        return None
    names = {os.fsdecode(name).rstrip("/") for name in listing.stdout.split(b"\0") if name}
    return sorted(names)


def _walked(folder: Path) -> Iterator[str]:
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            yield os.path.join(above, name)  # noqa: PTH118 - keeps the name as it was given
