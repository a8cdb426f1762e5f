"""Requests that are broken by one rule, as the rule's own kind breaks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume
from hypothesis import strategies as st

from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies.maker import findings_of, maker_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Maker


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
