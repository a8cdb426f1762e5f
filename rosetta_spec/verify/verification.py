"""Verify a ruleset: its examples, its laws, and whether each rule can be broken and satisfied.

The same rules give the same result. What is not found may still exist: a search never shows that a
rule cannot fire, or that rules contradict each other, and no message says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from rosetta_spec.api import check
from rosetta_spec.document.values import Json, json_text
from rosetta_spec.kinds.keys_and_values import Forbidden
from rosetta_spec.kinds.kind import (
    Pattern,
    RelationKind,
    SchemaKind,
    pattern_called,
    values_matching,
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import inner_places
from rosetta_spec.request.wording import all_of, one_of
from rosetta_spec.spec.ruleset import Example, Rule, is_ours
from rosetta_spec.strategies.maker import thorough_engine
from rosetta_spec.strategies.values import Suggestions, requests_of, simplest_texts, steps_from
from rosetta_spec.verify.laws import RuleProblem, law_problems

#: The number of requests on which the laws of each rule are tested.
EXAMPLES = 10

#: The number of requests with a place from which the search for one without findings starts.
_STARTS = 3


class RuleResult(NamedTuple):
    """What was found out about one rule.

    `failing` is the shortest request found that breaks it, and no other rule if possible;
    `passing` is a request without findings that differs as little as possible. Both are None for
    rules about text, which no data breaks.
    """

    rule: Rule
    problems: tuple[RuleProblem, ...]
    failing: Json
    passing: Json


#: Problems are below the name of their rule.
_INDENT = " " * 8


class Verification(NamedTuple):
    """What was found out about a ruleset, by checking `documents` requests."""

    results: tuple[RuleResult, ...]
    problems: tuple[RuleProblem, ...]
    documents: int

    @property
    def has_passed(self) -> bool:
        """Whether no problem was found."""
        return not self.problems and not any(result.problems for result in self.results)

    def facts(self) -> dict[str, Any]:
        """Return the results as plain data, for JSON."""
        return {
            "version": 1,
            "summary": {
                "rules": len(self.results),
                "wrong": sum(bool(result.problems) for result in self.results),
                "documents": self.documents,
            },
            "rules": [
                {
                    "code": result.rule.code,
                    "name": result.rule.name,
                    "passed": not result.problems,
                    "failing": result.failing,
                    "passing": result.passing,
                    "problems": [problem._asdict() for problem in result.problems],
                }
                for result in self.results
            ],
            "problems": [problem._asdict() for problem in self.problems],
        }

    def text(self) -> str:
        """Write a line for each rule, with its problems below it."""
        lines = []
        for result in self.results:
            rule = result.rule
            word = "wrong " if result.problems else "passed"
            failing = f"  fails: {json_text(result.failing)}" if result.failing else ""
            lines.append(f"{word}  {rule.code} {rule.name}{failing}")
            lines += problem_lines(result.problems, _INDENT)
        if self.problems:
            lines.append("wrong   all rules together")
        lines += problem_lines(self.problems, _INDENT)
        passed = sum(not result.problems for result in self.results)
        lines.append(
            f"{passed} of {len(self.results)} rules passed; {self.documents} requests searched."
        )
        return "".join(f"{line}\n" for line in lines)


def problem_lines(problems: Iterable[RuleProblem], indent: str = "") -> Iterator[str]:
    """Write each problem, and below it a request that shows it."""
    for problem in problems:
        yield f"{indent}{problem.name}: {problem.message}"
        if problem.witness is not None:
            is_data = isinstance(problem.witness, dict)
            witness = json_text(problem.witness if is_data else str(problem.witness))
            yield f"{indent}such as {witness}"


def verify(
    chosen: Iterable[Rule], rules: Iterable[Rule], *, examples: int = EXAMPLES
) -> Verification:
    """Verify the rules `chosen`, which are used together with all `rules`."""
    verifier = Verifier(chosen, rules, examples=examples)
    results = tuple(map(verifier.result, verifier.chosen))
    return Verification(results, tuple(verifier.contradictions()), verifier.search.count)


class Verifier:
    """Verifies the rules `chosen`, one by one and all together."""

    def __init__(
        self, chosen: Iterable[Rule], rules: Iterable[Rule], *, examples: int = EXAMPLES
    ) -> None:
        self.chosen = tuple(chosen)
        self._rules = tuple(rules)
        self._examples = examples

    @cached_property
    def search(self) -> Search:
        """The search through small requests, which starts when it is first needed."""
        return Search(self._rules, self.chosen)

    def result(self, rule: Rule) -> RuleResult:
        """Verify one rule."""
        # The examples of our rules may break those of a team.
        ours = tuple(each for each in self._rules if is_ours(each.code))
        others = ours if is_ours(rule.code) else self._rules
        problems = [*example_problems(rule, others), *fix_problems(rule, others)]
        failing = passing = None
        # No data breaks a rule about text.
        if isinstance(rule.kind, SchemaKind | RelationKind):
            failing = self._failing(rule)
            if failing is None:
                message = f"none of the {self.search.count} requests that were searched breaks it"
                problems.append(RuleProblem("never-fires", message))
            else:
                passing = self._passing(failing)
                problems += self._always_fires(rule)
                problems += self._shadowed(rule, failing)
        # A rule with another problem often breaks the laws too.
        if not problems:
            problems += law_problems(rule, self._rules, self._examples)
        documents = [checked and checked.document for checked in (failing, passing)]
        return RuleResult(rule, tuple(problems), *documents)

    def _failing(self, rule: Rule) -> Checked | None:
        """Return the shortest request that breaks a rule, and no other rule if possible."""
        expected = {rule.code, *rule.accompanied_by}
        broken = [each for each in self.search.checked() if rule.code in each.codes]
        alone = [each for each in broken if each.codes <= expected]
        if not broken:
            return None

        def fits(checked: Checked) -> bool:
            return rule.code in checked.codes and (not alone or checked.codes <= expected)

        return self.search.shortest((alone or broken)[0], fits)

    def _passing(self, failing: Checked) -> Checked | None:
        """Return a request without findings that has as much as possible of a failing one."""
        clean = [step for step in self.search.steps(failing) if not step.found]
        kept = [place for place in inner_places() if failing.has(place)]
        near = min(clean, key=lambda step: sum(not step.has(place) for place in kept), default=None)
        passing = near or self.search.repaired(failing)
        return None if passing.found else passing

    def _always_fires(self, rule: Rule) -> Iterator[RuleProblem]:
        """Yield the places of a rule at which it fires whatever the request schema allows there."""
        kind = rule.kind
        if not isinstance(kind, RelationKind) or _forbids_a_key(rule):
            return
        of_schema = {each.code for each in self._rules if isinstance(each.kind, SchemaKind)}
        for place in kind.patterns:
            there = [
                checked
                for checked in self.search.checked()
                if checked.has(place) and not checked.codes & of_schema
            ]
            if there and all(rule.code in checked.codes for checked in there):
                where = f" that has {pattern_called(place)}" if place else ""
                remedy = "; to forbid the key, use kind forbidden" if place else ""
                message = f"it fires in every request{where} that was searched{remedy}"
                yield RuleProblem("always-fires", message, there[0].document)

    def _shadowed(self, rule: Rule, failing: Checked) -> Iterator[RuleProblem]:
        """Report that other rules fire wherever a rule does."""
        order = [each.code for each in self._rules]
        shadows = sorted(
            code
            for code in self._codes_beside(rule.code)
            # Of two that always fire together, the later one is shadowed.
            if order.index(code) < order.index(rule.code)
            or rule.code not in self._codes_beside(code)
        )
        if shadows:
            where = "wherever it fires in the requests that were searched"
            message = f"{where}, {one_of(shadows)} fires at the same place; remove it"
            yield RuleProblem("shadowed", message, failing.document)

    def _codes_beside(self, code: str) -> set[str]:
        """Return the codes of the rules that fire at the same place whenever one does."""
        common: set[str] | None = None
        for checked in self.search.checked():
            for pointer in [place for each, place in checked.found if each == code]:
                beside = {each for each, place in checked.found if place == pointer} - {code}
                common = beside if common is None else common & beside
        return common or set()

    def contradictions(self) -> Iterator[RuleProblem]:
        """Report places for which no request without findings was found."""
        reported: set[frozenset[str]] = set()
        for place in ((), *inner_places()):
            if any(_forbids_a_key(rule, place) for rule in self.chosen):
                continue
            best = self._best_with(place)
            codes = frozenset(best.codes) if best else frozenset()
            if best and codes and codes not in reported:
                reported.add(codes)
                where = f" that has {pattern_called(place)}" if place else ""
                names = all_of(sorted(codes))
                seem = f"{names} seem to contradict each other" if len(codes) > 1 else ""
                message = f"no request{where} was found that satisfies all rules: "
                message += seem or f"{names} seems to forbid it"
                yield RuleProblem("contradiction", message, best.document)
            # Where there is no valid request at all, there is none for any place.
            if codes and not place:
                return

    def _best_with(self, place: Pattern) -> Checked | None:
        """Return a request with a place in which as little as possible is found."""
        there = sorted(
            (checked for checked in self.search.checked() if checked.has(place)), key=_effort
        )
        best = there[0] if there else None
        # Requests with the same findings lead to the same ones.
        starts = {frozenset(checked.codes): checked for checked in reversed(there)}
        for start in sorted(starts.values(), key=_effort)[:_STARTS]:
            best = min(best or start, self.search.repaired(start, place), key=_effort)
            if not best.found:
                break
        return best


def _forbids_a_key(rule: Rule, place: Pattern | None = None) -> bool:
    """Whether a rule forbids a key: any, or one at or above a place."""
    kind = rule.kind
    if not isinstance(kind, Forbidden) or kind.values is not None:
        return False
    return place is None or any(place[: len(at)] == at for at in kind.patterns)


def example_problems(rule: Rule, rules: tuple[Rule, ...]) -> Iterator[RuleProblem]:
    """Report a bad example that does not break only its rule, or a good one that breaks any."""
    bad = _codes_of(rule.bad, rules)
    others = bad - {rule.code, *rule.accompanied_by}
    names = " and ".join(sorted(others))
    if rule.code not in bad:
        message = "its bad example does not break it" + (names and f", but breaks {names}")
        yield RuleProblem("bad-example", message, rule.bad.text)
    elif others:
        message = f"its bad example also breaks {names}"
        message += "; correct that, or name it in accompanied-by"
        yield RuleProblem("bad-example", message, rule.bad.text)
    good = _codes_of(rule.good, rules)
    if good:
        message = f"its good example breaks {' and '.join(sorted(good))}"
        yield RuleProblem("good-example", message, rule.good.text)


def fix_problems(rule: Rule, rules: tuple[Rule, ...]) -> Iterator[RuleProblem]:
    """Report a fix that does not work for the bad example of its rule.

    It is not a problem if a kind proposes no fix for the example: not every violation has one.
    """
    if rule.fix is None or rule.bad.path is not None:
        return
    found = [
        each for each in check(rule.bad.content, rules=rules).diagnostics if each.code == rule.code
    ]
    dropped = [drop.reason for each in found for drop in each.dropped]
    has_own = rule.fix.is_removal or rule.fix.has_value
    if found and not any(each.fixes for each in found) and (dropped or has_own):
        reason = dropped[0] if dropped else "the finding would remain, or cause another one"
        message = f"its fix does not fix its bad example: {reason}"
        yield RuleProblem("bad-fix", message, rule.bad.text)


def _codes_of(example: Example, rules: tuple[Rule, ...]) -> set[str]:
    source = example.content if example.path is None else Path(example.path)
    return {diagnostic.code for diagnostic in check(source, rules=rules).diagnostics}


#: The number of requests from which a search for a valid one continues.
_MAX_STARTS = 12


class Checked(NamedTuple):
    """A request, and the codes and pointers of what was found in it."""

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

    It starts with all requests in the examples of the rules `chosen` and those one step away, and
    with those in the examples of all rules, which have every key.
    """

    def __init__(self, rules: tuple[Rule, ...], chosen: Iterable[Rule]) -> None:
        self._engine = thorough_engine(rules)
        self._suggestions = Suggestions(rules, simplest_texts)
        self._checked: dict[str, Checked] = {}
        self._steps: dict[str, list[Checked]] = {}
        for document in requests_of(chosen):
            self.steps(self._check(document))
        for document in requests_of(rules):
            self._check(document)

    @property
    def count(self) -> int:
        """The number of requests that were checked."""
        return len(self._checked)

    def checked(self) -> list[Checked]:
        """Return all requests that were checked, the shortest first."""
        return sorted(self._checked.values(), key=_length)

    def _check(self, document: Json) -> Checked:
        text = json_text(document)
        if text not in self._checked:
            violations = self._engine.violations_in(document)
            found = frozenset((each.rule.code, each.pointer) for each in violations)
            self._checked[text] = Checked(text, document, found)
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
        for _ in range(_MAX_STARTS):
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
    return len(checked.text), checked.text


def _effort(checked: Checked) -> tuple[int, int, str]:
    return len(checked.found), *_length(checked)
