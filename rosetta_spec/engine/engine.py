"""Check documents with rules, and turn violations into diagnostics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from rosetta_spec.diagnostic import (
    FULL_DETAIL,
    Applicability,
    Detail,
    Diagnostic,
    Fix,
    Severity,
)
from rosetta_spec.document.tree import Document, SyntaxProblem
from rosetta_spec.document.values import UNUSABLE, Json, with_floats
from rosetta_spec.engine.diagnostics import DiagnosticWriter
from rosetta_spec.engine.validation import request_of
from rosetta_spec.errors import DefectError
from rosetta_spec.fixes.propose import FixProposer, comment_fix
from rosetta_spec.kinds.kind import RelationKind, Request, SchemaKind, SuppressionProblem
from rosetta_spec.kinds.text import Reading, Repeated, SuppressionKind
from rosetta_spec.pointer import EVERY_ITEM, ROOT, Pointer, format_pointer
from rosetta_spec.spec.acceptor_generator import Accepts, quick_test
from rosetta_spec.spec.ruleset import Rule, RuleViolation, fill


class Engine:
    """Checks documents with some rules.

    `detail` says what the diagnostics contain. `accepts` is the acceptor of the rules, which
    clears most of the values that fixes are tried on.
    """

    def __init__(
        self, rules: Iterable[Rule], *, accepts: Accepts, detail: Detail = FULL_DETAIL
    ) -> None:
        self._accepts = accepts
        self._detail = detail
        #: The codes of all rules, and of those about suppressions.
        self.codes: set[str] = set()
        self.suppression_codes: set[str] = set()
        self._reading_rules: list[Rule] = []
        self._suppression_rules: list[Rule] = []
        self._repeat_rules: list[Rule] = []
        self._schema_rules: dict[str, list[Rule]] = {}
        rules = tuple(rules)
        self._relation_rules = RelationRules(rules)
        for rule in rules:
            self.codes.add(rule.code)
            kind = rule.kind
            if isinstance(kind, Reading):
                self._reading_rules.append(rule)
            elif isinstance(kind, Repeated):
                self._repeat_rules.append(rule)
            elif isinstance(kind, SuppressionKind):
                self._suppression_rules.append(rule)
                self.suppression_codes.add(rule.code)
            elif isinstance(kind, SchemaKind):
                self._schema_rules.setdefault(kind.name, []).append(rule)

    def check(self, document: Document, filename: str) -> list[Diagnostic]:
        """Check a document and return its diagnostics, sorted.

        Raises:
            DefectError: a rule failed.
        """
        request, violations = self._check(document.value, document.problems)
        if document.earlier and not any(_is_error(each) for each in violations):
            request = request._replace(earlier=document.earlier)
            with _named_defects() as step:
                violations += _violations_of(self._repeat_rules, request, step)
        proposer = self._proposer(document, violations)
        writer = DiagnosticWriter(document, request, filename, self._detail, proposer)
        diagnostics = map(writer.diagnostic, violations)
        return sorted(diagnostics, key=lambda diagnostic: diagnostic.sort_key)

    def check_suppression(
        self, document: Document, problem: SuppressionProblem, filename: str
    ) -> Iterator[Diagnostic]:
        """Yield the diagnostics for a problem of a suppression in a document.

        Raises:
            DefectError: a rule failed.
        """
        request = Request(UNUSABLE, UNUSABLE, (), (), (problem,))
        writer = DiagnosticWriter(document, request, filename, self._detail, proposer=None)
        for rule in self._suppression_rules:
            fixes = _comment_fixes(rule, problem, document, self._detail.fixes)
            with _named_defects() as step:
                violations = list(_violations_of([rule], request, step))
            for violation in violations:
                yield writer.diagnostic(violation)._replace(fixes=fixes)

    def violations_in(self, value: Json) -> list[RuleViolation]:
        """Check a value that is in no text, such as what a fix would make of a document.

        Raises:
            DefectError: a rule failed.
        """
        if self._accepts(with_floats(value)):
            return []
        _, violations = self._check(value, ())
        return violations

    def _check(
        self, raw: Json, problems: tuple[SyntaxProblem, ...]
    ) -> tuple[Request, list[RuleViolation]]:
        with _named_defects() as step:
            request = request_of(raw, problems)
            violations = list(_violations_of(self._rules_for(request), request, step))
            return request, violations + self._relation_rules.violations(request, step)

    def _proposer(self, document: Document, found: list[RuleViolation]) -> FixProposer | None:
        if not any(self._may_have_fix(violation.rule) for violation in found):
            return None
        return FixProposer(document, found, self.violations_in, self._detail.fixes)

    def _may_have_fix(self, rule: Rule) -> bool:
        # Whatever its applicability, the kind of a rule may propose choices.
        wanted = self._detail.fixes
        return rule.fix is not None and (
            Applicability.CHOICE in wanted or rule.fix.applicability in wanted
        )

    def _rules_for(self, request: Request) -> Iterator[Rule]:
        """Yield the rules about what readers and schema validation report."""
        if request.problems:
            yield from self._reading_rules
        for name in dict.fromkeys(error.kind_name for error in request.schema_errors):
            yield from self._schema_rules.get(name, ())


def _is_error(found: RuleViolation) -> bool:
    return found.rule.severity is Severity.ERROR


class Step:
    """What the engine is doing: checking the value at `at` with a rule, or schema validation."""

    rule: Rule | None = None
    at: Pointer = ROOT


def _violations_of(rules: Iterable[Rule], request: Request, step: Step) -> Iterator[RuleViolation]:
    for step.rule in rules:
        step.at = ROOT
        kind = step.rule.kind
        for step.at, value in kind.places(request):
            for violation in kind.check(value):
                yield RuleViolation(step.rule, step.at, violation, value)


class RelationRules:
    """The rules of relation kinds among some rules, arranged by the places that they check."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._root = _RelationPlace()
        self._order: dict[str, int] = {}
        for rule in rules:
            if isinstance(rule.kind, RelationKind):
                self._order[rule.code] = len(self._order)
                self._root.add(rule, rule.kind)

    def violations(self, request: Request, step: Step | None = None) -> list[RuleViolation]:
        """Return the violations of a request, in the order of the rules."""
        found: list[RuleViolation] = []
        if request.normalized is not UNUSABLE:
            self._root.check(ROOT, request.normalized, request.raw, step or Step(), found)
        if any(each.rule.kind.needs_right_keys for each in found):
            wrong = request.with_wrong_keys
            found = [
                each for each in found if not (each.rule.kind.needs_right_keys and each.at in wrong)
            ]
        return sorted(found, key=lambda each: self._order[each.rule.code])


class _RelationPlace:
    """A place of requests with the rules that check it, and the places inside it."""

    def __init__(self) -> None:
        self.rules: list[tuple[Rule, RelationKind, Accepts]] = []
        self.inside: dict[str, _RelationPlace] = {}

    def add(self, rule: Rule, kind: RelationKind) -> None:
        """Add a rule to the places that it checks, all of them inside this one."""
        is_fine = quick_test(kind)
        for pattern in kind.patterns:
            place = self
            for token in pattern:
                place = place.inside.setdefault(token, _RelationPlace())
            place.rules.append((rule, kind, is_fine))

    def check(
        self, at: Pointer, value: Json, raw: Json, step: Step, found: list[RuleViolation]
    ) -> None:
        """Check the value at this place, normalized and raw, and those inside it."""
        for rule, kind, is_fine in self.rules:
            checked = raw if kind.is_raw else value
            if isinstance(value, kind.target) and not is_fine(checked):
                step.rule, step.at = rule, at
                found += (RuleViolation(rule, at, each, checked) for each in kind.check(checked))
        if isinstance(value, dict):
            for key, member in value.items():
                if key in self.inside:
                    self.inside[key].check((*at, key), member, raw[key], step, found)
        elif isinstance(value, list) and EVERY_ITEM in self.inside:
            items = self.inside[EVERY_ITEM]
            for index, item in enumerate(value):
                items.check((*at, index), item, raw[index], step, found)


@contextmanager
def _named_defects() -> Iterator[Step]:
    """Add the rule and the place to any exception.

    Raises:
        DefectError: something was.
    """
    step = Step()
    try:
        yield step
    except Exception as error:
        rule = step.rule
        who = f"rule {rule.code} ({rule.name})" if rule else "schema validation"
        message = f'{who} failed at "{format_pointer(step.at)}": {type(error).__name__}: {error}'
        raise DefectError(message) from error


def _comment_fixes(
    rule: Rule, problem: SuppressionProblem, document: Document, applicabilities: Collection[str]
) -> tuple[Fix, ...]:
    """Return the fix that the edits of a problem make, if it changes no value.

    (A comment below a block scalar that keeps its last line breaks is what ends it.)
    """
    if rule.fix is None or rule.fix.applicability not in applicabilities or not problem.edits:
        return ()
    return comment_fix(document, problem.edits, fill(rule.fix.title, problem.facts), rule.fix)
