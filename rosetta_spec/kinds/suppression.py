"""`unused-suppression`, `unknown-suppression`: flaws of comments that silence findings."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Exact, Finding, Kind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.flaw import Flaw
    from rosetta_spec.request.subject import Subject
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


class _SuppressionKind(Kind):
    """`wants` says what a suppression should be."""

    def __init__(self, *, wants: str) -> None:
        self.wants = wants

    def places(self, subject: Subject) -> Iterator[tuple[Pointer, Flaw]]:
        for flaw in subject.flaws:
            if flaw.kind_name == self.name:
                yield (), flaw

    def check(self, shown: Flaw) -> Iterator[Finding]:
        yield Finding((), Exact((), shown.span), shown.case, shown.facts)

    def schemas(self) -> None:
        """JSON Schema sees no comments."""

    def describe(self) -> str:
        return f"{self.wants}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        return draw(make.broken_comments(self.name))


@kind("unused-suppression")
class UnusedSuppression(_SuppressionKind):
    """It silences nothing: there is nothing, it cannot be silenced, or its time has run out."""

    cases = ("unused", "always", "expired")
    facts = frozenset({"names", "until"})


@kind("unknown-suppression")
class UnknownSuppression(_SuppressionKind):
    """It names no rule, or one that there is not, or does not say right how long it holds."""

    cases = ("verb", "none", "open", "rule", "until", "late")
    facts = frozenset({"verb", "written", "names", "meant"})
