"""`required-when`: a key that another key with certain values asks for."""

from __future__ import annotations

from rosetta_spec.document.operations import Put, Remove
from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair, additions
from rosetta_spec.request.expressions import is_one_of
from rosetta_spec.request.schema import schema_at
from rosetta_spec.request.wording import one_of, value_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("required-when")
class RequiredWhen(RelationKind):
    """`key` is needed while `by` has one of `values`."""

    facts = frozenset({"by", "by_value"})

    def __init__(
        self, *, key: str, by: str, values: Iterable[Json], **place: Iterable[str]
    ) -> None:
        super().__init__(**place)
        self.key = key
        self.by = by
        self.values = list(values)

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        if self.key not in shown and shown.get(self.by) in self.values:
            yield self._missing(shown[self.by])

    def _missing(self, by_value: Json) -> Finding:
        return Finding(
            pointer=(self.key,),
            place=Place((self.by,), "key"),
            facts={"by": self.by, "by_value": self.meaning(by_value)},
        )

    def repairs(self, at: Pointer, shown: dict[str, Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        yield from additions((*at, *finding.pointer))
        by = (*at, self.by)
        for value in (schema_at(by) or {}).get("enum", ()):
            if value not in self.values:
                yield Repair((Put(by, value),))
        yield Repair((Remove(by),))

    def schema(self) -> Schema:
        asks = {"properties": {self.by: {"enum": self.values}}, "required": [self.by]}
        return {"if": asks, "then": {"required": [self.key]}}

    def breaches(self) -> Iterator[Breach]:
        for value in self.values:
            asks = {"properties": {self.by: {"const": value}}, "required": [self.by]}
            yield Breach({**asks, "not": {"required": [self.key]}}, self._missing(value))

    def accepts(self, value: str) -> str:
        by_value = f"{value}.get({self.by!r})"
        return f"{self.key!r} in {value} or {is_one_of(self.values, by_value, 'not in')}"

    def sentence(self) -> str:
        values = one_of(self.meaning(value) for value in self.values)
        return f"{self.by} {values} needs {self.key}."

    def meaning(self, value: Json) -> str:
        """Write a value of `by` with its documented name: `5 (custom)`."""
        return value_called(value, schema_at((*self.at[0], self.by)))

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        value = make.st.sampled_from(self.values)
        valid, place = draw(make.places(self.at, having={self.by: value, self.key: None}))
        return make.broken(valid, place, (self.key,), drop=[self.key])
