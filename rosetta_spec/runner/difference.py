"""A unified diff of a file's pieces, as `patch` and `git apply` read it."""

from __future__ import annotations

from difflib import SequenceMatcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.runner.fixing import Piece

#: Rows that are shown around a change.
_CONTEXT = 3

_NO_LINE_END = "\\ No newline at end of file\n"


def difference(filename: str, pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the rows of a diff, each with its line end; none if nothing is changed.

    The first two give the file's name. A row ends with LF, as everywhere in diffs. A piece ends
    with a row, or with the file.
    """
    hunks = _Hunks()
    title = [f"--- {filename}\n", f"+++ {filename}\n"]
    for row in hunks.all_of(pieces):
        yield from title
        yield row
        title = []


def _stretches(pieces: Iterable[Piece]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield rows as they were and as they are, the same in turn with others."""
    for piece in pieces:
        before = _rows(piece.before)
        if not piece.is_changed:
            yield before, before
            continue
        after = _rows(piece.after)
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for _, start, stop, start_after, stop_after in matcher.get_opcodes():
            yield before[start:stop], after[start_after:stop_after]


def _rows(data: bytes) -> list[str]:
    """Divide a text into rows; what is no UTF-8 is in no row that is shown."""
    rows = data.decode(errors="replace").split("\n")
    last = rows.pop()
    return [*(f"{row}\n" for row in rows), *([last] if last else [])]


class _Hunks:
    """Puts changes that are near each other into one hunk, with rows that stay around them."""

    def __init__(self) -> None:
        #: The row that comes next, before and after.
        self._next = (1, 1)
        #: Rows that stay, before a hunk or since the last change of an open one.
        self._same: list[str] = []
        #: The open hunk: where it starts, and its rows with their marks.
        self._start = (1, 1)
        self._hunk: list[str] = []

    def all_of(self, pieces: Iterable[Piece]) -> Iterator[str]:
        """Yield the hunks of all pieces."""
        for before, after in _stretches(pieces):
            yield from self._add(before, after)
        yield from self._close()

    def _add(self, before: list[str], after: list[str]) -> Iterator[str]:
        """Take some rows, and yield a hunk if one has ended."""
        if before != after:
            if not self._hunk:
                self._start = (self._next[0] - len(self._same), self._next[1] - len(self._same))
            self._hunk += [*_marked(" ", self._same), *_marked("-", before), *_marked("+", after)]
            self._same = []
        else:
            self._same += before
            if len(self._same) > 2 * _CONTEXT:
                yield from self._close()
            if not self._hunk:
                self._same = self._same[-_CONTEXT:]
        self._next = (self._next[0] + len(before), self._next[1] + len(after))

    def _close(self) -> Iterator[str]:
        """Yield the open hunk, if there is one."""
        if self._hunk:
            rows = [*self._hunk, *_marked(" ", self._same[:_CONTEXT])]
            old = _range(self._start[0], sum(row[0] in " -" for row in rows))
            new = _range(self._start[1], sum(row[0] in " +" for row in rows))
            yield f"@@ -{old} +{new} @@\n"
            yield from rows
            self._hunk = []


def _range(start: int, count: int) -> str:
    """Write rows as a diff does: of none, the row before it; of one, only the row."""
    if count == 1:
        return str(start)
    return f"{start if count else start - 1},{count}"


def _marked(mark: str, rows: Iterable[str]) -> Iterator[str]:
    for row in rows:
        yield mark + row.removesuffix("\n") + "\n"
        if not row.endswith("\n"):
            yield _NO_LINE_END
