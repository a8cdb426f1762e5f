"""The results of verifying a ruleset."""

from __future__ import annotations

from typing import Any, NamedTuple

from rosetta_spec.document.values import Json
from rosetta_spec.spec.rule import Rule


class RuleProblem(NamedTuple):
    """Something that is wrong with a rule, or with several together.

    `name` is one of `bad-example`, `good-example`, `bad-fix`, `law`, `never-fires`, `always-fires`,
    `shadowed`, `contradiction`. `witness` is the shortest request that shows it, None if the
    problem is that there is no such request.
    """

    name: str
    message: str
    witness: Json = None


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
