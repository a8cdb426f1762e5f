"""The nearest of some names to a mistyped one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def edit_distance(left: str, right: str) -> int:
    """Count the insertions, deletions and substitutions between two strings (Levenshtein)."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that is nearest to `name`, if it is surely meant.

    That is: at an edit distance of at most a third of its own length, and no other as near.
    """
    # A name that is longer or shorter by more than a third cannot be near: a megabyte of key
    # is turned away before it is compared.
    near = sorted(
        (edit_distance(name, candidate), candidate)
        for candidate in names
        if abs(len(candidate) - len(name)) * 3 <= len(candidate)
    )
    if not near or near[0][0] * 3 > len(near[0][1]):
        return None
    if len(near) > 1 and near[1][0] == near[0][0]:
        return None
    return near[0][1]
