"""Apply the fixes of files, in rounds, until none is left.

A round applies all fixes that do not change the same places. If together they bring findings that
have no fix, fewer are applied. The next round sees which fixes became possible or needless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from io import BufferedIOBase, BytesIO
from itertools import groupby
from typing import NamedTuple, TypeAlias

from rosetta_spec.diagnostic import Diagnostic, Fix
from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.document.operations import CannotEditError, applied, touched
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import is_same
from rosetta_spec.engine.checker import Checker, DocumentReport
from rosetta_spec.engine.diagnostics import DiagnosticWriter, FingerprintCounter
from rosetta_spec.fast.formats import JSONL, MAX_BYTES
from rosetta_spec.files.reading import read_whole
from rosetta_spec.fixes.editor import Editor
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.fixes.verify import divided, reveals, value_after, verified_edits
from rosetta_spec.pointer import Pointer, parse_pattern
from rosetta_spec.spec.ruleset import RuleViolation
from rosetta_spec.text import BOM, Span

#: Of a document with more findings, so many are fixed in a round, which bounds the memory.
MAX_FIXED = 200_000


class TooLongLineError(Exception):
    """A line of JSON Lines is too long to be read."""


class Piece(NamedTuple):
    """A part of a file before and after fixing; all pieces together are the whole file."""

    before: bytes
    after: bytes

    @property
    def is_changed(self) -> bool:
        """Whether a fix was applied."""
        return self.before != self.after


class Fixer:
    """Applies the fixes of some applicabilities that `checker` offers.

    `left_alone` are fingerprints of findings that are not fixed.
    """

    def __init__(
        self,
        checker: Checker,
        applicabilities: Iterable[str],
        left_alone: frozenset[str] = frozenset(),
    ) -> None:
        self._checker = checker
        self._applicabilities = frozenset(applicabilities)
        self._left_alone = left_alone
        #: Counts the fingerprints of the findings so far of the check that is running.
        self._counter = FingerprintCounter()
        if left_alone:
            checker.suppress_by(self._leaves_alone)
        #: The number of fixed findings.
        self.applied = 0
        #: Fixes that were not applied, each with the reason.
        self.dropped: list[str] = []

    def fix_file(self, data: bytes, filename: str, format_: str | None) -> bytes:
        """Return a file with its fixes applied; the same bytes if there are none."""
        return b"".join(each.after for each in self.pieces(BytesIO(data), filename, format_))

    def pieces(self, stream: BufferedIOBase, filename: str, format_: str | None) -> Iterator[Piece]:
        """Fix an open file and yield its pieces; only one piece of JSON Lines is in memory.

        Raises:
            OSError: the stream cannot be read.
            TooLongLineError: a line is too long; what was yielded is no whole file.
        """
        counter = FingerprintCounter()
        if format_ == JSONL:
            for block in blocks_of(stream):
                yield Piece(block.data, b"".join(self._fixed_lines(block, filename, counter)))
            return
        data = read_whole(stream)
        check = partial(self._checker.check_file, filename=filename, format_=format_)
        yield Piece(data, self._fixed(data, check, counter))
        # What is longer than a document may be has no fixes.
        while rest := stream.read(MAX_BYTES):
            yield Piece(rest, rest)

    def _fixed_lines(
        self, block: Block, filename: str, repeats: FingerprintCounter
    ) -> Iterator[bytes]:
        at = written = 0
        self._counter = repeats.copy()
        reports = self._checker.check_lines(block, filename)
        for (line, row, number), report in zip(block.lines(), reports, strict=True):
            if len(line) > MAX_BYTES:
                raise TooLongLineError
            start = block.data.index(line, at)
            at = start + len(line)
            if not report.diagnostics:
                continue
            if self._found([report], repeats).fixes:
                yield block.data[written:start]
                check = partial(self._check_line, row, number, filename)
                yield self._fixed(line, check, repeats)
                written = at
            else:
                self._note_dropped(report.diagnostics)
            for each in report.diagnostics:
                repeats.counted(each)
            self._counter = repeats.copy()
        yield block.data[written:]

    def _check_line(
        self, row: int, number: int, filename: str, line: bytes
    ) -> Iterator[DocumentReport]:
        return self._checker.check_lines(Block(line, row, number), filename)

    def _fixed(self, data: bytes, check: _Check, repeats: FingerprintCounter) -> bytes:
        """Apply fixes until none is left, or a text comes back that was there before."""
        seen = {sha256(data).digest()}
        found = self._found(check(data), repeats)
        while chosen := _round_of(found.fixes):
            applied_now, now, found_now = self._step(check, found, chosen, repeats)
            digest = sha256(now).digest()
            if digest in seen:
                break
            seen.add(digest)
            data, found = now, found_now
            self.applied += len(applied_now)
        self._note_dropped(found.diagnostics)
        return data

    def _note_dropped(self, diagnostics: Iterable[Diagnostic]) -> None:
        for each in diagnostics:
            row, column = each.location
            self.dropped += [
                f"{each.filename}:{row}:{column}: {each.code} is not fixed ({drop.title}):"
                f" {drop.reason}"
                for drop in each.dropped
                if drop.applicability in self._applicabilities
            ]

    def _first_fix(self, diagnostic: Diagnostic) -> Fix | None:
        return next(
            (fix for fix in diagnostic.fixes if fix.applicability in self._applicabilities), None
        )

    def _leaves_alone(self, found: RuleViolation, writer: DiagnosticWriter) -> bool:
        """Whether a finding of a document with too many is not fixed, and need not be kept."""
        fingerprint = writer.fingerprint(found.rule, found.pointer)
        # Of findings that repeat, the first one is known if any is.
        return fingerprint in self._left_alone and (
            self._counter.count(writer.filename, fingerprint) in self._left_alone
        )

    def _found(self, reports: Iterable[DocumentReport], repeats: FingerprintCounter) -> _Found:
        """Collect the findings of a check that has not started; `repeats` are those before it."""
        self._counter = repeats.copy()
        diagnostics: list[Diagnostic] = []
        fixes: list[_Chosen] = []
        documents: dict[int, Document] = {}
        has_omitted = False
        for report in reports:
            # Of a document with too many findings, those to leave alone are not among them.
            is_sifted = bool(report.omitted or report.left_out)
            has_omitted |= is_sifted
            if report.document and report.diagnostics:
                documents[report.number] = report.document
            diagnostics += report.diagnostics
            may_leave = self._left_alone and not is_sifted
            for each in report.diagnostics:
                if may_leave and self._counter.counted(each).fingerprint in self._left_alone:
                    continue
                if fix := self._first_fix(each):
                    fixes.append(_Chosen(each.document, fix))
        return _Found(diagnostics, fixes, documents, has_omitted)

    def _step(
        self, check: _Check, found: _Found, chosen: list[_Chosen], repeats: FingerprintCounter
    ) -> tuple[list[_Chosen], bytes, _Found]:
        """Apply as many fixes as go together without harm: the first one at least.

        Return them, the bytes that they make, and what is found in these.
        """
        while True:
            taken, now = _apply(found.documents, chosen)
            found_now = self._found(check(now), repeats)
            harm = self._harm(found, found_now)
            if not harm or len(taken) == 1 or reveals(taken[0].fix.operations):
                return taken, now, found_now
            chosen = divided(taken, _places_of, harm)[0]

    def _harm(self, before: _Found, after: _Found) -> list[Pointer]:
        """Return the places of findings without a fix, of each rule that has more of them."""
        if before.has_omitted:
            # Those before are not all known; the fixes of each rule are verified together.
            return []
        without_fix = [each for each in after.diagnostics if not self._first_fix(each)]
        more = Counter((each.document, each.code) for each in without_fix)
        more.subtract(
            (each.document, each.code) for each in before.diagnostics if not self._first_fix(each)
        )
        return [
            (str(each.document), *parse_pattern(each.pointer))
            for each in without_fix
            if more[each.document, each.code] > 0
        ]


class _Chosen(NamedTuple):
    """A fix, and the number of its document."""

    document: int
    fix: Fix


def _places_of(chosen: _Chosen) -> Iterator[Pointer]:
    """Yield the places that a fix changes, as `_harm` gives them."""
    for place in touched(*chosen.fix.operations):
        yield (str(chosen.document), *map(str, place))


def _round_of(fixes: Iterable[_Chosen]) -> list[_Chosen]:
    """Return the fixes of a round: those that reveal values later, those of comments last."""
    rounds: tuple[list[_Chosen], ...] = [], [], []
    for each in fixes:
        operations = each.fix.operations
        rounds[reveals(operations) if operations else 2].append(each)
    return next(filter(None, rounds), [])


class _Found(NamedTuple):
    """The findings of a file, or of a line of it; there may be more than are known.

    `fixes` are the fixes to apply. `documents` are those with findings, by number.
    """

    diagnostics: list[Diagnostic]
    fixes: list[_Chosen]
    documents: dict[int, Document]
    has_omitted: bool


#: Checks the bytes of a file, or of a line of it.
_Check: TypeAlias = Callable[[bytes], Iterable[DocumentReport]]


def _apply(
    documents: Mapping[int, Document], chosen: Iterable[_Chosen]
) -> tuple[list[_Chosen], bytes]:
    """Apply those of the chosen fixes that go together."""
    taken: list[_Chosen] = []
    edits: list[TextEdit] = []
    for number, group in groupby(chosen, key=lambda each: each.document):
        fixes, of_document = _combined(documents[number], [each.fix for each in group])
        taken += (_Chosen(number, fix) for fix in fixes)
        edits += of_document
    text = next(iter(documents.values())).text
    return taken, f"{BOM if text.has_bom else ''}{edited(text.content, edits)}".encode()


def _combined(
    document: Document, fixes: Sequence[Fix]
) -> tuple[Sequence[Fix], tuple[TextEdit, ...]]:
    """Choose as many of some fixes as go together, the first one at least, and their edits.

    Either all of the fixes have operations, or none has: then they are edits of comments.
    """
    chosen = _compatible(fixes)
    while len(chosen) > 1:
        try:
            return chosen, _edits_together(document, chosen)
        except CannotEditError:
            chosen = chosen[: len(chosen) // 2]
    return chosen, _edits_of(document, chosen)


def _compatible(fixes: Iterable[Fix]) -> list[Fix]:
    chosen: list[Fix] = []
    places: set[Pointer] = set()
    above: set[Pointer] = set()
    for fix in fixes:
        own = set(touched(*fix.operations))
        own_above = {place[:length] for place in own for length in range(len(place))}
        if own.isdisjoint(places) and own.isdisjoint(above) and own_above.isdisjoint(places):
            chosen.append(fix)
            places |= own
            above |= own_above
    return chosen


def _edits_together(document: Document, fixes: Sequence[Fix]) -> tuple[TextEdit, ...]:
    operations = [operation for fix in fixes for operation in fix.operations]
    if operations:
        value = applied(document.value, operations)
        return verified_edits(Editor(document), operations, value)
    edits = _edits_of(document, fixes)
    if not is_same(value_after(document, edits), document.value):
        message = "the comments cannot all be removed"
        raise CannotEditError(message)
    return edits


def _edits_of(document: Document, fixes: Iterable[Fix]) -> tuple[TextEdit, ...]:
    offset = document.text.offset
    return tuple(
        sorted(
            TextEdit(Span(offset(edit.location), offset(edit.end_location)), edit.content)
            for fix in fixes
            for edit in fix.edits
        )
    )
