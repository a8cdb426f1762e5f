"""What git has in a folder: the files that it tracks, and those that it would track."""

from __future__ import annotations

import os
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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


#: Whoever checks a clone wants no program run that its settings name, nor those of a repository
#: that lies in it as files.
_WARY = ("-c", "core.fsmonitor=", "-c", "safe.bareRepository=explicit")


def listed_by_git(folder: str, warn: Callable[[str], None]) -> list[str] | None:
    """Ask git for the files below a folder, and repositories in it; None if it cannot say.

    `warn` is told why, and what git has to say.
    """
    options = ("-z", "--cached", "--others", "--exclude-standard")
    command = ["git", *_WARY, "ls-files", *options]
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
