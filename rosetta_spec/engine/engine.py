"""The engine: it shows documents to rules and makes diagnostics of what they find."""

from __future__ import annotations

from rosetta_spec.diagnostic import Diagnostic, Fix, Related
from rosetta_spec.document.numbers import is_number, with_floats
from rosetta_spec.document.tree import Located
from rosetta_spec.document.values import ABSENT, UNUSABLE, value_at
from rosetta_spec.engine.excerpt import excerpt
from rosetta_spec.fast import suspicions
from rosetta_spec.fixes.plan import NO_PLAN
from rosetta_spec.kinds.kind import Exact, Place
from rosetta_spec.kinds.registry import OF_READING, OF_SHAPE, OF_SUPPRESSIONS
from rosetta_spec.pointer import format_pointer
from rosetta_spec.request.subject import Subject, subject_of
from rosetta_spec.request.wording import called, example_at, place_called, shortened, shown, such_as
from rosetta_spec.spec.detail import FULL
from rosetta_spec.spec.rule import fill
from rosetta_spec.spec.sighting import defect, sightings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rosetta_spec.diagnostic import SourceLine
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.document.tree import Problem
    from rosetta_spec.document.values import Json
    from rosetta_spec.fixes.planner import Planner
    from rosetta_spec.kinds.kind import AnyPlace
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.flaw import Flaw
    from rosetta_spec.spec.acceptor_generator import Accepts
    from rosetta_spec.spec.detail import Detail
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.sighting import Sighting
    from rosetta_spec.text import Location, Span


class Engine:
    """Checks documents with some rules, and knows which of them surely have nothing to say.

    `detail` says what diagnostics have: their fingerprints are those of a first one, and their
    fixes are proven. `accepts` is an acceptor that goes with the rules: most values that a fix
    makes are fine.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        accepts: Accepts,
        detail: Detail = FULL,
    ) -> None:
        self._accepts = accepts
        self._detail = detail
        self._of_reading: list[Rule] = []
        self._of_suppressions: list[Rule] = []
        #: The codes of all rules, and of those that speak of suppressions.
        self.codes: set[str] = set()
        self.suppression_codes: set[str] = set()
        self._of_shape: dict[str, list[Rule]] = {}
        #: Rules that are silent unless they are suspected, and those that always have to be asked.
        self._suspected: dict[str, Rule] = {}
        self._asked: list[Rule] = []
        for rule in rules:
            self.codes.add(rule.code)
            name = rule.check.kind_name
            if name in OF_READING:
                self._of_reading.append(rule)
            elif name in OF_SUPPRESSIONS:
                self._of_suppressions.append(rule)
                self.suppression_codes.add(rule.code)
            elif name in OF_SHAPE:
                self._of_shape.setdefault(name, []).append(rule)
            elif rule.code in suspicions.OF_MEANT or rule.code in suspicions.OF_WRITTEN:
                self._suspected[rule.code] = rule
            else:
                self._asked.append(rule)

    def check(self, document: AnyDocument, filename: str) -> list[Diagnostic]:
        """Find everything that the rules have to say of a document, sorted.

        Raises:
            DefectError: a rule failed.
        """
        subject = _subject(document.value, document.problems)
        found = self._sightings(subject)
        reporter = _Reporter(
            document,
            subject,
            filename,
            self._detail,
            self._planner(document, found),
        )
        diagnostics = [reporter.diagnostic(sighting) for sighting in found]
        diagnostics.sort(key=lambda diagnostic: diagnostic.sort_key)
        return diagnostics

    def blame(self, document: AnyDocument, flaw: Flaw, filename: str) -> Iterator[Diagnostic]:
        """Yield what the rules have to say of a flaw of a suppression in a document.

        Raises:
            DefectError: a rule failed.
        """
        subject = Subject(UNUSABLE, UNUSABLE, (), (), (flaw,))
        reporter = _Reporter(document, subject, filename, self._detail, planner=None)
        for rule in self._of_suppressions:
            for sighting in sightings(rule, subject):
                fixes = _mending(rule, flaw, document, self._detail.ways)
                yield reporter.diagnostic(sighting)._replace(fixes=fixes)

    def look(self, value: Json) -> list[Sighting]:
        """Find what the rules have to say of a value that is in no text.

        Raises:
            DefectError: a rule failed.
        """
        if self._accepts(with_floats(value)):
            return []
        return self._sightings(_subject(value, ()))

    def _sightings(self, subject: Subject) -> list[Sighting]:
        return [
            sighting for rule in self._speaking(subject) for sighting in sightings(rule, subject)
        ]

    def _planner(self, document: AnyDocument, found: list[Sighting]) -> Planner | None:
        if not any(self._detail.may_mend(sighting.rule.fix) for sighting in found):
            return None
        # Only what can be mended pays for loading what mends it.
        from rosetta_spec.fixes.planner import Planner  # noqa: PLC0415

        return Planner(document, found, self.look, self._detail.ways)

    def _speaking(self, subject: Subject) -> Iterator[Rule]:
        """Yield the rules that may have something to say; only their kinds are ever loaded."""
        if subject.problems:
            yield from self._of_reading
        for name in dict.fromkeys(mistake.name for mistake in subject.mistakes):
            yield from self._of_shape.get(name, ())
        # What cannot be used is looked at by no rule.
        if subject.meant is UNUSABLE:
            return
        codes = (*suspicions.of_meant(subject.meant), *suspicions.of_written(subject.written))
        for code in codes:
            if code in self._suspected:
                yield self._suspected[code]
        yield from self._asked


def _mending(
    rule: Rule, flaw: Flaw, document: AnyDocument, ways: frozenset[str]
) -> tuple[Fix, ...]:
    """Return the fix that a flaw of a suppression brings with it, if it changes no value.

    (Below a block scalar that keeps its last line breaks, a comment is what ends it.)
    """
    if rule.fix is None or rule.fix.applicability not in ways or not flaw.edits:
        return ()
    # Only what can be mended pays for loading what mends it.
    from rosetta_spec.fixes.comments import comment_fix  # noqa: PLC0415

    return comment_fix(document, flaw.edits, fill(rule.fix.title, flaw.facts), rule.fix)


def _subject(value: Json, problems: tuple[Problem, ...]) -> Subject:
    try:
        return subject_of(value, problems)
    except Exception as error:
        who = "the judge of shape"
        raise defect(who, (), error) from error


class _Reporter:
    """Makes diagnostics of what is seen in one document."""

    def __init__(
        self,
        document: AnyDocument,
        subject: Subject,
        filename: str,
        detail: Detail,
        planner: Planner | None,
    ) -> None:
        self._detail = detail
        self._planner = planner
        self._document = document
        self._subject = subject
        self._filename = filename

    def diagnostic(self, sighting: Sighting) -> Diagnostic:
        rule, finding, pointer = sighting.rule, sighting.finding, sighting.pointer
        facts = _Facts(self, sighting)
        location, related = self._places(sighting, facts)
        plan = self._planner.plan(sighting, facts) if self._planner else NO_PLAN
        return Diagnostic(
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            cause=fill(rule.message[finding.case], facts),
            remedy=fill(rule.help[finding.case], facts),
            filename=self._filename,
            document=self._document.number,
            pointer=format_pointer(pointer),
            location=location[0],
            end_location=location[1],
            related=related,
            fixes=plan.fixes,
            fingerprint=self._fingerprint(rule, pointer),
            url=rule.url,
            excerpt=self._excerpt(location, related),
            dropped=plan.dropped,
        )

    def value_at(self, pointer: Pointer) -> Json:
        """Return what is written at a place, `ABSENT` where there is nothing."""
        return value_at(self._subject.written, pointer)

    def value_shown(self, pointer: Pointer) -> str:
        """Show the value at a place, a number as it is spelled there; "" where there is none."""
        value = self.value_at(pointer)
        if value is ABSENT or value is UNUSABLE:
            return ""
        if is_number(value):
            return shortened(self._document.text.slice(self._locate((), Place(pointer)).written))
        return shown(value)

    def _places(
        self, sighting: Sighting, facts: _Facts
    ) -> tuple[tuple[Location, Location], tuple[Related, ...]]:
        rule, at, finding, _ = sighting
        located = self._locate(at, finding.place)
        if not (located.alias or finding.related):
            return self._locations(located.span), ()
        related = list(self._behind(located))
        label = fill(rule.related.get(finding.case, rule.related.get("", "")), facts)
        for place in finding.related:
            there = self._locate(at, place)
            words = place.label if isinstance(place, Exact) else label
            if there.span != located.span:
                pointer = place.pointer if isinstance(place, Exact) else (*at, *place.pointer)
                related.append(self._related(pointer, words, there.span))
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

    def _behind(self, located: Located) -> Iterator[Related]:
        """Show what an alias stands for: its anchor, and what is written behind it."""
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
        # Its hash function is a slow import.
        from rosetta_spec.engine.fingerprint import fingerprint_of  # noqa: PLC0415

        value = value_at(self._subject.written, pointer) if pointer else ABSENT
        return fingerprint_of(self._filename, rule.code, format_pointer(pointer), value)


class _Facts(dict[str, str]):
    """What the wording of a rule may say: the facts of its finding, and those of any finding.

    The latter are found when they are asked for; each is a method here, named after it.
    """

    def __init__(self, reporter: _Reporter, sighting: Sighting) -> None:
        super().__init__(sighting.finding.facts)
        self._reporter = reporter
        self._sighting = sighting
        self._pointer = sighting.pointer

    def __missing__(self, name: str) -> str:
        find: Callable[[], str] = getattr(self, f"_{name}")
        fact = self[name] = find()
        return fact

    def _path(self) -> str:
        return place_called(self._pointer)

    def _key(self) -> str:
        return place_called(self._pointer[-1:])

    def _where(self) -> str:
        return place_called(self._pointer[:-1])

    def _value(self) -> str:
        return self._reporter.value_shown(self._pointer)

    def _called(self) -> str:
        return called(self._reporter.value_at(self._pointer), self["value"])

    def _example(self) -> str:
        return example_at(self._pointer)

    def _such_as(self) -> str:
        return such_as(self._pointer)

    def _other_value(self) -> str:
        """Show the value at the first related place that a kind has named."""
        places = (each for each in self._sighting.finding.related if isinstance(each, Place))
        first = next(places, None)
        pointer = (*self._sighting.at, *first.pointer) if first else ()
        return self._reporter.value_shown(pointer) if first else ""
