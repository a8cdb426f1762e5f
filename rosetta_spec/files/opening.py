"""How files are opened and read, those that are compressed too."""

from __future__ import annotations

import os

from rosetta_spec.fast.formats import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedIOBase

#: Endings of files that are compressed.
GZIP = ".gz"
ZSTANDARD = ".zst"

#: So much is read at first.
_PIECE = 64 * 1024


def name_inside(filename: str) -> str:
    """Return what a file would be called if it were not compressed."""
    base, dot, ending = filename.rpartition(".")
    return base if f"{dot}{ending}".lower() in (GZIP, ZSTANDARD) else filename


def open_file(path: str) -> BufferedIOBase:
    """Open a file for reading; what is compressed is read as the bytes that it stands for.

    Raises:
        OSError: it cannot be opened, and when reading: it cannot be read, or is damaged.
        ValueError: the path has a NUL in it.
    """
    stream = open(path, "rb")  # noqa: PTH123, SIM115 - closed by the caller; pathlib loads slowly
    return unpacked(stream, path)


def unpacked(stream: BufferedIOBase, filename: str) -> BufferedIOBase:
    """Unpack the content of a file whose name says that it is compressed.

    Raises:
        OSError: nothing is installed that can do it; the stream is closed then.
    """
    ending = filename[-len(ZSTANDARD) :].lower()
    if ending != ZSTANDARD and not ending.endswith(GZIP):
        return stream
    # Only what is compressed pays for loading what unpacks it.
    from rosetta_spec.files import unpacking  # noqa: PLC0415

    return unpacking.zstandard(stream) if ending == ZSTANDARD else unpacking.gzip(stream)


def read_file(path: str) -> bytes:
    """Read a file to its end, or to a little more than it may have.

    Raises:
        OSError: it cannot be opened or read, or is damaged.
        ValueError: the path has a NUL in it.
    """
    if name_inside(path) != path:
        with open_file(path) as stream:
            return read_whole(stream)
    # To make a stream of a small file takes three times as long as to read it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        pieces: list[bytes] = []
        size = 0
        while size <= MAX_BYTES and (piece := os.read(descriptor, _PIECE)):
            pieces.append(piece)
            size += len(piece)
    finally:
        os.close(descriptor)
    return b"".join(pieces)


def read_whole(stream: BufferedIOBase) -> bytes:
    """Read a stream to its end, or to one byte more than a file may have.

    Raises:
        OSError: it cannot be read.
    """
    # Nearly every file is small, and room for the largest one takes longer to find than to read it.
    data = stream.read(_PIECE)
    return data if len(data) < _PIECE else data + stream.read(MAX_BYTES + 1 - _PIECE)
