"""Replace a file atomically: write beside it, then rename."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from errno import ENXIO
from io import BufferedRandom

from rosetta_spec.files.reading import without_waiting

#: Where Linux lists the open files of a process by their descriptors.
_OPEN_FILES = "/proc/self/fd"


def replace_file(path: str, pieces: Iterable[bytes]) -> None:
    """Write a file, new or in place of an old one, whose mode and, if allowed, owner it gets.

    At any moment there is either the old or the whole new file, even if the process is killed. A
    link is kept, and its target is replaced. A pipe or device is written to directly.

    Raises:
        OSError: it cannot be written, such as a pipe without a reader; an old file is unchanged.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        # The target of `/dev/stderr` may have no path.
        with open(path, "wb", opener=_opened_at_once) as stream:
            stream.writelines(pieces)
        return
    target = os.path.realpath(path)
    beside = os.path.join(os.path.dirname(target), f".rosetta-spec-{os.urandom(8).hex()}.tmp")
    try:
        _write_beside(target, beside, pieces)
        os.replace(beside, target)
    except BaseException:
        # An interrupt ends the program, also before the file is made or when it has its new name.
        with suppress(OSError):
            os.unlink(beside)
        raise


def _opened_at_once(path: str, flags: int) -> int:
    try:
        return without_waiting(path, flags)
    except OSError as error:
        if error.errno != ENXIO:
            raise
        raise OSError(ENXIO, "no program reads this pipe", path) from error


def file_identity(path: str | int) -> tuple[int, int] | str:
    """Return a key that is equal for all names of a file, links and other cases included.

    An open file may also be given by its descriptor.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(str(path))
    return found.st_dev, found.st_ino


def _opened_unnamed(target: str) -> BufferedRandom | None:
    """Open a file without a name in the folder of another, None if the system has none.

    It vanishes with the process. Source: open(2), O_TMPFILE; most file systems of Linux have it.
    """
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        descriptor = os.open(os.path.dirname(target), os.O_RDWR | os.O_TMPFILE, 0o666)
    except OSError:
        return None
    return open(descriptor, "w+b")


def _write_beside(target: str, beside: str, pieces: Iterable[bytes]) -> None:
    """Write a file beside another; where the system allows it, it has no name until it is whole."""
    unnamed = _opened_unnamed(target)
    if unnamed:
        with unnamed:
            _take_over(target, unnamed.fileno())
            unnamed.writelines(pieces)
            unnamed.seek(0)
            if not _is_named(unnamed.fileno(), beside):
                _write_named(target, beside, unnamed)
    else:
        _write_named(target, beside, pieces)


def _is_named(unnamed: int, name: str) -> bool:
    """Give an open file without a name one; return whether the system allows it."""
    try:
        # Python follows the link only if there is a folder descriptor, which has no effect.
        os.link(f"{_OPEN_FILES}/{unnamed}", name, src_dir_fd=unnamed, follow_symlinks=True)
    except OSError:
        return False
    return True


def _write_named(target: str, beside: str, pieces: Iterable[bytes]) -> None:
    with open(beside, "xb") as stream:
        _take_over(target, beside)
        stream.writelines(pieces)


def _take_over(old: str, new: str | int) -> None:
    """Copy owner, if allowed, and mode of a file, so that the new one has no other readers."""
    try:
        status = os.stat(old)
    except FileNotFoundError:
        return
    if sys.platform != "win32":
        # Only root can give files away.
        with suppress(OSError):
            os.chown(new, status.st_uid, status.st_gid)
    os.chmod(new, status.st_mode & 0o7777)
