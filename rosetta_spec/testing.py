"""A pytest test of a ruleset, which needs `hypothesis`.

```python
from rosetta_spec.testing import laws_of

test_policy = laws_of("policy.rules.yaml")
```
"""

from collections.abc import Callable
from os import PathLike
from pathlib import Path

import pytest

from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import Rule, builtin_ruleset
from rosetta_spec.verify.verification import EXAMPLES, Verifier, problem_lines


def laws_of(*paths: str | PathLike[str], examples: int = EXAMPLES) -> Callable[[Rule | None], None]:
    """Return a test of the rulesets at `paths`, together with the built-in rules.

    The test has one case for each rule. It checks the examples of the rule, and its properties with
    `examples` generated requests. It searches for requests that break the rule, that satisfy it,
    and that break no other rule at the same place. One more case checks that a request can satisfy
    all rules.

    Raises:
        RulesetError: a ruleset cannot be used.
    """
    ruleset = builtin_ruleset()
    chosen: list[Rule] = []
    for path in paths:
        rules = load_ruleset(Path(path), ruleset).rules
        ruleset = ruleset.with_rules(rules)
        chosen += rules
    verifier = Verifier(chosen, ruleset.rules, examples=examples)
    cases = [pytest.param(rule, id=f"{rule.code}-{rule.name}") for rule in chosen]

    @pytest.mark.parametrize("rule", [*cases, pytest.param(None, id="together")])
    def test_a_ruleset_passes_verification(rule: Rule | None) -> None:
        problems = verifier.result(rule).problems if rule else verifier.contradictions()
        # An assertion would show no message: pytest rewrites only those of a user's own tests.
        if message := "\n".join(problem_lines(problems)):
            pytest.fail(message, pytrace=False)

    return test_a_ruleset_passes_verification
