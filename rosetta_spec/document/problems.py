"""The problems of a document, of which there may be millions, in little memory."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import LazySequence, Span

#: The maximum number of problems of a document that are kept as they are.
_FEW = 1000

#: The numbers that are kept of each problem.
_WIDTH = 6

#: In place of the number of the last token of a pointer, if there is none.
_NO_TOKEN = (1 << 32) - 1


class _Common(NamedTuple):
    """What many problems may have in common; `label` is that of a place with the same pointer."""

    name: str
    above: Pointer
    is_index: bool
    cause: str
    remedy: str
    label: str | None
    related: tuple[tuple[Pointer, Span, str], ...]


class Problems(LazySequence[SyntaxProblem]):
    """Problems in the order in which they were added."""

    def __init__(self) -> None:
        self._common: dict[_Common, int] = {}
        self._known: list[_Common] = []
        self._tokens: dict[str, int] = {}
        self._names: list[str] = []
        # Machine integers take a tenth of the memory of objects.
        self._numbers = array("I")

    def append(self, problem: SyntaxProblem) -> None:
        """Add a problem."""
        name, pointer, span, cause, remedy, related = problem
        *_, last = pointer or (None,)
        label, first = None, Span(0, 0)
        if len(related) == 1 and related[0][0] == pointer:
            ((_, first, label),) = related
            related = ()
        common = _Common(name, pointer[:-1], isinstance(last, int), cause, remedy, label, related)
        number = self._common.setdefault(common, len(self._known))
        if number == len(self._known):
            self._known.append(common)
        token = _NO_TOKEN if last is None else last
        if isinstance(token, str):
            token = self._tokens.setdefault(token, len(self._names))
            if token == len(self._names):
                self._names.append(str(last))
        self._numbers.extend((number, token, *span, *first))

    def forget(self, count: int) -> list[SyntaxProblem]:
        """Forget all problems except the first `count`, and return them."""
        forgotten = list(self[count:])
        del self._numbers[count * _WIDTH :]
        return forgotten

    def finished(self) -> Sequence[SyntaxProblem]:
        """Return the problems, as a tuple unless there are very many."""
        return self if len(self) > _FEW else tuple(self)

    def __len__(self) -> int:
        return len(self._numbers) // _WIDTH

    def _item(self, index: int) -> SyntaxProblem:
        at = index * _WIDTH
        number, token, start, end, *first = self._numbers[at : at + _WIDTH]
        name, pointer, is_index, cause, remedy, label, related = self._known[number]
        if token != _NO_TOKEN:
            pointer = (*pointer, token if is_index else self._names[token])
        if label is not None:
            related = ((pointer, Span(*first), label),)
        return SyntaxProblem(name, pointer, Span(start, end), cause, remedy, related)
