"""Laws that every rule has to keep, tested on requests that Hypothesis draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable, UnsatisfiedAssumption

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.document.values import Json, json_text
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import JSON, YAML, Declined
from rosetta_spec.fast.reader import read_values
from rosetta_spec.kinds.kind import Breakage
from rosetta_spec.pointer import format_pointer
from rosetta_spec.request.json_schema import validity_test
from rosetta_spec.spec.acceptor_generator import acceptor_of
from rosetta_spec.spec.bundle import bundled_schema
from rosetta_spec.spec.rule import Rule
from rosetta_spec.strategies.broken import broken_requests
from rosetta_spec.strategies.notations import NOTATIONS
from rosetta_spec.verify.results import Flaw


class LawBrokenError(AssertionError):
    """A rule does not hold a law; `witness` is the request that shows it."""

    def __init__(self, message: str, witness: Json) -> None:
        super().__init__(f"{message}: {witness}")
        self.message = message
        self.witness = witness


def hold_laws(rule: Rule, rules: tuple[Rule, ...], breakage: Breakage, data: st.DataObject) -> None:
    """Hold the laws of a rule for one request that it finds something in.

    Raises:
        LawBrokenError: one is broken.
    """
    hold_alone(rule, rules, breakage)
    hold_acceptor(rules, breakage)
    if isinstance(breakage.broken, dict):
        _bundle_agrees(rules, breakage)
        name = data.draw(st.sampled_from(sorted(NOTATIONS)))
        text = data.draw(NOTATIONS[name](breakage.broken))
        format_ = JSON if name == "json" else YAML
        if said_of(text, rules, input_format=format_) != said_of(breakage.broken, rules):
            message = f"something else is found when it is written as {name}"
            raise LawBrokenError(message, breakage.broken)
        if rule.fix and rule.fix.applicability is not Applicability.CHOICE:
            hold_fixes(rules, rule.fix.applicability, text, format_)


def said_of(source: Json, rules: Iterable[Rule], **options: Json) -> list[tuple[str, str]]:
    """Return the codes and places of what is found, in an order that no text decides."""
    return sorted((d.code, d.pointer) for d in check(source, rules=rules, **options).diagnostics)


def hold_alone(rule: Rule, rules: tuple[Rule, ...], breakage: Breakage) -> None:
    """Hold that a rule reports what is broken, there and once, and that nothing else changes.

    Raises:
        LawBrokenError: it is not so.
    """
    valid, broken, pointer = breakage
    if said_of(valid, rules):
        message = "something is found in a request that was valid"
        raise LawBrokenError(message, valid)
    found = set(said_of(broken, rules))
    itself = {(code, place) for code, place in found if code == rule.code}
    if itself != {(rule.code, format_pointer(pointer))}:
        message = f'what is broken at "{format_pointer(pointer)}" is not reported there, and once'
        raise LawBrokenError(message, broken)
    others = {code for code, _ in found - itself} - set(rule.accompanied_by)
    if others:
        message = f"{' and '.join(sorted(others))} fires too, which accompanied-by does not name"
        raise LawBrokenError(message, broken)


def hold_acceptor(rules: tuple[Rule, ...], breakage: Breakage) -> None:
    """Hold that what is broken is not accepted.

    Raises:
        LawBrokenError: it is.
    """
    if is_accepted(breakage.broken, rules):
        message = "the acceptor accepts what is broken"
        raise LawBrokenError(message, breakage.broken)


def is_accepted(request: Json, rules: tuple[Rule, ...]) -> bool:
    """Whether there is surely nothing to report of a request: data, or the bytes of a file."""
    if isinstance(request, Path):
        return False
    data = request if isinstance(request, bytes) else json_text(request).encode()
    try:
        return all(map(acceptor_of(rules), read_values(data, None)))
    except Declined:
        return False


def _bundle_agrees(rules: tuple[Rule, ...], breakage: Breakage) -> None:
    said = {
        rule.code
        for rule in rules
        if rule.severity is Severity.ERROR and rule.kind.schemas() is not None
    }
    fits = _bundle_test(rules)
    for document in breakage[:2]:
        is_broken = not said.isdisjoint(code for code, _ in said_of(document, rules))
        if fits(document) == is_broken:
            message = "the bundled schema says otherwise than the rules that it holds"
            raise LawBrokenError(message, document)


#: The tests for the bundles of the last rulesets, with the rules themselves.
_bundle_tests: dict[int, tuple[tuple[Rule, ...], Callable[[Json], bool]]] = {}


def _bundle_test(rules: tuple[Rule, ...]) -> Callable[[Json], bool]:
    # To compile a bundle takes longer than to ask it, and rules cannot be hashed.
    if id(rules) not in _bundle_tests:
        _bundle_tests[id(rules)] = (rules, validity_test(bundled_schema(rules)))
    return _bundle_tests[id(rules)][1]


def hold_fixes(
    rules: tuple[Rule, ...], applicability: Applicability, text: str, format_: str
) -> None:
    """Hold that all fixes of a text together leave none and end, and that safe ones add nothing.

    Raises:
        LawBrokenError: it is not so.
    """
    ways = {Applicability.SAFE, applicability}
    fixer = Fixer(Checker(rules), ways)
    fixed = fixer.fix_file(text.encode(), "-", format_)
    if fixer.fix_file(fixed, "-", format_) != fixed:
        message = "fixing twice is not fixing once"
        raise LawBrokenError(message, text)
    left = check(fixed, rules=rules, input_format=format_).diagnostics
    brought = Counter(each.code for each in left)
    brought -= Counter(code for code, _ in said_of(text, rules, input_format=format_))
    if brought and applicability is Applicability.SAFE:
        message = f"a safe fix brings {' and '.join(sorted(brought))}"
        raise LawBrokenError(message, text)
    if any(fix.applicability in ways for each in left for fix in each.fixes):
        message = "when all is fixed, something that can be fixed is left"
        raise LawBrokenError(message, text)


#: A request that was not found after so many tries is hardly there; Hypothesis tries longer.
_MOST_TRIES = 120


class _NothingDrawnError(BaseException):
    """Ends a run of Hypothesis, which takes any `Exception` for a finding of its own."""


def law_flaws(rule: Rule, rules: tuple[Rule, ...], examples: int) -> list[Flaw]:
    """Try the laws of a rule on some examples, the same each time; tell the first that breaks."""
    quick = settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )

    broken = broken_requests(rule.code, rules)
    tries, has_one = count(1), False

    @quick
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        nonlocal has_one
        try:
            breakage = data.draw(broken)
        except UnsatisfiedAssumption:
            if not has_one and next(tries) >= _MOST_TRIES:
                raise _NothingDrawnError from None
            raise
        has_one = True
        hold_laws(rule, rules, breakage, data)

    try:
        hold()
    except LawBrokenError as error:
        return [Flaw("law", error.message, error.witness)]
    except (Unsatisfiable, _NothingDrawnError):
        message = "no valid request was found that some change makes break this rule and no other"
        return [Flaw("law", f"{message}; name what comes with it in accompanied-by")]
    return []
