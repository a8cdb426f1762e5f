"""The values of a request that its schema knows, to change one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rosetta_spec.kinds.kind import values_matching
from rosetta_spec.request.schema import places, schema_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.wanted import Pattern


class Spot(NamedTuple):
    """A value of a request that its schema knows; `is_required` says that it has to be there."""

    pointer: Pointer
    value: Json
    schema: Schema
    is_required: bool


def spots_of(document: Json, patterns: Iterable[Pattern] | None = None) -> list[Spot]:
    """Return the values of a document where `patterns` are, by default all its schema knows."""
    return [
        _spot(pattern, pointer, value)
        for pattern in (places() if patterns is None else patterns)
        for pointer, value in values_matching(pattern, document)
    ]


def is_place(fits: Callable[[Spot], bool], pattern: Pattern) -> bool:
    """Whether a value at a place would fit, as far as its schema says."""
    return fits(_spot(pattern, pattern, None))


def is_required(pattern: Pattern) -> bool:
    """Whether the object that a place is in has to have it."""
    above = schema_at(pattern[:-1]) or {}
    return bool(pattern) and pattern[-1] in above.get("required", ())


def _spot(pattern: Pattern, pointer: Pointer, value: Json) -> Spot:
    return Spot(pointer, value, schema_at(pattern) or {}, is_required(pattern))
