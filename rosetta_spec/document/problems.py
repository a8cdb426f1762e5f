"""The problems of a document, of which there may be millions, in little memory."""

import pickle
from collections.abc import Sequence
from functools import lru_cache
from zlib import compress, decompress

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.text import LazySequence

#: The problems that are packed together.
_PART = 1000


class Problems(LazySequence[SyntaxProblem]):
    """Problems in the order in which they were added; all except the last ones are packed."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._last: list[SyntaxProblem] = []

    def append(self, problem: SyntaxProblem) -> None:
        """Add a problem."""
        if len(self._last) == _PART:
            self._parts.append(compress(pickle.dumps(self._last), level=1))
            self._last = []
        self._last.append(problem)

    def forget(self, count: int) -> None:
        """Forget all problems except the first `count`."""
        part = count // _PART
        if part < len(self._parts):
            self._last = _unpacked(self._parts[part]).copy()
            del self._parts[part:]
        del self._last[count - len(self._parts) * _PART :]

    def finished(self) -> Sequence[SyntaxProblem]:
        """Return the problems, as a tuple unless there are very many."""
        return self if self._parts else tuple(self._last)

    def __len__(self) -> int:
        return len(self._parts) * _PART + len(self._last)

    def _item(self, index: int) -> SyntaxProblem:
        part, nth = divmod(index, _PART)
        return (_unpacked(self._parts[part]) if part < len(self._parts) else self._last)[nth]


@lru_cache(2)
def _unpacked(part: bytes) -> list[SyntaxProblem]:
    problems: list[SyntaxProblem] = pickle.loads(decompress(part))  # noqa: S301 - packed here
    return problems
