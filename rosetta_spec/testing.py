"""The laws of a ruleset as a test of your own, for pytest; it needs `hypothesis` too.

from rosetta_spec.testing import laws_of

test_policy = laws_of("policy.rules.yaml")
"""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

import pytest

from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.rule import Rule
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.verify.verification import EXAMPLES, Proof


def laws_of(*paths: str | PathLike[str], examples: int = EXAMPLES) -> Callable[[Rule | None], None]:
    """Make a test of the rulesets at some paths, which are used together with ours.

    It is one test for each rule, that its examples are true, that it holds the laws on so many
    `examples`, and that it can fire, can be kept, and is not shadowed by another; and one that all
    rules can be kept together.

    Raises:
        RulesetError: a ruleset cannot be used.
    """
    ruleset = builtin_ruleset()
    chosen: list[Rule] = []
    for path in paths:
        rules = load_ruleset(Path(path), ruleset).rules
        ruleset = ruleset.with_rules(rules)
        chosen += rules
    return _test_of(Proof(chosen, ruleset.rules, examples=examples))


def _test_of(proof: Proof) -> Callable[[Rule | None], None]:
    named = [pytest.param(rule, id=f"{rule.code}-{rule.name}") for rule in proof.chosen]

    @pytest.mark.parametrize("rule", [*named, pytest.param(None, id="together")])
    def test_a_ruleset_proves_itself(rule: Rule | None) -> None:
        flaws = proof.verdict(rule).flaws if rule else proof.contradictions()
        assert [f"{flaw.name}: {flaw.message}" for flaw in flaws] == []  # noqa: S101 - a test

    return test_a_ruleset_proves_itself
