"""The words of the rule language by name, each registered by one decorator."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from rosetta_spec.kinds.kind import Kind

    _KindT = TypeVar("_KindT", bound=type[Kind])

#: Filled by the modules that `rosetta_spec.kinds` imports.
KINDS: dict[str, type[Kind]] = {}


def kind(name: str) -> Callable[[_KindT], _KindT]:
    """Register a kind under the word that rules files use."""

    def register(cls: _KindT) -> _KindT:
        cls.name = name
        KINDS[name] = cls
        return cls

    return register
