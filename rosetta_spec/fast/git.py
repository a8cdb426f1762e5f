"""Ask git for the files in a folder."""

import os
import sys
from errno import ENOENT
from time import monotonic, sleep

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

#: A checked repository may not have git run a program: neither by its settings, nor by those of a
#: bare repository among its files, nor to fetch objects that are missing.
_SAFE = (
    "--no-pager",
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "safe.bareRepository=explicit"),
)
_SAFE_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}

#: Lists the files that git tracks and those that it would track.
_LIST = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")

_PIECE = 64 * 1024

#: Seconds to wait for git, which never answers if one of its files is a pipe.
_PATIENCE = 2.0
_PAUSE = 0.0005
_KILL = 9


def list_command(folder: str) -> list[str]:
    """Return the command that lists the files below a folder, separated by NUL.

    Raises:
        FileNotFoundError: there is no git.
    """
    name = "git.exe" if sys.platform == "win32" else "git"
    for above in _path():
        program = os.path.join(above, name)
        if os.path.isfile(program) and os.access(program, os.X_OK):
            return [program, "-C", folder, *_SAFE, *_LIST]
    raise FileNotFoundError(ENOENT, os.strerror(ENOENT), "git")


def environment() -> dict[str, str]:
    """Return the environment for git; in a hook it names a repository that may be another one."""
    kept = {key: value for key, value in os.environ.items() if key not in _REPOSITORY}
    return {**kept, **_SAFE_ENVIRONMENT, "PATH": os.pathsep.join(_path())}


def _path() -> list[str]:
    """Return the folders of programs; a relative one could be in the checked repository."""
    return [each for each in os.get_exec_path() if os.path.isabs(each)]


def listed_by_git(folder: str) -> list[str]:
    """Return the files below a folder; `subprocess` would take longer to load than this takes.

    Raises:
        Declined: git has something to say, takes long, or cannot be asked in this way.
        OSError: there is no git.
    """
    if sys.platform == "win32":
        raise Declined
    command = list_command(folder)
    reading, writing = os.pipe()
    try:
        streams = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            *((os.POSIX_SPAWN_DUP2, writing, number) for number in (1, 2)),
        ]
        process = os.posix_spawn(command[0], command, environment(), file_actions=streams)
    finally:
        os.close(writing)
    os.set_blocking(reading, False)
    output = _read(reading, monotonic() + _PATIENCE)
    os.close(reading)
    if output is None:
        os.kill(process, _KILL)
    _, status = os.waitpid(process, 0)
    # A message ends with a line break, and names with NUL.
    if output is None or status or b"\n" in output:
        raise Declined
    return [os.fsdecode(name) for name in output.split(b"\0")[:-1]]


def _read(pipe: int, end: float) -> bytes | None:
    """Read a pipe until the other side closes it, None if it has not until a time."""
    output = b""
    while monotonic() < end:
        try:
            piece = os.read(pipe, _PIECE)
        except BlockingIOError:
            sleep(_PAUSE)
            continue
        if not piece:
            return output
        output += piece
    return None
