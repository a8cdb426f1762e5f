"""Text that has to wait, in memory while it is short and in a temporary file when it grows."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import IO, Self

_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024


class Spool:
    """Keeps text until it is read; it is true when it has any."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()

    def __bool__(self) -> bool:
        return bool(self._pieces or self._file)

    def write(self, text: str) -> None:
        """Add some text."""
        self._pieces.append(text)
        self._size += len(text)
        if self._size > _IN_MEMORY:
            self._spill()

    def read(self) -> Iterator[str]:
        """Yield all of it, in pieces; nothing is written after that."""
        if self._file:
            self._spill()
            self._file.seek(0)
            while piece := self._file.read(_PIECE):
                yield piece
        else:
            yield from self._pieces

    def _spill(self) -> None:
        if not self._file:
            # Most reports are short and do not pay for loading it.
            from tempfile import TemporaryFile  # noqa: PLC0415

            self._file = TemporaryFile(  # noqa: SIM115 - closed with the spool
                "w+", encoding="utf-8", newline="", errors="surrogatepass"
            )
        self._file.writelines(self._pieces)
        self._pieces, self._size = [], 0
