"""Rewrite a file with its fixes: only if something changes, and then atomically."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import TypeAlias

from rosetta_spec.files.reading import name_inside, open_file
from rosetta_spec.files.replacement import replace_file
from rosetta_spec.runner.fixing import Piece

#: Returns the pieces of an open file.
PiecesOf: TypeAlias = Callable[[BufferedIOBase], Iterator[Piece]]

#: The number of bytes that are copied in one step.
_COPIED = 1024 * 1024


class UnchangedError(Exception):
    """A file is left unchanged; the argument says why."""


class UnwritableError(UnchangedError):
    """A file has fixes and could not be written."""


def open_uncompressed(path: str, name: str) -> BufferedIOBase:
    """Open a file that is not compressed, so that it can be rewritten.

    Raises:
        UnchangedError: it is compressed.
        OSError, ValueError: it cannot be opened.
    """
    if name_inside(path) != path:
        message = f"it is compressed; unpack it to have {name_inside(name)} fixed"
        raise UnchangedError(message)
    return open_file(path)


def rewrite(path: str, name: str, pieces_of: PiecesOf) -> None:
    """Fix a file and replace it, unless there is nothing to fix.

    Raises:
        UnchangedError: it must not, or cannot, be changed.
        OSError, ValueError: it cannot be read.
        TooLongLineError: a line of it cannot be read.
    """
    with open_uncompressed(path, name) as stream:
        state = _state(path)
        pieces = pieces_of(stream)
        kept = 0
        for piece in pieces:
            if piece.is_changed:
                break
            kept += len(piece.before)
        else:
            return
        if not os.access(path, os.W_OK):
            message = "it may not be written; allow it, or run as another user"
            raise UnwritableError(message)
        try:
            replace_file(path, _content(path, state, kept, piece, pieces))
        except OSError as error:
            message = f"it cannot be written: {str(error.strerror).lower()}"
            raise UnwritableError(message) from error


def _content(
    path: str, state: tuple[int, ...], kept: int, first: Piece, others: Iterable[Piece]
) -> Iterator[bytes]:
    """Yield a file's new content: the first `kept` bytes as they are, and the pieces after them.

    Raises:
        UnchangedError: the file was written by another program since it was read.
    """
    with Path(path).open("rb") as stream:
        while kept > 0 and (part := stream.read(min(kept, _COPIED))):
            kept -= len(part)
            yield part
    yield first.after
    for piece in others:
        yield piece.after
    if _state(path) != state:
        message = "it has changed in the meantime; run the command again"
        raise UnchangedError(message)


def _state(path: str) -> tuple[int, ...]:
    found = Path(path).stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
