"""A deterministic search through small requests: those of examples, and those one step away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rosetta_spec.document.values import Json
from rosetta_spec.kinds.kind import Pattern, values_matching
from rosetta_spec.pointer import Pointer
from rosetta_spec.spec.ruleset import Rule
from rosetta_spec.strategies.maker import thorough_engine
from rosetta_spec.strategies.values import Suggestions, requests_in, simplest_texts, steps_from

#: From so many requests a search for a valid one continues.
_MOST_STARTS = 12


class Checked(NamedTuple):
    """A request, and the codes and pointers of what was found in it."""

    length: int
    text: str
    document: Json
    found: frozenset[tuple[str, Pointer]]

    @property
    def codes(self) -> set[str]:
        """The codes of the rules that are broken."""
        return {code for code, _ in self.found}

    def has(self, place: Pattern) -> bool:
        """Whether there is a value at a place."""
        return any(True for _ in values_matching(place, self.document))


class Search:
    """Checks requests with `rules` and remembers the results.

    It starts with all requests in the examples of the rules `chosen` and those one step away.
    """

    def __init__(self, rules: tuple[Rule, ...], chosen: Iterable[Rule]) -> None:
        self._engine = thorough_engine(rules)
        self._suggestions = Suggestions(rules, simplest_texts)
        self._checked: dict[str, Checked] = {}
        self._steps: dict[str, list[Checked]] = {}
        for rule in chosen:
            for example in (rule.bad, rule.good):
                for document in requests_in(example):
                    self.steps(self._check(document))

    @property
    def count(self) -> int:
        """The number of requests that were checked."""
        return len(self._checked)

    def checked(self) -> list[Checked]:
        """Return all requests that were checked, the shortest first."""
        return sorted(self._checked.values(), key=_length)

    def _check(self, document: Json) -> Checked:
        text = json.dumps(document, ensure_ascii=False, default=str)
        if text not in self._checked:
            violations = self._engine.violations_in(document)
            found = frozenset((each.rule.code, each.pointer) for each in violations)
            self._checked[text] = Checked(len(text), text, document, found)
        return self._checked[text]

    def steps(self, start: Checked) -> list[Checked]:
        """Return the requests one step away, the shortest first."""
        if start.text not in self._steps:
            steps = map(self._check, steps_from(start.document, self._suggestions))
            self._steps[start.text] = sorted(steps, key=_length)
        return self._steps[start.text]

    def shortest(self, start: Checked, fits: Callable[[Checked], bool]) -> Checked:
        """Follow shorter requests that fit, step by step, as long as there are any."""
        while True:
            shorter = (step for step in self.steps(start) if _length(step) < _length(start))
            step = next(filter(fits, shorter), None)
            if step is None:
                return start
            start = step

    def repaired(self, start: Checked, place: Pattern = ()) -> Checked:
        """Return the request with the fewest findings, and a value at a place, a few steps away."""
        known = {start.text: start}
        waiting = [start]
        for _ in range(_MOST_STARTS):
            best = min(waiting, key=_effort, default=None)
            if best is None or not best.found:
                break
            waiting.remove(best)
            for step in self.steps(best):
                # A step that changes nothing about the findings leads nowhere.
                if step.text not in known and step.found != best.found and step.has(place):
                    known[step.text] = step
                    waiting.append(step)
        return min(known.values(), key=_effort)


def _length(checked: Checked) -> tuple[int, str]:
    return checked.length, checked.text


def _effort(checked: Checked) -> tuple[int, int, str]:
    return len(checked.found), checked.length, checked.text
