"""What a kind needs to break a request by one rule: valid requests, and ways to change them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import strategies as st

from rosetta_spec.document.plain import ABSENT, value_at
from rosetta_spec.kinds.shape.unreadable_time import is_time
from rosetta_spec.request.patterns import has_match
from rosetta_spec.request.schema import schema_at
from rosetta_spec.request.subject import subject_of
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.spec.sighting import sightings
from rosetta_spec.strategies.breakage import Breakage
from rosetta_spec.strategies.comments import broken_comments
from rosetta_spec.strategies.drafts import drafts
from rosetta_spec.strategies.mending import mended_requests
from rosetta_spec.strategies.suggestions import Suggestions, matching_texts, places_in
from rosetta_spec.strategies.texts import broken_texts
from rosetta_spec.strategies.valid_places import broken_steps, valid_places, valid_spots
from rosetta_spec.strategies.values import other_forms, scalars
from rosetta_spec.strategies.wanted import ANYTHING, Wanted, pattern_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import RelationKind
    from rosetta_spec.kinds.set_when import SetWhen
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.sighting import Sighting
    from rosetta_spec.strategies.spots import Spot
    from rosetta_spec.strategies.wanted import Pattern

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

    def spots(self, fits: Callable[[Spot], bool]) -> st.SearchStrategy[tuple[Json, Spot]]:
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

    def findings(self, document: Json) -> list[Sighting]:
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


def findings_of(rules: Iterable[Rule], document: Json) -> list[Sighting]:
    """Return all that rules find in a request: plain data, with numbers as a reader gives them."""
    subject = subject_of(document, ())
    return [sighting for rule in rules for sighting in sightings(rule, subject)]


def requests(rules: Iterable[Rule] | None = None) -> st.SearchStrategy[Json]:
    """Requests in which `rules` (by default ours) find nothing, as data."""
    return maker_of(rules).requests()
