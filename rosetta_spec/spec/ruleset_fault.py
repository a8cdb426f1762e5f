"""A fault of a rules file, and the words that are the same in many of them."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.request.wording import one_of, printable, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Literal, TypeAlias

    from rosetta_spec.pointer import Pointer

#: One rule as it stands in a rules file.
Entry: TypeAlias = "Mapping[str, Any]"


class Fault(NamedTuple):
    """What is wrong with the value or the key at a place, or with what is missing below it."""

    pointer: Pointer
    cause: str
    remedy: str
    part: Literal["value", "key", "start"] = "value"


def bare(name: str) -> str:
    """Write a name without quotes, safe to print and never long."""
    return printable(shortened(name))


def choose(name: str, names: Iterable[str]) -> str:
    """Offer the one of `names` that is surely meant, else all of them."""
    near = nearest_name(name, names)
    return f"did you mean {near}?" if near else f"choose {one_of(names)}"
