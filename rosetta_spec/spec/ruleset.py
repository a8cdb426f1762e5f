"""Rulesets, built-in and of teams, in the same format; and rules as settings name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.kinds import KINDS
from rosetta_spec.request.nearest import nearest_name, nearest_names
from rosetta_spec.request.schema import COMPILED_RULES, read_data
from rosetta_spec.request.wording import all_of, printable_name
from rosetta_spec.spec.rule import Example, FixNote, Rule, fill

#: The keys of an entry that every rule has; all others are options of its kind.
_OWN_KEYS = frozenset(
    {
        *("code", "name", "severity", "kind", "message", "help", "related"),
        *("why", "source", "fix", "bad", "good", "accompanied-by"),
    }
)


class Ruleset(NamedTuple):
    """Rules, sorted by code."""

    rules: tuple[Rule, ...]

    def find(self, code_or_name: str) -> Rule | None:
        """Return the rule with this code or name."""
        return next((rule for rule in self.rules if code_or_name in (rule.code, rule.name)), None)

    def with_rules(self, others: Iterable[Rule]) -> Ruleset:
        """Return a ruleset that also has `others`."""
        return Ruleset(tuple(sorted((*self.rules, *others), key=lambda rule: rule.code)))


@cache
def builtin_ruleset() -> Ruleset:
    """Return our rules, compiled from `sampling-create.rules.yaml`."""
    return ruleset_from(read_data(COMPILED_RULES))


def ruleset_from(data: Mapping[str, Any]) -> Ruleset:
    """Create rules from data that `ruleset.schema.json` accepts."""
    page = data.get("documentation", "")
    return Ruleset(()).with_rules(rule_from(entry, page) for entry in data["rules"])


def rule_from(entry: Mapping[str, Any], page: str) -> Rule:
    """Create a rule from its entry; `page` is a template of the address of its page, or empty."""
    options = {key.replace("-", "_"): value for key, value in entry.items() if key not in _OWN_KEYS}
    fix = entry.get("fix")
    return Rule(
        code=entry["code"],
        name=entry["name"],
        severity=Severity(entry["severity"]),
        kind=KINDS[entry["kind"]](**options),
        options=options,
        message=_by_case(entry["message"]),
        help=_by_case(entry["help"]),
        related=_by_case(entry.get("related", "")),
        why=entry["why"],
        source=entry["source"],
        fix=fix and _fix_note(fix),
        bad=_example(entry["bad"]),
        good=_example(entry["good"]),
        accompanied_by=tuple(entry.get("accompanied-by", ())),
        url=fill(page, {"code": entry["code"], "name": entry["name"]}),
    )


def _fix_note(fix: Mapping[str, Any]) -> FixNote:
    return FixNote(
        Applicability(fix["applicability"]),
        fix["title"],
        is_removal=fix.get("remove", False),
        has_value="set" in fix,
        value=fix.get("set"),
    )


def _by_case(wording: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"": wording} if isinstance(wording, str) else wording


def _example(example: str | Mapping[str, str]) -> Example:
    if isinstance(example, str):
        return Example(example)
    if "path" in example:
        return Example("", path=example["path"])
    return Example(example["latin-1"], encoding="latin-1")


def is_ours(code: str) -> bool:
    """Whether only our own rules may have this code: RS and three digits."""
    return code[:-3] == "RS"


#: Rules that cannot be disabled: what cannot be read is not checked.
ALWAYS = frozenset({"RS001", "RS002", "RS003", "RS004", "RS005", "RS006", "RS007"})


class SelectionError(ValueError):
    """A setting that names no rule, or that would disable a rule that cannot be disabled."""

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
    """Return the code of the rule that a setting disables.

    Raises:
        SelectionError: there is no such rule, or it cannot be disabled.
    """
    code = code_of(ruleset, name)
    if code in ALWAYS:
        called = code if name == code else f"{name} ({code})"
        cause = f"{called} cannot be disabled"
        raise SelectionError(cause, "remove it from the rules to ignore")
    return code


def unknown_rule(ruleset: Ruleset, name: str) -> str:
    """Explain that there is no such rule, and suggest the nearest one."""
    return str(_no_such_rule(ruleset, name))


def _no_such_rule(ruleset: Ruleset, name: str) -> SelectionError:
    near = nearest_rule(ruleset, name)
    remedy = f"did you mean {near}?" if near else _all_rules(ruleset, name)
    return SelectionError(f"there is no rule {printable_name(name)}", remedy)


#: At most so many of the nearest names are listed.
_MOST_NAMES = 3


def _all_rules(ruleset: Ruleset, name: str) -> str:
    """Explain where all rules are listed, and which names are nearest to an unclear one."""
    lists = "`rosetta-spec rule` lists them all"
    near = nearest_names(name, _names(ruleset))
    if not near:
        return lists
    more = len(near) - _MOST_NAMES
    listed = [*near[:_MOST_NAMES], *([f"{more} more"] if more > 0 else [])]
    return f"the nearest {'is' if len(near) == 1 else 'are'} {all_of(listed)}, and {lists}"


def nearest_rule(ruleset: Ruleset, name: str) -> str | None:
    """Return the code or name that a mistyped one is near to, if there is one."""
    names = _names(ruleset)
    same = next((known for known in names if known.lower() == name.lower()), None)
    return same or nearest_name(name, names)


def _names(ruleset: Ruleset) -> list[str]:
    return [name for rule in ruleset.rules for name in (rule.code, rule.name)]
