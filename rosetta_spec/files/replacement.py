"""A file that is written anew: beside the old one, whose place it takes when it is whole."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedRandom

#: Here Linux lists the files that a process has open, by their numbers.
_OPEN_FILES = "/proc/self/fd"


def replace_file(path: str, pieces: Iterable[bytes]) -> None:
    """Write a file, new or in place of an old one, whose mode it gets, and if it may its owner.

    At any moment there is the old one or the new one, whole, whatever ends the process. A link
    still leads to it. What is no file, such as a pipe, is written to as it is.

    Raises:
        OSError: it cannot be written; an old one is as it was.
    """
    # pathlib loads slowly.
    if os.path.exists(path) and not os.path.isfile(path):
        # `/dev/stderr` may be a link to what has no path.
        with open(path, "wb") as stream:
            stream.writelines(pieces)
        return
    target = os.path.realpath(path)
    unnamed = _opened_unnamed(target)
    if unnamed is None:
        _write_beside(target, pieces)
        return
    with unnamed:
        _take_over(target, _link_to(unnamed))
        unnamed.writelines(pieces)
        unnamed.seek(0)
        beside = _named(unnamed, target)
        if beside is None:
            _write_beside(target, unnamed)
            return
    with _gone_unless_whole(beside):
        os.replace(beside, target)


def _opened_unnamed(target: str) -> BufferedRandom | None:
    """Make a file in the folder of another that is gone when the process ends, if there are such.

    Source: open(2), O_TMPFILE; Linux has them on most of its own file systems.
    """
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        folder = os.path.dirname(target)
        descriptor = os.open(folder, os.O_RDWR | os.O_TMPFILE, 0o666)
    except OSError:
        return None
    stream = open(descriptor, "w+b")  # noqa: SIM115 - as above, and closed by the caller
    # Without such a list it can be given no name.
    if os.path.exists(_link_to(stream)):
        return stream
    stream.close()
    return None


def _link_to(stream: BufferedRandom) -> str:
    return f"{_OPEN_FILES}/{stream.fileno()}"


def _named(unnamed: BufferedRandom, target: str) -> str | None:
    """Give a file without a name one beside another, if the system lets us."""
    names = _names_beside(target)
    while True:
        beside = next(names)
        try:
            # A folder's number has no meaning for such a path, but only with one Python follows it.
            os.link(_link_to(unnamed), beside, src_dir_fd=unnamed.fileno(), follow_symlinks=True)
        except FileExistsError:
            continue
        except OSError:
            return None
        return beside


def _write_beside(target: str, pieces: Iterable[bytes]) -> None:
    """Write a file under a name beside another, and put it in its place."""
    descriptor, beside = _opened_beside(target)
    with _gone_unless_whole(beside):
        _take_over(target, beside)
        with open(descriptor, "wb") as stream:
            stream.writelines(pieces)
        os.replace(beside, target)


def _opened_beside(target: str) -> tuple[int, str]:
    """Make a file that nobody else has in the folder of another."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    names = _names_beside(target)
    while True:
        beside = next(names)
        with suppress(FileExistsError):
            return os.open(beside, flags, 0o666), beside


def _names_beside(target: str) -> Iterator[str]:
    number = 0
    while True:
        name = f".rosetta-spec-{os.getpid()}-{number}.tmp"
        yield os.path.join(os.path.dirname(target), name)
        number += 1


def _take_over(old: str, new: str) -> None:
    """Give a file the owner of another, if that is allowed, and its mode, if there is another.

    Nobody may read it beside who may not read it in its place.
    """
    try:
        status = os.stat(old)
    except FileNotFoundError:
        return
    # Windows has no such owners, and only root gives files away.
    with suppress(AttributeError, OSError):
        os.chown(new, status.st_uid, status.st_gid)
    os.chmod(new, status.st_mode & 0o7777)


@contextmanager
def _gone_unless_whole(beside: str) -> Iterator[None]:
    """Leave nothing of a file that does not come to its place."""
    try:
        yield
    except BaseException:
        os.unlink(beside)
        raise
