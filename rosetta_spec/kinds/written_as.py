"""`written-as`: a string in its documented form."""

from __future__ import annotations

import re

from rosetta_spec.document.operations import Put
from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.kinds.time import read_time
from rosetta_spec.request.expressions import matches_pattern
from rosetta_spec.request.patterns import is_time_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("written-as")
class WrittenAs(RelationKind):
    """`pattern` is the form as a regular expression, `form` the same for people."""

    target = str
    facts = frozenset({"form"})

    def __init__(self, *, pattern: str, form: str, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.pattern = pattern
        self.form = form

    def check(self, shown: str) -> Iterator[Finding]:
        if not re.search(self.pattern, shown):
            yield self._otherwise()

    def _otherwise(self) -> Finding:
        return Finding(pointer=(), place=Place(()), facts={"form": self.form})

    def repairs(self, at: Pointer, shown: str, finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        """Write a time as documented; what other strings should be, nobody can know."""
        if is_time_pattern(self.pattern):
            time = read_time(shown)
            if time.tzinfo is None and "." not in shown:
                yield Repair((Put(at, time.isoformat(" ")),))

    def schema(self) -> Schema:
        return {"pattern": self.pattern}

    def breaches(self) -> Iterator[Breach]:
        yield Breach({"not": self.schema()}, self._otherwise())

    def accepts(self, value: str) -> str:
        return matches_pattern(self.pattern, value)

    def sentence(self) -> str:
        return f"The value is written as {self.form}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at))
        value = draw(make.forms(place, make.value_at(valid, place), self.pattern))
        return make.broken(valid, place, (), value=value)
