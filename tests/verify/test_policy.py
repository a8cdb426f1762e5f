"""Rulesets of teams hold the same laws as ours, each from one line."""

from pathlib import Path

from rosetta_spec.testing import laws_of

test_the_policy_of_the_examples = laws_of(
    Path(__file__).parents[2] / "examples/policy/policy.rules.yaml"
)
