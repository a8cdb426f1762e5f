"""A file that is written anew: beside the old one, whose place it takes when it is whole."""

from __future__ import annotations

import os
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def replace_file(path: str, pieces: Iterable[bytes]) -> None:
    """Write a file, new or in place of an old one, whose mode it gets, and if it may its owner.

    At any moment there is the old one or the new one, whole, whatever ends the process. A link
    still leads to it. What is no file, such as a pipe, is written to as it is.

    Raises:
        OSError: it cannot be written; an old one is as it was.
    """
    is_there = os.path.exists(path)  # noqa: PTH110 - pathlib loads slowly
    if is_there and not os.path.isfile(path):  # noqa: PTH113 - as above
        # `/dev/stderr` may be a link to what has no path.
        with open(path, "wb") as stream:  # noqa: PTH123 - as above
            stream.writelines(pieces)
        return
    target = os.path.realpath(path)
    descriptor, beside = _opened_beside(target)
    try:
        if is_there:
            _take_over(target, beside)
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - as above
            stream.writelines(pieces)
        os.replace(beside, target)  # noqa: PTH105 - as above
    except BaseException:
        os.unlink(beside)  # noqa: PTH108 - as above
        raise


def _take_over(old: str, new: str) -> None:
    """Give a file the owner of another, if that is allowed, and its mode.

    Nobody may read it beside who may not read it in its place.
    """
    status = os.stat(old)  # noqa: PTH116 - as above
    # Windows has no such owners, and only root gives files away.
    with suppress(AttributeError, OSError):
        os.chown(new, status.st_uid, status.st_gid)
    os.chmod(new, status.st_mode & 0o7777)  # noqa: PTH101 - as above


def _opened_beside(target: str) -> tuple[int, str]:
    """Make a file that nobody else has in the folder of another."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    number = 0
    while True:
        name = f".rosetta-spec-{os.getpid()}-{number}.tmp"
        beside = os.path.join(os.path.dirname(target), name)  # noqa: PTH118, PTH120 - as above
        try:
            return os.open(beside, flags, 0o666), beside
        except FileExistsError:
            number += 1
