"""Applies the fixes of files, again and again until there is none left.

What one fix makes possible or needless is seen in the next round. Fixes of one round are applied
together where none is in the way of another, and proven together; where they bring findings that
none of them brings alone, only the first is taken.
"""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.document.reader import read_documents, read_line
from rosetta_spec.engine.fingerprint import Repeats
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.fixes.combining import alone, combined
from rosetta_spec.fixes.edit import edited
from rosetta_spec.text import BOM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import BufferedIOBase

    from rosetta_spec.diagnostic import Diagnostic, Fix
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.engine.checker import Checker, DocumentReport
    from rosetta_spec.fixes.combining import Combination


class TooLongLineError(Exception):
    """A line of JSON Lines is too long to be read, and so to be written again."""


class Fixer:
    """Applies fixes of some applicabilities to whatever `checker` finds in one file.

    The checker has to give such fixes. `left_alone` are fingerprints of findings that are not to be
    fixed; the checker has to give fingerprints then.
    """

    def __init__(
        self,
        checker: Checker,
        ways: Iterable[str],
        left_alone: frozenset[str] = frozenset(),
    ) -> None:
        self._checker = checker
        self._ways = frozenset(ways)
        self._left_alone = left_alone
        #: How many findings were fixed.
        self.applied = 0
        #: Fixes that would have done harm, in words.
        self.dropped: list[str] = []

    def fix_file(self, data: bytes, filename: str, format_: str | None) -> bytes:
        """Return a JSON or YAML file with its fixes applied; the same bytes if there are none."""
        source = _Source(
            lambda now: read_documents(now, format_),
            lambda now: self._checker.check_file(now, filename, format_),
        )
        return self._fixed(data, source, Repeats())

    def fix_lines(self, stream: BufferedIOBase, filename: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield JSON Lines block by block, each as it was and with its fixes applied.

        Raises:
            OSError: the stream cannot be read.
            TooLongLineError: a line is too long; what was yielded is no whole file.
        """
        repeats = Repeats()
        for block in blocks_of(stream):
            yield block.data, b"".join(self._fixed_pieces(block, filename, repeats))

    def _fixed_pieces(self, block: Block, filename: str, repeats: Repeats) -> Iterator[bytes]:
        at = written = 0
        reports = self._checker.check_lines(block, filename)
        for (line, row, number), report in zip(block.lines(), reports, strict=True):
            if len(line) > MAX_BYTES:
                raise TooLongLineError
            start = block.data.index(line, at)
            at = start + len(line)
            before = repeats.copy() if self._left_alone else repeats
            if self._fixes(report.diagnostics, repeats):
                yield block.data[written:start]
                yield self._fixed_line(Block(line, row, number), filename, before)
                written = at
            else:
                self._note_dropped(report.diagnostics)
        yield block.data[written:]

    def _fixed_line(self, line: Block, filename: str, repeats: Repeats) -> bytes:
        source = _Source(
            lambda now: [read_line(now, line.row, line.number)],
            lambda now: self._checker.check_lines(line._replace(data=now), filename),
        )
        return self._fixed(line.data, source, repeats)

    def _fixed(self, data: bytes, source: _Source, repeats: Repeats) -> bytes:
        """Apply what can be applied until nothing is left; a text that comes again ends it too."""
        seen = {data}
        found = source.found(data)
        while fixes := self._fixes(found, repeats.copy()):
            step = _step(data, source, fixes, found)
            if step.data in seen:
                break
            data, found = step.data, step.found
            seen.add(data)
            self.applied += step.applied
        self._note_dropped(found)
        return data

    def _note_dropped(self, diagnostics: Iterable[Diagnostic]) -> None:
        for each in diagnostics:
            row, column = each.location
            self.dropped += [
                f"{each.filename}:{row}:{column}: {each.code} is not fixed ({drop.title}):"
                f" {drop.reason}"
                for drop in each.dropped
                if drop.applicability in self._ways
            ]

    def _fixes(self, diagnostics: Iterable[Diagnostic], repeats: Repeats) -> dict[int, list[Fix]]:
        """Return the first fix of each finding that may be applied, by the document's number."""
        fixes: dict[int, list[Fix]] = {}
        for each in diagnostics:
            if self._left_alone and repeats.told_apart(each).fingerprint in self._left_alone:
                continue
            first = next((fix for fix in each.fixes if fix.applicability in self._ways), None)
            if first:
                fixes.setdefault(each.document, []).append(first)
        return fixes


class _Source(NamedTuple):
    """How some bytes are read and checked."""

    read: Callable[[bytes], Iterable[AnyDocument]]
    check: Callable[[bytes], Iterable[DocumentReport]]

    def found(self, data: bytes) -> list[Diagnostic]:
        """Return what is found in some bytes."""
        return [each for report in self.check(data) for each in report.diagnostics]


class _Step(NamedTuple):
    """What a round of fixes has made of a text, what is found in it, and how many were applied."""

    data: bytes
    found: list[Diagnostic]
    applied: int


def _step(
    data: bytes, source: _Source, fixes: Mapping[int, list[Fix]], found: list[Diagnostic]
) -> _Step:
    """Apply as many fixes as go together, or the first if they do harm; look what is found then."""
    documents = [each for each in source.read(data) if each.number in fixes]
    combinations = [combined(each, fixes[each.number]) for each in documents]
    step = _applied(documents, combinations, source)
    if step.applied > 1 and len(step.found) > len(found) - step.applied:
        first = documents[:1]
        step = _applied(first, [alone(each, fixes[each.number][0]) for each in first], source)
    return step


def _applied(
    documents: list[AnyDocument], combinations: list[Combination], source: _Source
) -> _Step:
    text = documents[0].text
    edits = sorted(edit for combination in combinations for edit in combination.edits)
    data = f"{BOM if text.has_bom else ''}{edited(text.content, edits)}".encode()
    return _Step(data, source.found(data), sum(each.size for each in combinations))
