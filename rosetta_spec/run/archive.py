"""Files as they are stored: plain, or compressed with gzip or Zstandard, and read as a stream."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedIOBase

GZIP = ".gz"
ZSTANDARD = ".zst"


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
    if ending != ZSTANDARD and not ending.endswith(GZIP):
        return stream
    # Only what is compressed pays for loading what unpacks it.
    from rosetta_spec.run import unpacking  # noqa: PLC0415

    return unpacking.zstandard(stream) if ending == ZSTANDARD else unpacking.gzip(stream)
