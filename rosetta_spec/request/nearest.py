"""The nearest of some names to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rosetta_spec.request.wording import one_of


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that is nearest to `name`, if it is probably meant.

    That is: at an edit distance of at most a third of its own length, and no other as near.
    """
    # A name that is longer or shorter by more than a third cannot be near: a megabyte of key
    # is not compared.
    candidates = tuple(each for each in names if abs(len(each) - len(name)) * 3 <= len(each))
    return _nearest(name, candidates) if candidates else None


#: So many answers are remembered: archives repeat the same misspellings, and fixes are tried again
#: and again on documents with many.
@lru_cache(1 << 16)
def _nearest(name: str, candidates: tuple[str, ...]) -> str | None:
    most = max(map(len, candidates)) // 3
    distances = ((edit_distance(name, each, most), each) for each in candidates)
    near = sorted((distance, each) for distance, each in distances if distance is not None)
    if not near or near[0][0] * 3 > len(near[0][1]):
        return None
    if len(near) > 1 and near[1][0] == near[0][0]:
        return None
    return near[0][1]


def suggestion(name: str, names: Iterable[str]) -> str:
    """Suggest the nearest of `names`, or if none is near enough all of them."""
    near = nearest_name(name, names)
    return f"did you mean {near}?" if near else f"choose {one_of(names)}"


#: A longer text is near to no name.
_LONGEST_NAME = 100


def nearest_names(name: str, names: Iterable[str]) -> list[str]:
    """Return those of `names` that are nearest to `name`, however far; none that is all different.

    Nearer than any other are those that it is a part of.
    """
    if not 0 < len(name) <= _LONGEST_NAME:
        return []
    names = list(names)
    if containing := [each for each in names if name in each]:
        return containing
    found = ((each, edit_distance(name, each, _LONGEST_NAME)) for each in names)
    distances = {
        each: distance
        for each, distance in found
        if distance is not None and distance < max(len(each), len(name))
    }
    least = min(distances.values(), default=0)
    return [each for each, distance in distances.items() if distance == least]


def edit_distance(left: str, right: str, most: int) -> int | None:
    """Count the insertions, deletions and substitutions between two strings (Levenshtein).

    None: there are more than `most`.
    """
    # A letter that only one of them has takes an edit; most names share too few letters.
    common = sum(min(left.count(char), right.count(char)) for char in set(left))
    if max(len(left), len(right)) - common > most:
        return None
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
        # No later row has a lower least number.
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
