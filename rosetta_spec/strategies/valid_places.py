"""Valid requests, each with a place in it where a rule can be broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume
from hypothesis import strategies as st

from rosetta_spec.kinds.kind import values_matching
from rosetta_spec.request.schema import EDITOR_KEY, places
from rosetta_spec.strategies.breakage import Breakage
from rosetta_spec.strategies.spots import is_place, spots_of
from rosetta_spec.strategies.steps import steps_from
from rosetta_spec.strategies.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import RelationKind
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.strategies.maker import Draw, Maker
    from rosetta_spec.strategies.spots import Spot
    from rosetta_spec.strategies.wanted import Pattern


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
            broken.append((document, (*findings[0].at, *findings[0].finding.pointer)))
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
def valid_spots(draw: Draw, make: Maker, fits: Callable[[Spot], bool]) -> tuple[Json, Spot]:
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
