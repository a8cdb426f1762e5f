"""`forbidden`: values that must not stand at a place, or a key that must not be used at all."""

from __future__ import annotations

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.kinds.kind import Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.unique import identity
from rosetta_spec.request.expressions import NEVER, is_one_of
from rosetta_spec.request.schema import listed_values, schema_at
from rosetta_spec.request.wording import one_of, value_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("forbidden")
class Forbidden(RelationKind):
    """`values` are those that must not be there; without them the key itself must not."""

    target = object
    facts = frozenset({"meaning", "others"})

    def __init__(self, *, values: Iterable[Json] | None = None, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.values = None if values is None else list(values)

    def check(self, shown: Json) -> Iterator[Finding]:
        if self.values is None:
            yield Finding(pointer=(), place=Place((), "key"), facts={"meaning": "", "others": ""})
        elif shown is not UNUSABLE and self._is_listed(shown):
            facts = {"meaning": self._meaning(shown), "others": self._others()}
            yield Finding(pointer=(), place=Place(()), facts=facts)

    def _is_listed(self, value: Json) -> bool:
        return identity(value) in [identity(each) for each in self.values or ()]

    def _meaning(self, value: Json) -> str:
        """Write a value with its documented name: `4 (system random)`."""
        return value_called(value, schema_at(self.at[0]))

    def _others(self) -> str:
        """Name the listed values that may still be used, "" where none are listed."""
        listed = [value for value, _ in listed_values(schema_at(self.at[0]) or {})]
        allowed = [self._meaning(value) for value in listed if not self._is_listed(value)]
        return one_of(allowed) if allowed else ""

    def schema(self) -> Schema:
        return {"not": {} if self.values is None else {"enum": self.values}}

    def accepts(self, value: str) -> str:
        return NEVER if self.values is None else is_one_of(self.values, value, "not in")

    def sentence(self) -> str:
        if self.values is None:
            return "The key is not used."
        return f"The value is not {one_of(map(self._meaning, self.values))}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        place = draw(make.st.sampled_from(self.at))
        having = {} if self.values is None else {place: None}
        return draw(make.steps(self, [place], having=having))
