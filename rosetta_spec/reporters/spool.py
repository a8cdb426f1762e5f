"""Texts that have to wait, in memory while they are few and in a temporary file when they grow."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import IO, Self

_IN_MEMORY = 1024 * 1024


class Spool:
    """Keeps texts until they are read, one by one; its length is how many there are."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._count = self._size = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._count

    def write(self, text: str) -> None:
        """Add a text."""
        self._texts.append(text)
        self._count += 1
        self._size += len(text)
        if self._size > _IN_MEMORY:
            self._spill()

    def read(self) -> Iterator[str]:
        """Yield the texts as they were written; nothing is written after that."""
        if self._file:
            self._spill()
            self._file.seek(0)
            while size := self._file.readline():
                yield self._file.read(int(size)).decode(errors="surrogatepass")
        else:
            yield from self._texts

    def close(self) -> None:
        """Forget the texts."""
        if self._file:
            self._file.close()

    def _spill(self) -> None:
        """Move what is in memory to the file, each text after a line with its size."""
        if not self._file:
            # Most reports are short and do not pay for loading it.
            from tempfile import TemporaryFile  # noqa: PLC0415

            self._file = TemporaryFile()  # noqa: SIM115 - closed with the spool
        for text in self._texts:
            data = text.encode(errors="surrogatepass")
            self._file.write(b"%d\n%b" % (len(data), data))
        self._texts, self._size = [], 0
