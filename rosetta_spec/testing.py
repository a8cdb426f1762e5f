"""The laws of a ruleset as a pytest test of your own; it needs `hypothesis` too.

from rosetta_spec.testing import laws_of

test_policy = laws_of("policy.rules.yaml")
"""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

import pytest

from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import Rule, builtin_ruleset
from rosetta_spec.verify.verification import EXAMPLES, Verifier


def laws_of(*paths: str | PathLike[str], examples: int = EXAMPLES) -> Callable[[Rule | None], None]:
    """Create a test of the rulesets at some paths, which are used together with the built-in one.

    It has one case for each rule: its examples are right, it obeys the laws on so many `examples`,
    and requests are found that break it, satisfy it, and break it where no other rule fires. One
    more case tests that all rules can be satisfied together.

    Raises:
        RulesetError: a ruleset cannot be used.
    """
    ruleset = builtin_ruleset()
    chosen: list[Rule] = []
    for path in paths:
        rules = load_ruleset(Path(path), ruleset).rules
        ruleset = ruleset.with_rules(rules)
        chosen += rules
    verifier = Verifier(chosen, ruleset.rules, examples=examples)
    cases = [pytest.param(rule, id=f"{rule.code}-{rule.name}") for rule in chosen]

    @pytest.mark.parametrize("rule", [*cases, pytest.param(None, id="together")])
    def test_a_ruleset_passes_verification(rule: Rule | None) -> None:
        problems = verifier.result(rule).problems if rule else verifier.contradictions()
        assert [f"{each.name}: {each.message}" for each in problems] == []  # noqa: S101 - a test

    return test_a_ruleset_passes_verification
