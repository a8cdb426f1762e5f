"""Rules as they are declared, rulesets of them, and rules as settings name them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.document.operations import Put, Remove
from rosetta_spec.document.values import Json
from rosetta_spec.errors import ExplainedError
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import Kind, ProposedFix, SuppressionProblem, Violation
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import COMPILED_RULES, specification
from rosetta_spec.request.wording import all_of, at_most, name_called, nearest_name, nearest_names

#: The severity of a rule that is not to report anything.
OFF = "off"


class Example(NamedTuple):
    """A request that breaks or satisfies a rule.

    `text` is JSON if its first character is a brace or bracket, otherwise YAML. An example about
    bytes has another `encoding`; one about an unreadable file has its `path` and no text.
    """

    text: str
    encoding: str = "utf-8"
    path: str | None = None

    @property
    def content(self) -> bytes:
        """The bytes of the example's file."""
        return self.text.encode(self.encoding)


class FixNote(NamedTuple):
    """The fix of a rule; its title is a template with the same facts as the message.

    With `is_removal` it removes the value that the rule reports, with `has_value` it replaces it
    with `value`; otherwise the kind of the rule proposes the fix.
    """

    applicability: Applicability
    title: str
    is_removal: bool = False
    has_value: bool = False
    value: Json = None


class Rule(NamedTuple):
    """A declared rule, with its kind and its texts.

    `message` (the cause), `help` (the remedy) and `related` (the label of related places) are
    templates by case, "" for a kind with only one. `accompanied_by` are codes of rules that a
    request may break together with this one. `url` is the address of the rule's page. One that
    `is_opt_in` is off by default.
    """

    code: str
    name: str
    severity: Severity
    kind: Kind
    message: Mapping[str, str]
    help: Mapping[str, str]
    related: Mapping[str, str]
    why: str
    source: str
    fix: FixNote | None
    bad: Example
    good: Example
    accompanied_by: tuple[str, ...]
    url: str
    is_opt_in: bool = False

    def __hash__(self) -> int:
        return hash(self.code)


class RuleViolation(NamedTuple):
    """A violation of `rule`, whose pointers start at `at`, the place of the checked `value`.

    `fingerprint` is that of the finding if it is counted already.
    """

    rule: Rule
    at: Pointer
    violation: Violation
    value: Json
    fingerprint: str = ""

    @property
    def pointer(self) -> Pointer:
        """The value that has to change, from the root of the document."""
        return (*self.at, *self.violation.pointer)

    @property
    def proposed_fixes(self) -> Iterator[ProposedFix]:
        """The fixes that its rule proposes, which are not verified.

        All have an applicability: their own, or else that of the rule's fixes.
        """
        fix = self.rule.fix
        if fix is None:
            return
        proposed: Iterable[ProposedFix]
        if fix.is_removal:
            proposed = [ProposedFix((Remove(self.pointer),))]
        elif fix.has_value:
            proposed = [ProposedFix((Put(self.pointer, fix.value),))]
        else:
            proposed = self.rule.kind.fixes(self.at, self.value, self.violation)
        for each in proposed:
            yield each._replace(applicability=each.applicability or fix.applicability)

    @property
    def has_proposed_fix(self) -> bool:
        """Whether a fix of the rule's own applicability is proposed."""
        if isinstance(self.value, SuppressionProblem):
            return bool(self.value.edits)
        return any(each.applicability is not Applicability.CHOICE for each in self.proposed_fixes)


#: A name in braces: small letters and underscores. Other text in braces stays as it is.
_FACT = re.compile(r"\{(_*[a-z][a-z_]*)\}")


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Replace the names of facts in braces; a template can refer to nothing else.

    Raises:
        KeyError: the template names a fact that is not among `facts`.
    """
    return _FACT.sub(lambda match: facts[match[1]], template)


#: The keys of an entry that every rule has; all others are options of its kind.
_OWN_KEYS = frozenset(
    {
        *("code", "name", "severity", "kind", "message", "help", "related"),
        *("why", "source", "fix", "bad", "good", "accompanied-by", "opt-in"),
    }
)


#: The letters of a code, and some of its digits.
_PREFIX = r"[A-Z]{2,8}[0-9]{0,2}"


class Ruleset(NamedTuple):
    """Rules, sorted by code."""

    rules: tuple[Rule, ...]

    @property
    def default_rules(self) -> tuple[Rule, ...]:
        """The rules that are not off by default."""
        return tuple(rule for rule in self.rules if not rule.is_opt_in)

    def find(self, code_or_name: str) -> Rule | None:
        """Return the rule with this code or name."""
        return next((rule for rule in self.rules if code_or_name in (rule.code, rule.name)), None)

    def codes(self, name: str) -> frozenset[str]:
        """Return the codes that a code, a name, or a prefix of codes such as `RS2` selects."""
        rule = self.find(name)
        if rule or not re.fullmatch(_PREFIX, name):
            return frozenset([rule.code] if rule else [])
        return frozenset(
            each.code
            for each in self.rules
            if each.code.startswith(name) and each.code[len(name) :].isdigit()
        )

    def with_rules(self, others: Iterable[Rule]) -> "Ruleset":
        """Return a ruleset that also has `others`."""
        return Ruleset(tuple(sorted((*self.rules, *others), key=lambda rule: rule.code)))


@cache
def builtin_ruleset() -> Ruleset:
    """Return our rules, compiled from `sampling-create.rules.yaml`."""
    return ruleset_from(specification(COMPILED_RULES))


def ruleset_from(data: Mapping[str, Any]) -> Ruleset:
    """Create rules from data that `ruleset.schema.json` accepts."""
    page = data.get("documentation", "")
    return Ruleset(()).with_rules(rule_from(entry, page) for entry in data.get("rules", ()))


def rule_from(entry: Mapping[str, Any], page: str) -> Rule:
    """Create a rule from its entry; `page` is a template of the address of its page, or empty."""
    options = {key.replace("-", "_"): value for key, value in entry.items() if key not in _OWN_KEYS}
    fix = entry.get("fix")
    return Rule(
        code=entry["code"],
        name=entry["name"],
        severity=Severity(entry["severity"]),
        kind=KINDS[entry["kind"]](**options),
        message=_by_case(entry["message"]),
        help=_by_case(entry["help"]),
        related=_by_case(entry.get("related", "")),
        why=entry["why"],
        source=entry["source"],
        fix=fix
        and FixNote(
            Applicability(fix["applicability"]),
            fix["title"],
            is_removal=fix.get("remove", False),
            has_value="set" in fix,
            value=fix.get("set"),
        ),
        bad=_example(entry["bad"]),
        good=_example(entry["good"]),
        accompanied_by=tuple(entry.get("accompanied-by", ())),
        url=fill(page, {"code": entry["code"], "name": entry["name"]}),
        is_opt_in=entry.get("opt-in", False),
    )


def changed(rule: Rule, change: Mapping[str, Any]) -> Rule:
    """Return a rule with what a ruleset that extends its own changes; `off` makes it opt-in."""
    severity = change.get("severity", rule.severity)
    return rule._replace(
        severity=rule.severity if severity == OFF else Severity(severity),
        is_opt_in=severity == OFF or ("severity" not in change and rule.is_opt_in),
        message={**rule.message, **_by_case(change.get("message", {}))},
        help={**rule.help, **_by_case(change.get("help", {}))},
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


class SelectionError(ExplainedError, ValueError):
    """A setting that names no rule, or that would disable a rule that cannot be disabled."""


def codes_of(ruleset: Ruleset, name: str, *, is_off: bool = False) -> frozenset[str]:
    """Return the codes of the rules that a setting selects: by a code, a name, or a prefix.

    With `is_off` it disables them, and a prefix leaves out the rules that cannot be disabled.

    Raises:
        SelectionError: there is no such rule, or it cannot be disabled.
    """
    codes = ruleset.codes(name)
    if not codes:
        raise no_such_rule(ruleset, name)
    rule = ruleset.find(name)
    if is_off and rule and rule.code in ALWAYS:
        called = rule.code if name == rule.code else f"{name} ({rule.code})"
        cause = f"{called} cannot be disabled"
        raise SelectionError(cause, "leave it out")
    return codes - ALWAYS if is_off else codes


#: The maximum number of nearest names in a message.
_MAX_NAMES = 3


def no_such_rule(ruleset: Ruleset, name: str) -> SelectionError:
    """Explain that there is no such rule, and suggest the nearest one, or the nearest ones."""
    remedy = "`rosetta-spec rule` lists them all"
    if sure := nearest_rule(ruleset, name):
        remedy = f"did you mean {sure}?"
    elif near := nearest_names(name, _names(ruleset)):
        listed = all_of(at_most(_MAX_NAMES, near))
        remedy = f"the nearest {'is' if len(near) == 1 else 'are'} {listed}, and {remedy}"
    return SelectionError(f"there is no rule {name_called(name)}", remedy)


def nearest_rule(ruleset: Ruleset, name: str) -> str | None:
    """Return the code or name that a mistyped one is near to, if there is one."""
    names = _names(ruleset)
    same = next((known for known in names if known.lower() == name.lower()), None)
    return same or nearest_name(name, names)


def _names(ruleset: Ruleset) -> list[str]:
    return [name for rule in ruleset.rules for name in (rule.code, rule.name)]
