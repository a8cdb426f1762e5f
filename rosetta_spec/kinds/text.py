"""Kinds about the text of a document: what readers reject, and suppressions in comments."""

from __future__ import annotations

from collections.abc import Iterator

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.kinds.kind import (
    Exact,
    Kind,
    Request,
    SuppressionProblem,
    Violation,
)
from rosetta_spec.pointer import Pointer


class Reading(Kind):
    """`problem` is its name in the readers; `wants` describes what a document should be."""

    name = "reading"
    facts = frozenset({"cause", "remedy"})

    problem: str
    wants: str

    def places(self, request: Request) -> Iterator[tuple[Pointer, SyntaxProblem]]:
        for problem in request.problems:
            if problem.name == self.problem:
                yield problem.pointer, problem

    def check(self, value: SyntaxProblem) -> Iterator[Violation]:
        yield Violation(
            pointer=(),
            place=Exact(value.pointer, value.span),
            facts={"cause": value.cause, "remedy": value.remedy},
            related=tuple(Exact(*place) for place in value.related),
        )


class SuppressionKind(Kind):
    """`wants` describes what a suppression should be."""

    wants: str

    def places(self, request: Request) -> Iterator[tuple[Pointer, SuppressionProblem]]:
        for problem in request.suppression_problems:
            if problem.kind_name == self.name:
                yield (), problem

    def check(self, value: SuppressionProblem) -> Iterator[Violation]:
        yield Violation((), Exact((), value.span), value.case, value.facts)


class UnusedSuppression(SuppressionKind):
    """It suppresses nothing: there is no such finding, it cannot be suppressed, or it expired."""

    name = "unused-suppression"
    cases = ("unused", "always", "expired")
    facts = frozenset({"names", "until"})


class UnknownSuppression(SuppressionKind):
    """It names no rule, or an unknown one, or its last day is wrong."""

    name = "unknown-suppression"
    cases = ("verb", "none", "open", "rule", "until", "late", "form", "prose")
    facts = frozenset({"verb", "written", "names", "meant", "spelling"})
