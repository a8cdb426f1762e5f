"""Errors of temporary files."""

from collections.abc import Iterator
from contextlib import contextmanager

from rosetta_spec.errors import TemporaryFileError


@contextmanager
def temporary_file_errors(
    what: str, remedy: str = "set TMPDIR to another folder"
) -> Iterator[None]:
    """Turn errors of the system into `TemporaryFileError`: `what` cannot be kept."""
    try:
        yield
    except OSError as error:
        message = (
            f"{what} cannot be kept in a temporary file ({error.strerror});"
            f" make room on the disk, or {remedy}"
        )
        raise TemporaryFileError(message) from error
