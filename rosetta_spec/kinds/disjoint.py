"""`disjoint`: ranges of an array that share no position; both ends belong to a range."""

from __future__ import annotations

from itertools import chain

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.kinds.kind import Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.request.wording import shown as shown_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rosetta_spec.document.values import Json
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("disjoint")
class Disjoint(RelationKind):
    """`low` and `high`: the keys of a range's ends; the order of the array is free.

    Ranges that are not in order are nobody's neighbours.
    """

    target = list
    facts = frozenset({"low", "high", "other_low", "other_high", "other"})

    def __init__(self, *, low: str, high: str, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.low = low
        self.high = high

    def check(self, shown: list[Json]) -> Iterator[Finding]:
        ranges = {index: ends for index, item in enumerate(shown) if (ends := self._ends(item))}
        for later, earlier in first_overlaps(ranges):
            low, high = ranges[later]
            other_low, other_high = ranges[earlier]
            yield Finding(
                pointer=(later,),
                place=Place((later,)),
                facts={
                    "low": shown_value(low),
                    "high": shown_value(high),
                    "other_low": shown_value(other_low),
                    "other_high": shown_value(other_high),
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
