"""Rulesets: ours, and a team's in the same format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.request.folder import COMPILED_RULES, read_data
from rosetta_spec.spec.rule import Check, Example, FixNote, Rule, fill

#: Keys of an entry that are the rule's own; what is left are options of its kind.
_OWN_KEYS = frozenset(
    {
        "code",
        "name",
        "severity",
        "kind",
        "message",
        "help",
        "related",
        "why",
        "source",
        "fix",
        "bad",
        "good",
        "accompanied-by",
    }
)


class Ruleset(NamedTuple):
    """Rules in the order of their codes."""

    rules: tuple[Rule, ...]

    def find(self, code_or_name: str) -> Rule | None:
        """Return the rule of this code or name."""
        return next((rule for rule in self.rules if code_or_name in (rule.code, rule.name)), None)

    def with_rules(self, others: Iterable[Rule]) -> Ruleset:
        """Add rules of another ruleset."""
        return Ruleset(tuple(sorted((*self.rules, *others), key=lambda rule: rule.code)))


@cache
def builtin_ruleset() -> Ruleset:
    """Return the rules of `sampling-create.rules.yaml`, their numbers exact as a reader's are."""
    return ruleset_from(read_data(COMPILED_RULES))


def ruleset_from(data: Mapping[str, Any]) -> Ruleset:
    """Make rules of a rules file's data, which must be what `ruleset.schema.json` asks for."""
    page = data.get("documentation", "")
    return Ruleset(()).with_rules(rule_from(entry, page) for entry in data["rules"])


def rule_from(entry: Mapping[str, Any], page: str) -> Rule:
    """Make one rule of its entry; `page` is the template of its page's address, or empty."""
    options = {key.replace("-", "_"): value for key, value in entry.items() if key not in _OWN_KEYS}
    fix = entry.get("fix")
    return Rule(
        code=entry["code"],
        name=entry["name"],
        severity=Severity(entry["severity"]),
        check=Check(entry["kind"], options),
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


#: The letters of the rules of rosetta-spec. Others may begin with them, as in RSX001.
_OURS = "RS"
_DIGITS = 3


def is_ours(code: str) -> bool:
    """Whether a code is one that no other ruleset may have."""
    return code[:-_DIGITS] == _OURS
