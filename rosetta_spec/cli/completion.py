"""What a shell completes beside options: the codes and names of rules, a team's own among them."""

from __future__ import annotations

import os

from click.shell_completion import CompletionItem

from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.settings import Overrides
from rosetta_spec.errors import WrongFileError
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.spec.selection import ALWAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from click import Context, Parameter

    from rosetta_spec.spec.ruleset import Ruleset


def complete_rule(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the code or name of a rule; of several, divided by commas, the last."""
    named, comma, begun = incomplete.rpartition(",")
    without = {*named.split(",")} | (ALWAYS if parameter.name == "ignore" else set())
    return [
        CompletionItem(f"{named}{comma}{word}", help=rule.kind.describe())
        for rule in _ruleset(context).rules
        if without.isdisjoint({rule.code, rule.name})
        for word in (rule.code, rule.name)
        if word.startswith(begun)
    ]


def _ruleset(context: Context) -> Ruleset:
    options = context.params
    overrides = Overrides(options["config"], is_isolated=options["is_isolated"])
    try:
        return Configuration(overrides).ruleset_of(os.curdir)
    except WrongFileError:
        # The command itself will say what is wrong with it.
        return builtin_ruleset()
