"""Values that wait: in memory while they are few, in a temporary file when there are many."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Generic, Self, TypeVar

T = TypeVar("T")

_IN_MEMORY = 1024 * 1024


class Spool(Generic[T]):
    """Keeps values until they are read, as often as needed; its length is their number."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the spool
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self._count

    def write(self, value: T) -> None:
        """Add a value; not after one was read."""
        pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def read(self) -> Iterator[T]:
        """Yield all values, from the first one."""
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 - written by this process

    def close(self) -> None:
        """Discard the values."""
        self._file.close()
