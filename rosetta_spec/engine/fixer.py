"""Apply the fixes of files, in rounds, until none is left.

A round applies to each document the fixes that go together: they do not change the same places, and
together they cause no finding that has no fix. The next round sees which fixes became possible or
needless.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from io import BufferedIOBase, BytesIO
from typing import NamedTuple, TypeAlias

from rosetta_spec.diagnostic import Diagnostic, Fix
from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.document.operations import CannotEditError, applied, touched
from rosetta_spec.document.tree import Document
from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.diagnostics import DocumentReport, FingerprintCounter
from rosetta_spec.fast.formats import JSONL, MAX_BYTES
from rosetta_spec.files.content import read_whole
from rosetta_spec.fixes.editor import Editor
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.fixes.verify import caused_by, divided, reveals, unfixable_in, verified_edits
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import BOM, Span, Text

#: The maximum number of findings of a document that a round fixes, which limits memory.
MAX_FIXED = 200_000

#: The stages: fixes of values; then those that let rules see more values; last, those of comments.
_FIRST, _REVEALING, _LAST = range(3)


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
        yield Piece(data, self._fix(data, check(data), check))
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
            fixed = self._fix(line, [report], partial(self._check_line, row, number, filename))
            if fixed is not line:
                yield block.data[written:start]
                yield fixed
                written = at
            self._baseline.counter.keep()
        yield block.data[written:]

    def _check_line(
        self, row: int, number: int, filename: str, line: bytes
    ) -> Iterator[DocumentReport]:
        return self._checker.check_lines(Block(line, row, number), filename)

    def _fix(self, data: bytes, reports: Iterable[DocumentReport], check: _Check) -> bytes:
        """Apply fixes until none is left, or a text comes back that was there before.

        `reports` are those of `data`, and `check` makes those of what it becomes.
        """
        seen = set()
        found = self._next_round(reports)
        while found.text:
            seen.add(hash(data))
            mark = BOM if found.text.has_bom else ""
            now = f"{mark}{edited(found.text.content, found.edits)}".encode()
            if hash(now) in seen:
                break
            data = now
            self.applied += found.count
            self._baseline.counter.forget()
            found = self._next_round(check(data))
        self.dropped += found.dropped
        return data

    def _next_round(self, reports: Iterable[DocumentReport]) -> _Round:
        """Choose fixes of the first stage that has any."""
        found = _Round()
        for report in reports:
            fixes: list[Fix] = []
            for each in report.diagnostics:
                found.dropped += self._dropped(each)
                offered = [fix for fix in each.fixes if fix.applicability in self._applicabilities]
                fixes += offered[:1]
            stage = min(map(_stage, fixes), default=_LAST)
            if report.document and fixes and stage <= found.stage:
                if stage < found.stage:
                    found = _Round(stage, dropped=found.dropped)
                found.text = report.document.text
                fixes = [fix for fix in fixes if _stage(fix) == stage]
                can_cause = stage == _FIRST and not report.omitted
                count, edits = self._together(report.document, fixes, can_cause=can_cause)
                found.count += count
                found.edits += edits
        return found

    def _dropped(self, diagnostic: Diagnostic) -> Iterator[str]:
        row, column = diagnostic.location
        for drop in diagnostic.dropped:
            if drop.applicability in self._applicabilities:
                place = f"{diagnostic.filename}:{row}:{column}"
                yield f"{place}: {diagnostic.code} is not fixed ({drop.title}): {drop.reason}"

    def _together(
        self, document: Document, fixes: Iterable[Fix], *, can_cause: bool
    ) -> tuple[int, tuple[TextEdit, ...]]:
        """Choose fixes of a stage that go together, the first one at least.

        With `can_cause`, they must not cause unfixable findings together; each alone causes none.

        Returns:
            The number of these fixes, and their edits.
        """
        chosen = _compatible(fixes)
        before = cache(lambda: self._checker.violations_in(document.value))
        while len(chosen) > 1:
            operations = [operation for fix in chosen for operation in fix.operations]
            edits = () if operations else _edits_of(document, chosen)
            try:
                value = applied(document.value, operations)
                after = self._checker.violations_in(value) if can_cause else []
                caused = caused_by(operations, before(), after) if after else []
                unfixable = [each.pointer for each in unfixable_in(caused, self._applicabilities)]
                if not unfixable:
                    edits = verified_edits(Editor(document), operations, value, edits)
                    return len(chosen), edits
                chosen, _ = divided(chosen, lambda fix: touched(*fix.operations), unfixable)
            except CannotEditError:
                chosen = chosen[: len(chosen) // 2]
        return len(chosen), _edits_of(document, chosen)


def _stage(fix: Fix) -> int:
    if not fix.operations:
        return _LAST
    return _REVEALING if reveals(fix.operations) else _FIRST


@dataclass
class _Round:
    """The edits of a text by `count` fixes of a stage; without fixes there is no text.

    `dropped` says which fixes are not applied.
    """

    stage: int = _LAST
    text: Text | None = None
    count: int = 0
    edits: list[TextEdit] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


#: Checks the bytes of a file, or of a line of it.
_Check: TypeAlias = Callable[[bytes], Iterable[DocumentReport]]


def _compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """Choose fixes that do not change the same places: those of comments not the same blanks."""
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


def _edits_of(document: Document, fixes: Iterable[Fix]) -> tuple[TextEdit, ...]:
    offset = document.text.offset
    return tuple(
        sorted(
            TextEdit(Span(offset(edit.location), offset(edit.end_location)), edit.content)
            for fix in fixes
            for edit in fix.edits
        )
    )
