"""What a request that is drawn is to have, and what it is to lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rosetta_spec.pointer import EVERY_ITEM

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hypothesis import strategies as st

    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer

#: A place as a rules file writes it, `*` for any item.
Pattern: TypeAlias = tuple[str, ...]


class Wanted(NamedTuple):
    """What a request is to have (with a strategy of its own, or None for any value), and lack."""

    having: Mapping[Pattern, st.SearchStrategy[Json] | None]
    without: Collection[Pattern]

    def needs(self, pattern: Pattern) -> bool:
        """Whether it is to have a value there, or inside of it."""
        return any(kept[: len(pattern)] == pattern for kept in self.having)

    def bars(self, pattern: Pattern) -> bool:
        """Whether it is to have no value there."""
        return pattern in self.without and not self.needs(pattern)


#: Whatever comes.
ANYTHING = Wanted({}, ())


def pattern_of(pointer: Pointer | Pattern) -> Pattern:
    """Return the pattern that a pointer meets."""
    return tuple(EVERY_ITEM if isinstance(token, int) else token for token in pointer)
