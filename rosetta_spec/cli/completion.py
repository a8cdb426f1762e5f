"""What a shell completes beside options: the codes and names of rules."""

from __future__ import annotations

from click.shell_completion import CompletionItem

from rosetta_spec.selection import ALWAYS
from rosetta_spec.spec.ruleset import builtin_ruleset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from click import Context, Parameter


def complete_rule(_: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the code or name of a rule; of several, divided by commas, the last."""
    named, comma, begun = incomplete.rpartition(",")
    without = {*named.split(",")} | (ALWAYS if parameter.name == "ignore" else set())
    return [
        CompletionItem(f"{named}{comma}{word}", help=rule.kind.describe())
        for rule in builtin_ruleset().rules
        if without.isdisjoint({rule.code, rule.name})
        for word in (rule.code, rule.name)
        if word.startswith(begun)
    ]
