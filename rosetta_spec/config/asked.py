"""The rules that a call names, by code or name, as the rulesets of its files know them."""

from __future__ import annotations

from rosetta_spec.config.origin import Origin
from rosetta_spec.config.verdict import Named, Wishes
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset
from rosetta_spec.spec.selection import code_of, ignored_code_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.config.settings import Overrides


def wishes_of(overrides: Overrides, ruleset: Ruleset) -> Wishes:
    """Return what a call says of the rules in a ruleset; of others it may say something too."""
    return Wishes(
        select=_named("--select", overrides.select, ruleset),
        ignore=_named("--ignore", overrides.ignore, ruleset),
    )


def _named(option: str, names: Iterable[str], ruleset: Ruleset) -> Named | None:
    codes = frozenset(rule.code for name in names for rule in [ruleset.find(name)] if rule)
    return Named(codes, Origin(option)) if names else None


def check_names(overrides: Overrides, rulesets: Iterable[Ruleset]) -> None:
    """Look for the rules that a call names in our ruleset and in others.

    Raises:
        SelectionError: a name is nowhere a rule's code or name, or one that is always said is
            ignored.
    """
    rules = {rule.code: rule for each in (builtin_ruleset(), *rulesets) for rule in each.rules}
    known = Ruleset(()).with_rules(rules.values())
    for name in overrides.select:
        code_of(known, name)
    for name in overrides.ignore:
        ignored_code_of(known, name)
