"""A file with its fixes in its place: written only where something changes, and then whole."""

from __future__ import annotations

import os

from rosetta_spec.files.opening import name_inside, open_file
from rosetta_spec.files.replacement import replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase
    from typing import TypeAlias

    from rosetta_spec.runner.fixing import Piece

    #: The pieces of an open file of some name.
    PiecesOf: TypeAlias = Callable[[BufferedIOBase, str], Iterator[Piece]]

#: So much of a file is copied at once.
_COPIED = 1024 * 1024


class LeftError(Exception):
    """A file is left as it is; the argument says why."""


class NotWrittenError(LeftError):
    """A file could not be written, though it should."""


def open_plain(path: str, name: str) -> BufferedIOBase:
    """Open a file that can be written as it is read.

    Raises:
        LeftError: it is compressed.
        OSError, ValueError: it cannot be opened.
    """
    if name_inside(path) != path:
        message = f"it is compressed; unpack it to have {name_inside(name)} fixed"
        raise LeftError(message)
    return open_file(path)


def rewrite(path: str, name: str, pieces_of: PiecesOf) -> None:
    """Write a file anew, unless there is nothing to fix in it.

    Raises:
        LeftError: it has to stay as it is.
        OSError, ValueError: it cannot be read.
        TooLongLineError: a line of it cannot be read.
    """
    with open_plain(path, name) as stream:
        state = _state(path)
        pieces = pieces_of(stream, name)
        kept = 0
        for piece in pieces:
            if piece.is_changed:
                break
            kept += len(piece.before)
        else:
            return
        if not os.access(path, os.W_OK):
            message = "it may not be written; allow it, or run as another user"
            raise NotWrittenError(message)
        try:
            replace_file(path, _content(path, state, kept, piece, pieces))
        except OSError as error:
            message = f"it cannot be written: {str(error.strerror).lower()}"
            raise NotWrittenError(message) from error


def _content(
    path: str, state: tuple[int, ...], kept: int, first: Piece, others: Iterable[Piece]
) -> Iterator[bytes]:
    """Yield a file's new content: so many bytes as they are, and the pieces after them.

    Raises:
        LeftError: somebody else has written the file since it was read.
    """
    with open(path, "rb") as stream:  # noqa: PTH123 - as everywhere
        while kept > 0 and (part := stream.read(min(kept, _COPIED))):
            kept -= len(part)
            yield part
    yield first.after
    for piece in others:
        yield piece.after
    if _state(path) != state:
        message = "it has changed in the meantime; run the command again"
        raise LeftError(message)


def _state(path: str) -> tuple[int, ...]:
    found = os.stat(path)  # noqa: PTH116 - as everywhere
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
