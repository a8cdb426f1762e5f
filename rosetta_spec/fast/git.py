"""Ask git for the files in a folder."""

from __future__ import annotations

import os

from rosetta_spec.fast.formats import Declined

#: The environment variables that point git at one repository, as `git rev-parse --local-env-vars`
#: lists them, except those with settings, which are for every repository.
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

#: Neither the settings of a checked repository may start a program, nor those of a bare repository
#: among its files.
_SAFE = ("-c", "core.fsmonitor=", "-c", "safe.bareRepository=explicit")

#: Lists the files that git tracks and those that it would track.
_LIST = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")

_PIECE = 64 * 1024


def list_command(folder: str) -> list[str]:
    """Return the command that lists the files below a folder, separated by NUL."""
    return ["git", "-C", folder, *_SAFE, *_LIST]


def environment() -> dict[str, str]:
    """Return the environment for git; in a hook it names a repository that may be another one."""
    return {key: value for key, value in os.environ.items() if key not in _REPOSITORY}


def listed_by_git(folder: str) -> list[str]:
    """Return the files below a folder; `subprocess` would take longer to load than this takes.

    Raises:
        Declined: git has something to say, or cannot be asked in this way.
        OSError: there is no git.
    """
    if not hasattr(os, "posix_spawnp"):
        raise Declined
    reading, writing = os.pipe()
    try:
        streams = [(os.POSIX_SPAWN_DUP2, writing, number) for number in (1, 2)]
        process = os.posix_spawnp("git", list_command(folder), environment(), file_actions=streams)
    finally:
        os.close(writing)
    output = b""
    while piece := os.read(reading, _PIECE):
        output += piece
    os.close(reading)
    _, status = os.waitpid(process, 0)
    # A message ends with a line break, and names with NUL.
    if status or b"\n" in output:
        raise Declined
    return [os.fsdecode(name) for name in output.split(b"\0")[:-1]]
