"""What verifying a ruleset found out."""

from __future__ import annotations

from typing import Any, NamedTuple

from rosetta_spec.document.values import Json
from rosetta_spec.spec.rule import Rule


class Flaw(NamedTuple):
    """Something that is wrong with a rule, or with several together.

    `name` is one of `bad-example`, `good-example`, `bad-fix`, `law`, `never-fires`, `always-fires`,
    `shadowed`, `contradiction`. `witness` is the shortest request that shows it, None where it is
    about all requests.
    """

    name: str
    message: str
    witness: Json = None


class Verdict(NamedTuple):
    """What was found out about one rule.

    `failing` is the shortest request that was found to break it, and no other if that can be;
    `passing` one with no finding that is as near to it as can be. They are None for rules about
    text, which no data breaks.
    """

    rule: Rule
    flaws: tuple[Flaw, ...]
    failing: Json
    passing: Json


class Verification(NamedTuple):
    """What was found out about a ruleset; `documents` is how many requests were looked at."""

    verdicts: tuple[Verdict, ...]
    flaws: tuple[Flaw, ...]
    documents: int

    @property
    def is_proven(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws and not any(verdict.flaws for verdict in self.verdicts)

    def facts(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        wrong = sum(bool(verdict.flaws) for verdict in self.verdicts)
        return {
            "version": 1,
            "summary": {
                "rules": len(self.verdicts),
                "wrong": wrong,
                "documents": self.documents,
            },
            "rules": [_verdict_facts(verdict) for verdict in self.verdicts],
            "flaws": [flaw._asdict() for flaw in self.flaws],
        }


def _verdict_facts(verdict: Verdict) -> dict[str, Any]:
    return {
        "code": verdict.rule.code,
        "name": verdict.rule.name,
        "is_proven": not verdict.flaws,
        "failing": verdict.failing,
        "passing": verdict.passing,
        "flaws": [flaw._asdict() for flaw in verdict.flaws],
    }
