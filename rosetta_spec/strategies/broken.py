"""Requests with one broken rule, or with any number."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from rosetta_spec.document.values import Json, value_at
from rosetta_spec.engine.engine import Engine
from rosetta_spec.kinds.kind import Breakage, values_matching
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import places, request_schema, schema_at
from rosetta_spec.spec.rule import Rule
from rosetta_spec.spec.ruleset import is_ours
from rosetta_spec.strategies.valid import Maker, maker_of, requests, thorough_engine


def broken_requests(
    code_or_name: str, rules: Iterable[Rule] | None = None
) -> st.SearchStrategy[Breakage]:
    """Requests that break only one of `rules` (by default the built-in ones), by code or name."""
    make = maker_of(rules)
    rule = next(rule for rule in make.rules if code_or_name in (rule.code, rule.name))
    # A kind knows our rules, but not what else a team's rules ask for.
    may_fire = {rule.code, *rule.accompanied_by}
    others = [each for each in make.rules if not is_ours(each.code) and each.code not in may_fire]
    return _broken_requests(rule, make, thorough_engine(others))


@st.composite
def _broken_requests(draw: st.DrawFn, rule: Rule, make: Maker, others: Engine) -> Breakage:
    breakage = rule.kind.break_valid(draw, make)
    if others.codes and isinstance(breakage.broken, dict):
        assume(not others.violations_in(breakage.broken))
    return breakage


#: What people and programs write in the wrong place.
_STRAY: tuple[Json, ...] = (
    *(None, True, False, 0, 1, 2, 5, 6, 7, -1, Decimal("0.5"), Decimal("1.0"), Decimal("1e30")),
    *("", " ", "1", "1.5", "true", "null", "AND", " Custom ", "x", "pool ", "2025-03-13"),
    *("2025-03-14T10:00Z", "2025-02-30", [], {}, [1, "1", 1], [None]),
    *(example for place in places() for example in (schema_at(place) or {}).get("examples", ())),
)

#: Keys of any object, a misspelt one, and one that a pointer escapes.
_STRAY_KEYS = (
    *dict.fromkeys(place[-1] for place in places() if place and place[-1] != EVERY_ITEM),
    f"{request_schema()['required'][-1]}s",
    "é/~",
)


@st.composite
def messy_requests(draw: st.DrawFn, rules: Iterable[Rule] | None = None) -> Json:
    """Requests with up to four mistakes, which may affect each other."""
    document = copy.deepcopy(draw(requests(rules)))
    for _ in range(draw(st.integers(0, 4))):
        known = [
            (schema_at(place) or {}, pointer, value)
            for place in places()
            for pointer, value in values_matching(place, document)
        ]
        schema, pointer, value = draw(st.sampled_from(known))
        stray = copy.deepcopy(draw(st.sampled_from(_STRAY)))
        if isinstance(value, dict) and "properties" in schema:
            value[draw(st.sampled_from([*_STRAY_KEYS, *schema["properties"]]))] = stray
        elif draw(st.booleans()):
            value_at(document, pointer[:-1])[pointer[-1]] = stray
        else:
            del value_at(document, pointer[:-1])[pointer[-1]]
    return document
