"""Rules as settings name them, by code or name, and which of them no setting can silence."""

from __future__ import annotations

from rosetta_spec.request.nearest import nearest_name, nearest_names
from rosetta_spec.request.wording import all_of, printable_name
from rosetta_spec.spec.ruleset import Ruleset

#: Rules that no setting can silence: what could not be read was not checked.
ALWAYS = frozenset({"RS001", "RS002", "RS003", "RS004", "RS005", "RS006", "RS007"})


class SelectionError(ValueError):
    """A setting that names no rule, or that would silence what is always said."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}; {remedy}")
        self.cause = cause
        self.remedy = remedy


def code_of(ruleset: Ruleset, name: str) -> str:
    """Return the code of the rule that a setting names.

    Raises:
        SelectionError: there is no such rule.
    """
    rule = ruleset.find(name)
    if rule is None:
        raise _no_such_rule(ruleset, name)
    return rule.code


def ignored_code_of(ruleset: Ruleset, name: str) -> str:
    """Return the code of the rule that a setting silences.

    Raises:
        SelectionError: there is no such rule, or it is always said.
    """
    code = code_of(ruleset, name)
    if code in ALWAYS:
        called = code if name == code else f"{name} ({code})"
        cause = f"{called} is always said"
        raise SelectionError(cause, "remove it from the rules to ignore")
    return code


def unknown_rule(ruleset: Ruleset, name: str) -> str:
    """Say that there is no such rule, and which one may be meant."""
    return str(_no_such_rule(ruleset, name))


def _no_such_rule(ruleset: Ruleset, name: str) -> SelectionError:
    near = nearest_rule(ruleset, name)
    remedy = f"did you mean {near}?" if near else _all_rules(ruleset, name)
    return SelectionError(f"there is no rule {printable_name(name)}", remedy)


#: So many of the nearest names are told.
_MOST_NAMES = 3


def _all_rules(ruleset: Ruleset, name: str) -> str:
    """Say where all rules are, and which come nearest to a name that none of them surely means."""
    lists = "`rosetta-spec rule` lists them all"
    near = nearest_names(name, _names(ruleset))
    if not near:
        return lists
    more = len(near) - _MOST_NAMES
    told = [*near[:_MOST_NAMES], *([f"{more} more"] if more > 0 else [])]
    return f"the nearest {'is' if len(near) == 1 else 'are'} {all_of(told)}, and {lists}"


def nearest_rule(ruleset: Ruleset, name: str) -> str | None:
    """Return the code or name of a rule that a mistyped one surely means, if any."""
    names = _names(ruleset)
    same = next((known for known in names if known.lower() == name.lower()), None)
    return same or nearest_name(name, names)


def _names(ruleset: Ruleset) -> list[str]:
    return [name for rule in ruleset.rules for name in (rule.code, rule.name)]
