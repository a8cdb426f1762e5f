"""Requests without a finding: drafts, in which what a rule blames is mended until none is left."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from hypothesis import assume, reject
from hypothesis import strategies as st

from rosetta_spec.document.plain import ABSENT, value_at
from rosetta_spec.kinds.unique import identity
from rosetta_spec.strategies.drafts import drafts, free_keys
from rosetta_spec.strategies.spots import is_required
from rosetta_spec.strategies.wanted import pattern_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.sighting import Sighting
    from rosetta_spec.strategies.maker import Draw, Maker
    from rosetta_spec.strategies.wanted import Wanted

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


def _mend(draw: Draw, make: Maker, document: Json, sighting: Sighting, wanted: Wanted) -> None:
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
        blamed = (*sighting.at, *sighting.finding.place.pointer)
        assume(blamed and not wanted.needs(pattern_of(blamed)))
        _remove(document, blamed)


def _is_kept(document: Json, pointer: Pointer, wanted: Wanted) -> bool:
    """Whether a value has to be there: it is required or wanted, and no other item is instead."""
    above = value_at(document, pointer[:-1])
    is_needed = wanted.needs(pattern_of(pointer)) or is_required(pattern_of(pointer))
    return is_needed and not (isinstance(above, list) and len(above) > 1)


def _rivals(document: Json, sighting: Sighting, wanted: Wanted) -> list[Pointer]:
    """Return the values that do not go together with the one that is blamed, and can change."""
    pointers = ((*sighting.at, *place.pointer) for place in sighting.finding.related)
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


def _possible_cures(sighting: Sighting, wanted: Wanted) -> list[tuple[Pointer, Sequence[Json]]]:
    """Return the values elsewhere that cure a finding, but where others are wanted."""
    cures = (((*sighting.at, *at), values) for at, values in sighting.finding.cures.items())
    return [
        (at, values)
        for at, values in cures
        if not (wanted.needs(pattern_of(at)) or wanted.bars(pattern_of(at)))
    ]
