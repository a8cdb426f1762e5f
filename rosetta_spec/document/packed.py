"""Lists that keep most of their items in few bytes: a text of 16 MiB has millions of them."""

import pickle
from collections.abc import Callable
from typing import TypeVar
from zlib import compress, decompress

from rosetta_spec.text import LazySequence

_T = TypeVar("_T")

#: The maximum number of parts that are kept unpacked.
_RECENT = 30


class Packed(LazySequence[_T]):
    """Items in the order in which they were added; all except the last ones are packed."""

    #: The number of items that are packed together.
    part_size = 200

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._last: list[_T] = []
        #: Unpacked parts with their numbers, by these modulo `_RECENT`.
        self._recent: dict[int, tuple[int, list[_T]]] = {}

    def append(self, item: _T) -> None:
        """Add an item."""
        if len(self._last) == self.part_size:
            self._parts.append(compress(self._dumps(self._last), level=1))
            self._last = []
        self._last.append(item)

    def forget(self, count: int) -> None:
        """Forget all items except the first `count`."""
        part = count // self.part_size
        if part < len(self._parts):
            self._last = self._part(part).copy()
            self._recent.clear()
            del self._parts[part:]
        del self._last[count - len(self._parts) * self.part_size :]

    def change(self, start: int, change: Callable[[_T], _T]) -> None:
        """Change all items except the first `start`."""
        changed = type(self)()
        for index in range(start, len(self)):
            changed.append(change(self[index]))
        self.forget(start)
        for item in changed:
            self.append(item)

    def __len__(self) -> int:
        return len(self._parts) * self.part_size + len(self._last)

    def _item(self, index: int) -> _T:
        part, nth = divmod(index, self.part_size)
        return (self._part(part) if part < len(self._parts) else self._last)[nth]

    def _part(self, part: int) -> list[_T]:
        kept, items = self._recent.get(part % _RECENT, (-1, []))
        if kept != part:
            items = self._loads(decompress(self._parts[part]))
            self._recent[part % _RECENT] = part, items
        return items

    def _dumps(self, items: list[_T]) -> bytes:
        return pickle.dumps(items)

    def _loads(self, data: bytes) -> list[_T]:
        items: list[_T] = pickle.loads(data)  # noqa: S301 - packed here
        return items
