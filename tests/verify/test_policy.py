"""Rulesets of teams hold the same laws as ours, each from one line."""

from pathlib import Path

from rosetta_spec.testing import laws_of

test_the_rules_of_a_team = laws_of(Path(__file__).with_name("team.rules.yaml"))
