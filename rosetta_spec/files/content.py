"""Open, decompress, read and replace files.

If a file cannot be opened or read, or is damaged, an `OSError` is raised, which may have a remedy
as its note. For a path with a NUL in it, it is a `ValueError`.
"""

import os
import sys
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from errno import EIO, ENOSYS, ENXIO
from gzip import BadGzipFile, GzipFile
from importlib import import_module
from io import BufferedIOBase, BufferedReader, RawIOBase
from typing import Any

from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.version import install_command

#: Bytes that are read first.
_PIECE = 64 * 1024

#: Bytes of decompressed data that are read at once.
_BUFFER = 1024 * 1024


def name_inside(filename: str) -> str:
    """Return the name of a file without the ending of a compressed one."""
    base, dot, ending = filename.rpartition(".")
    return base if f"{dot}{ending}".lower() in _DECOMPRESS else filename


def without_waiting(path: str, flags: int) -> int:
    """Open a file, as `opener` of `open`, without waiting for the other end of a pipe.

    One that has no writer is empty, and one that has no reader cannot be opened for writing.
    Windows has no such pipes among its files.
    """
    if sys.platform == "win32":
        return os.open(path, flags)
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


def open_file(path: str) -> BufferedIOBase:
    """Open a file for reading; a compressed one is decompressed."""
    return decompressed(open(path, "rb"), path)


def decompressed(stream: BufferedIOBase, filename: str) -> BufferedIOBase:
    """Decompress the content of a file if its name has the ending of a compressed one."""
    ending = filename[len(name_inside(filename)) :].lower()
    return _DECOMPRESS[ending](stream) if ending else stream


def read_file(path: str) -> bytes:
    """Read a file to its end, or to one byte more than a document may have."""
    with open_file(path) as stream:
        return read_whole(stream)


def read_whole(stream: BufferedIOBase) -> bytes:
    """Read a stream to its end, or to one byte more than a document may have."""
    # Most files are small, and room for the largest one takes longer to find than to read them.
    data = stream.read(_PIECE)
    return data if len(data) < _PIECE else data + stream.read(MAX_BYTES + 1 - _PIECE)


def _gzip(stream: BufferedIOBase) -> BufferedIOBase:
    """Decompress gzip (RFC 1952), one member after the other."""
    return _checked(
        stream, GzipFile(fileobj=stream, mode="rb"), (BadGzipFile, EOFError, zlib.error)
    )


def _zstandard(stream: BufferedIOBase) -> BufferedIOBase:
    """Decompress Zstandard (RFC 8878), with the standard library from Python 3.14 on."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            zstd: Any = import_module(name)
            return _checked(stream, zstd.ZstdFile(stream), (zstd.ZstdError, EOFError))
    stream.close()
    missing = OSError(ENOSYS, "no library for Zstandard is installed")
    missing.add_note(f"install it with: {install_command('zstd')}")
    raise missing


_DECOMPRESS: dict[str, Callable[[BufferedIOBase], BufferedIOBase]] = {
    ".gz": _gzip,
    ".zst": _zstandard,
}


def _checked(
    stream: BufferedIOBase,
    decompressing: Any,  # noqa: ANN401 - a stream of any library
    errors: tuple[type[Exception], ...],
) -> BufferedIOBase:
    """Wrap a stream so that damage is an `OSError`, with a remedy, and closing closes the file."""

    class Checked(RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
            try:
                data = decompressing.read1(len(buffer))
            except errors:
                damaged = OSError(EIO, "the compressed data is damaged or incomplete")
                damaged.add_note("download or compress it again")
                raise damaged from None
            buffer[: len(data)] = data
            return len(data)

        def close(self) -> None:
            stream.close()
            super().close()

    return BufferedReader(Checked(), _BUFFER)


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
        with open(beside, "xb") as stream:
            _take_over(target, beside)
            stream.writelines(pieces)
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


def _take_over(old: str, new: str) -> None:
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
