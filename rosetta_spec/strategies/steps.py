"""The values of a request, and what it becomes when one of them changes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from hypothesis import strategies as st

from rosetta_spec.document.values import Json, identity, value_at
from rosetta_spec.kinds.kind import KnownValue, Pattern, values_matching
from rosetta_spec.pointer import EVERY_ITEM, Pointer
from rosetta_spec.request.schema import EDITOR_KEY, places, schema_at
from rosetta_spec.strategies.values import Suggestions


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


def spots_of(document: Json, patterns: Iterable[Pattern] | None = None) -> list[KnownValue]:
    """Return the values of a document where `patterns` are, by default all its schema knows."""
    return [
        _spot(pattern, pointer, value)
        for pattern in (places() if patterns is None else patterns)
        for pointer, value in values_matching(pattern, document)
    ]


def is_place(fits: Callable[[KnownValue], bool], pattern: Pattern) -> bool:
    """Whether a value at a place would fit, as far as its schema says."""
    return fits(_spot(pattern, pattern, None))


def is_required(pattern: Pattern) -> bool:
    """Whether the object that a place is in has to have it."""
    above = schema_at(pattern[:-1]) or {}
    return bool(pattern) and pattern[-1] in above.get("required", ())


def _spot(pattern: Pattern, pointer: Pointer, value: Json) -> KnownValue:
    return KnownValue(pointer, value, schema_at(pattern) or {}, is_required(pattern))


def every_place() -> list[Pattern]:
    """Return all places at which a step can be made: those below the request itself."""
    return [place for place in places() if place and place != (EDITOR_KEY,)]


def steps_from(
    document: Json, suggestions: Suggestions, patterns: Iterable[Pattern] | None = None
) -> Iterator[Json]:
    """Yield the documents one step away, where `patterns` are, by default anywhere."""
    for pattern in every_place() if patterns is None else patterns:
        values = suggestions.at(pattern)
        # Objects with a place of their own change by what is in them.
        is_object = (schema_at(pattern) or {})["type"] == "object" and pattern[-1] != EVERY_ITEM
        for pointer, old in list(values_matching(pattern, document)):
            yield without(document, pointer)
            others = (value for value in values if identity(value) != identity(old))
            yield from (with_value(document, pointer, value) for value in others if not is_object)
        yield from _additions(document, pattern, values)


def _additions(document: Json, pattern: Pattern, values: list[Json]) -> Iterator[Json]:
    *above, last = pattern
    for pointer, holder in values_matching(tuple(above), document):
        if isinstance(holder, list) and last == EVERY_ITEM:
            yield from (with_value(document, (*pointer, len(holder)), value) for value in values)
        if isinstance(holder, dict) and last not in holder:
            yield from (with_value(document, (*pointer, last), value) for value in values)
    # An object that is not there yet is made with the key.
    if len(above) == 1 and last != EVERY_ITEM and above[0] not in document:
        yield from ({**document, above[0]: {last: value}} for value in values)


def without(document: Json, pointer: Pointer) -> Json:
    """Return the document without the value at a pointer."""
    changed = copy.deepcopy(document)
    del value_at(changed, pointer[:-1])[pointer[-1]]
    return changed


def with_value(document: Json, pointer: Pointer, value: Json) -> Json:
    """Return the document with another value at a pointer; one past the last item adds one."""
    changed = copy.deepcopy(document)
    above = value_at(changed, pointer[:-1])
    if isinstance(above, list) and pointer[-1] == len(above):
        above.append(copy.deepcopy(value))
    else:
        above[pointer[-1]] = copy.deepcopy(value)
    return changed
