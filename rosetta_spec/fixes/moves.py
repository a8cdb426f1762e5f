"""Where values are after operations on others."""

from __future__ import annotations

from bisect import bisect_left

from rosetta_spec.document.operations import Move, Remove, Rename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.document.operations import Operation
    from rosetta_spec.pointer import Pointer


class Moves:
    """What some operations, however many, do to the places of all values."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._to: dict[Pointer, Pointer | None] = {}
        #: Indices of the items that go, sorted, by the list that they are in.
        self._gone: dict[Pointer, list[int]] = {}
        for each in operations:
            if isinstance(each, Remove):
                self._to[each.pointer] = None
                if isinstance(each.pointer[-1], int):
                    self._gone.setdefault(each.pointer[:-1], []).append(each.pointer[-1])
            elif isinstance(each, Rename):
                self._to[each.pointer] = (*each.pointer[:-1], each.key)
            elif isinstance(each, Move):
                self._to[each.pointer] = each.to
        for indices in self._gone.values():
            indices.sort()

    def moved(self, pointer: Pointer) -> Pointer | None:
        """Return where the value at a pointer is then, None if it has gone with one."""
        place: Pointer = ()
        for depth, token in enumerate(pointer):
            above, here = pointer[:depth], pointer[: depth + 1]
            if here in self._to:
                target = self._to[here]
                if target is None:
                    return None
                place = target
            elif above in self._gone and isinstance(token, int):
                place = (*place, token - bisect_left(self._gone[above], token))
            else:
                place = (*place, token)
        return place
