"""Files as they are stored: plain, or compressed with gzip or Zstandard, and read as a stream."""

from __future__ import annotations

from errno import EIO, ENOSYS
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedIOBase
    from typing import Any

GZIP = ".gz"
ZSTANDARD = ".zst"

_BUFFER = 1024 * 1024


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
    ending = path[-len(ZSTANDARD) :].lower()
    if ending == ZSTANDARD:
        return _zstandard(stream)
    return _gzip(stream) if ending.endswith(GZIP) else stream


def _gzip(stream: BufferedIOBase) -> BufferedIOBase:
    # Only what is compressed pays for loading what unpacks it.
    import gzip  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    errors = (gzip.BadGzipFile, EOFError, zlib.error)
    return _unpacked(stream, gzip.GzipFile(fileobj=stream), errors)


def _zstandard(stream: BufferedIOBase) -> BufferedIOBase:
    try:
        zstd = _zstandard_module()
    except ImportError:
        stream.close()
        reason = 'for Zstandard install "rosetta-spec[zstd]"'
        raise OSError(ENOSYS, reason) from None
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
    from io import BufferedReader, RawIOBase  # noqa: PLC0415 - as above

    class Unpacked(RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
            try:
                data = unpacking.read1(len(buffer))
            except errors:
                raise OSError(EIO, "the compressed data are damaged or cut off") from None
            buffer[: len(data)] = data
            return len(data)

        def close(self) -> None:
            stream.close()
            super().close()

    return BufferedReader(Unpacked(), _BUFFER)
