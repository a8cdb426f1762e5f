"""Verify a ruleset: its examples, its laws, and whether each rule can be broken and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from rosetta_spec.api import check
from rosetta_spec.kinds.kind import RelationKind, SchemaKind
from rosetta_spec.spec.rule import Example, Rule
from rosetta_spec.verify.laws import law_flaws
from rosetta_spec.verify.results import Flaw, Verdict, Verification
from rosetta_spec.verify.search import Reach, Search

#: On so many requests the laws of each rule are tried.
EXAMPLES = 10


def verify(
    chosen: Iterable[Rule], rules: Iterable[Rule], *, examples: int = EXAMPLES
) -> Verification:
    """Prove `chosen`, which are some of all `rules` that are in use together."""
    proof = Proof(chosen, rules, examples=examples)
    verdicts = tuple(map(proof.verdict, proof.chosen))
    return Verification(verdicts, proof.contradictions(), proof.count)


class Proof:
    """What can be found out about the rules `chosen` of all `rules`, when it is asked for.

    The same rules give the same answer: nothing is left to chance.
    """

    def __init__(
        self, chosen: Iterable[Rule], rules: Iterable[Rule], *, examples: int = EXAMPLES
    ) -> None:
        self.chosen = tuple(chosen)
        self._rules = tuple(rules)
        self._examples = examples

    @cached_property
    def _search(self) -> Search:
        search = Search(self._rules)
        search.look_around(self.chosen)
        return search

    @cached_property
    def _reach(self) -> Reach:
        return Reach(self._search, self._rules)

    @property
    def count(self) -> int:
        """How many requests were looked at."""
        return self._search.count

    def verdict(self, rule: Rule) -> Verdict:
        """Find out about one rule."""
        flaws = [*_example_flaws(rule, self._rules), *_fix_flaws(rule, self._rules)]
        failing = passing = None
        # What no data breaks has no shortest request.
        if isinstance(rule.kind, SchemaKind | RelationKind):
            failing = self._reach.failing(rule)
            passing = self._reach.passing(failing) if failing else None
            flaws += self._reach.flaws(rule, failing)
        # A rule that cannot be broken alone holds no law, and that was told.
        if not flaws:
            flaws += law_flaws(rule, self._rules, self._examples)
        documents = [seen and seen.document for seen in (failing, passing)]
        return Verdict(rule, tuple(flaws), *documents)

    def contradictions(self) -> tuple[Flaw, ...]:
        """Find out what the rules leave no request for, all together."""
        return tuple(self._reach.contradictions(self.chosen))


def _example_flaws(rule: Rule, rules: tuple[Rule, ...]) -> Iterator[Flaw]:
    bad = _codes_of(rule.bad, rules)
    others = bad - {rule.code, *rule.accompanied_by}
    if rule.code not in bad:
        yield Flaw("bad-example", "its bad example does not break it", rule.bad.text)
    elif others:
        message = f"its bad example also breaks {' and '.join(sorted(others))}"
        message += "; mend that, or name it in accompanied-by"
        yield Flaw("bad-example", message, rule.bad.text)
    good = _codes_of(rule.good, rules)
    if good:
        message = f"its good example breaks {' and '.join(sorted(good))}"
        yield Flaw("good-example", message, rule.good.text)


def _fix_flaws(rule: Rule, rules: tuple[Rule, ...]) -> Iterator[Flaw]:
    """Tell of a fix that the bad example should show and does not.

    That a kind knows nothing to do there is no flaw: not all that it finds can be mended.
    """
    if rule.fix is None or rule.bad.path is not None:
        return
    found = [
        each for each in check(rule.bad.content, rules=rules).diagnostics if each.code == rule.code
    ]
    dropped = [drop.reason for each in found for drop in each.dropped]
    has_own = rule.fix.is_removal or rule.fix.has_value
    if found and not any(each.fixes for each in found) and (dropped or has_own):
        reason = dropped[0] if dropped else "the finding would stay, or another come"
        yield Flaw("bad-fix", f"its fix does not mend its bad example: {reason}", rule.bad.text)


def _codes_of(example: Example, rules: tuple[Rule, ...]) -> set[str]:
    source = example.content if example.path is None else Path(example.path)
    return {diagnostic.code for diagnostic in check(source, rules=rules).diagnostics}
