"""Suppress findings by comments, and report suppressions that are unused or wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product
from typing import TypeAlias

from rosetta_spec.diagnostic import Diagnostic, Omitted
from rosetta_spec.document.tree import FATAL_PROBLEMS, Document
from rosetta_spec.engine.diagnostics import DiagnosticWriter
from rosetta_spec.engine.directives import (
    IN_THE_FILE,
    NEAR_MISSES,
    Directive,
    directives_in,
    removal,
)
from rosetta_spec.engine.engine import Engine, Findings
from rosetta_spec.fast.formats import SUPPRESSION
from rosetta_spec.kinds.kind import SuppressionProblem
from rosetta_spec.request.wording import all_of, printable, shortened, shown
from rosetta_spec.spec.ruleset import ALWAYS, Ruleset, RuleViolation, nearest_rule
from rosetta_spec.text import Span

#: After these a text is not read further, so its other findings are not known.
_UNREAD = FATAL_PROBLEMS - {"not-an-object"}

#: So many rules are named in a message.
_MAX_NAMES = 10

#: Rows of a file, counted from 1.
Rows: TypeAlias = tuple[int, ...]

#: A diagnostic, and whether a comment suppresses it.
Finding: TypeAlias = tuple[Diagnostic, bool]


def findings_of(
    engine: Engine,
    documents: Sequence[Document],
    filename: str,
    ruleset: Ruleset,
    today: str,
) -> tuple[list[Finding], dict[int, Findings]]:
    """Check all documents of a file and return the findings, sorted, and those of each document.

    `ruleset` has the rules that comments may name. `today` is a day as `YYYY-MM-DD`.

    Raises:
        DefectError: a rule failed.
    """
    suppressions = _Suppressions(_suppressions_in(documents, ruleset, today))

    def is_suppressed(found: RuleViolation, writer: DiagnosticWriter) -> bool:
        return suppressions.suppress(writer.row(found), found.rule.code)

    checked = {each.number: engine.check(each, filename, is_suppressed) for each in documents}
    findings = [
        (each, suppressions.suppress(each.location.row, each.code))
        for found in checked.values()
        for each in found.diagnostics
    ]
    is_whole = not any(map(_is_unread, documents))
    counts: dict[tuple[int, bool], Counter[Omitted]] = defaultdict(Counter)
    shown: Counter[int] = Counter()
    for each, problem, by_comment in _problems(engine, suppressions, is_whole=is_whole):
        document = each.document
        if shown[document.number] < engine.detail.most:
            for diagnostic in engine.check_suppression(document, problem, filename):
                findings.append((diagnostic, by_comment))
                shown[document.number] += 1
            continue
        for omitted, is_known in engine.count_suppression(document, problem, filename):
            counts[document.number, by_comment or is_known][omitted] += 1
    for (number, is_left_out), count in counts.items():
        found = checked[number]
        if is_left_out:
            checked[number] = found._replace(suppressed=found.suppressed + count)
        else:
            checked[number] = found._replace(omitted=found.omitted + count)
    return sorted(findings, key=lambda finding: finding[0].sort_key), checked


def _is_unread(document: Document) -> bool:
    return any(problem.name in _UNREAD for problem in document.problems)


class Suppression:
    """A directive in a document, with the rules that it names.

    It is about findings on `rows`, or in the whole file if that is `(None,)`. `problems` are those
    of a directive that names an unknown rule or is not well formed; one with a wrong verb or day
    suppresses nothing, and neither does one whose last day is before `today` (`YYYY-MM-DD`).
    """

    def __init__(
        self, directive: Directive, document: Document, rows: Rows, ruleset: Ruleset, today: str
    ) -> None:
        self._directive = directive
        self.document = document
        self.rows: Rows | tuple[None] = (None,) if directive.verb == IN_THE_FILE else rows
        named = {name.text: ruleset.find(name.text) for name in directive.names}
        self._codes = {name: rule.code for name, rule in named.items() if rule}
        unknown = [name for name, rule in named.items() if rule is None]
        self.problems = tuple(_problems_of(directive, list(self._codes), unknown, ruleset))
        self._has_ended = directive.until != "" and directive.until < today
        is_in_force = not (self._has_ended or directive.problem)
        #: The codes of the rules that it suppresses, and of those that it has suppressed.
        self.codes = set(self._codes.values()) - ALWAYS if is_in_force else set()
        self.used: set[str] = set()

    def row_of(self, problem: SuppressionProblem) -> int:
        """Return the row of a problem of it."""
        return self.document.text.location(problem.span.start).row

    def unused(self, codes: Collection[str], *, is_whole: bool) -> tuple[SuppressionProblem, ...]:
        """Report the rules of `codes` that it names and that suppressed nothing.

        If the file was not read to its end (`is_whole`), a finding may be in the rest.
        """
        idle = [
            name for name, code in self._codes.items() if code in codes and code not in self.used
        ]
        if self.rows == (None,) and not (is_whole or self._has_ended):
            idle = [name for name in idle if self._codes[name] in ALWAYS]
        if not idle:
            return ()
        cannot = all(self._codes[name] in ALWAYS for name in idle)
        case = "expired" if self._has_ended else "always" if cannot else "unused"
        facts = {"names": _listed(idle), "until": self._directive.until}
        edits = removal(self.document.text.content, self._directive, idle)
        return (SuppressionProblem("unused-suppression", case, self._directive.span, facts, edits),)


def _suppressions_in(
    documents: Iterable[Document], ruleset: Ruleset, today: str
) -> Iterator[Suppression]:
    for document in documents:
        found: list[Suppression] = []
        for comment, rows in _rows_of_comments(document):
            directives = list(directives_in(document.text.content, comment))
            found += (
                Suppression(each, document, rows, ruleset, today) for each in directives[::-1]
            )
        yield from reversed(found)


def _rows_of_comments(document: Document) -> Iterator[tuple[Span, Rows]]:
    """Yield the comments, the last one first, each with the rows that it is about.

    A comment that has a row of its own is about the row below its block of such comments, and about
    the next comment. Any other comment is about its own row.
    """
    text = document.text
    below: Rows = ()
    block = 0
    for comment in reversed(document.comments):
        row, column = text.location(comment.start)
        if text.content[comment.start - column + 1 : comment.start].strip(" \t\ufeff"):
            yield comment, (row,)
            continue
        below = (row + 1, below[-1]) if block == row + 1 else (row + 1,)
        block = row
        yield comment, below


def _problems_of(
    directive: Directive, known: Sequence[str], unknown: Sequence[str], ruleset: Ruleset
) -> Iterator[SuppressionProblem]:
    near = [each for name in unknown[:_MAX_NAMES] if (each := nearest_rule(ruleset, name))]
    facts = {
        "written": printable(shortened(directive.written)),
        "names": _listed(unknown) if unknown else "",
        "spelling": _spelling(directive.verb, known),
        "meant": f"did you mean {all_of(near)}?" if near else "`rosetta-spec rule` lists them all",
    }
    is_unknown = bool(unknown) and directive.problem not in NEAR_MISSES
    for case in (directive.problem, "rule" if is_unknown else ""):
        if case:
            yield SuppressionProblem("unknown-suppression", case, directive.span, facts)


def _spelling(verb: str, names: Sequence[str]) -> str:
    return f"# {SUPPRESSION}: {verb}[{', '.join(names[:_MAX_NAMES]) or 'CODE'}]"


def _listed(names: Sequence[str]) -> str:
    named = list(map(_called, names[:_MAX_NAMES]))
    more = len(names) - _MAX_NAMES
    return all_of([*named, f"{more} more"] if more > 0 else named)


def _called(name: str) -> str:
    """Write a name, in quotes if its ends could not be seen."""
    return shortened(name) if name.replace("-", "a").isalnum() else shown(name)


class _Suppressions:
    """The suppressions of a file, by the rows and the rules that they are about."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self.all = list(suppressions)
        groups: dict[tuple[int | None, str], list[Suppression]] = defaultdict(list)
        for each in self.all:
            for row, code in product(each.rows, each.codes):
                groups[row, code].append(each)
        self._sizes = {key: len(group) for key, group in groups.items()}
        self._unused = groups

    def suppress(self, row: int, code: str, owner: Suppression | None = None) -> bool:
        """Suppress a finding by all that are about it, except by the one that it is about."""
        in_file, on_row = self._use(None, code, owner), self._use(row, code, owner)
        return in_file or on_row

    def _use(self, row: int | None, code: str, owner: Suppression | None) -> bool:
        size = self._sizes.get((row, code), 0)
        if not size:
            return False
        unused = self._unused[row, code]
        for each in unused:
            if each is not owner:
                each.used.add(code)
        self._unused[row, code] = [each for each in unused if each is owner]
        is_own = owner is not None and row in owner.rows and code in owner.codes
        return size > is_own


def _problems(
    engine: Engine, suppressions: _Suppressions, *, is_whole: bool
) -> Iterator[tuple[Suppression, SuppressionProblem, bool]]:
    """Report suppressions that are unused or wrong; other suppressions may suppress that.

    A suppression of such findings is in use if it suppresses one about a suppression that is
    unused by the findings of requests. What is reported of itself cannot be suppressed, which
    would have no end.
    """
    of_requests = engine.codes - engine.suppression_codes
    first = [
        (each, each.problems or each.unused(of_requests, is_whole=is_whole))
        for each in suppressions.all
        # After a fatal problem nothing else is reported of a document.
        if each.document.root is not None
    ]
    are_suppressed = [
        [
            [suppressions.suppress(each.row_of(problem), code, each) for code in codes]
            for problem in problems
            for codes in [engine.codes_of_suppression(problem)]
        ]
        for each, problems in first
    ]
    for (each, problems), about in zip(first, are_suppressed, strict=True):
        if each.problems or any(map(any, about)):
            yield from ((each, *it) for it in zip(problems, map(any, about), strict=True))
        else:
            for problem in each.unused(engine.codes, is_whole=is_whole):
                yield each, problem, False
