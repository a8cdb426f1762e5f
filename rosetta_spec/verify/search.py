"""A deterministic search of small requests: the examples, and all requests one step from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable

from rosetta_spec.document.values import Json
from rosetta_spec.kinds.kind import (
    Pattern,
    RelationKind,
    SchemaKind,
    pattern_called,
    values_matching,
)
from rosetta_spec.kinds.values import Forbidden
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.wording import one_of
from rosetta_spec.spec.rule import Rule
from rosetta_spec.strategies.valid import thorough_engine
from rosetta_spec.strategies.values import (
    Suggestions,
    every_place,
    matching_texts,
    requests_in,
    steps_from,
)
from rosetta_spec.verify.results import Flaw


@cache
def texts_with(pattern: str) -> tuple[str, ...]:
    """Return the simplest string with a match of a regular expression, none if it is rare."""
    # What is drawn first is the simplest; to shorten it further would take seconds.
    quick = settings(
        max_examples=100,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        return (find(matching_texts(pattern), lambda _: True, settings=quick),)
    except (NoSuchExample, Unsatisfiable):
        return ()


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
        rules = tuple(rules)
        self._engine = thorough_engine(rules)
        self._suggestions = Suggestions(rules, texts_with)
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
            violations = self._engine.violations_in(document)
            found = ((each.rule.code, each.pointer) for each in violations)
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


class Reach:
    """Asks a search that has looked around; `rules` are all that there are, in their order."""

    def __init__(self, search: Search, rules: Iterable[Rule]) -> None:
        self._search = search
        self._rules = {rule.code: rule for rule in rules}
        self._of_shape = {
            rule.code for rule in self._rules.values() if isinstance(rule.kind, SchemaKind)
        }

    def failing(self, rule: Rule) -> Seen | None:
        """Return the shortest request that breaks a rule, alone if that can be; None: none does."""
        fit = {rule.code, *rule.accompanied_by}
        broken = [seen for seen in self._search.seen() if rule.code in seen.codes]
        alone = [seen for seen in broken if seen.codes <= fit]
        if not broken:
            return None

        def holds(seen: Seen) -> bool:
            return rule.code in seen.codes and (not alone or seen.codes <= fit)

        return self._search.shortened((alone or broken)[0], holds)

    def passing(self, failing: Seen) -> Seen | None:
        """Return a request without findings that is as near to a failing one as can be."""
        clean = [step for step in self._search.steps(failing) if not step.found]
        kept = [place for place in every_place() if failing.has(place)]
        near = min(clean, key=lambda step: sum(not step.has(place) for place in kept), default=None)
        mended = self._search.mended(failing) if near is None else near
        return None if mended.found else mended

    def flaws(self, rule: Rule, failing: Seen | None) -> Iterator[Flaw]:
        """Tell what a rule's reach has wrong."""
        if failing is None:
            message = f"it can never fire: none of {self._search.count} requests breaks it"
            yield Flaw("never-fires", message)
            return
        yield from self._always(rule)
        shadows = self._shadows(rule)
        if shadows:
            message = f"whenever it fires, {one_of(shadows)} fires at the same place; remove it"
            yield Flaw("shadowed", message, failing.document)

    def _always(self, rule: Rule) -> Iterator[Flaw]:
        """Tell that a rule leaves nothing of what the request schema allows at its place."""
        kind = rule.kind
        if not isinstance(kind, RelationKind) or _forbids_a_key(rule):
            return
        for place in kind.at:
            there = [
                seen
                for seen in self._search.seen()
                if seen.has(place) and not seen.codes & self._of_shape
            ]
            if there and all(rule.code in seen.codes for seen in there):
                where = f"wherever {pattern_called(place)} is set" if place else "in every request"
                remedy = "; to forbid the key, use kind forbidden" if place else ""
                yield Flaw("always-fires", f"it always fires, {where}{remedy}", there[0].document)

    def _shadows(self, rule: Rule) -> list[str]:
        """Return the codes of the rules that fire wherever a rule does, but for its twins."""
        order = list(self._rules)
        return sorted(
            code
            for code in self._beside(rule.code)
            # Of two that always fire together the later one is to go.
            if order.index(code) < order.index(rule.code) or rule.code not in self._beside(code)
        )

    def _beside(self, code: str) -> set[str]:
        """Return the codes of the rules that fire at the same place whenever one does."""
        common: set[str] | None = None
        for seen in self._search.seen():
            for pointer in [place for each, place in seen.found if each == code]:
                beside = {each for each, place in seen.found if place == pointer} - {code}
                common = beside if common is None else common & beside
        return common or set()

    def contradictions(self, rules: Iterable[Rule]) -> Iterator[Flaw]:
        """Tell the places of the request that no request without findings can have."""
        rules = tuple(rules)
        told: set[frozenset[str]] = set()
        for place in ((), *every_place()):
            if any(_forbids_a_key(rule, place) for rule in rules):
                continue
            best = self._best_with(place)
            codes = frozenset(best.codes) if best else frozenset()
            if best and codes and codes not in told:
                told.add(codes)
                where = f" that has {pattern_called(place)}" if place else ""
                message = f"no request{where} keeps all rules: {' and '.join(sorted(codes))}"
                message += " contradict each other" if len(codes) > 1 else " forbids it"
                yield Flaw("contradiction", message, best.document)
            # Where no request at all is fine, each place is one of many in which none is.
            if codes and not place:
                return

    def _best_with(self, place: Pattern) -> Seen | None:
        """Return the request with a place in which the least is found."""
        there = sorted(
            (seen for seen in self._search.seen() if seen.has(place)),
            key=_findings,
        )
        best = there[0] if there else None
        for start in there[:_STARTS]:
            best = min(best or start, self._search.mended(start, place), key=_findings)
            if not best.found:
                break
        return best


#: So many requests are tried to be mended before it is said that none can be.
_STARTS = 3


def _findings(seen: Seen) -> int:
    return len(seen.found)


def _forbids_a_key(rule: Rule, place: Pattern | None = None) -> bool:
    """Whether a rule wants a key not to be there: any, or one above a place."""
    kind = rule.kind
    if not isinstance(kind, Forbidden) or kind.values is not None:
        return False
    return place is None or any(place[: len(at)] == at for at in kind.at)
