"""`trimmed`: a string without white space around it."""

from __future__ import annotations

from rosetta_spec.document.operations import Put
from rosetta_spec.kinds.kind import Finding, Place, RelationKind, value_at
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.request.schema import WHITE_SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.request.subject import Subject
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("trimmed")
class Trimmed(RelationKind):
    """White space is what `str.strip` removes; a string of nothing else is for other rules."""

    target = str
    looks_at_written = True

    def places(self, subject: Subject) -> Iterator[tuple[Pointer, str]]:
        """Show what was written, for what other rules see has no blanks any more."""
        for pointer, _ in super().places(subject):
            yield pointer, value_at(subject.written, pointer)

    def check(self, shown: str) -> Iterator[Finding]:
        if shown != shown.strip():
            yield Finding(pointer=(), place=Place(()))

    def repairs(self, at: Pointer, shown: str, finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        yield Repair((Put(at, shown.strip()),))

    def schema(self) -> Schema:
        return {"not": {"type": "string", "pattern": f"^[{WHITE_SPACE}]|[{WHITE_SPACE}]$"}}

    def accepts(self, value: str) -> str:
        return f"{value} == {value}.strip()"

    def sentence(self) -> str:
        return "There is no white space at either end."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at))
        before, after = draw(make.st.sampled_from([(" ", ""), ("", "\u3000"), ("\t", " ")]))
        value = before + make.value_at(valid, place) + after
        return make.broken(valid, place, (), value=value)
