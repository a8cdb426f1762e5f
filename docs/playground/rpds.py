"""Replace rpds, a compiled package that Pyodide cannot load from this site.

It has what jsonschema and referencing use of rpds; copies take the place of shared structure.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Self


class HashTrieMap(dict[Any, Any]):
    """A mapping whose methods return changed copies."""

    @classmethod
    def convert(cls, value: Mapping[Any, Any]) -> Self:
        """Return a mapping as one of this class."""
        return value if isinstance(value, cls) else cls(value)

    def insert(self, key: Hashable, value: object) -> Self:
        """Return a copy with one more item."""
        return type(self)({**self, key: value})

    def remove(self, key: Hashable) -> Self:
        """Return a copy without an item; raise `KeyError` if it is not there."""
        copy = type(self)(self)
        del copy[key]
        return copy

    def update(self, *others: Any, **items: Any) -> Self:  # type: ignore[override]  # noqa: ANN401
        """Return a copy with more items."""
        copy = dict(self)
        for each in (*others, items):
            copy.update(each)
        return type(self)(copy)


class HashTrieSet(frozenset[Any]):
    """A set whose methods return changed copies."""

    def insert(self, item: Hashable) -> Self:
        """Return a copy with one more item."""
        return type(self)(self | {item})

    def remove(self, item: Hashable) -> Self:
        """Return a copy without an item; raise `KeyError` if it is not there."""
        if item not in self:
            raise KeyError(item)
        return type(self)(self - {item})

    def update(self, *others: Iterable[Any]) -> Self:
        """Return a copy with more items."""
        return type(self)(self.union(*others))


class List(tuple[Any, ...]):
    """A list whose methods return changed copies."""

    __slots__ = ()

    def push_front(self, item: object) -> Self:
        """Return a copy with an item before the others."""
        return type(self)((item, *self))
