"""Whether a rule can fire, can be kept, and says anything that no other rule says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rosetta_spec.kinds.forbidden import Forbidden
from rosetta_spec.kinds.kind import RelationKind, pattern_called
from rosetta_spec.kinds.registry import OF_SHAPE
from rosetta_spec.request.wording import one_of
from rosetta_spec.strategies.steps import every_place
from rosetta_spec.verify.verdict import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.kinds.kind import Pattern
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.verify.search import Search, Seen


class Reach:
    """Asks a search that has looked around; `rules` are all that there are, in their order."""

    def __init__(self, search: Search, rules: Iterable[Rule]) -> None:
        self._search = search
        self._rules = {rule.code: rule for rule in rules}
        self._of_shape = {
            rule.code for rule in self._rules.values() if rule.check.kind_name in OF_SHAPE
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
