"""Which rules have a say: `--select` and `--ignore`, by code or name."""

from __future__ import annotations

from rosetta_spec.spec.nearest import nearest_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.ruleset import Ruleset

#: Rules that no setting can silence: what could not be read was not checked.
ALWAYS = frozenset({"RS001", "RS002", "RS003", "RS004", "RS005", "RS006", "RS007"})


class SelectionError(ValueError):
    """A setting that names no rule, or that would silence what is always said."""


def selected_rules(
    ruleset: Ruleset, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> tuple[Rule, ...]:
    """Return the rules that are selected (all, if none is named) and not ignored.

    It changes what is said, never what other rules see.

    Raises:
        SelectionError: a name is no rule's code or name, or one that is always said is ignored.
    """
    chosen = {rule.code for name in select for rule in [_named(ruleset, name)]}
    ignored = {rule.code for name in ignore for rule in [_named(ruleset, name)]}
    if silenced := sorted(ignored & ALWAYS):
        message = f"{silenced[0]} is always said; remove it from the rules to ignore"
        raise SelectionError(message)
    chosen = (chosen or {rule.code for rule in ruleset.rules}) - ignored | ALWAYS
    return tuple(rule for rule in ruleset.rules if rule.code in chosen)


def _named(ruleset: Ruleset, name: str) -> Rule:
    rule = ruleset.find(name)
    if rule is None:
        raise SelectionError(unknown_rule(ruleset, name))
    return rule


def unknown_rule(ruleset: Ruleset, name: str) -> str:
    """Say that there is no such rule, and which one may be meant."""
    names = [name for rule in ruleset.rules for name in (rule.code, rule.name)]
    near = next((known for known in names if known.lower() == name.lower()), None)
    near = near or nearest_name(name, names)
    remedy = f"did you mean {near}?" if near else "`rosetta-spec rule` lists them all"
    return f"there is no rule {name}; {remedy}"
