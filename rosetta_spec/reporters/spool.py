"""Values that wait: in memory while they are few, in a temporary file when there are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import IO, Generic, Self, TypeVar

from rosetta_spec.diagnostic import Diagnostic, Severity

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


def most_severe(diagnostics: Iterable[Diagnostic], room: int) -> Iterator[Diagnostic]:
    """Yield at most `room` findings, in their order; errors take precedence."""
    counts: Counter[Severity] = Counter()
    with Spool[Diagnostic]() as spool:
        for diagnostic in diagnostics:
            if counts[diagnostic.severity] < room:
                spool.write(diagnostic)
            counts[diagnostic.severity] += 1
        for severity in Severity:
            counts[severity] = min(counts[severity], room)
            room -= counts[severity]
        for diagnostic in spool.read():
            if counts[diagnostic.severity]:
                counts[diagnostic.severity] -= 1
                yield diagnostic
