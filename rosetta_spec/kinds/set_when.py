"""`set-when`: a key that has to have one of certain values while another value is what it is."""

from __future__ import annotations

import re

from rosetta_spec.document.values import ABSENT, UNUSABLE
from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.unique import identity
from rosetta_spec.pointer import parse_pattern
from rosetta_spec.request.expressions import is_one_of, literal
from rosetta_spec.request.schema import schema_at
from rosetta_spec.request.wording import one_of, place_called, shown, value_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.kinds.kind import Pattern
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("set-when")
class SetWhen(RelationKind):
    """`place` has one of `to` while the value at `by` has a match of `pattern`, or is in `values`.

    Both places are pointers from the request down, and may be in different objects.
    """

    cases = ("missing", "other")
    facts = frozenset({"by", "by_value", "wanted"})

    def __init__(
        self,
        *,
        place: str,
        to: Iterable[Json],
        by: str,
        pattern: str = "",
        values: Iterable[Json] = (),
    ) -> None:
        super().__init__()
        self.place = parse_pattern(place)
        self.to = list(to)
        self.by = parse_pattern(by)
        self.pattern = pattern
        self.values = list(values)

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        by_value, value = _value_at(shown, self.by), _value_at(shown, self.place)
        if not self.is_met(by_value) or value is UNUSABLE or _is_among(value, self.to):
            return
        is_missing = value is ABSENT
        yield Finding(
            pointer=self.place,
            place=Place(self.by, "key") if is_missing else Place(self.place),
            case="missing" if is_missing else "other",
            facts={
                "by": place_called(self.by),
                "by_value": value_called(by_value, schema_at(self.by)),
                "wanted": self._wanted(),
            },
            related=() if is_missing else (Place(self.by),),
            cures={self.place: self.to},
        )

    def is_met(self, value: Json) -> bool:
        """Whether the value at `by` asks for the other."""
        if isinstance(value, str) and self.pattern and re.search(self.pattern, value):
            return True
        return _is_among(value, self.values)

    def _wanted(self) -> str:
        return one_of(value_called(value, schema_at(self.place)) for value in self.to)

    def schema(self) -> Schema:
        conditions: list[Schema] = [{"enum": self.values}] if self.values else []
        if self.pattern:
            conditions.append({"type": "string", "pattern": self.pattern})
        condition = conditions[0] if len(conditions) == 1 else {"anyOf": conditions}
        return {"if": _below(self.by, condition), "then": _below(self.place, {"enum": self.to})}

    def breaches(self) -> Iterator[Breach]:
        facts = {"by": place_called(self.by), "wanted": self._wanted()}
        finding = Finding(
            pointer=self.place, place=Place(self.by, "key"), case="other", facts=facts
        )
        yield Breach({"not": self.schema()}, finding)

    def accepts(self, value: str) -> str:
        by_value = _got(self.by, value)
        unmet = [is_one_of(self.values, by_value, "not in")] if self.values else []
        if self.pattern:
            # Not to match has to be as sure as to match, so no quicker test will do.
            match = f"matches({literal(self.pattern)}, {by_value})"
            unmet.append(f"({by_value} is None or type({by_value}) is str and not {match})")
        return f"{' and '.join(unmet)} or {is_one_of(self.to, _got(self.place, value))}"

    def sentence(self) -> str:
        by = place_called(self.by)
        conditions = [value_called(value, schema_at(self.by)) for value in self.values]
        conditions += [f"that matches {shown(self.pattern)}"] if self.pattern else []
        wanted = f"{place_called(self.place)} to be {self._wanted()}"
        return f"{by} {one_of(conditions)} needs {wanted}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        having = {self.place: make.st.sampled_from(self.to), self.by: make.triggers(self)}
        places = (self.place, self.by)
        return draw(make.steps(self, places, having=having))


def _value_at(value: Json, pointer: Pattern) -> Json:
    for key in pointer:
        if value is UNUSABLE:
            return UNUSABLE
        value = value.get(key, ABSENT) if isinstance(value, dict) else ABSENT
    return value


def _is_among(value: Json, values: Iterable[Json]) -> bool:
    if value is ABSENT or value is UNUSABLE:
        return False
    return identity(value) in [identity(each) for each in values]


def _below(pointer: Pattern, schema: Schema) -> Schema:
    """Say in JSON Schema that there is a value at a pointer that fits."""
    for key in reversed(pointer):
        schema = {"properties": {key: schema}, "required": [key]}
    return schema


def _got(pointer: Pattern, value: str) -> str:
    """Say in Python what stands at a pointer, None for nothing."""
    *above, last = pointer
    for key in above:
        inside = f"{value}.get({literal(key)})"
        value = f"({inside} if type({inside}) is dict else {{}})"
    return f"{value}.get({literal(last)})"
