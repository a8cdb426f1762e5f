"""Report that a temporary file cannot be made or written."""

from collections.abc import Iterator
from contextlib import contextmanager

from rosetta_spec.errors import TemporaryFileError


@contextmanager
def temporary_files(what: str, remedy: str = "set TMPDIR to another folder") -> Iterator[None]:
    """Keep something in temporary files.

    Raises:
        TemporaryFileError: it cannot be kept, for example because the disk is full.
    """
    try:
        yield
    except OSError as error:
        message = (
            f"{what} cannot be kept in a temporary file ({error.strerror});"
            f" make room on the disk, or {remedy}"
        )
        raise TemporaryFileError(message) from error
