"""Requests without a finding: drafts, in which what a rule blames is mended until none is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume, reject
from hypothesis import strategies as st

from rosetta_spec.document.plain import ABSENT, value_at
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.strategies.drafts import drafts, free_keys
from rosetta_spec.strategies.spots import is_required
from rosetta_spec.strategies.wanted import pattern_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.sighting import Sighting
    from rosetta_spec.strategies.maker import Draw, Maker
    from rosetta_spec.strategies.wanted import Wanted

#: So often a request is mended before it is given up.
_MOST_MENDS = 60


@st.composite
def mended_requests(draw: Draw, make: Maker, wanted: Wanted) -> Json:
    """Requests in which the maker's rules find nothing, with and without what is wanted."""
    document = draw(drafts(make, (), wanted))
    for _ in range(_MOST_MENDS):
        findings = make.findings(document)
        if not findings:
            return document
        # Two rules may blame the same value, and the second is not to undo what the first has done.
        by_pointer = {sighting.pointer: sighting for sighting in reversed(findings)}
        places = {pointer: _needed_place(document, pointer) for pointer in by_pointer}
        for pointer, sighting in by_pointer.items():
            # An earlier repair may have taken the place of this one away, or the item that it is.
            if value_at(document, places[pointer]) is not ABSENT:
                _mend(draw, make, document, sighting, wanted)
    return reject()


def _needed_place(document: Json, pointer: Pointer) -> Pointer:
    """Return what has to be there for a repair at a pointer: the object or the item, if it is."""
    place = pointer if pattern_of(pointer)[-1:] == (EVERY_ITEM,) else pointer[:-1]
    while value_at(document, place) is ABSENT:
        place = place[:-1]
    return place


def _mend(draw: Draw, make: Maker, document: Json, sighting: Sighting, wanted: Wanted) -> None:
    """Change the document in place so that one finding goes."""
    pointer = sighting.pointer
    pattern = pattern_of(pointer)
    if not pointer:
        _mend_whole(draw, make, document, wanted)
        return
    is_there = value_at(document, pointer) is not ABSENT
    is_item = isinstance(pointer[-1], int)
    is_one_of_several = is_item and len(value_at(document, pointer[:-1])) > 1
    is_needed = wanted.needs(pattern) or is_required(pattern)
    is_kept = is_there and is_needed and not is_one_of_several
    cures = _possible_cures(sighting, wanted)
    if cures and (is_kept or draw(st.booleans())):
        cured, values = draw(st.sampled_from(cures))
        _holder(document, cured)[cured[-1]] = draw(st.sampled_from(values))
    elif is_kept or not (is_there or wanted.bars(pattern)):
        _holder(document, pointer)[pointer[-1]] = draw(drafts(make, pattern, wanted))
    elif is_there:
        del _holder(document, pointer)[pointer[-1]]
    else:
        blamed = (*sighting.at, *sighting.finding.place.pointer)
        assume(blamed and not wanted.needs(pattern_of(blamed)))
        del _holder(document, blamed)[blamed[-1]]


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
