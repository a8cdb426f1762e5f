"""A search of small requests, the same each time: those of examples, and all one step from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from rosetta_spec.kinds.kind import values_matching
from rosetta_spec.strategies.maker import findings_of
from rosetta_spec.strategies.steps import steps_from
from rosetta_spec.strategies.suggestions import Suggestions, requests_in
from rosetta_spec.verify.simplest import texts_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import Pattern
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.rule import Rule

#: So many requests are gone on from at most to mend one.
_MOST_STEPS = 12


class Seen(NamedTuple):
    """A request that was looked at, and the codes that were found in it, each with its place."""

    length: int
    text: str
    document: Json
    found: frozenset[tuple[str, Pointer]]

    @property
    def codes(self) -> set[str]:
        """The codes of the rules that find something."""
        return {code for code, _ in self.found}

    def has(self, place: Pattern) -> bool:
        """Whether there is a value at a place."""
        return any(True for _ in values_matching(place, self.document))


class Search:
    """Looks for requests in which `rules` find what is wanted, and remembers all it has seen."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._suggestions = Suggestions(self._rules, texts_with)
        self._seen: dict[str, Seen] = {}
        self._steps: dict[str, list[Seen]] = {}

    @property
    def count(self) -> int:
        """How many requests were looked at."""
        return len(self._seen)

    def seen(self) -> list[Seen]:
        """Return all that was looked at, the shortest first."""
        return sorted(self._seen.values(), key=_length)

    def look_at(self, document: Json) -> Seen:
        """Find out what the rules find in a request."""
        text = json.dumps(document, ensure_ascii=False, default=str)
        if text not in self._seen:
            sightings = findings_of(self._rules, document)
            found = ((each.rule.code, (*each.at, *each.finding.pointer)) for each in sightings)
            self._seen[text] = Seen(len(text), text, document, frozenset(found))
        return self._seen[text]

    def look_around(self, rules: Iterable[Rule]) -> None:
        """Look at the examples of rules, and at all that is one step from them."""
        for rule in rules:
            for example in (rule.bad, rule.good):
                objects = [each for each in requests_in(example) if isinstance(each, dict)]
                for document in objects:
                    self.steps(self.look_at(document))

    def steps(self, start: Seen) -> list[Seen]:
        """Return the requests one step away, the shortest first."""
        if start.text not in self._steps:
            steps = map(self.look_at, steps_from(start.document, self._suggestions))
            self._steps[start.text] = sorted(steps, key=_length)
        return self._steps[start.text]

    def shortened(self, start: Seen, holds: Callable[[Seen], bool]) -> Seen:
        """Go on from a request by steps to the shortest in which something still holds."""
        while True:
            shorter = (step for step in self.steps(start) if _length(step) < _length(start))
            step = next(filter(holds, shorter), None)
            if step is None:
                return start
            start = step

    def mended(self, start: Seen, place: Pattern = ()) -> Seen:
        """Go on by steps, the most promising first, until nothing is found, or for long enough.

        A place stays in the request.
        """
        known = {start.text: start}
        waiting = [start]
        for _ in range(_MOST_STEPS):
            best = min(waiting, key=_effort, default=None)
            if best is None or not best.found:
                break
            waiting.remove(best)
            for step in self.steps(best):
                # What changes nothing of what is found leads nowhere.
                if step.text not in known and step.found != best.found and step.has(place):
                    known[step.text] = step
                    waiting.append(step)
        return min(known.values(), key=_effort)


def _length(seen: Seen) -> tuple[int, str]:
    return seen.length, seen.text


def _effort(seen: Seen) -> tuple[int, int, str]:
    """Order requests by how much there is still to mend."""
    return len(seen.found), seen.length, seen.text
