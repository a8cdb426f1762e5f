"""Requests with one broken rule, or with any number."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from rosetta_spec.document.values import Json, value_at
from rosetta_spec.kinds.kind import Breakage
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import places, request_schema
from rosetta_spec.spec.rule import Rule
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies.maker import Maker, findings_of, maker_of, requests
from rosetta_spec.strategies.steps import spots_of


def broken_requests(
    code_or_name: str, rules: Iterable[Rule] | None = None
) -> st.SearchStrategy[Breakage]:
    """Requests that break just the one of `rules` (by default ours) that has this code or name."""
    make = maker_of(rules)
    rule = next(rule for rule in make.rules if code_or_name in (rule.code, rule.name))
    strangers = [each for each in make.rules if _is_stranger(each, rule)]
    return _breakages(rule, make, strangers)


@st.composite
def _breakages(draw: st.DrawFn, rule: Rule, make: Maker, strangers: list[Rule]) -> Breakage:
    breakage = rule.kind.break_valid(draw, make)
    # A kind knows our rules, but not what else a team asks for.
    if strangers and isinstance(breakage.broken, dict):
        assume(not findings_of(strangers, breakage.broken))
    return breakage


def _is_stranger(other: Rule, rule: Rule) -> bool:
    """Whether a rule is neither ours nor one that comes with another."""
    if other.code in (rule.code, *rule.accompanied_by):
        return False
    return builtin_ruleset().find(other.code) is None


#: What people and programs write where something else is wanted.
_STRAY: tuple[Json, ...] = (
    *(None, True, False, 0, 1, 2, 5, 6, 7, -1, Decimal("0.5"), Decimal("1.0"), Decimal("1e30")),
    *("", " ", "1", "1.5", "true", "null", "AND", " Custom ", "x", "pool ", "2025-03-13"),
    *("2025-03-14T10:00Z", "2025-02-30", [], {}, [1, "1", 1], [{"start": 3, "end": 3}], [None]),
)

#: Keys at places where they may not belong, one with a typing error, and one to escape.
_STRAY_KEYS = (
    *dict.fromkeys(pattern[-1] for pattern in places() if pattern and pattern[-1] != EVERY_ITEM),
    f"{request_schema()['required'][-1]}s",
    "é/~",
)


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
