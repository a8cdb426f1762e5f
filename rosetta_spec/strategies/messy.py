"""Requests with any number of mistakes, to test what has to hold for all of them."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from rosetta_spec.document.plain import value_at
from rosetta_spec.strategies.maker import requests
from rosetta_spec.strategies.spots import spots_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.document.plain import Json
    from rosetta_spec.spec.rule import Rule

#: What people and programs write where something else is wanted.
_STRAY: tuple[Json, ...] = (
    *(None, True, False, 0, 1, 2, 5, 6, 7, -1, Decimal("0.5"), Decimal("1.0"), Decimal("1e30")),
    *("", " ", "1", "1.5", "true", "null", "AND", " Custom ", "x", "pool ", "2025-03-13"),
    *("2025-03-14T10:00Z", "2025-02-30", [], {}, [1, "1", 1], [{"start": 3, "end": 3}], [None]),
)

_STRAY_KEYS = ("sampleRatio", "taskId", "poolName", "$schema", "start", "subCondition", "é/~")


@st.composite
def messy_requests(draw: st.DrawFn, rules: Iterable[Rule] | None = None) -> Json:
    """Requests with any number of mistakes, none included, that may stand in each other's way."""
    document = copy.deepcopy(draw(requests(rules)))
    for _ in range(draw(st.integers(0, 4))):
        spot = draw(st.sampled_from(spots_of(document)))
        stray = copy.deepcopy(draw(st.sampled_from(_STRAY)))
        if isinstance(spot.value, dict) and "properties" in spot.schema:
            keys = [*_STRAY_KEYS, *spot.schema["properties"]]
            spot.value[draw(st.sampled_from(keys))] = stray
        else:
            above = value_at(document, spot.pointer[:-1])
            if draw(st.booleans()):
                above[spot.pointer[-1]] = stray
            else:
                del above[spot.pointer[-1]]
    return document
