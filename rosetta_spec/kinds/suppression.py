"""`suppression`: what is wrong with the comments that silence findings."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Kind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.subject import Subject


@kind("suppression")
class Suppression(Kind):
    """`problem`: `unused` or `unknown`; `wants` says what a suppression should be.

    A document's value has no comments, so none is ever shown to it.
    """

    facts = frozenset({"names"})

    def __init__(self, *, problem: str, wants: str) -> None:
        self.problem = problem
        self.wants = wants

    def places(self, subject: Subject) -> Iterator[tuple[Pointer, Any]]:  # noqa: ARG002
        return iter(())

    def schemas(self) -> None:
        """JSON Schema sees no comments."""

    def describe(self) -> str:
        return f"{self.wants}."
