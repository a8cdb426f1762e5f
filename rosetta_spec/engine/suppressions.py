"""Suppress findings by comments, and report suppressions that are unused or wrong."""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from operator import attrgetter
from typing import NamedTuple

from rosetta_spec.document.tree import FATAL_PROBLEMS, Document
from rosetta_spec.engine.diagnostics import DiagnosticWriter, DocumentReport, FingerprintCounter
from rosetta_spec.engine.directives import (
    IN_THE_FILE,
    NEAR_MISSES,
    Directive,
    directives_in,
    removal,
)
from rosetta_spec.engine.engine import Engine
from rosetta_spec.fast.formats import SUPPRESSION
from rosetta_spec.kinds.documents import UnknownSuppression, UnusedSuppression
from rosetta_spec.kinds.kind import SuppressionProblem
from rosetta_spec.request.wording import all_of, at_most, name_called, printable, shortened
from rosetta_spec.spec.ruleset import ALWAYS, Ruleset, RuleViolation, nearest_rule

#: After these a text is not read further, so its other findings are not known.
_UNREAD = FATAL_PROBLEMS - {"not-an-object"}

#: The maximum number of rules that a message names.
_MAX_NAMES = 10

#: Documents that start within this many characters may be in memory together.
MAX_TOGETHER = 2 * 1024 * 1024


def check_with_suppressions(
    engine: Engine,
    read: Callable[[], Iterable[Document]],
    filename: str,
    ruleset: Ruleset,
    today: str,
) -> Iterator[DocumentReport]:
    """Check the documents of a file: a comment may suppress findings in any of them.

    A first pass records which comments suppress something, and a second one makes the reports.
    Fingerprints are counted, so that they do not depend on what is suppressed, except in documents
    with too many findings. `read` reads the documents, from the first one. `ruleset` has the rules
    that comments may name. `today` is a day as `YYYY-MM-DD`.

    Raises:
        DefectError: a rule failed.
    """
    suppressions = _Suppressions(engine, ruleset, today)

    def is_suppressed(found: RuleViolation, writer: DiagnosticWriter) -> bool:
        if isinstance(found.value, SuppressionProblem):
            return found.value.is_suppressed
        return suppressions.suppress(writer.row(found), found.rule.code)

    kept: list[Document] = []
    others: Iterable[Document] = ()
    for document in read():
        suppressions.add(document)
        writer = DiagnosticWriter(document, filename, engine.detail)
        for count, found in enumerate(engine.violations_of(document), start=1):
            is_suppressed(found, writer)
            if count == engine.detail.stop_after:
                suppressions.mark_incomplete()
        if document.start < MAX_TOGETHER:
            kept.append(document)
        else:
            # They are read again.
            others = islice(read(), len(kept), None)
    suppressions.finish()
    counter = FingerprintCounter()
    for document in chain(kept, others):
        problems = partial(suppressions.problems_in, document)
        yield engine.check(document, filename, is_suppressed, problems, counter)


class _Traits(NamedTuple):
    """What many suppressions have in common, stored once.

    `named` are the codes of rules that they name, and `in_force` those that they suppress. Those
    that are wrong have a problem of their own. In a document that could not be read, none is
    reported.
    """

    is_in_file: bool
    has_ended: bool
    is_wrong: bool
    is_reported: bool
    named: frozenset[str]
    in_force: frozenset[str]


class Suppression:
    """A directive with the rules that it names.

    One that names an unknown rule or is not well formed has problems. With a wrong verb or day it
    suppresses nothing, and neither does it if its last day is before `today` (`YYYY-MM-DD`).
    """

    def __init__(self, directive: Directive, ruleset: Ruleset, today: str) -> None:
        self._directive = directive
        named = {name.text: ruleset.find(name.text) for name in directive.names}
        self._codes = {name: rule.code for name, rule in named.items() if rule}
        self._unknown = [name for name, rule in named.items() if rule is None]
        self._has_ended = directive.until != "" and directive.until < today
        self._is_in_force = not (self._has_ended or directive.problem)

    def traits(self, *, is_reported: bool) -> _Traits:
        """Return what it may have in common with others."""
        codes = frozenset(self._codes.values())
        is_wrong = bool(self._directive.problem or self._unknown)
        in_force = codes - ALWAYS if self._is_in_force else frozenset()
        is_in_file = self._directive.verb == IN_THE_FILE
        return _Traits(is_in_file, self._has_ended, is_wrong, is_reported, codes, in_force)

    def problems(self, ruleset: Ruleset) -> Iterator[SuppressionProblem]:
        """Report a wrong form, and names of unknown rules."""
        directive, unknown = self._directive, self._unknown
        near = [each for name in unknown[:_MAX_NAMES] if (each := nearest_rule(ruleset, name))]
        meant = f"did you mean {all_of(near)}?" if near else "`rosetta-spec rule` lists them all"
        right = ", ".join(list(self._codes)[:_MAX_NAMES])
        facts = {
            "written": printable(shortened(directive.written)),
            "names": _listed(unknown) if unknown else "",
            "spelling": f"# {SUPPRESSION}: {directive.verb}[{right or 'CODE'}]",
            "meant": meant,
        }
        is_unknown = bool(unknown) and directive.problem not in NEAR_MISSES
        for case in (directive.problem, "rule" if is_unknown else ""):
            if case:
                yield SuppressionProblem(UnknownSuppression.name, case, directive.span, facts)

    def unused(self, codes: Collection[str], content: str) -> SuppressionProblem:
        """Report rules that it names and that suppressed nothing, by their codes."""
        directive = self._directive
        names = [name for name, code in self._codes.items() if code in codes]
        case = "expired" if self._has_ended else "always" if ALWAYS.issuperset(codes) else "unused"
        facts = {"names": _listed(names), "until": directive.until}
        edits = removal(content, directive, names)
        return SuppressionProblem(UnusedSuppression.name, case, directive.span, facts, edits)


def _listed(names: Iterable[str]) -> str:
    return all_of(at_most(_MAX_NAMES, map(name_called, names)))


@dataclass(slots=True, eq=False, repr=False)
class _State:
    """What is remembered of a suppression; a file may have a million.

    `row` is the row of its comment, and `last` the last row that it applies to. A comment with a
    row of its own applies to the next row, and to the row below all such comments that follow it
    directly. Any other comment applies to its own row. With `is_suppressed`, another suppression
    suppresses what is reported of it. With `is_incomplete`, its document has unknown findings.
    """

    traits: _Traits
    row: int
    last: int
    is_suppressed: bool = False
    is_incomplete: bool = False

    @property
    def rows(self) -> Collection[int | None]:
        """The rows that it applies to, None for the file."""
        if self.traits.is_in_file:
            return (None,)
        return (self.row,) if self.last == self.row else (self.row + 1, self.last)


class _Suppressions:
    """The suppressions of a file, in the order of the text."""

    def __init__(self, engine: Engine, ruleset: Ruleset, today: str) -> None:
        self._engine = engine
        self._ruleset = ruleset
        self._today = today
        self._of_requests = engine.codes - engine.suppression_codes.keys()
        self._traits: dict[_Traits, _Traits] = {}
        self._all: list[_State] = []
        #: By the number of a document, the index of its first suppression.
        self._firsts = array("I")
        self._in_file: Counter[str] = Counter()
        self._is_whole = True
        #: By code, and row or None for the file, if there was a finding: the suppression that all
        #: these findings are about, or None.
        self._found: defaultdict[str, dict[int | None, _State | None]] = defaultdict(dict)
        self._counts_on = lru_cache(100)(self._count_on)

    def add(self, document: Document) -> None:
        """Add the suppressions of a document, which comes after the others."""
        self._is_whole &= not any(problem.name in _UNREAD for problem in document.problems)
        self._counts_on.cache_clear()
        self._firsts.append(len(self._all))
        is_reported = document.root is not None
        for suppression, row, last in self._suppressions_in(document):
            traits = suppression.traits(is_reported=is_reported)
            self._all.append(_State(self._traits.setdefault(traits, traits), row, last))
            if traits.is_in_file:
                self._in_file.update(traits.in_force)

    def mark_incomplete(self) -> None:
        """Remember that the last document has too many findings to know them all."""
        self._is_whole = False
        for each in self._all[self._firsts[-1] :]:
            each.is_incomplete = True

    def _suppressions_in(self, document: Document) -> Iterator[tuple[Suppression, int, int]]:
        """Yield the suppressions of a document, with `row` and `last` of their `_State`."""
        text = document.text
        rows, last_rows = array("I"), array("I")
        last = block = 0
        for comment in reversed(document.comments):
            row, column = text.location(comment.start)
            rows.append(row)
            if text.content[comment.start - column + 1 : comment.start].strip(" \t\ufeff"):
                last_rows.append(row)
            else:
                last = last if block == row + 1 else row + 1
                block = row
                last_rows.append(last)
        for comment in document.comments:
            row, last = rows.pop(), last_rows.pop()
            for directive in directives_in(text.content, comment):
                yield Suppression(directive, self._ruleset, self._today), row, last

    def suppress(self, row: int, code: str, owner: _State | None = None) -> bool:
        """Record a finding, and return whether it is suppressed.

        `owner` is the suppression that it is about, which does not suppress it.
        """
        in_file = self._record(None, self._in_file[code], code, owner)
        return self._record(row, self._counts_on(row)[code], code, owner) or in_file

    def _record(self, row: int | None, count: int, code: str, owner: _State | None) -> bool:
        """Record a finding in a row (None: the file); whether one of `count` suppresses it."""
        # A suppression of the file may follow in a document that is not yet added.
        if not count and row is not None:
            return False
        found = self._found[code]
        found[row] = owner if found.get(row, owner) is owner else None
        is_own = owner is not None and row in owner.rows and code in owner.traits.in_force
        return count > is_own

    def _count_on(self, row: int) -> Counter[str]:
        """Count the suppressions that apply to a row, by code."""

        def found(key: str, first: int, last: int) -> Iterable[_State]:
            start = bisect_left(self._all, first, key=attrgetter(key))
            return self._all[start : bisect_right(self._all, last, key=attrgetter(key))]

        above = (each for each in found("row", row - 1, row - 1) if each.last > row)
        counts: Counter[str] = Counter()
        for each in chain(found("last", row, row), above):
            if not each.traits.is_in_file:
                counts.update(each.traits.in_force)
        return counts

    def finish(self) -> None:
        """Decide which findings about suppressions are suppressed.

        A suppression is used if it suppresses a finding of a request, or the finding that another
        suppression is unused. It never suppresses findings about itself.
        """
        for each in self._all:
            name = UnknownSuppression.name if each.traits.is_wrong else ""
            if not each.traits.is_wrong and self._unused_codes(each, self._of_requests):
                name = UnusedSuppression.name
            if each.traits.is_reported:
                codes = self._engine.suppression_codes.items()
                found = [self.suppress(each.row, code, each) for code, it in codes if it == name]
                each.is_suppressed = any(found)

    def problems_in(self, document: Document) -> Iterator[SuppressionProblem]:
        """Yield the problems of the suppressions in a document."""
        suppressions = self._suppressions_in(document)
        for number, (suppression, _, _) in enumerate(suppressions, self._firsts[document.number]):
            each = self._all[number]
            # After a fatal problem nothing else is reported of a document.
            if not each.traits.is_reported:
                continue
            codes = self._of_requests if each.is_suppressed else self._engine.codes
            if each.traits.is_wrong:
                for problem in suppression.problems(self._ruleset):
                    yield problem._replace(is_suppressed=each.is_suppressed)
            elif unused := self._unused_codes(each, codes):
                problem = suppression.unused(unused, document.text.content)
                yield problem._replace(is_suppressed=each.is_suppressed)

    def _unused_codes(self, suppression: _State, codes: Iterable[str]) -> frozenset[str]:
        """Return the rules among some that a suppression names and that it has not suppressed.

        If the file was not read to its end, or not all findings were looked for, there may be one
        that is not known.
        """
        traits = suppression.traits
        named = traits.named.intersection(codes)
        is_known = self._is_whole if traits.is_in_file else not suppression.is_incomplete
        if not (is_known or traits.has_ended):
            named &= ALWAYS
        return frozenset(
            code
            for code in named
            if code not in traits.in_force
            or all(
                self._found[code].get(row, suppression) is suppression for row in suppression.rows
            )
        )
