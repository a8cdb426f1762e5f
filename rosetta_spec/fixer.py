"""Applies the fixes of files, again and again until there is none left.

What one fix makes possible or needless is seen in the next round. Fixes of one round are applied
together where none is in the way of another; each is proven alone, and where they harm each other
only the first is taken.
"""

from __future__ import annotations

from rosetta_spec.document.limits import MAX_BYTES
from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.fingerprint import Repeats
from rosetta_spec.fixes.surgery import TextEdit, edited
from rosetta_spec.record import NamedTuple
from rosetta_spec.text import BOM, Span, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase
    from typing import TypeAlias

    from rosetta_spec.checker import Checker, DocumentReport
    from rosetta_spec.diagnostic import Applicability, Diagnostic, Fix

    #: Finds what is wrong in some bytes.
    Find: TypeAlias = Callable[[bytes], Iterable[DocumentReport]]

#: What is told of a text that cannot be read as it should be.
_OF_READING = ("RS002", "RS003", "RS004", "RS005", "RS006", "RS007")


class TooLongLineError(Exception):
    """A line of JSON Lines is too long to be read, and so to be written again."""


class Fixer:
    """Applies fixes of some applicabilities to whatever `checker` finds in one file.

    `left_alone` are fingerprints of findings that are not to be fixed; the checker has to give
    fingerprints then.
    """

    def __init__(
        self,
        checker: Checker,
        ways: Iterable[Applicability],
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

        def find(now: bytes) -> Iterable[DocumentReport]:
            return self._checker.check_file(now, filename, format_)

        return self._fixed(data, 1, find, Repeats())

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
        def find(now: bytes) -> Iterable[DocumentReport]:
            return self._checker.check_lines(line._replace(data=now), filename)

        return self._fixed(line.data, line.row, find, repeats)

    def _fixed(self, data: bytes, row: int, find: Find, repeats: Repeats) -> bytes:
        """Apply what can be applied until nothing is left; a text that comes again ends it too."""
        seen = {data}
        found = _found(find, data)
        while fixes := self._fixes(found, repeats.copy()):
            step = _step(data, row, fixes, found, find)
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

    def _fixes(self, diagnostics: Iterable[Diagnostic], repeats: Repeats) -> list[Fix]:
        """Return the first fix of each finding that may be applied."""
        if self._left_alone:
            diagnostics = [
                each
                for each in diagnostics
                if repeats.told_apart(each).fingerprint not in self._left_alone
            ]
        fixes = (self._first(diagnostic.fixes) for diagnostic in diagnostics)
        return [fix for fix in fixes if fix]

    def _first(self, fixes: Iterable[Fix]) -> Fix | None:
        return next((fix for fix in fixes if fix.applicability in self._ways), None)


def _found(find: Find, data: bytes) -> list[Diagnostic]:
    return [each for report in find(data) for each in report.diagnostics]


class _Step(NamedTuple):
    """What a round of fixes has made of a text, what is found in it, and how many were applied."""

    data: bytes
    found: list[Diagnostic]
    applied: int


def _step(data: bytes, row: int, fixes: list[Fix], found: list[Diagnostic], find: Find) -> _Step:
    """Apply as many fixes as go together, or the first if they do harm; look what is found then."""
    text = Text(data.decode(), first_row=row)
    chosen = _together([_edits_of(fix, text) for fix in fixes])
    after = _applied(text, [edit for edits in chosen for edit in edits])
    found_after = _found(find, after)
    if len(chosen) > 1 and _is_worse(found, found_after):
        chosen = chosen[:1]
        after = _applied(text, chosen[0])
        found_after = _found(find, after)
    return _Step(after, found_after, len(chosen))


def _edits_of(fix: Fix, text: Text) -> list[TextEdit]:
    return [
        TextEdit(Span(text.offset(edit.location), text.offset(edit.end_location)), edit.content)
        for edit in fix.edits
    ]


def _together(fixes: list[list[TextEdit]]) -> list[list[TextEdit]]:
    """Take each fix that meets none that was taken before."""
    taken: list[list[TextEdit]] = []
    spans: list[Span] = []
    for edits in fixes:
        if not any(_meet(edit.span, span) for edit in edits for span in spans):
            taken.append(edits)
            spans += [edit.span for edit in edits]
    return taken


def _meet(one: Span, other: Span) -> bool:
    """Whether two spans share a character; one that is empty meets what it touches."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _applied(text: Text, edits: Iterable[TextEdit]) -> bytes:
    content = edited(text.content, sorted(edits))
    return f"{BOM if text.has_bom else ''}{content}".encode()


def _is_worse(before: list[Diagnostic], after: list[Diagnostic]) -> bool:
    """Whether a text has become harder to read, or has as many findings as before."""
    broken = [
        sum(each.code in _OF_READING for each in diagnostics) for diagnostics in (before, after)
    ]
    return broken[1] > broken[0] or len(after) >= len(before)
