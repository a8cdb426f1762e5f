"""Valid requests, and what a kind needs to break one of them by one rule."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from hypothesis import assume, reject
from hypothesis import strategies as st

from rosetta_spec.document.data_reader import read_data
from rosetta_spec.document.plain import ABSENT, value_at
from rosetta_spec.kinds.kind import values_matching
from rosetta_spec.kinds.shape.unreadable_time import is_time
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.sighting import sightings
from rosetta_spec.spec.patterns import has_match
from rosetta_spec.spec.request_schema import EDITOR_KEY, places, schema_at
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies.breakage import Breakage
from rosetta_spec.strategies.comments import broken_comments
from rosetta_spec.strategies.steps import steps_from
from rosetta_spec.strategies.suggestions import (
    Suggestions,
    matching_texts,
    places_in,
)
from rosetta_spec.strategies.texts import broken_texts
from rosetta_spec.strategies.values import other_forms, scalars
from rosetta_spec.subject import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import RelationKind
    from rosetta_spec.kinds.set_when import SetWhen
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.sighting import Sighting
    from rosetta_spec.spec.request_schema import Schema
    from rosetta_spec.spec.rule import Rule

Draw: TypeAlias = st.DrawFn

#: A place as a rules file writes it, `*` for any item.
Pattern: TypeAlias = tuple[str, ...]

#: So often a request is mended before it is given up.
_MOST_MENDS = 60


class Spot(NamedTuple):
    """A value of a request that its schema knows; `is_required` says that it has to be there."""

    pointer: Pointer
    value: Json
    schema: Schema
    is_required: bool


class _Wanted(NamedTuple):
    """What a request is to have (with a strategy of its own, or None for any value), and lack."""

    having: Mapping[Pattern, st.SearchStrategy[Json] | None]
    without: Collection[Pattern]

    def needs(self, pattern: Pattern) -> bool:
        return any(kept[: len(pattern)] == pattern for kept in self.having)

    def bars(self, pattern: Pattern) -> bool:
        return pattern in self.without and not self.needs(pattern)


class Maker:
    """Draws requests in which `rules` find nothing; the hands of a kind's `break_valid`."""

    st = st
    broken_texts = staticmethod(broken_texts)
    places_in = staticmethod(places_in)

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.suggestions = Suggestions(self.rules)
        self._scalars: dict[Pattern, st.SearchStrategy[Json]] = {}

    def broken_comments(self, kind_name: str) -> st.SearchStrategy[Breakage]:
        """Valid requests, each with a comment in which a kind finds a flaw."""
        return broken_comments(kind_name, self.rules)

    def requests(self, wanted: _Wanted | None = None) -> st.SearchStrategy[Json]:
        """Requests without a finding.

        They are drawn from the schema and then mended: what a rule blames is dropped, what it
        misses is added, until nothing is reported.
        """
        return _requests(self, wanted or _Wanted({}, ()))

    def places(
        self,
        at: Iterable[Pattern],
        *,
        having: Mapping[str, st.SearchStrategy[Json] | None] | None = None,
        without: Iterable[str] = (),
    ) -> st.SearchStrategy[tuple[Json, Pointer]]:
        """Valid requests with a place that one of `at` meets, with some keys and without others."""
        return _places(self, tuple(at), having or {}, tuple(without))

    def spots(self, fits: Callable[[Spot], bool]) -> st.SearchStrategy[tuple[Json, Spot]]:
        """Valid requests, each with one of its values that fits."""
        return _spots(self, fits)

    def values(self, place: Pointer | Pattern) -> st.SearchStrategy[Json]:
        """Valid values for a place."""
        return _values(self, _pattern_of(place), _Wanted({}, ()))

    def scalars(self, place: Pattern) -> st.SearchStrategy[Json]:
        """Valid values for a place that holds no others, with those that the rules speak of."""
        # A strategy takes longer to make than to draw from.
        if place not in self._scalars:
            self._scalars[place] = self._scalars_at(place)
        return self._scalars[place]

    def _scalars_at(self, place: Pattern) -> st.SearchStrategy[Json]:
        schema = schema_at(place) or {}
        values = scalars(schema)
        if is_time(schema) or not self.suggestions.is_asked(place):
            return values
        texts = map(matching_texts, self.suggestions.patterns_at(place))
        return st.one_of(st.sampled_from(self.suggestions.at(place)), values, *texts)

    def forms(self, place: Pointer, text: str, pattern: str) -> st.SearchStrategy[Json]:
        """Strings for a place, `text` in other forms if it is a time, without a pattern's match."""
        if is_time(schema_at(place) or {}):
            return other_forms(text).filter(lambda form: not has_match(pattern, form))
        return self.values(place).filter(lambda form: not has_match(pattern, form))

    def triggers(self, kind: SetWhen) -> st.SearchStrategy[Json]:
        """Values that make a rule ask for another one."""
        values = st.sampled_from(self.suggestions.at(kind.by)) | self.values(kind.by)
        return values.filter(kind.is_met)

    def steps(
        self,
        kind: RelationKind,
        patterns: Iterable[Pattern],
        *,
        having: Mapping[Pattern, st.SearchStrategy[Json] | None] | None = None,
    ) -> st.SearchStrategy[Breakage]:
        """Valid requests, and what breaks just one rule in them, one step away.

        `patterns` are the places at which a step is made; `having` makes some values likely.
        """
        return _steps(self, kind, tuple(patterns), having or {})

    @staticmethod
    def value_at(document: Json, place: Pointer) -> Json:
        """Return the value at a place."""
        return value_at(document, place)

    @staticmethod
    def broken(  # noqa: PLR0913 - each is one way to change a document
        valid: Json,
        place: Pointer,
        pointer: Pointer,
        *,
        set_members: Mapping[str, Json] | None = None,
        drop: Iterable[Json] = (),
        append: Json = ABSENT,
        value: Json = ABSENT,
    ) -> Breakage:
        """Change what stands at `place`; the finding is expected at `pointer` below it."""
        changed = copy.deepcopy(valid)
        target = value_at(changed, place)
        if value is not ABSENT:
            value_at(changed, place[:-1])[place[-1]] = value
        if append is not ABSENT:
            target.append(append)
        if set_members:
            target.update(set_members)
        for key in drop:
            del target[key]
        return Breakage(valid, changed, (*place, *pointer))

    def findings(self, document: Json) -> list[Sighting]:
        """Return all that the rules find in a document that is data."""
        return findings_of(self.rules, document)


def findings_of(rules: Iterable[Rule], document: Json) -> list[Sighting]:
    """Return all that rules find in a document that is data."""
    read = read_data(document)
    subject = subject_of(read.value, read.problems)
    return [sighting for rule in rules for sighting in sightings(rule, subject)]


def requests(rules: Iterable[Rule] | None = None) -> st.SearchStrategy[Json]:
    """Requests in which `rules` (by default ours) find nothing, as data."""
    return Maker(builtin_ruleset().rules if rules is None else rules).requests()


@st.composite
def _steps(
    draw: Draw,
    make: Maker,
    kind: RelationKind,
    patterns: tuple[Pattern, ...],
    having: Mapping[Pattern, st.SearchStrategy[Json] | None],
) -> Breakage:
    likely = having if draw(st.booleans()) else {}
    valid = draw(make.requests(_Wanted(likely, ())))
    broken = []
    for document in steps_from(valid, make.suggestions, patterns):
        findings = make.findings(document)
        if findings and all(sighting.rule.kind is kind for sighting in findings):
            broken.append((document, (*findings[0].at, *findings[0].finding.pointer)))
    assume(broken)
    document, pointer = draw(st.sampled_from(broken))
    return Breakage(valid, document, pointer)


@st.composite
def _requests(draw: Draw, make: Maker, wanted: _Wanted) -> Json:
    document = draw(_values(make, (), wanted))
    for _ in range(_MOST_MENDS):
        findings = make.findings(document)
        if not findings:
            return document
        for sighting in reversed(findings):
            # An earlier repair may have taken the place of this one away, or the item that it is.
            pointer = (*sighting.at, *sighting.finding.pointer)
            place = pointer if _pattern_of(pointer)[-1:] == (EVERY_ITEM,) else pointer[:-1]
            if value_at(document, place) is not ABSENT:
                draw(_mended(make, document, sighting, wanted))
    return reject()


@st.composite
def _mended(draw: Draw, make: Maker, document: Json, sighting: Sighting, wanted: _Wanted) -> None:
    """Change the document in place so that one finding goes."""
    pointer = (*sighting.at, *sighting.finding.pointer)
    pattern = _pattern_of(pointer)
    above = value_at(document, pointer[:-1])
    is_there = value_at(document, pointer) is not ABSENT
    is_one_of_several = isinstance(above, list) and len(above) > 1
    is_needed = wanted.needs(pattern) or _is_required(pattern)
    is_kept = is_there and is_needed and not is_one_of_several
    cures = _possible_cures(sighting, wanted)
    if not pointer:
        # The request as a whole is blamed: only another one will do.
        document.clear()
        document.update(draw(_values(make, (), wanted)))
    elif cures and (is_kept or draw(st.booleans())):
        cured, values = draw(st.sampled_from(cures))
        value_at(document, cured[:-1])[cured[-1]] = draw(st.sampled_from(values))
    elif is_kept or not (is_there or wanted.bars(pattern)):
        above[pointer[-1]] = draw(_values(make, pattern, wanted))
    elif is_there:
        del above[pointer[-1]]
    else:
        blamed = (*sighting.at, *sighting.finding.place.pointer)
        assume(blamed and not wanted.needs(_pattern_of(blamed)))
        del value_at(document, blamed[:-1])[blamed[-1]]


def _possible_cures(sighting: Sighting, wanted: _Wanted) -> list[tuple[Pointer, Sequence[Json]]]:
    """Return the values elsewhere that cure a finding, but where others are wanted."""
    cures = (((*sighting.at, *at), values) for at, values in sighting.finding.cures.items())
    return [
        (at, values)
        for at, values in cures
        if not (wanted.needs(_pattern_of(at)) or wanted.bars(_pattern_of(at)))
    ]


@st.composite
def _values(draw: Draw, make: Maker, pattern: Pattern, wanted: _Wanted) -> Json:
    own = wanted.having.get(pattern)
    if own is not None:
        return copy.deepcopy(draw(own))
    schema = schema_at(pattern) or {}
    if schema["type"] == "object":
        keys = draw(_keys(pattern, schema, wanted))
        return {key: draw(_values(make, (*pattern, key), wanted)) for key in keys}
    if schema["type"] == "array":
        size = draw(st.integers(1, 3))
        return [draw(_values(make, (*pattern, EVERY_ITEM), wanted)) for _ in range(size)]
    return draw(make.scalars(pattern))


@st.composite
def _keys(draw: Draw, pattern: Pattern, schema: Schema, wanted: _Wanted) -> list[str]:
    """Draw which keys an object has: the required, the wanted, and some of the others."""
    needed = set(schema.get("required", ()))
    needed |= {key for key in schema["properties"] if wanted.needs((*pattern, key))}
    free = [key for key in schema["properties"] if key not in needed and key != EDITOR_KEY]
    chosen = [key for key in free if not wanted.bars((*pattern, key)) and draw(st.booleans())]
    return draw(st.permutations([*sorted(needed), *chosen]))


@st.composite
def _places(
    draw: Draw,
    make: Maker,
    at: tuple[Pattern, ...],
    having: Mapping[str, st.SearchStrategy[Json] | None],
    without: tuple[str, ...],
) -> tuple[Json, Pointer]:
    pattern = draw(st.sampled_from(at))
    wanted = _Wanted(
        {pattern: None, **{(*pattern, key): values for key, values in having.items()}},
        {(*pattern, key) for key in without},
    )
    # A place that is wanted for its members only is drawn from its schema like any other.
    document = draw(make.requests(wanted))
    found = [
        pointer
        for pointer, value in values_matching(pattern, document)
        if all(key in value for key in having)
    ]
    assume(found)
    return document, draw(st.sampled_from(found))


@st.composite
def _spots(draw: Draw, make: Maker, fits: Callable[[Spot], bool]) -> tuple[Json, Spot]:
    # The place is drawn first, so that no request is drawn in vain.
    patterns = [
        pattern
        for pattern in places()
        if pattern[-1:] != (EDITOR_KEY,) and fits(_spot(pattern, pattern, None))
    ]
    pattern = draw(st.sampled_from(patterns))
    document = draw(make.requests(_Wanted({pattern: None}, ())))
    found = [
        spot
        for pointer, value in values_matching(pattern, document)
        if fits(spot := _spot(pattern, pointer, value))
    ]
    assume(found)
    return document, draw(st.sampled_from(found))


def _spot(pattern: Pattern, pointer: Pointer, value: Json) -> Spot:
    return Spot(pointer, value, schema_at(pattern) or {}, _is_required(pattern))


def spots_of(document: Json) -> list[Spot]:
    """Return every value of a document that the request schema knows."""
    return [
        _spot(pattern, pointer, value)
        for pattern in places()
        for pointer, value in values_matching(pattern, document)
    ]


def _is_required(pattern: Pattern) -> bool:
    above = schema_at(pattern[:-1]) or {}
    return bool(pattern) and pattern[-1] in above.get("required", ())


def _pattern_of(pointer: Pointer | Pattern) -> Pattern:
    return tuple(EVERY_ITEM if isinstance(token, int) else token for token in pointer)
