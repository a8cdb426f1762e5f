"""Values that wait: in memory while they are few, in a temporary file when there are many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import IO, Generic, Self, TypeVar

T = TypeVar("T")

_IN_MEMORY = 1024 * 1024


class Spool(Generic[T]):
    """Keeps values until they are read, as often as needed; its length is their number."""

    def __init__(self) -> None:
        self._count = 0

    @cached_property
    def _file(self) -> IO[bytes]:
        from tempfile import SpooledTemporaryFile  # noqa: PLC0415 - most spools stay empty

        return SpooledTemporaryFile(_IN_MEMORY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self._count

    def write(self, value: T) -> None:
        """Add a value; not after one was read."""
        import pickle  # noqa: PLC0415 - as tempfile

        pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def read(self) -> Iterator[T]:
        """Yield all values, from the first one."""
        if not self._count:
            return
        import pickle  # noqa: PLC0415 - as tempfile

        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 - written by this process

    def close(self) -> None:
        """Discard the values."""
        if self._count:
            self._file.close()
