"""Check documents with rules, and turn violations into diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rosetta_spec.diagnostic import Diagnostic, Fix, Related, SourceLine
from rosetta_spec.document.numbers import is_number, with_floats
from rosetta_spec.document.reader import AnyDocument
from rosetta_spec.document.tree import Located, Problem
from rosetta_spec.document.values import ABSENT, UNUSABLE, Json, value_at
from rosetta_spec.engine.excerpt import excerpt
from rosetta_spec.engine.fingerprint import fingerprint_of
from rosetta_spec.engine.validation import request_of
from rosetta_spec.errors import DefectError
from rosetta_spec.fixes.propose import Fixes, FixProposer, comment_fix
from rosetta_spec.kinds.kind import AnyPlace, Exact, Place, RelationKind, SchemaKind
from rosetta_spec.kinds.text import Reading, SuppressionKind
from rosetta_spec.pointer import ROOT, Pointer, format_pointer
from rosetta_spec.request.view import Request, SuppressionProblem
from rosetta_spec.request.wording import called, example_at, place_called, shortened, shown, such_as
from rosetta_spec.spec.acceptor_generator import Accepts
from rosetta_spec.spec.detail import FULL, Detail
from rosetta_spec.spec.rule import Rule, RuleViolation, fill
from rosetta_spec.text import Location, Span


class Engine:
    """Checks documents with some rules.

    `detail` says what the diagnostics contain. `accepts` is the acceptor of the rules, which
    clears most of the values that fixes are tried on.
    """

    def __init__(self, rules: Iterable[Rule], *, accepts: Accepts, detail: Detail = FULL) -> None:
        self._accepts = accepts
        self._detail = detail
        #: The codes of all rules, and of those about suppressions.
        self.codes: set[str] = set()
        self.suppression_codes: set[str] = set()
        self._reading_rules: list[Rule] = []
        self._suppression_rules: list[Rule] = []
        self._schema_rules: dict[str, list[Rule]] = {}
        self._relation_rules: list[tuple[frozenset[str], Rule]] = []
        for rule in rules:
            self.codes.add(rule.code)
            kind = rule.kind
            if isinstance(kind, Reading):
                self._reading_rules.append(rule)
            elif isinstance(kind, SuppressionKind):
                self._suppression_rules.append(rule)
                self.suppression_codes.add(rule.code)
            elif isinstance(kind, SchemaKind):
                self._schema_rules.setdefault(kind.name, []).append(rule)
            elif isinstance(kind, RelationKind):
                self._relation_rules.append((kind.trigger_keys, rule))

    def check(self, document: AnyDocument, filename: str) -> list[Diagnostic]:
        """Check a document and return its diagnostics, sorted.

        Raises:
            DefectError: a rule failed.
        """
        request, violations = self._check(document.value, document.problems)
        proposer = self._proposer(document, violations)
        writer = _DiagnosticWriter(document, request, filename, self._detail, proposer)
        diagnostics = map(writer.diagnostic, violations)
        return sorted(diagnostics, key=lambda diagnostic: diagnostic.sort_key)

    def check_suppression(
        self, document: AnyDocument, problem: SuppressionProblem, filename: str
    ) -> Iterator[Diagnostic]:
        """Yield the diagnostics for a problem of a suppression in a document.

        Raises:
            DefectError: a rule failed.
        """
        request = Request(UNUSABLE, UNUSABLE, (), (), (problem,))
        writer = _DiagnosticWriter(document, request, filename, self._detail, proposer=None)
        for rule in self._suppression_rules:
            fixes = _comment_fixes(rule, problem, document, self._detail.ways)
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
        self, raw: Json, problems: tuple[Problem, ...]
    ) -> tuple[Request, list[RuleViolation]]:
        with _named_defects() as step:
            request = request_of(raw, problems)
            return request, list(_violations_of(self._rules_for(request), request, step))

    def _proposer(self, document: AnyDocument, found: list[RuleViolation]) -> FixProposer | None:
        if not any(self._detail.may_mend(violation.rule.fix) for violation in found):
            return None
        return FixProposer(document, found, self.violations_in, self._detail.ways)

    def _rules_for(self, request: Request) -> Iterator[Rule]:
        """Yield the rules that a request may break."""
        if request.problems:
            yield from self._reading_rules
        for name in dict.fromkeys(error.kind_name for error in request.schema_errors):
            yield from self._schema_rules.get(name, ())
        if request.normalized is not UNUSABLE:
            present = set(_keys_in(request.normalized))
            for keys, rule in self._relation_rules:
                if not (keys and keys.isdisjoint(present)):
                    yield rule


def _keys_in(value: Json) -> Iterator[str]:
    """Yield the keys of all objects in a value."""
    if isinstance(value, dict):
        yield from value
        value = value.values()
    for each in value:
        if isinstance(each, dict | list):
            yield from _keys_in(each)


class _Step:
    """What the engine is doing: checking the value at `at` with a rule, or schema validation."""

    rule: Rule | None = None
    at: Pointer = ROOT


def _violations_of(rules: Iterable[Rule], request: Request, step: _Step) -> Iterator[RuleViolation]:
    for step.rule in rules:
        step.at = ROOT
        kind = step.rule.kind
        for step.at, value in kind.places(request):
            for violation in kind.check(value):
                yield RuleViolation(step.rule, step.at, violation, value)


@contextmanager
def _named_defects() -> Iterator[_Step]:
    """Name the rule and the place in whatever is raised.

    Raises:
        DefectError: something was.
    """
    step = _Step()
    try:
        yield step
    except Exception as error:
        rule = step.rule
        who = f"rule {rule.code} ({rule.name})" if rule else "schema validation"
        message = f'{who} failed at "{format_pointer(step.at)}": {type(error).__name__}: {error}'
        raise DefectError(message) from error


def _comment_fixes(
    rule: Rule, problem: SuppressionProblem, document: AnyDocument, ways: frozenset[str]
) -> tuple[Fix, ...]:
    """Return the fix that the edits of a problem make, if it changes no value.

    (A comment below a block scalar that keeps its last line breaks is what ends it.)
    """
    if rule.fix is None or rule.fix.applicability not in ways or not problem.edits:
        return ()
    return comment_fix(document, problem.edits, fill(rule.fix.title, problem.facts), rule.fix)


class _DiagnosticWriter:
    """Turns the violations in one document into diagnostics."""

    def __init__(
        self,
        document: AnyDocument,
        request: Request,
        filename: str,
        detail: Detail,
        proposer: FixProposer | None,
    ) -> None:
        self._document = document
        self._request = request
        self._filename = filename
        self._detail = detail
        self._proposer = proposer

    def diagnostic(self, found: RuleViolation) -> Diagnostic:
        rule, violation, pointer = found.rule, found.violation, found.pointer
        facts = _Facts(self, found)
        (start, end), related = self._places(found, facts)
        fixes = self._proposer.fixes(found, facts) if self._proposer else Fixes()
        return Diagnostic(
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            cause=fill(rule.message[violation.case], facts),
            remedy=fill(rule.help[violation.case], facts),
            filename=self._filename,
            document=self._document.number,
            pointer=format_pointer(pointer),
            location=start,
            end_location=end,
            related=related,
            fixes=fixes.offered,
            fingerprint=self._fingerprint(rule, pointer),
            url=rule.url,
            excerpt=self._excerpt((start, end), related),
            dropped=fixes.dropped,
        )

    def value_at(self, pointer: Pointer) -> Json:
        """Return the raw value at a place, `ABSENT` if there is none."""
        return value_at(self._request.raw, pointer)

    def value_shown(self, pointer: Pointer) -> str:
        """Show the value at a place, a number as it is spelled there; "" if there is none."""
        value = self.value_at(pointer)
        if value is ABSENT or value is UNUSABLE:
            return ""
        if is_number(value):
            return shortened(self._document.text.slice(self._locate((), Place(pointer)).written))
        return shown(value)

    def _places(
        self, found: RuleViolation, facts: _Facts
    ) -> tuple[tuple[Location, Location], tuple[Related, ...]]:
        rule, at, violation, _ = found
        located = self._locate(at, violation.place)
        if not (located.alias or violation.related):
            return self._locations(located.span), ()
        related = list(self._behind_alias(located))
        label = fill(rule.related.get(violation.case, rule.related.get("", "")), facts)
        for place in violation.related:
            there = self._locate(at, place)
            if there.span == located.span:
                continue
            if isinstance(place, Exact):
                related.append(self._related(place.pointer, place.label, there.span))
            else:
                related.append(self._related((*at, *place.pointer), label, there.span))
        return self._locations(located.span), tuple(related)

    def _locate(self, at: Pointer, place: AnyPlace) -> Located:
        if isinstance(place, Exact):
            return Located(place.span, None, place.span)
        pointer = (*at, *place.pointer)
        if place.part == "key":
            return self._document.places.key(pointer)
        if place.part == "object":
            return self._document.places.start(pointer[:-1])
        return self._document.places.value(pointer)

    def _behind_alias(self, located: Located) -> Iterator[Related]:
        """Yield the anchor of an alias, and the part of the anchored value that is meant."""
        alias = located.alias
        if alias:
            pointer = alias.anchor_pointer
            yield self._related(pointer, f"anchor {alias.name} is here", alias.anchor)
            if located.written != alias.target.span:
                yield self._related(pointer, "this is what the alias brings", located.written)

    def _related(self, pointer: Pointer, label: str, span: Span) -> Related:
        return Related(format_pointer(pointer), label, *self._locations(span))

    def _locations(self, span: Span) -> tuple[Location, Location]:
        text = self._document.text
        return text.location(span.start), text.location(span.end)

    def _excerpt(
        self, location: tuple[Location, Location], related: Iterable[Related]
    ) -> tuple[SourceLine, ...]:
        if not self._detail.has_excerpts:
            return ()
        places = [location, *((place.location, place.end_location) for place in related)]
        return excerpt(self._document.text, places)

    def _fingerprint(self, rule: Rule, pointer: Pointer) -> str:
        if not self._detail.has_fingerprints:
            return ""
        value = self.value_at(pointer) if pointer else ABSENT
        return fingerprint_of(self._filename, rule.code, format_pointer(pointer), value)


class _Facts(dict[str, str]):
    """The facts for the wording of a rule: those of its violation, and `ENGINE_FACTS`.

    The latter are computed when a template asks for them.
    """

    def __init__(self, writer: _DiagnosticWriter, found: RuleViolation) -> None:
        super().__init__(found.violation.facts)
        self.writer = writer
        self.found = found
        self.pointer = found.pointer

    def __missing__(self, name: str) -> str:
        fact = self[name] = _FACTS[name](self)
        return fact


def _other_value(facts: _Facts) -> str:
    """Show the value at the first related place."""
    at, related = facts.found.at, facts.found.violation.related
    first = next((place for place in related if isinstance(place, Place)), None)
    return facts.writer.value_shown((*at, *first.pointer)) if first else ""


_FACTS: dict[str, Callable[[_Facts], str]] = {
    "path": lambda facts: place_called(facts.pointer),
    "key": lambda facts: place_called(facts.pointer[-1:]),
    "where": lambda facts: place_called(facts.pointer[:-1]),
    "value": lambda facts: facts.writer.value_shown(facts.pointer),
    "called": lambda facts: called(facts.writer.value_at(facts.pointer), facts["value"]),
    "example": lambda facts: example_at(facts.pointer),
    "such_as": lambda facts: such_as(facts.pointer),
    "other_value": _other_value,
}
