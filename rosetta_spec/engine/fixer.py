"""Apply the fixes of files, in rounds, until none is left.

A round applies all fixes that do not change the same places. If together they cause findings that
have no fix, fewer are applied. The next round sees which fixes became possible or needless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from io import BufferedIOBase, BytesIO
from itertools import chain, groupby
from typing import NamedTuple, TypeAlias

from rosetta_spec.diagnostic import Diagnostic, Fix
from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.document.operations import CannotEditError, applied, touched
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import is_same
from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.diagnostics import DocumentReport, FingerprintCounter
from rosetta_spec.engine.suppressions import MAX_TOGETHER
from rosetta_spec.fast.formats import JSONL, MAX_BYTES
from rosetta_spec.files.content import read_whole
from rosetta_spec.fixes.editor import Editor
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.fixes.verify import divided, reveals, value_after, verified_edits
from rosetta_spec.kinds.documents import RunKind
from rosetta_spec.pointer import Pointer, parse_pattern
from rosetta_spec.text import BOM, Span

#: The maximum number of findings of a document that a round fixes, which limits memory.
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

    Findings in the baseline of the checker are not fixed.
    """

    def __init__(self, checker: Checker, applicabilities: Iterable[str]) -> None:
        self._checker = checker
        self._applicabilities = frozenset(applicabilities)
        self._baseline = checker.baseline or Baseline(())
        #: The codes of findings about other documents, which applying fewer fixes does not prevent.
        self._run_codes = {rule.code for rule in checker.rules if isinstance(rule.kind, RunKind)}
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
            TooLongLineError: a line is too long; what was yielded is not the whole file.
        """
        self._baseline.counter = FingerprintCounter()
        if format_ == JSONL:
            for block in blocks_of(stream):
                yield Piece(block.data, b"".join(self._fix_lines(block, filename)))
            return
        data = read_whole(stream)
        check = partial(self._checker.check_file, filename=filename, format_=format_)
        yield Piece(data, self._fix(data, check))
        # What is longer than a document may be has no fixes.
        while rest := stream.read(MAX_BYTES):
            yield Piece(rest, rest)

    def _fix_lines(self, block: Block, filename: str) -> Iterator[bytes]:
        at = written = 0
        reports = self._checker.check_lines(block, filename)
        for (line, row, number), report in zip(block.lines(), reports, strict=True):
            if len(line) > MAX_BYTES:
                raise TooLongLineError
            start = block.data.index(line, at)
            at = start + len(line)
            found = self._collect([report])
            if found.chosen:
                yield block.data[written:start]
                yield self._fix(line, partial(self._check_line, row, number, filename))
                written = at
            else:
                self.dropped += found.dropped
            self._baseline.counter.keep()
        yield block.data[written:]

    def _check_line(
        self, row: int, number: int, filename: str, line: bytes
    ) -> Iterator[DocumentReport]:
        return self._checker.check_lines(Block(line, row, number), filename)

    def _fix(self, data: bytes, check: _Check) -> bytes:
        """Apply fixes until none is left, or a text comes back that was there before."""
        seen = {sha256(data).digest()}
        found = self._check(data, check)
        while found.chosen:
            applied_now, now, found_now = self._run_round(check, found)
            digest = sha256(now).digest()
            if digest in seen:
                break
            seen.add(digest)
            data, found = now, found_now
            self.applied += len(applied_now)
        self.dropped += found.dropped
        return data

    def _dropped(self, diagnostic: Diagnostic) -> Iterator[str]:
        row, column = diagnostic.location
        for drop in diagnostic.dropped:
            if drop.applicability in self._applicabilities:
                place = f"{diagnostic.filename}:{row}:{column}"
                yield f"{place}: {diagnostic.code} is not fixed ({drop.title}): {drop.reason}"

    def _first_fix(self, diagnostic: Diagnostic) -> Fix | None:
        return next(
            (fix for fix in diagnostic.fixes if fix.applicability in self._applicabilities), None
        )

    def _check(self, data: bytes, check: _Check, changed: Collection[int] = ()) -> _Findings:
        """Check a text once more, in which documents with the numbers `changed` were changed."""
        self._baseline.counter.forget()
        return self._collect(check(data), changed)

    def _collect(
        self, reports: Iterable[DocumentReport], changed: Collection[int] = ()
    ) -> _Findings:
        found = _Findings([], [], [], [], [])
        for report in reports:
            is_changed = report.number in changed
            for each in report.diagnostics:
                found.dropped.extend(self._dropped(each))
                fix = self._first_fix(each)
                if fix and report.document:
                    is_changed |= found.add(_Chosen(report.document, fix))
            if is_changed:
                found.findings.extend(
                    (each.document, each.code, each.pointer, bool(self._first_fix(each)))
                    for each in chain(report.diagnostics, report.suppressed)
                    if each.code not in self._run_codes
                )
            if report.omitted:
                found = found._replace(has_omitted=True)
        return found

    def _run_round(self, check: _Check, found: _Findings) -> tuple[list[_Chosen], bytes, _Findings]:
        """Apply as many fixes as cause no unfixable findings together: the first one at least.

        Return them, the bytes that they make, and what is found in these.
        """
        chosen = found.chosen
        while True:
            taken, now = _apply(chosen)
            changed = {each.document.number for each in chosen}
            found_now = self._check(now, check, changed)
            unfixable = _new_unfixable(found, found_now, changed)
            if not unfixable or len(taken) == 1 or reveals(taken[0].fix.operations):
                return taken, now, found_now
            chosen = divided(taken, _places_of, unfixable)[0]


class _Chosen(NamedTuple):
    document: Document
    fix: Fix


def _places_of(chosen: _Chosen) -> Iterator[Pointer]:
    """Yield the places that a fix changes, as `_new_unfixable` gives them."""
    for place in touched(*chosen.fix.operations):
        yield (str(chosen.document.number), *map(str, place))


class _Findings(NamedTuple):
    """What matters of the findings of a file, or of a line of it; there may be more than are known.

    `fixes` are applied first, then `revealing` ones, which let rules see more values, then those
    of `comments`. `findings` are those in documents that have fixes, or were changed: the document,
    the code, the pointer, and whether there is a fix. `dropped` says which fixes are not applied.
    """

    fixes: list[_Chosen]
    revealing: list[_Chosen]
    comments: list[_Chosen]
    findings: list[tuple[int, str, str, bool]]
    dropped: list[str]
    has_omitted: bool = False

    @property
    def chosen(self) -> list[_Chosen]:
        """The fixes of the next round."""
        return self.fixes or self.revealing or self.comments

    def add(self, chosen: _Chosen) -> bool:
        """Add a fix, unless its document is far from the first one of its round."""
        operations = chosen.fix.operations
        others = self.revealing if reveals(operations) else self.fixes
        fixes = others if operations else self.comments
        is_near = not fixes or chosen.document.start - fixes[0].document.start < MAX_TOGETHER
        if is_near:
            fixes.append(chosen)
        return is_near


def _new_unfixable(before: _Findings, after: _Findings, changed: Collection[int]) -> list[Pointer]:
    """Return the places of findings without a fix of each rule that had fewer findings before."""
    if before.has_omitted:
        # Those before are not all known; the fixes of each rule are verified together.
        return []
    without_fix = [found[:3] for found in after.findings if not found[3]]
    more = Counter((document, code) for document, code, _ in without_fix)
    more.subtract((document, code) for document, code, *_ in before.findings)
    return [
        (str(document), *parse_pattern(pointer))
        for document, code, pointer in without_fix
        if document in changed and more[document, code] > 0
    ]


#: Checks the bytes of a file, or of a line of it.
_Check: TypeAlias = Callable[[bytes], Iterable[DocumentReport]]


def _apply(chosen: Sequence[_Chosen]) -> tuple[list[_Chosen], bytes]:
    """Apply those of the chosen fixes that go together."""
    taken: list[_Chosen] = []
    edits: list[TextEdit] = []
    for _, group in groupby(chosen, key=lambda each: each.document.number):
        of_document = list(group)
        document = of_document[0].document
        fixes, edits_now = _combined(document, [each.fix for each in of_document])
        taken += (_Chosen(document, fix) for fix in fixes)
        edits += edits_now
    text = chosen[0].document.text
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
        is_free = own.isdisjoint(places) and own.isdisjoint(above) and own_above.isdisjoint(places)
        # Two suppressions in one comment may share a blank.
        if not own and chosen:
            is_free = chosen[-1].edits[-1].end_location <= fix.edits[0].location
        if is_free:
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
