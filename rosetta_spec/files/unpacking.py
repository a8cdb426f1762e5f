"""Streams that unpack what is compressed, and whose damage is an `OSError`.

What a person would do about it is the error's note.
"""

from __future__ import annotations

import zlib
from errno import EIO, ENOSYS
from gzip import BadGzipFile, GzipFile
from importlib import import_module
from io import BufferedReader, RawIOBase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedIOBase
    from typing import Any

_BUFFER = 1024 * 1024


def gzip(stream: BufferedIOBase) -> BufferedIOBase:
    """Unpack gzip (RFC 1952), one member after the other."""
    return _unpacked(stream, GzipFile(fileobj=stream), (BadGzipFile, EOFError, zlib.error))


def zstandard(stream: BufferedIOBase) -> BufferedIOBase:
    """Unpack Zstandard (RFC 8878), with the standard library from Python 3.14 on.

    Raises:
        OSError: nothing is installed that can do it.
    """
    try:
        zstd = _zstandard_module()
    except ImportError:
        stream.close()
        missing = OSError(ENOSYS, "nothing here can unpack Zstandard")
        missing.add_note('install "rosetta-spec[zstd]"')
        raise missing from None
    return _unpacked(stream, zstd.ZstdFile(stream), (zstd.ZstdError, EOFError))


def _zstandard_module() -> Any:  # noqa: ANN401 - one of two modules with the same content
    try:
        return import_module("compression.zstd")
    except ImportError:
        return import_module("backports.zstd")


def _unpacked(
    stream: BufferedIOBase,
    unpacking: Any,  # noqa: ANN401 - a stream of any library
    errors: tuple[type[Exception], ...],
) -> BufferedIOBase:
    """Wrap an unpacking stream so that damage is an `OSError` and closing closes the file."""

    class Unpacked(RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
            try:
                data = unpacking.read1(len(buffer))
            except errors:
                damaged = OSError(EIO, "the compressed data are damaged or cut off")
                damaged.add_note("fetch or compress it again")
                raise damaged from None
            buffer[: len(data)] = data
            return len(data)

        def close(self) -> None:
            stream.close()
            super().close()

    return BufferedReader(Unpacked(), _BUFFER)
