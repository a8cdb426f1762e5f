"""Tries the laws of a rule on requests that Hypothesis draws, the same each time."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable, UnsatisfiedAssumption

from rosetta_spec.strategies.broken import broken_requests
from rosetta_spec.verify.laws import LawBrokenError, hold_laws
from rosetta_spec.verify.verdict import Flaw

if TYPE_CHECKING:
    from rosetta_spec.spec.rule import Rule

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
