"""A file that is written anew: beside the old one, whose place it takes when it is whole."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def replace_file(path: str, pieces: Iterable[bytes]) -> None:
    """Write a file, new or in place of an old one, whose mode it gets.

    At any moment there is the old one or the new one, whole, whatever ends the process. A link
    still leads to it. What is no file, such as a pipe, is written to as it is.

    Raises:
        OSError: it cannot be written; an old one is as it was.
    """
    target = os.path.realpath(path)
    is_there = os.path.exists(target)  # noqa: PTH110 - pathlib loads slowly
    if is_there and not os.path.isfile(target):  # noqa: PTH113 - as above
        with open(target, "wb") as stream:  # noqa: PTH123 - as above
            stream.writelines(pieces)
        return
    descriptor, beside = _opened_beside(target)
    try:
        if is_there:
            # Nobody may read it beside who may not read it in its place.
            os.chmod(beside, os.stat(target).st_mode & 0o7777)  # noqa: PTH101, PTH116 - as above
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - as above
            stream.writelines(pieces)
        os.replace(beside, target)  # noqa: PTH105 - as above
    except BaseException:
        os.unlink(beside)  # noqa: PTH108 - as above
        raise


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
