"""Values as the request schema describes them, whatever the rules say of them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import EDITOR_KEY, schema_at

if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.maker import Draw, Maker
    from rosetta_spec.strategies.wanted import Pattern, Wanted


@st.composite
def drafts(draw: Draw, make: Maker, pattern: Pattern, wanted: Wanted) -> Json:
    """Values for a place, with and without what is wanted."""
    return _value(draw, make, pattern, wanted)


def _value(draw: Draw, make: Maker, pattern: Pattern, wanted: Wanted) -> Json:
    own = wanted.having.get(pattern)
    if own is not None:
        return copy.deepcopy(draw(own))
    schema = schema_at(pattern) or {}
    if schema["type"] == "object":
        keys = _keys(draw, pattern, schema, wanted)
        return {key: _value(draw, make, (*pattern, key), wanted) for key in keys}
    if schema["type"] == "array":
        size = draw(st.integers(1, 3))
        return [_value(draw, make, (*pattern, EVERY_ITEM), wanted) for _ in range(size)]
    return draw(make.scalars(pattern))


def _keys(draw: Draw, pattern: Pattern, schema: Schema, wanted: Wanted) -> list[str]:
    """Draw which keys an object has: the required, the wanted, and some of the others."""
    needed = set(schema.get("required", ()))
    needed |= {key for key in schema["properties"] if wanted.needs((*pattern, key))}
    chosen = [key for key in free_keys(pattern, wanted) if draw(st.booleans())]
    return draw(st.permutations([*sorted(needed), *chosen]))


def free_keys(pattern: Pattern, wanted: Wanted) -> list[str]:
    """Return the keys that an object at a place may have or not."""
    schema = schema_at(pattern) or {}
    settled = {EDITOR_KEY, *schema.get("required", ())}
    places = ((*pattern, key) for key in schema["properties"] if key not in settled)
    return [place[-1] for place in places if not (wanted.needs(place) or wanted.bars(place))]
