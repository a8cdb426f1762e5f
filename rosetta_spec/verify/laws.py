"""Laws that every rule of every ruleset obeys, tested on requests that Hypothesis draws.

If a law is broken, functions that begin with `assert` raise `LawBrokenError`.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeAlias

from hypothesis import Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable, UnsatisfiedAssumption

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.document.values import Json, json_text
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.entry import read_values
from rosetta_spec.fast.formats import JSON, YAML, Declined
from rosetta_spec.fast.predicates import have_no_repeats
from rosetta_spec.kinds.kind import Breakage
from rosetta_spec.pointer import format_pointer
from rosetta_spec.request.schema import is_valid
from rosetta_spec.spec.acceptor_generator import acceptor_of
from rosetta_spec.spec.ruleset import Rule
from rosetta_spec.strategies.maker import broken_requests, maker_of
from rosetta_spec.strategies.texts import NOTATIONS
from rosetta_spec.strategies.values import SAME_EACH_TIME

#: Codes and pointers, sorted.
_Findings: TypeAlias = list[tuple[str, str]]

#: The search ends after this many tries without a request that breaks the rule.
_MAX_TRIES = 120


class RuleProblem(NamedTuple):
    """Something that is wrong with a rule, or with several together.

    `name` is one of `bad-example`, `good-example`, `bad-fix`, `law`, `never-fires`, `always-fires`,
    `shadowed`, `contradiction`. `witness` is the shortest request that shows it, None if the
    problem is that there is no such request.
    """

    name: str
    message: str
    witness: Json = None


class LawBrokenError(AssertionError):
    """A rule breaks a law; `witness` is the request that shows it."""

    def __init__(self, message: str, witness: Json) -> None:
        super().__init__(f"{message}: {witness}")
        self.message = message
        self.witness = witness


def _require(is_obeyed: object, message: str, witness: Json) -> None:
    if not is_obeyed:
        raise LawBrokenError(message, witness)


def law_problems(rule: Rule, rules: tuple[Rule, ...], examples: int) -> list[RuleProblem]:
    """Test the laws of a rule on some requests, the same each time, until one is broken."""
    broken = broken_requests(rule.code, rules)
    tries, has_one = count(1), False

    @settings(
        SAME_EACH_TIME,
        max_examples=examples,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    @given(data=st.data())
    def test(data: st.DataObject) -> None:
        nonlocal has_one
        try:
            breakage = data.draw(broken)
        except UnsatisfiedAssumption as error:
            if not has_one and next(tries) >= _MAX_TRIES:
                raise Unsatisfiable from error
            raise
        has_one = True
        assert_laws(rule, rules, breakage, data)

    try:
        test()
    except LawBrokenError as error:
        return [RuleProblem("law", error.message, error.witness)]
    except Unsatisfiable:
        message = "no valid request was found that some change makes break this rule and no other"
        return [RuleProblem("law", f"{message}; list what it also breaks in accompanied-by")]
    return []


def assert_laws(
    rule: Rule, rules: tuple[Rule, ...], breakage: Breakage, data: st.DataObject
) -> None:
    """Test all laws of a rule with one request that breaks it."""
    broken = breakage.broken
    found = _findings(broken, rules)
    _assert_fires_alone(rule, rules, breakage, found)
    _require(not is_accepted(broken, rules), "the fast path accepts the broken request", broken)
    if isinstance(broken, dict):
        _assert_bundle_agrees(rules, breakage, found)
        name = data.draw(st.sampled_from(sorted(NOTATIONS)))
        text = data.draw(NOTATIONS[name](broken))
        format_ = JSON if name == "json" else YAML
        is_same = _findings(text, rules, format_) == found
        _require(is_same, f"other findings occur when it is written as {name}", broken)
        if rule.fix and rule.fix.applicability is not Applicability.CHOICE:
            _assert_fixes_work(rules, rule.fix.applicability, text, format_)


def _assert_fires_alone(
    rule: Rule, rules: tuple[Rule, ...], breakage: Breakage, findings: _Findings
) -> None:
    """Test that a rule reports the broken value once, and that nothing else changes."""
    valid, broken, at = breakage
    message = "there is a finding in a request that should be valid"
    _require(not _findings(valid, rules), message, valid)
    found, pointer = set(findings), format_pointer(at)
    own = {(code, place) for code, place in found if code == rule.code}
    message = f'a mistake at "{pointer}" is not reported exactly once at that place'
    _require(own == {(rule.code, pointer)}, message, broken)
    others = {code for code, _ in found - own} - set(rule.accompanied_by)
    message = (
        f"{' and '.join(sorted(others))} is also reported, and accompanied-by does not list it"
    )
    _require(not others, message, broken)


def is_accepted(request: Json, rules: tuple[Rule, ...]) -> bool:
    """Whether the fast path accepts a request: data, the bytes of a file, or the path of one."""
    if isinstance(request, Path):
        return False
    data = request if isinstance(request, bytes) else json_text(request).encode()
    try:
        values = read_values(data, None)
        # With a rule that is off by default, the fast path reads single documents only.
        is_read = len(values) == 1 or not any(rule.is_opt_in for rule in rules)
        return is_read and have_no_repeats(values) and all(map(acceptor_of(rules), values))
    except Declined:
        return False


def _findings(source: Json, rules: Iterable[Rule], format_: str | None = None) -> _Findings:
    """Return codes and pointers of what is found, in an order that does not depend on the text."""
    diagnostics = check(source, rules=rules, input_format=format_).diagnostics
    return sorted((diagnostic.code, diagnostic.pointer) for diagnostic in diagnostics)


def _assert_bundle_agrees(rules: tuple[Rule, ...], breakage: Breakage, findings: _Findings) -> None:
    expressible = {
        rule.code
        for rule in rules
        if rule.severity is Severity.ERROR and rule.kind.is_expressible()
    }
    bundle = maker_of(rules).bundle
    is_fine = expressible.isdisjoint(code for code, _ in findings)
    for document, is_expected in ((breakage.valid, True), (breakage.broken, is_fine)):
        message = "the bundled schema disagrees with the rules that it contains"
        _require(is_valid(document, bundle) == is_expected, message, document)


def _assert_fixes_work(
    rules: tuple[Rule, ...], applicability: Applicability, text: str, format_: str
) -> None:
    """Test that no fix is left when all are applied, and that safe ones bring no finding."""
    applicabilities = {Applicability.SAFE, applicability}
    fixer = Fixer(Checker(rules), applicabilities)
    fixed = fixer.fix_file(text.encode(), "-", format_)
    again = fixer.fix_file(fixed, "-", format_)
    _require(again == fixed, "applying the fixes twice changes the request again", text)
    left = check(fixed, rules=rules, input_format=format_).diagnostics
    new = Counter(each.code for each in left)
    new -= Counter(code for code, _ in _findings(text, rules, format_))
    is_safe = applicability is Applicability.SAFE
    _require(not (new and is_safe), f"a safe fix causes {' and '.join(sorted(new))}", text)
    is_left = any(fix.applicability in applicabilities for each in left for fix in each.fixes)
    _require(not is_left, "a fixable finding remains after all fixes", text)
