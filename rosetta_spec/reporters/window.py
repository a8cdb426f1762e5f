"""Which part of a row is shown: all of it, or what is around its marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.diagnostic import SourceLine
    from rosetta_spec.reporters.terminal import Row
    from rosetta_spec.reporters.underline import Mark

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


class Window(NamedTuple):
    """The shown part of a row, and the marks under it."""

    text: str
    marks: list[Mark]


def windows(line: SourceLine, row: Row, marks: list[Mark], room: int) -> Iterator[Window]:
    """Cut a row that is too long into what is around its marks; far ones get their own window."""
    total = row.columns[-1]
    inner = room - 2 * len(ELLIPSIS)
    if total < (inner if line.is_cut or line.column > 1 else room):
        yield _window(line, row, marks, range(total))
        return
    for group in _groups(marks, inner):
        yield _window(line, row, group, _reach(group, total, inner))


def _groups(marks: list[Mark], inner: int) -> list[list[Mark]]:
    groups: list[list[Mark]] = []
    for mark in sorted(marks):
        if groups and _enough(mark, inner) - groups[-1][0].start <= inner:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups or [[]]


def _enough(mark: Mark, inner: int) -> int:
    """Return the column up to which a mark must be seen: half a window of a long one."""
    return min(mark.end, mark.start + inner // 2)


def _reach(group: list[Mark], total: int, inner: int) -> range:
    """Choose the columns to show: from the first one if that will do, else around the marks."""
    needed = max((_enough(mark, inner) for mark in group), default=0)
    if needed <= inner:
        return range(inner)
    low = group[0].start
    wanted = min(max(mark.end for mark in group), low + inner * 3 // 4)
    spare = inner - (max(needed, wanted) - low)
    left = min(low - spare // 2, total - inner)
    return range(left, left + inner)


def _window(line: SourceLine, row: Row, marks: list[Mark], reach: range) -> Window:
    first = bisect_left(row.columns, reach.start)
    last = bisect_right(row.columns, row.columns[first] + len(reach)) - 1
    head = ELLIPSIS if first or line.column > 1 else ""
    tail = ELLIPSIS if last < len(row.pieces) or line.is_cut else ""
    shift = len(head) - row.columns[first]
    limit = row.columns[last] + shift + len(tail)
    text = head + "".join(row.pieces[first:last]) + tail
    return Window(text, [_moved(mark, shift, limit) for mark in marks])


def _moved(mark: Mark, shift: int, limit: int) -> Mark:
    start = mark.start + shift
    return mark._replace(start=start, end=max(min(mark.end + shift, limit), start + 1))
