"""Which files a run reads, and how they are opened."""

from __future__ import annotations

import os

from rosetta_spec.document.limits import MAX_BYTES
from rosetta_spec.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase

    from rosetta_spec.config.choice import FileChoice

STDIN = "-"

#: Endings of files that are compressed.
GZIP = ".gz"
ZSTANDARD = ".zst"


#: So much is read at first.
_PIECE = 64 * 1024


class Source(NamedTuple):
    """A file to read; `name` is what findings call it, `path` None for standard input.

    `settings` is the number of the settings that hold for it, of those of the run.
    """

    name: str
    path: str | None
    settings: int = 0


def sources_of(
    paths: Iterable[str], warn: Callable[[str], None], choice: FileChoice | None = None
) -> list[Source]:
    """Return the files that `paths` stand for, each once, sorted by name.

    A file is taken as it is named; a folder stands for the files below it that are wanted by
    `choice` and that git does not ignore, and for the folders below it that cannot be read. What
    is to be left out although it is named is. `warn` is told of a folder that has none. Where all
    paths are files and none is to be left out, no `choice` is needed.
    """
    by_file: dict[str, Source] = {}
    real = _Real().path
    for source in (source for path in paths for source in _sources_at(path, warn, choice)):
        identity = STDIN if source.path is None else real(source.path)
        by_file[identity] = min(source, by_file.get(identity, source), key=_order)
    return sorted(by_file.values(), key=_order)


class _Real:
    """Finds out which file a path really means, asking only once for each folder."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def path(self, path: str) -> str:
        if os.path.islink(path):  # noqa: PTH114 - pathlib loads slowly
            return os.path.realpath(path)
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        # What ends in no name of a file is left to the slower way.
        if not name.strip("."):
            return os.path.realpath(path)
        return os.path.join(self._folders[folder], name)  # noqa: PTH118 - as above


def _order(source: Source) -> tuple[str, str]:
    return source.name, str(source.path)


def _sources_at(
    path: str, warn: Callable[[str], None], choice: FileChoice | None
) -> Iterator[Source]:
    if path == STDIN:
        yield Source(STDIN, None)
    elif choice is None:
        yield _source(path)
    elif os.path.isdir(path):  # noqa: PTH112 - a path with a NUL is no folder here, and raises there
        # Who names files has no need of what looks through folders.
        from rosetta_spec.folders import files_below  # noqa: PLC0415

        yield from map(_source, files_below(path, warn, choice))
    elif not choice.is_left_out(path):
        yield _source(path)


def _source(path: str) -> Source:
    return Source(shown_name(path), path)


def shown_name(path: str) -> str:
    """Return what findings call a file: its path as it was given, with `/`, without `./`.

    What is no UTF-8 in it becomes U+FFFD.
    """
    name = path.replace(os.sep, "/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return os.fsencode(name).decode(errors="replace")


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
    from rosetta_spec import unpacking  # noqa: PLC0415

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
