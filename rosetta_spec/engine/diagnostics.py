"""Turn violations into diagnostics: places, wording, excerpts, places in bytes, fingerprints."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from rosetta_spec.diagnostic import (
    BytePlaces,
    Detail,
    Diagnostic,
    Edit,
    Fix,
    FixesAndDropped,
    Omitted,
    Related,
    SourceLine,
)
from rosetta_spec.document.tree import BLOCK_SCALARS, Document, Located, Locator
from rosetta_spec.document.values import ABSENT, UNUSABLE, is_number, value_at
from rosetta_spec.kinds.kind import Place
from rosetta_spec.pointer import Pointer, format_pointer
from rosetta_spec.request.wording import called, example_at, place_called, shortened, shown, such_as
from rosetta_spec.spec.ruleset import RuleViolation, fill
from rosetta_spec.text import Location, Span, Text, digest

_FINGERPRINT_LENGTH = 32


class DocumentReport(NamedTuple):
    """The findings of one document; `number` counts from 0 in its file.

    `suppressed` contains the findings that comments or a baseline suppress; they are not in
    `diagnostics`. If there are too many findings, `omitted` counts those that are missing from
    both. `document` is None if the file cannot be read, and usually if nothing was found.
    """

    number: int
    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...] = ()
    omitted: Mapping[Omitted, int] = {}
    document: Document | None = None


class DiagnosticWriter:
    """Turns the violations in one document into diagnostics."""

    def __init__(self, document: Document, filename: str, detail: Detail) -> None:
        self.document = document
        self.filename = filename
        self._detail = detail
        #: Returns the fixes of a violation; the facts of its message fill the template of a title.
        self.fixes_of: Callable[[RuleViolation, Mapping[str, str]], FixesAndDropped]
        self.fixes_of = lambda *_: ((), ())

    def sort_key(self, found: RuleViolation) -> tuple[int, str, str]:
        """Return a key that sorts the violations of a document as their diagnostics."""
        return self._start(found), found.rule.code, format_pointer(found.pointer)

    def row(self, found: RuleViolation) -> int:
        """Return the row in which the diagnostic of a violation starts."""
        return self.document.text.location(self._start(found)).row

    def _start(self, found: RuleViolation) -> int:
        return self._locate(found.at, found.violation.place).span.start

    def diagnostic(self, found: RuleViolation) -> Diagnostic:
        """Return the diagnostic of a violation."""
        rule, violation, pointer = found.rule, found.violation, found.pointer
        facts = _Facts(self, found)
        (start, end), related = self._places(found, facts)
        fixes, dropped = self.fixes_of(found, facts)
        diagnostic = Diagnostic(
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            cause=fill(rule.message[violation.case], facts),
            remedy=fill(rule.help[violation.case], facts),
            filename=self.filename,
            document=self.document.number,
            pointer=format_pointer(pointer),
            location=start,
            end_location=end,
            related=related,
            fixes=fixes,
            fingerprint=found.fingerprint or self.fingerprint(found),
            url=rule.url,
            excerpt=self._excerpt((start, end), related),
            dropped=dropped,
        )
        if self._detail.has_byte_columns:
            return diagnostic._replace(in_bytes=byte_places(diagnostic, self.document.text))
        return diagnostic

    def value_shown(self, pointer: Pointer) -> str:
        """Show the value at a place, a number as it is spelled there; "" if there is none."""
        value = value_at(self.document.value, pointer)
        if value is ABSENT or value is UNUSABLE:
            return ""
        if is_number(value):
            return shortened(self.written(pointer))
        return shown(value)

    def written(self, pointer: Pointer) -> str:
        """Return how the value at a place is written."""
        return self.document.text.slice(self._locate((), Place(pointer)).written)

    def _places(
        self, found: RuleViolation, facts: "_Facts"
    ) -> tuple[tuple[Location, Location], tuple[Related, ...]]:
        at, violation = found.at, found.violation
        located = self._locate(at, violation.place)
        related = list(self._behind_alias(located))
        labels = found.rule.related
        label = fill(labels.get(violation.case, labels.get("", "")), facts)
        for place in violation.related:
            there = self._locate(at, place)
            if there.span != located.span:
                pointer = (*at, *place.pointer)
                related.append(self._related(pointer, place.label or label, there.span))
        if earlier := violation.earlier:
            row, column = earlier.location
            ends = earlier.location, Location(row, column + 1)
            related.append(Related("", label, *ends, earlier.filename, earlier.document))
        return self._locations(located.span), tuple(related)

    @cached_property
    def _locator(self) -> Locator:
        return self.document.locator

    def _locate(self, at: Pointer, place: Place) -> Located:
        if place.span:
            return Located(place.span, None, place.span)
        pointer = (*at, *place.pointer)
        if place.part == "key":
            return self._locator.key(pointer)
        if place.part == "object":
            return self._locator.start(pointer[:-1])
        return self._locator.value(pointer)

    def _behind_alias(self, located: Located) -> Iterator[Related]:
        """Yield the anchor of an alias, and the part of the anchored value that is meant."""
        alias = located.alias
        if alias:
            pointer = alias.anchored.pointer
            yield self._related(pointer, alias.anchored.label, alias.anchored.span)
            if alias.target and located.written != alias.target.span:
                pointer = (*pointer, *located.below)
                yield self._related(pointer, "the alias refers to this value", located.written)

    def _related(self, pointer: Pointer, label: str, span: Span) -> Related:
        return Related(format_pointer(pointer), label, *self._locations(span))

    def _locations(self, span: Span) -> tuple[Location, Location]:
        text = self.document.text
        return text.location(span.start), text.location(span.end)

    def _excerpt(
        self, location: tuple[Location, Location], related: Iterable[Related]
    ) -> tuple[SourceLine, ...]:
        if not self._detail.has_excerpts:
            return ()
        here = [place for place in related if not place.filename]
        places = [location, *((place.location, place.end_location) for place in here)]
        return excerpt(self.document.text, places)

    def fingerprint(self, found: RuleViolation) -> str:
        """Return the fingerprint of a finding; those that repeat in a file have the same."""
        if not self._detail.has_fingerprints:
            return ""
        pointer = found.pointer
        value = value_at(self.document.value, pointer) if pointer else ABSENT
        identity = self._detail.identity_of(self.filename)
        parts = [identity, found.rule.code, format_pointer(pointer), value]
        return _digest(json.dumps(parts, default=str, sort_keys=True))


class _Facts(dict[str, str]):
    """The facts for the wording of a rule: those of its violation, and `ENGINE_FACTS`.

    The latter are computed when a template asks for them.
    """

    def __init__(self, writer: DiagnosticWriter, found: RuleViolation) -> None:
        super().__init__(found.violation.facts)
        self.writer = writer
        self.found = found
        self.pointer = found.pointer

    def __missing__(self, name: str) -> str:
        fact = self[name] = _FACTS[name](self)
        return fact


def _other_value(facts: _Facts) -> str:
    (other,) = facts.found.violation.related
    return facts.writer.value_shown((*facts.found.at, *other.pointer))


def _quotes(facts: _Facts) -> str:
    """Name what makes a string of a value: quotes, the sign of a block scalar, or a tag."""
    sign = facts.writer.written(facts.pointer)[0]
    if sign in BLOCK_SCALARS:
        return f"the {sign}"
    return "the quotes" if sign in "\"'" else "the tag"


_FACTS: dict[str, Callable[[_Facts], str]] = {
    "path": lambda facts: place_called(facts.pointer),
    "key": lambda facts: place_called(facts.pointer[-1:]),
    "where": lambda facts: place_called(facts.pointer[:-1]),
    "value": lambda facts: facts.writer.value_shown(facts.pointer),
    "called": lambda facts: called(
        value_at(facts.writer.document.value, facts.pointer), facts["value"]
    ),
    "example": lambda facts: example_at(facts.pointer),
    "such_as": lambda facts: such_as(facts.pointer),
    "other_value": _other_value,
    "quotes": _quotes,
}


class FingerprintCounter:
    """Gives the findings of a file that have the same fingerprint different ones."""

    def __init__(self) -> None:
        self._filename = ""
        self._counts: dict[str, int] = {}
        #: The counts that changed since the last `keep`.
        self._new: dict[str, int] = {}

    def keep(self) -> None:
        """Keep what was counted."""
        self._counts |= self._new
        self._new = {}

    def forget(self) -> None:
        """Forget what was counted since the last `keep`."""
        self._new = {}

    def counted(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a diagnostic with its counted fingerprint; they come in the order of a report.

        A fingerprint that is counted already stays as it is.
        """
        fingerprint = diagnostic.fingerprint
        counted = fingerprint and self.count(diagnostic.filename, fingerprint)
        return diagnostic if counted == fingerprint else diagnostic._replace(fingerprint=counted)

    def count(self, filename: str, fingerprint: str) -> str:
        """Return the counted fingerprint of a finding in a file."""
        if filename != self._filename:
            self._filename, self._counts, self._new = filename, {}, {}
        count = self._new.get(fingerprint) or self._counts.get(fingerprint, 0)
        self._new[fingerprint] = count + 1
        return _digest(f"{fingerprint}#{count}") if count else fingerprint


def _digest(text: str) -> str:
    return digest(text).hex()[:_FINGERPRINT_LENGTH]


#: Code points that are kept on each side of a place.
_MARGIN = 120

#: Code points that are kept of one place; of a longer one, its start.
_LONGEST = 240

#: A place of more rows is shown by its first and last row.
_MAX_ROWS = 4


def excerpt(text: Text, places: Iterable[tuple[Location, Location]]) -> tuple[SourceLine, ...]:
    """Return the rows of some places, in order; of a very long row only the parts around them.

    An empty text, which is also that of a file that cannot be read, has none.
    """
    if not text.content:
        return ()
    parts = sorted(part for place in places for part in _parts(*place))
    return tuple(
        SourceLine(row, first, *text.line_part(row, first, last))
        for row, first, last in _joined(parts)
    )


def byte_places(diagnostic: Diagnostic, text: Text) -> BytePlaces:
    """Convert the places of a finding in `text` to byte columns, and each fix to one edit."""
    return BytePlaces(
        text.in_bytes(diagnostic.location),
        text.in_bytes(diagnostic.end_location),
        tuple(
            each._replace(
                location=text.in_bytes(each.location), end_location=text.in_bytes(each.end_location)
            )
            for each in diagnostic.related
            if not each.filename
        ),
        tuple(_with_one_edit(each, text) for each in diagnostic.fixes),
    )


def _with_one_edit(fix: Fix, text: Text) -> Fix:
    """Join the edits of a fix and the text between them: a suggestion has only one range."""
    edits = sorted(fix.edits, key=lambda edit: edit.location)
    content = edits[0].content
    for before, after in pairwise(edits):
        between = text.content[text.offset(before.end_location) : text.offset(after.location)]
        content += between + after.content
    start, end = text.in_bytes(edits[0].location), text.in_bytes(edits[-1].end_location)
    return fix._replace(edits=(Edit(start, end, content),))


def _parts(start: Location, end: Location) -> Iterator[tuple[int, int, int]]:
    """Yield the rows of a place, each with the first and the last column to keep."""
    if start.row == end.row:
        last = min(end.column, start.column + _LONGEST)
        yield start.row, max(1, start.column - _MARGIN), last + _MARGIN
        return
    yield start.row, max(1, start.column - _MARGIN), start.column + _LONGEST
    if end.row - start.row < _MAX_ROWS:
        yield from ((row, 1, _LONGEST) for row in range(start.row + 1, end.row))
    yield end.row, max(1, end.column - _LONGEST), end.column + _MARGIN


def _joined(parts: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for row, first, last in parts:
        if joined and joined[-1][0] == row and first <= joined[-1][2] + 1:
            joined[-1] = (row, joined[-1][1], max(last, joined[-1][2]))
        else:
            joined.append((row, first, last))
    return joined
