"""Check documents with rules, and turn violations into diagnostics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from heapq import nsmallest
from itertools import chain, islice
from typing import TypeAlias

from rosetta_spec.diagnostic import FULL_DETAIL, SAFE_FIXES, Detail, Diagnostic, Omitted, Severity
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import UNUSABLE, Json, value_at, with_floats, without_floats
from rosetta_spec.engine.baseline import Baseline, BaselineEntry
from rosetta_spec.engine.diagnostics import DiagnosticWriter, DocumentReport, FingerprintCounter
from rosetta_spec.engine.validation import Validation
from rosetta_spec.errors import DefectError
from rosetta_spec.kinds.documents import Reading, RunKind, SuppressionKind
from rosetta_spec.kinds.kind import RelationKind, SchemaError, SuppressionProblem, values_matching
from rosetta_spec.pointer import ROOT, Pointer, format_pointer
from rosetta_spec.request.schema import schema_at
from rosetta_spec.spec.acceptor_generator import Accepts, quick_test
from rosetta_spec.spec.ruleset import Rule, RuleViolation

#: Whether a comment suppresses a violation, whose diagnostic the writer would write.
Suppresses: TypeAlias = Callable[[RuleViolation, DiagnosticWriter], bool]


class Engine:
    """Checks documents with some rules.

    `detail` says what the diagnostics contain. `accepts` is the acceptor of the rules, which
    clears most of the values that fixes are tried on.

    Every method raises `DefectError` if a rule fails.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        accepts: Accepts,
        detail: Detail = FULL_DETAIL,
        baseline: Baseline | None = None,
    ) -> None:
        self._accepts = accepts
        self.detail = detail
        self._baseline = baseline
        rules = tuple(rules)
        self.codes = frozenset(rule.code for rule in rules)
        self._relation_rules = RelationRules(rules)
        self._rules = {_subject(rule): rule for rule in rules}
        #: The codes of the rules about suppressions, by the names of their kinds.
        self.suppression_codes = {
            rule.kind.name: rule.code for rule in rules if isinstance(rule.kind, SuppressionKind)
        }

    def check(
        self,
        document: Document,
        filename: str,
        suppresses: Suppresses = lambda *_: False,
        suppression_problems: Callable[[], Iterable[SuppressionProblem]] = tuple,
        counter: FingerprintCounter | None = None,
    ) -> DocumentReport:
        """Check a document and return its findings, and those about its suppressions.

        `suppresses` is asked about comments. If there are too many findings, it is asked about all
        of them in any order, as is the baseline. The counter of the baseline, or else `counter`,
        counts the fingerprints.
        """
        counter = self._baseline.counter if self._baseline else counter
        writer = DiagnosticWriter(document, filename, self.detail)
        found = self.violations_of(document, suppression_problems())
        violations, omitted = list(islice(found, self.detail.max_findings)), Counter[Omitted]()
        if another := list(islice(found, 1)):
            suppressed: Counter[Omitted] = Counter()
            found = chain(violations, another, found)
            left = self._not_suppressed(found, writer, suppresses, suppressed)
            violations, omitted = self._first(left, writer)
            omitted += suppressed
        if self.detail.fixes and any(each.rule.fix for each in violations):
            from rosetta_spec.fixes.propose import FixProposer  # noqa: PLC0415 - many need no fixes

            wanted, evaluate = self.detail.fixes, self.violations_in
            writer.fixes_of = FixProposer(document, violations, evaluate, wanted, omitted).fixes
        written = [(writer.diagnostic(each), each) for each in violations]
        reports: tuple[list[Diagnostic], list[Diagnostic]] = [], []
        for diagnostic, each in sorted(written, key=lambda pair: pair[0].sort_key):
            is_hidden, counted = suppresses(each, writer), diagnostic
            # Of too many findings, those that the baseline may suppress have been counted.
            if counter and not each.fingerprint:
                counted = counter.counted(diagnostic)
            if self._baseline and not each.fingerprint:
                entry = BaselineEntry(filename, counted.code, counted.pointer, counted.fingerprint)
                is_hidden = self._baseline.suppresses(entry, by_comment=is_hidden)
            reports[is_hidden].append(counted)
        is_kept = reports[False] or self.detail.has_documents
        return DocumentReport(
            document.number,
            diagnostics=tuple(reports[False]),
            suppressed=tuple(reports[True]),
            omitted=omitted,
            document=document if is_kept else None,
        )

    def _not_suppressed(
        self,
        found: Iterable[RuleViolation],
        writer: DiagnosticWriter,
        suppresses: Suppresses,
        suppressed: Counter[Omitted],
    ) -> Iterator[RuleViolation]:
        """Yield the violations that no comment and no baseline suppresses; count the others."""
        baseline = self._baseline
        for violation in found:
            is_hidden = suppresses(violation, writer)
            left = violation
            # There may be millions, and most documents have no baseline.
            code = violation.rule.code
            pointer = format_pointer(violation.pointer) if baseline else ""
            if baseline and baseline.may_suppress(code, pointer):
                fingerprint = writer.fingerprint(violation)
                fingerprint = baseline.counter.count(writer.filename, fingerprint)
                left = violation._replace(fingerprint=fingerprint)
                entry = BaselineEntry(writer.filename, code, pointer, fingerprint)
                is_hidden = baseline.suppresses(entry, by_comment=is_hidden)
            if is_hidden:
                suppressed[_omitted(violation.rule, is_suppressed=True)] += 1
            else:
                yield left

    def _first(
        self, found: Iterable[RuleViolation], writer: DiagnosticWriter
    ) -> tuple[list[RuleViolation], Counter[Omitted]]:
        """Return the first violations, of which there may be millions, and count the others."""
        omitted: Counter[Omitted] = Counter()

        def sort_key(violation: RuleViolation) -> tuple[bool, int, str, str]:
            detail = self.detail
            has_no_fix = detail.has_fixes_first and not self._proposes(violation, detail.fixes)
            return (has_no_fix, *writer.sort_key(violation))

        def counted(violation: RuleViolation) -> Omitted:
            return _omitted(violation.rule, is_fixable=self._proposes(violation, SAFE_FIXES))

        def counting() -> Iterator[RuleViolation]:
            for each in found:
                omitted[counted(each)] += 1
                yield each

        kept = nsmallest(self.detail.max_findings, counting(), key=sort_key)
        return kept, omitted - Counter(map(counted, kept))

    def violations_of(
        self, document: Document, problems: Iterable[SuppressionProblem] = ()
    ) -> Iterator[RuleViolation]:
        """Yield the violations in a document, of which there may be millions.

        A plain document was accepted when it was read.
        """
        if document.is_plain:
            return
        validation = Validation(document.value, document.problems)
        yield from islice(self._evaluate(validation), self.detail.stop_after)
        for earlier in document.earlier:
            yield from self._violations_about(earlier.code, ROOT, earlier)
        for problem in problems:
            yield from self._violations_about(problem.kind_name, ROOT, problem)

    def sendable(self, value: Json) -> Json:
        """Return the normalized value, `UNUSABLE` if it has an error."""
        if self._accepts(with_floats(value)):
            return value
        validation = Validation(without_floats(value))
        violations = self._evaluate(validation)
        has_errors = any(each.rule.severity is Severity.ERROR for each in violations)
        return UNUSABLE if has_errors else validation.normalized

    def violations_in(self, value: Json) -> Iterator[RuleViolation]:
        """Check a value without a text, such as the result of a fix."""
        if not self._accepts(with_floats(value)):
            yield from self._evaluate(Validation(value))

    def _evaluate(self, validation: Validation) -> Iterator[RuleViolation]:
        """Validate a value and evaluate the rules; in a long document, millions may be broken."""
        for problem in validation.problems:
            yield from self._violations_about(problem.name, ROOT, problem)
        for error in _errors_of(validation):
            yield from self._violations_about(error.kind_name, error.pointer, error)
        yield from self._relation_rules.violations(validation)

    def _violations_about(self, subject: str, at: Pointer, found: Json) -> Iterable[RuleViolation]:
        """Return the violations of the rule about a subject, none if it is not selected."""
        rule = self._rules.get(subject)
        return _violations_of_rule(rule, at, found) if rule else ()

    def _proposes(self, found: RuleViolation, applicabilities: frozenset[str]) -> bool:
        """Whether a fix that is wanted is proposed for a violation; it is not verified."""
        fix = found.rule.fix
        is_wanted = fix is not None and fix.applicability in self.detail.fixes & applicabilities
        return is_wanted and found.has_proposed_fix


def _subject(rule: Rule) -> str:
    """Return what a rule is about: a problem of a reader, documents of a run, or its kind."""
    if isinstance(rule.kind, Reading):
        return rule.kind.problem
    return rule.code if isinstance(rule.kind, RunKind) else rule.kind.name


def _omitted(rule: Rule, *, is_fixable: bool = False, is_suppressed: bool = False) -> Omitted:
    return Omitted(rule.code, rule.name, rule.severity, is_fixable, is_suppressed)


def _violations_of_rule(
    rule: Rule, at: Pointer, value: Json, quick_test: Accepts | None = None
) -> Iterator[RuleViolation]:
    """Yield the violations of a rule in the value at a place, unless its quick test accepts it.

    Raises:
        DefectError: the rule failed.
    """
    try:
        if quick_test is None or not quick_test(value):
            for violation in rule.kind.check(value):
                yield RuleViolation(rule, at, violation, value)
    except Exception as error:
        raise _defect(rule, at, error) from error


def _errors_of(validation: Validation) -> Iterator[SchemaError]:
    try:
        yield from validation.errors()
    except Exception as error:
        raise _defect(None, ROOT, error) from error


def _defect(rule: Rule | None, at: Pointer, error: Exception) -> DefectError:
    who = f"rule {rule.code} ({rule.name})" if rule else "schema validation"
    return DefectError(f'{who} failed at "{format_pointer(at)}": {type(error).__name__}: {error}')


class RelationRules:
    """The rules of relation kinds, each with a place that it checks."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [
            (rule, rule.kind, pattern, quick_test(rule.kind))
            for rule in rules
            if isinstance(rule.kind, RelationKind)
            for pattern in rule.kind.patterns
        ]

    def violations(self, validated: Validation) -> Iterator[RuleViolation]:
        """Yield the violations in a value that was validated."""
        # A key that is not a string is a problem of its object, what `<<` cannot merge one of an
        # unknown key. Rules look only at places of the schema, and there may be millions.
        pointers = (each.pointer for each in validated.problems if each.name == "not-json")
        places = (pointer if schema_at(pointer) else pointer[:-1] for pointer in pointers)
        with_problems = {place for place in places if schema_at(place)}
        for rule, kind, pattern, test in self._rules:
            for at, value in values_matching(pattern, validated.normalized):
                if not isinstance(value, kind.target):
                    continue
                checked = value_at(validated.raw, at) if kind.is_raw else value
                for found in _violations_of_rule(rule, at, checked, test):
                    has_wrong_key = kind.needs_right_keys and (
                        at in with_problems
                        or value_at(validated.raw, at).keys() - schema_at(at)["properties"]
                    )
                    if not has_wrong_key:
                        yield found
