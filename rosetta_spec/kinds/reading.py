"""`reading`: what a reader could not accept; each problem is one rule."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Exact, Finding, Kind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.document.tree import Problem
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.subject import Subject
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("reading")
class Reading(Kind):
    """`problem`: its name, as the readers give it; `wants` says what a document should be."""

    facts = frozenset({"cause", "remedy"})

    def __init__(self, *, problem: str, wants: str) -> None:
        self.problem = problem
        self.wants = wants

    def places(self, subject: Subject) -> Iterator[tuple[Pointer, Problem]]:
        for problem in subject.problems:
            if problem.name == self.problem:
                yield problem.pointer, problem

    def check(self, shown: Problem) -> Iterator[Finding]:
        yield Finding(
            pointer=(),
            place=Exact(shown.pointer, shown.span),
            facts={"cause": shown.cause, "remedy": shown.remedy},
            related=tuple(Exact(*place) for place in shown.related),
        )

    def schemas(self) -> None:
        """JSON Schema sees a value, not the text it was read from."""

    def describe(self) -> str:
        return f"{self.wants}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        return draw(make.broken_texts(self.problem))
