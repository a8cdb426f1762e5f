"""What a request becomes by one step: a value is set to another, added, or taken away."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from rosetta_spec.document.plain import value_at
from rosetta_spec.kinds.kind import values_matching
from rosetta_spec.kinds.unique import identity
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import EDITOR_KEY, places, schema_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import Pattern
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.strategies.suggestions import Suggestions


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
