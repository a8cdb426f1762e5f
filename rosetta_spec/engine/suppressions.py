"""Suppress findings by comments, and report suppressions that are unused or wrong.

A suppression at the end of a row applies to findings that start in this row. If its row has only
the comment, it applies to the rows below: to those that also have only a comment, and to the first
one after these. `ignore-file` applies to all rows.
"""

import re
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from itertools import chain, islice
from typing import NamedTuple

from rosetta_spec.document.tree import FATAL_PROBLEMS, Document
from rosetta_spec.engine.diagnostics import DiagnosticWriter, DocumentReport, FingerprintCounter
from rosetta_spec.engine.directives import (
    IN_THE_FILE,
    NEAR_MISSES,
    Directive,
    directives_of,
    parts_of,
    removal,
)
from rosetta_spec.engine.engine import Engine
from rosetta_spec.fast.formats import SUPPRESSION
from rosetta_spec.kinds.documents import UnknownSuppression, UnusedSuppression
from rosetta_spec.kinds.kind import SuppressionProblem
from rosetta_spec.request.wording import all_of, at_most, name_called, printable, shortened
from rosetta_spec.spec.ruleset import ALWAYS, Ruleset, RuleViolation, nearest_rule
from rosetta_spec.text import Span

#: After these a text is not read further, so its other findings are not known.
_UNREAD = FATAL_PROBLEMS - {"not-an-object"}

#: The maximum number of rules that a message names.
_MAX_NAMES = 10

#: The maximum number of suppressions that are kept to be used again.
_MAX_CACHED = 8

#: Documents that start within this many characters may be in memory together.
MAX_TOGETHER = 2 * 1024 * 1024

#: The rows that a suppression of the file applies to.
_ALL_ROWS = range(sys.maxsize)

#: A comment and those on the rows below.
_BLOCK = r"#[^\r\n]*+(?:(?:\r\n?|\n)[ \t\ufeff]*+#[^\r\n]*+)*+"


def check_with_suppressions(
    engine: Engine,
    read: Callable[[], Iterable[Document]],
    filename: str,
    ruleset: Ruleset,
    today: str,
) -> Iterator[DocumentReport]:
    """Check the documents of a file: a comment may suppress findings in any of them.

    A first pass finds out which suppressions are used, and a second one makes the reports.
    Fingerprints are counted, so that they do not depend on what is suppressed, except in documents
    with too many findings. `read` reads the documents, from the first one. `ruleset` has the rules
    that comments may name. `today` is a day as `YYYY-MM-DD`.

    Raises:
        DefectError: a rule failed.
    """
    suppressions = _Suppressions(engine, ruleset, today)
    kept: list[Document] = []
    others: Iterable[Document] = ()
    for document in read():
        suppressions.add(document)
        writer = DiagnosticWriter(document, filename, engine.detail)
        for count, found in enumerate(engine.violations_of(document), start=1):
            suppressions.add_finding(writer.row(found), found.rule.code)
            if count == engine.detail.stop_after:
                suppressions.mark_incomplete()
        if document.start < MAX_TOGETHER:
            kept.append(document)
        else:
            # They are read again.
            others = islice(read(), len(kept), None)
    suppressions.finish()

    def is_suppressed(found: RuleViolation, writer: DiagnosticWriter) -> bool:
        if isinstance(found.value, SuppressionProblem):
            return found.value.is_suppressed
        return suppressions.is_suppressed(writer.row(found), found.rule.code)

    counter = FingerprintCounter()
    for document in chain(kept, others):
        problems = partial(suppressions.problems_in, document)
        yield engine.check(document, filename, is_suppressed, problems, counter)


class _Effect(NamedTuple):
    """What a suppression does; many have the same, which is kept once.

    `suppresses` are the sorted codes of the rules whose findings it suppresses, and `never_used`
    those that it names in vain: they cannot be suppressed, or it has ended. One that `is_wrong` is
    reported as such, and not as unused.
    """

    is_for_file: bool
    is_wrong: bool
    suppresses: tuple[str, ...]
    never_used: tuple[str, ...]


class Suppression:
    """A directive with the rules that it names; its spans are in the text of its part of a comment.

    One that names an unknown rule or is not well formed has problems. With a wrong verb or day it
    suppresses nothing, and neither does it if its last day is before `today` (`YYYY-MM-DD`).
    """

    def __init__(self, directive: Directive, ruleset: Ruleset, today: str) -> None:
        self._directive = directive
        named = {name.text: ruleset.find(name.text) for name in directive.names}
        self._codes = {name: rule.code for name, rule in named.items() if rule}
        self._unknown = [name for name, rule in named.items() if rule is None]
        self._has_ended = directive.until != "" and directive.until < today
        self._ruleset = ruleset

    @cached_property
    def effect(self) -> _Effect:
        """What it does."""
        directive, named = self._directive, set(self._codes.values())
        is_in_force = not (self._has_ended or directive.problem)
        suppresses = named - ALWAYS if is_in_force else set()
        codes = tuple(sorted(suppresses)), tuple(sorted(named - suppresses))
        is_wrong = bool(directive.problem or self._unknown)
        return _Effect(directive.verb == IN_THE_FILE, is_wrong, *codes)

    @cached_property
    def _facts(self) -> Mapping[str, str]:
        """What messages say of a wrong form, and of names of unknown rules."""
        some = self._unknown[:_MAX_NAMES]
        near = [each for name in some if (each := nearest_rule(self._ruleset, name))]
        meant = f"did you mean {all_of(near)}?" if near else "`rosetta-spec rule` lists them all"
        right = ", ".join(list(self._codes)[:_MAX_NAMES])
        return {
            "written": printable(shortened(self._directive.written)),
            "names": _listed(self._unknown) if some else "",
            "spelling": f"# {SUPPRESSION}: {self._directive.verb}[{right or 'CODE'}]",
            "meant": meant,
        }

    def problems(self, start: int) -> Iterator[SuppressionProblem]:
        """Report a wrong form, and names of unknown rules; its part of a comment is at `start`."""
        directive = self._directive.moved(start)
        is_unknown = bool(self._unknown) and directive.problem not in NEAR_MISSES
        for case in (directive.problem, "rule" if is_unknown else ""):
            if case:
                kind = UnknownSuppression.name
                yield SuppressionProblem(kind, case, directive.span, self._facts)

    def unused(self, codes: frozenset[str], content: str, start: int) -> SuppressionProblem:
        """Report rules that it names and that suppressed nothing, by their codes."""
        directive = self._directive.moved(start)
        names = [name for name, code in self._codes.items() if code in codes]
        case = "expired" if self._has_ended else "always" if codes <= ALWAYS else "unused"
        facts = {"names": _listed(names), "until": directive.until}
        edits = removal(content, directive, names)
        return SuppressionProblem(UnusedSuppression.name, case, directive.span, facts, edits)


def _listed(names: Iterable[str]) -> str:
    return all_of(at_most(_MAX_NAMES, map(name_called, names)))


class _Record:
    """What is kept of a suppression; a file may have a million.

    `row` is that of its comment, and `last` the last row that it applies to, which is the same for
    a comment at the end of a row. `reported_as` is the code of the finding about it that others can
    suppress, "" if there is none.
    """

    __slots__ = ("effect", "last", "reported_as", "row")

    def __init__(self, effect: _Effect, row: int, last: int) -> None:
        self.effect = effect
        self.row = row
        self.last = last
        self.reported_as = ""

    @property
    def rows(self) -> range:
        """The rows that it applies to."""
        if self.effect.is_for_file:
            return _ALL_ROWS
        return range(self.row + (self.last > self.row), self.last + 1)

    @property
    def applies_to_itself(self) -> bool:
        """Whether it applies to the finding about itself, which it does not suppress."""
        return self.reported_as in self.effect.suppresses and self.row in self.rows


class _RowsOfRule:
    """The rows to which suppressions of a rule apply, and those of its findings."""

    def __init__(self) -> None:
        self._for_file = 0
        #: The first row of each other suppression, and the row after its last one; both ascend.
        self._starts, self._stops = array("I"), array("I")
        #: The rows of findings, 0 for all rows to which only an `ignore-file` can apply.
        self._unsorted: set[int] = set()
        self._found = array("I")

    def add_suppression(self, rows: range) -> None:
        """Add a suppression, which comes after the others."""
        if rows is _ALL_ROWS:
            self._for_file += 1
        else:
            self._starts.append(rows.start)
            self._stops.append(rows.stop)

    def count_suppressions(self, row: int) -> int:
        """Count the suppressions that apply to a row."""
        return self._for_file + self._count_in_rows(row)

    def _count_in_rows(self, row: int) -> int:
        return bisect_right(self._starts, row) - bisect_right(self._stops, row)

    def add_finding(self, row: int) -> None:
        """Add a finding of a request."""
        self._unsorted.add(row if self._count_in_rows(row) else 0)

    def sort(self) -> None:
        """Sort the findings of requests when all have been added."""
        self._found.extend(sorted(self._unsorted))
        self._unsorted.clear()

    def append_finding(self, row: int) -> None:
        """Add a finding about a suppression, in the order of the text."""
        self._found.append(row)

    def count_findings(self, rows: range) -> int:
        """Count the findings in some rows; of those of requests, one for each row."""
        return bisect_left(self._found, rows.stop) - bisect_left(self._found, rows.start)


class _Suppressions:
    """The suppressions of a file, in the order of the text, and the findings that they suppress.

    A suppression is used if it suppresses a finding of a request, or the finding that another
    suppression is wrong or unused. It never suppresses findings about itself.
    """

    def __init__(self, engine: Engine, ruleset: Ruleset, today: str) -> None:
        self._ruleset = ruleset
        self._today = today
        #: Many comments are equal.
        self._suppressions_of = lru_cache(_MAX_CACHED)(self._read)
        #: The codes of the rules about suppressions, by the names of their kinds.
        self._codes_by_kind = engine.suppression_codes
        self._codes = engine.codes
        self._request_codes = self._codes.difference(self._codes_by_kind.values())
        self._effects: dict[_Effect, _Effect] = {}
        #: Those that may be reported, in the order of the text.
        self._records: list[_Record] = []
        #: By the number of a document, the index of its first record.
        self._firsts = array("I")
        self._by_code: defaultdict[str, _RowsOfRule] = defaultdict(_RowsOfRule)
        self._is_complete = self._has_all_findings = True

    def add(self, document: Document) -> None:
        """Add the suppressions of a document, which comes after the others."""
        self._is_complete &= not any(problem.name in _UNREAD for problem in document.problems)
        self._firsts.append(len(self._records))
        for suppression, _, row, last in self._suppressions_in(document):
            effect = suppression.effect
            record = _Record(self._effects.setdefault(effect, effect), row, last)
            for code in effect.suppresses:
                self._by_code[code].add_suppression(record.rows)
            # After a fatal problem nothing else is reported of a document.
            if document.root is not None:
                self._records.append(record)

    def _suppressions_in(self, document: Document) -> Iterator[tuple[Suppression, int, int, int]]:
        """Yield the suppressions of a document.

        Each comes with the start of its part of a comment, and `row` and `last` of its `_Record`.
        """
        for comment, row, last in _comments_in(document):
            for start, part in parts_of(document.text.content, comment):
                for suppression in self._suppressions_of(part):
                    yield suppression, start, row, last

    def _read(self, part: str) -> tuple[Suppression, ...]:
        """Return the suppressions of a part of a comment."""
        return tuple(
            Suppression(directive, self._ruleset, self._today) for directive in directives_of(part)
        )

    def add_finding(self, row: int, code: str) -> None:
        """Add a finding of the last document."""
        self._by_code[code].add_finding(row)

    def mark_incomplete(self) -> None:
        """Remember that a document has too many findings to know them all."""
        self._has_all_findings = False

    def finish(self) -> None:
        """Add the findings about suppressions, which others may suppress."""
        for rows in self._by_code.values():
            rows.sort()
        for record in self._records:
            is_wrong = record.effect.is_wrong
            if is_wrong or self._unused(record, self._request_codes):
                kind = UnknownSuppression if is_wrong else UnusedSuppression
                if code := self._codes_by_kind.get(kind.name):
                    record.reported_as = code
                    self._by_code[code].append_finding(record.row)

    def is_suppressed(self, row: int, code: str) -> bool:
        """Whether a finding of a request is suppressed."""
        return self._by_code[code].count_suppressions(row) > 0

    def problems_in(self, document: Document) -> Iterator[SuppressionProblem]:
        """Yield the problems of the suppressions in a document."""
        if document.root is None:
            return
        first = self._firsts[document.number]
        for number, (suppression, start, *_) in enumerate(self._suppressions_in(document), first):
            record = self._records[number]
            count = self._by_code[record.reported_as].count_suppressions(record.row)
            is_suppressed = count > record.applies_to_itself
            codes = self._request_codes if is_suppressed else self._codes
            if record.effect.is_wrong:
                for problem in suppression.problems(start):
                    yield problem._replace(is_suppressed=is_suppressed)
            elif unused := self._unused(record, codes):
                problem = suppression.unused(unused, document.text.content, start)
                yield problem._replace(is_suppressed=is_suppressed)

    def _unused(self, record: _Record, codes: frozenset[str]) -> frozenset[str]:
        """Return the codes among some that a suppression names and that it has not suppressed.

        If the file was not read to its end, or not all findings were looked for, there may be one
        that is not known.
        """
        effect = record.effect
        is_known = self._has_all_findings and (self._is_complete or not effect.is_for_file)
        checked = effect.suppresses if is_known else ()
        unused = (code for code in checked if not self._is_used(record, code))
        return codes.intersection(chain(effect.never_used, unused))

    def _is_used(self, record: _Record, code: str) -> bool:
        """Whether it suppresses a finding of a rule, which is not about itself."""
        is_own = code == record.reported_as and record.applies_to_itself
        return self._by_code[code].count_findings(record.rows) > is_own


def _comments_in(document: Document) -> Iterator[tuple[Span, int, int]]:
    """Yield the comments of a document, each with its row and the last row that it applies to."""
    text = document.text
    below = 0
    for comment in document.comments:
        row, column = text.location(comment.start)
        if text.content[comment.start - column + 1 : comment.start].strip(" \t\ufeff"):
            yield comment, row, row
            continue
        if row >= below:
            block = re.compile(_BLOCK).match(text.content, comment.start)
            assert block is not None  # noqa: S101 - a comment begins there
            below = text.location(block.end()).row + 1
        yield comment, row, below
