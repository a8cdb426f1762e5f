"""Show what fixing changes in a file as a unified diff."""

import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from rosetta_spec.engine.fixer import Piece
from rosetta_spec.reporters.style import safe

#: Rows that are shown around a change.
_CONTEXT = 3

#: Rows as they were and as they are.
_Stretch: TypeAlias = tuple[list[str], list[str]]

_NO_LINE_END = "\\ No newline at end of file\n"


def difference(filename: str, pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the rows of a unified diff for `patch` and `git apply`; none if nothing is changed.

    Every row ends with LF, as usual in diffs. The first two name the file. A piece has to end with
    a row, or with the file.
    """
    name = _title(filename)
    title = [f"--- {name}\n", f"+++ {name}\n"]
    for row in _in_hunks(_marked_rows(pieces)):
        yield from title
        yield row
        title = []


def _title(name: str) -> str:
    """Write a file name as `patch -p0` and `git apply -p0` read it: a tab ends one with blanks.

    One that would not be safe to print does not name a file that they find.
    """
    name = safe(name)
    return f"{name}\t" if " " in name else name


def _marked_rows(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield every row after its mark: `-` if it goes, `+` if it is new, else a blank."""
    for piece in pieces:
        before = _rows(piece.before)
        same = [(before, before)]
        for old, new in compared(before, _rows(piece.after)) if piece.is_changed else same:
            if old == new:
                yield from (f" {row}" for row in old)
            else:
                yield from (f"-{row}" for row in old)
                yield from (f"+{row}" for row in new)


def compared(old: list[str], new: list[str], *, is_rough: bool = True) -> Iterator[_Stretch]:
    """Yield equal and changed stretches, in about linear time; `difflib` takes quadratic time.

    A change ends at the nearest row that both texts have. First only rows that occur once count,
    since others are easily taken for each other; then all rows of each change are compared.
    """
    in_old, in_new = _places(old), _places(new)
    if is_rough:
        once = [row for row in in_old if len(in_old[row]) == len(in_new.get(row, ())) == 1]
        in_old, in_new = ({row: places[row] for row in once} for places in (in_old, in_new))
    at_old = at_new = 0
    while at_old < len(old) or at_new < len(new):
        a, b = at_old, at_new
        while a < len(old) and b < len(new) and old[a] == new[b]:
            a, b = a + 1, b + 1
        yield old[at_old:a], new[at_new:b]
        at_old, at_new = a, b
        for steps in range(max(len(old) - at_old, len(new) - at_new)):
            a, b = at_old + steps, at_new + steps
            if a < len(old) and (found := _next(in_new, old[a], at_new)) <= b:
                b = found
                break
            if b < len(new) and (found := _next(in_old, new[b], at_old)) <= a:
                a = found
                break
        else:
            a, b = len(old), len(new)
        change = old[at_old:a], new[at_new:b]
        if is_rough and all(change):
            yield from compared(*change, is_rough=False)
        else:
            yield change
        at_old, at_new = a, b


def _places(rows: Iterable[str]) -> dict[str, list[int]]:
    """Return where each row is, in order."""
    places: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        places.setdefault(row, []).append(number)
    return places


def _next(places: Mapping[str, list[int]], row: str, start: int) -> int:
    """Return the first place of a row from a place on."""
    found = places.get(row, [])
    at = bisect_left(found, start)
    return found[at] if at < len(found) else sys.maxsize


def _rows(data: bytes) -> list[str]:
    """Divide a text into rows; only rows without changes can have bytes that are not UTF-8."""
    rows = data.decode(errors="replace").split("\n")
    last = rows.pop()
    return [*(f"{row}\n" for row in rows), *([last] if last else [])]


def _in_hunks(rows: Iterable[str]) -> Iterator[str]:
    """Yield changed rows, and unchanged ones around them, in hunks of changes near each other."""
    #: The current hunk, or what may be the start of one, and the numbers of its first row.
    hunk: list[str] = []
    old = new = 1
    #: Whether rows of it are changed, and how many unchanged rows are at its end.
    is_changed, same = False, 0
    for row in rows:
        hunk.append(row)
        same = same + 1 if row[0] == " " else 0
        is_changed |= same == 0
        if is_changed and same <= 2 * _CONTEXT:
            continue
        if is_changed:
            yield from _with_title(hunk[: _CONTEXT - same], old, new)
            is_changed = False
        for gone in hunk[:-_CONTEXT]:
            old += gone[0] != "+"
            new += gone[0] != "-"
        del hunk[:-_CONTEXT]
    if is_changed:
        yield from _with_title(hunk[: len(hunk) - max(0, same - _CONTEXT)], old, new)


def _with_title(hunk: Sequence[str], old: int, new: int) -> Iterator[str]:
    """Yield a hunk whose first row has the numbers `old` and `new`."""
    old_range = _range(old, sum(row[0] != "+" for row in hunk))
    new_range = _range(new, sum(row[0] != "-" for row in hunk))
    yield f"@@ -{old_range} +{new_range} @@\n"
    for row in hunk:
        yield row.removesuffix("\n") + "\n"
        if not row.endswith("\n"):
            yield _NO_LINE_END


def _range(start: int, count: int) -> str:
    """Write a range of rows as a diff does: `row,count`, and one row without a count."""
    if count == 1:
        return str(start)
    return f"{start if count else start - 1},{count}"
