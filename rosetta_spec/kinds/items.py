"""Kinds about the items of an array: `unique`, `disjoint`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from rosetta_spec.document.operations import Remove
from rosetta_spec.document.values import UNUSABLE, Json, identity
from rosetta_spec.kinds.kind import (
    Breakage,
    Draw,
    Maker,
    Place,
    ProposedFix,
    RelationKind,
    Violation,
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema
from rosetta_spec.request.wording import shown


class Unique(RelationKind):
    """Each item that equals an earlier one is reported, with the first of them."""

    name = "unique"
    target = list

    def check(self, value: list[Json]) -> Iterator[Violation]:
        first: dict[object, int] = {}
        for index, item in enumerate(value):
            if item is UNUSABLE or item == "":
                continue
            earlier = first.setdefault(identity(item), index)
            if earlier != index:
                yield Violation(
                    pointer=(index,), place=Place((index,)), related=(Place((earlier,)),)
                )

    def fixes(self, at: Pointer, value: list[Json], violation: Violation) -> Iterator[ProposedFix]:
        yield ProposedFix((Remove((*at, *violation.pointer)),))

    def schema(self) -> Schema:
        return {"uniqueItems": True}

    def accepts(self, value: str) -> str:
        return f"have_no_repeats({value})"

    def sentence(self) -> str:
        return "No item is listed twice."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at))
        items = make.value_at(valid, place)
        again = draw(make.st.sampled_from(items))
        return make.broken(valid, place, (len(items),), append=again)


class Disjoint(RelationKind):
    """`low` and `high`: the keys of a range's ends; the order of the array is free.

    Ranges that are not in order are nobody's neighbours.
    """

    name = "disjoint"
    target = list
    facts = frozenset({"low", "high", "other_low", "other_high", "other"})

    def __init__(self, *, low: str, high: str, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.low = low
        self.high = high
        self.keys = (high,)

    def check(self, value: list[Json]) -> Iterator[Violation]:
        ranges = {index: ends for index, item in enumerate(value) if (ends := self._ends(item))}
        for later, earlier in first_overlaps(ranges):
            low, high = ranges[later]
            other_low, other_high = ranges[earlier]
            yield Violation(
                pointer=(later,),
                place=Place((later,)),
                facts={
                    "low": shown(low),
                    "high": shown(high),
                    "other_low": shown(other_low),
                    "other_high": shown(other_high),
                    "other": str(earlier),
                },
                related=(Place((earlier,)),),
            )

    def _ends(self, item: Json) -> tuple[Json, Json] | None:
        if not isinstance(item, dict):
            return None
        low, high = item.get(self.low, UNUSABLE), item.get(self.high, UNUSABLE)
        return None if UNUSABLE in (low, high) or low >= high else (low, high)

    def schema(self) -> None:
        """JSON Schema cannot compare items."""

    def accepts(self, value: str) -> str:
        return f"have_no_overlap({value}, {self.low!r}, {self.high!r})"

    def sentence(self) -> str:
        return f"No two ranges from {self.low} to {self.high} (both included) share a position."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at))
        ranges = make.value_at(valid, place)
        again = draw(make.st.sampled_from(ranges))
        moved = draw(make.st.sampled_from([again, {**again, self.high: again[self.high] + 1}]))
        return make.broken(valid, place, (len(ranges),), append=moved)


def first_overlaps(ranges: Mapping[int, tuple[Json, Json]]) -> Iterator[tuple[int, int]]:
    """Yield, for each range that meets an earlier one, its index and that of the first it meets.

    Each end is a cell of a line; the first range that covers a cell owns it for good, so the
    first earlier range is the least owner of the cells of the later one. A tree of least owners
    over the cells keeps this at n log n for any input.
    """
    cells = {end: cell for cell, end in enumerate(sorted({*chain(*ranges.values())}))}
    owners = _Owners(len(cells))
    for index, (low, high) in ranges.items():
        first, last = cells[low], cells[high]
        earlier = owners.least(first, last + 1)
        if earlier is not None:
            yield index, earlier
        owners.claim(first, last, index)


class _Owners:
    """Cells that belong to whoever claims them first; answers the least owner of a stretch."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._tree: list[int | None] = [None] * (2 * count)
        #: For each cell, a cell at or after it that may be free: skips what is owned.
        self._next_free = list(range(count + 1))

    def claim(self, first: int, last: int, owner: int) -> None:
        cell = self._free_from(first)
        while cell <= last:
            node = cell + self._count
            while node:
                # Owners claim in rising order, so whoever is there already is the least.
                self._tree[node] = owner if self._tree[node] is None else self._tree[node]
                node //= 2
            self._next_free[cell] = cell + 1
            cell = self._free_from(cell + 1)

    def _free_from(self, cell: int) -> int:
        while self._next_free[cell] != cell:
            self._next_free[cell] = self._next_free[self._next_free[cell]]
            cell = self._next_free[cell]
        return cell

    def least(self, start: int, stop: int) -> int | None:
        found = []
        start += self._count
        stop += self._count
        while start < stop:
            if start % 2:
                found.append(self._tree[start])
                start += 1
            if stop % 2:
                stop -= 1
                found.append(self._tree[stop])
            start //= 2
            stop //= 2
        return min((owner for owner in found if owner is not None), default=None)
