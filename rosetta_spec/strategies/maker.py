"""Valid requests, with a place in them where a kind can break a rule."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from hypothesis import assume, reject
from hypothesis import strategies as st

from rosetta_spec.document.values import ABSENT, Json, identity, value_at
from rosetta_spec.engine.engine import Engine
from rosetta_spec.kinds.conditions import SetWhen
from rosetta_spec.kinds.kind import Breakage, KnownValue, Pattern, RelationKind, values_matching
from rosetta_spec.pointer import EVERY_ITEM, Pointer
from rosetta_spec.request.schema import EDITOR_KEY, Schema, is_time, places, schema_at
from rosetta_spec.spec.rule import Rule, RuleViolation
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies.broken_files import broken_comments, broken_texts
from rosetta_spec.strategies.steps import (
    ANYTHING,
    Wanted,
    is_place,
    is_required,
    pattern_of,
    spots_of,
    steps_from,
)
from rosetta_spec.strategies.values import (
    Suggestions,
    matching_texts,
    other_forms,
    places_in,
    scalars,
)

Draw: TypeAlias = st.DrawFn


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

    def requests(self, wanted: Wanted = ANYTHING) -> st.SearchStrategy[Json]:
        """Requests without a finding.

        They are drawn from the schema and then mended: what a rule blames is dropped, what it
        misses is added, until nothing is reported.
        """
        return mended_requests(self, wanted)

    def places(
        self,
        at: Iterable[Pattern],
        *,
        having: Mapping[str, st.SearchStrategy[Json] | None] | None = None,
        without: Iterable[str] = (),
    ) -> st.SearchStrategy[tuple[Json, Pointer]]:
        """Valid requests with a place that one of `at` meets, with some keys and without others."""
        return valid_places(self, tuple(at), having or {}, tuple(without))

    def known_values(
        self, fits: Callable[[KnownValue], bool]
    ) -> st.SearchStrategy[tuple[Json, KnownValue]]:
        """Valid requests, each with one of its values that fits."""
        return valid_spots(self, fits)

    def values(self, place: Pointer | Pattern) -> st.SearchStrategy[Json]:
        """Valid values for a place."""
        return drafts(self, pattern_of(place), ANYTHING)

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
            return other_forms(text).filter(lambda form: not re.search(pattern, form))
        return self.values(place).filter(lambda form: not re.search(pattern, form))

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
        return broken_steps(self, kind, tuple(patterns), having or {})

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

    def findings(self, document: Json) -> list[RuleViolation]:
        """Return all that the rules find in a request."""
        return findings_of(self.rules, document)


_makers: dict[int, Maker] = {}
_MOST_MAKERS = 8


def maker_of(rules: Iterable[Rule] | None = None) -> Maker:
    """Return the maker for some rules, by default ours; the same one for the same tuple of them.

    What it suggests takes longer to find than to draw from.
    """
    chosen = tuple(builtin_ruleset().rules if rules is None else rules)
    # Rules cannot be hashed; as long as their maker is here, no others have their identity.
    if id(chosen) not in _makers:
        if len(_makers) == _MOST_MAKERS:
            _makers.clear()
        _makers[id(chosen)] = Maker(chosen)
    return _makers[id(chosen)]


def findings_of(rules: Iterable[Rule], document: Json) -> list[RuleViolation]:
    """Return all that rules find in a request: plain data, with numbers as a reader gives them."""
    return Engine(rules, accepts=lambda _: False).violations_in(document)


def requests(rules: Iterable[Rule] | None = None) -> st.SearchStrategy[Json]:
    """Requests in which `rules` (by default ours) find nothing, as data."""
    return maker_of(rules).requests()


@st.composite
def drafts(draw: Draw, make: Maker, pattern: Pattern, wanted: Wanted) -> Json:
    """Values for a place, with and without what is wanted."""
    return _value(draw, make, pattern, wanted)


def _value(draw: Draw, make: Maker, pattern: Pattern, wanted: Wanted) -> Json:
    own = wanted.having.get(pattern)
    if own is not None:
        return copy.deepcopy(draw(own))
    schema = schema_at(pattern) or {}
    if schema["type"] == "object":
        keys = _keys(draw, pattern, schema, wanted)
        return {key: _value(draw, make, (*pattern, key), wanted) for key in keys}
    if schema["type"] == "array":
        size = draw(st.integers(1, 3))
        return [_value(draw, make, (*pattern, EVERY_ITEM), wanted) for _ in range(size)]
    return draw(make.scalars(pattern))


def _keys(draw: Draw, pattern: Pattern, schema: Schema, wanted: Wanted) -> list[str]:
    """Draw which keys an object has: the required, the wanted, and some of the others."""
    needed = set(schema.get("required", ()))
    needed |= {key for key in schema["properties"] if wanted.needs((*pattern, key))}
    chosen = [key for key in free_keys(pattern, wanted) if draw(st.booleans())]
    return draw(st.permutations([*sorted(needed), *chosen]))


def free_keys(pattern: Pattern, wanted: Wanted) -> list[str]:
    """Return the keys that an object at a place may have or not."""
    schema = schema_at(pattern) or {}
    settled = {EDITOR_KEY, *schema.get("required", ())}
    places = ((*pattern, key) for key in schema["properties"] if key not in settled)
    return [place[-1] for place in places if not (wanted.needs(place) or wanted.bars(place))]


#: So often a request is mended before it is given up.
_MOST_MENDS = 24


@st.composite
def mended_requests(draw: Draw, make: Maker, wanted: Wanted) -> Json:
    """Requests in which the maker's rules find nothing, with and without what is wanted."""
    document = draw(drafts(make, (), wanted))
    for _ in range(_MOST_MENDS):
        findings = make.findings(document)
        if not findings:
            return document
        # What one repair has changed is not to be undone by another, which may be needless now.
        before = [_nearest(document, sighting.pointer) for sighting in findings]
        for sighting, (place, value) in reversed(list(zip(findings, before, strict=True))):
            now = _nearest(document, sighting.pointer)
            if now[0] == place and now[1] is value:
                _mend(draw, make, document, sighting, wanted)
    return reject()


def _nearest(document: Json, pointer: Pointer) -> tuple[Pointer, Json]:
    """Find the value at a pointer, or else what is there of all that it goes through."""
    place = pointer
    while value_at(document, place) is ABSENT:
        place = place[:-1]
    return place, value_at(document, place)


def _mend(draw: Draw, make: Maker, document: Json, sighting: RuleViolation, wanted: Wanted) -> None:
    """Change the document in place so that one finding goes."""
    pointer = sighting.pointer
    if not pointer:
        _mend_whole(draw, make, document, wanted)
        return
    is_there = value_at(document, pointer) is not ABSENT
    is_kept = is_there and _is_kept(document, pointer, wanted)
    cures = _possible_cures(sighting, wanted)
    rivals = _rivals(document, sighting, wanted)
    if cures and (is_kept or draw(st.booleans())):
        cured, values = draw(st.sampled_from(cures))
        _holder(document, cured)[cured[-1]] = draw(st.sampled_from(values))
    elif is_kept and rivals and not draw(st.booleans()):
        _settle(document, pointer, draw(st.sampled_from(rivals)), wanted)
    elif is_kept:
        _holder(document, pointer)[pointer[-1]] = draw(_others(make, document, pointer, wanted))
    elif is_there:
        _remove(document, pointer)
    elif not wanted.bars(pattern_of(pointer)):
        _holder(document, pointer)[pointer[-1]] = draw(drafts(make, pattern_of(pointer), wanted))
    else:
        blamed = (*sighting.at, *sighting.violation.place.pointer)
        assume(blamed and not wanted.needs(pattern_of(blamed)))
        _remove(document, blamed)


def _is_kept(document: Json, pointer: Pointer, wanted: Wanted) -> bool:
    """Whether a value has to be there: it is required or wanted, and no other item is instead."""
    above = value_at(document, pointer[:-1])
    is_needed = wanted.needs(pattern_of(pointer)) or is_required(pattern_of(pointer))
    return is_needed and not (isinstance(above, list) and len(above) > 1)


def _rivals(document: Json, sighting: RuleViolation, wanted: Wanted) -> list[Pointer]:
    """Return the values that do not go together with the one that is blamed, and can change."""
    pointers = ((*sighting.at, *place.pointer) for place in sighting.violation.related)
    there = [each for each in pointers if value_at(document, each) is not ABSENT]
    return [
        each
        for each in there
        if not _is_kept(document, each, wanted)
        or _can_swap(document, sighting.pointer, each, wanted)
    ]


def _can_swap(document: Json, one: Pointer, other: Pointer, wanted: Wanted) -> bool:
    """Whether two values can change places, and make a difference there."""
    are_free = all(wanted.having.get(pattern_of(each)) is None for each in (one, other))
    return are_free and identity(value_at(document, one)) != identity(value_at(document, other))


def _settle(document: Json, pointer: Pointer, rival: Pointer, wanted: Wanted) -> None:
    """Take a rival of a value away, or let them change places where it has to be there."""
    if not _is_kept(document, rival, wanted):
        _remove(document, rival)
        return
    one, other = _holder(document, pointer), _holder(document, rival)
    one[pointer[-1]], other[rival[-1]] = other[rival[-1]], one[pointer[-1]]


def _others(
    make: Maker, document: Json, pointer: Pointer, wanted: Wanted
) -> st.SearchStrategy[Json]:
    """Values for a place, other ones than what is there first."""
    pattern = pattern_of(pointer)
    now = identity(value_at(document, pointer))
    known = [value for value in make.suggestions.at(pattern) if identity(value) != now]
    is_free = pattern not in wanted.having or wanted.having[pattern] is None
    drawn = drafts(make, pattern, wanted)
    return st.sampled_from(known).map(copy.deepcopy) | drawn if known and is_free else drawn


def _remove(document: Json, pointer: Pointer) -> None:
    del _holder(document, pointer)[pointer[-1]]


def _holder(document: Json, pointer: Pointer) -> Json:
    """Return what holds the value at a pointer; an object that is missing is made."""
    for token in pointer[:-1]:
        document = document.setdefault(token, {}) if isinstance(token, str) else document[token]
    return document


def _mend_whole(draw: Draw, make: Maker, document: Json, wanted: Wanted) -> None:
    """Mend what a rule says of the request as a whole: add a member, or draw another request."""
    missing = [key for key in free_keys((), wanted) if key not in document]
    if missing and not draw(st.booleans()):
        key = draw(st.sampled_from(missing))
        document[key] = draw(drafts(make, (key,), wanted))
        return
    document.clear()
    document.update(draw(drafts(make, (), wanted)))


def _possible_cures(
    sighting: RuleViolation, wanted: Wanted
) -> list[tuple[Pointer, Sequence[Json]]]:
    """Return the values elsewhere that cure a finding, but where others are wanted."""
    cures = (((*sighting.at, *at), values) for at, values in sighting.violation.cures.items())
    return [
        (at, values)
        for at, values in cures
        if not (wanted.needs(pattern_of(at)) or wanted.bars(pattern_of(at)))
    ]


@st.composite
def broken_steps(
    draw: Draw,
    make: Maker,
    kind: RelationKind,
    patterns: tuple[Pattern, ...],
    having: Mapping[Pattern, st.SearchStrategy[Json] | None],
) -> Breakage:
    """Valid requests, and what breaks just the one rule of a kind in them, one step away."""
    likely = having if draw(st.booleans()) else {}
    valid = draw(make.requests(Wanted(likely, ())))
    broken = []
    for document in steps_from(valid, make.suggestions, patterns):
        findings = make.findings(document)
        if findings and all(sighting.rule.kind is kind for sighting in findings):
            broken.append((document, (*findings[0].at, *findings[0].violation.pointer)))
    assume(broken)
    document, pointer = draw(st.sampled_from(broken))
    return Breakage(valid, document, pointer)


@st.composite
def valid_places(
    draw: Draw,
    make: Maker,
    at: tuple[Pattern, ...],
    having: Mapping[str, st.SearchStrategy[Json] | None],
    without: tuple[str, ...],
) -> tuple[Json, Pointer]:
    """Valid requests, each with a place that one of `at` meets, with and without some keys."""
    pattern = draw(st.sampled_from(at))
    wanted = Wanted(
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
def valid_spots(
    draw: Draw, make: Maker, fits: Callable[[KnownValue], bool]
) -> tuple[Json, KnownValue]:
    """Valid requests, each with one of its values that fits."""
    # The place is drawn first, so that no request is drawn in vain.
    patterns = [
        pattern for pattern in places() if pattern[-1:] != (EDITOR_KEY,) and is_place(fits, pattern)
    ]
    pattern = draw(st.sampled_from(patterns))
    document = draw(make.requests(Wanted({pattern: None}, ())))
    found = [spot for spot in spots_of(document, [pattern]) if fits(spot)]
    assume(found)
    return document, draw(st.sampled_from(found))
