"""Remember what a function found, as `functools.cache` does, without its slow import."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _T = TypeVar("_T")


def once(function: Callable[[], _T]) -> Callable[[], _T]:
    """Call a function that takes nothing when it is first asked, and never again."""
    found: list[_T] = []

    def remembered() -> _T:
        if not found:
            found.append(function())
        return found[0]

    remembered.__doc__ = function.__doc__
    return remembered
