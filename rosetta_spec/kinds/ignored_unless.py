"""`ignored-unless`: keys that have an effect only while another key has certain values."""

from __future__ import annotations

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.document.operations import Put, Remove
from rosetta_spec.document.values import ABSENT, UNUSABLE
from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.request.expressions import is_one_of
from rosetta_spec.request.schema import schema_at
from rosetta_spec.request.wording import one_of, value_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("ignored-unless")
class IgnoredUnless(RelationKind):
    """`settings`: for each key, the values of `by` that use it.

    While `by` has a value that cannot be known, nothing is said.
    """

    cases = ("absent", "other")
    facts = frozenset({"by", "by_value", "needed"})

    def __init__(
        self, *, by: str, settings: Mapping[str, Iterable[Json]], **place: Iterable[str]
    ) -> None:
        super().__init__(**place)
        self.by = by
        self.settings = {key: list(values) for key, values in settings.items()}

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        by_value = shown.get(self.by, ABSENT)
        if by_value is UNUSABLE:
            return
        for key, values in self.settings.items():
            if key in shown and by_value not in values:
                yield self._ignored(key, values, by_value)

    def _ignored(self, key: str, values: list[Json], by_value: Json) -> Finding:
        is_absent = by_value is ABSENT
        return Finding(
            pointer=(key,),
            place=Place((key,), "key"),
            case="absent" if is_absent else "other",
            facts={
                "by": self.by,
                "by_value": "" if is_absent else self._meaning(by_value),
                "needed": one_of(map(self._meaning, values)),
            },
            related=() if is_absent else (Place((self.by,)),),
            cures={(self.by,): values},
        )

    def repairs(self, at: Pointer, shown: dict[str, Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        """Remove the setting, or choose a value of `by` that uses it."""
        yield Repair((Remove((*at, *finding.pointer)),))
        for value in self.settings[str(finding.pointer[0])]:
            yield Repair((Put((*at, self.by), value),), applicability=Applicability.CHOICE)

    def schema(self) -> Schema:
        return {
            "dependencies": {
                key: {"properties": {self.by: {"enum": values}}, "required": [self.by]}
                for key, values in self.settings.items()
            }
        }

    def breaches(self) -> Iterator[Breach]:
        listed = (schema_at((*self.at[0], self.by)) or {}).get("enum")
        if listed is None:
            yield from super().breaches()
            return
        for key, values in self.settings.items():
            absent = {"required": [key], "not": {"required": [self.by]}}
            yield Breach(absent, self._ignored(key, values, ABSENT))
            for value in listed:
                if value not in values:
                    has_it = {"properties": {self.by: {"const": value}}}
                    when = {**has_it, "required": [key, self.by]}
                    yield Breach(when, self._ignored(key, values, value))

    def accepts(self, value: str) -> str:
        return " and ".join(
            f"({key!r} not in {value} or {is_one_of(values, f'{value}.get({self.by!r})')})"
            for key, values in self.settings.items()
        )

    def sentence(self) -> str:
        uses = (
            f"{key} only with {self.by} {one_of(map(self._meaning, values))}"
            for key, values in self.settings.items()
        )
        return f"A setting has an effect only where it is used: {'; '.join(uses)}."

    def _meaning(self, value: Json) -> str:
        return value_called(value, schema_at((*self.at[0], self.by)))

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        key = draw(make.st.sampled_from(sorted(self.settings)))
        unused = make.values((*self.at[0], self.by)).filter(
            lambda value: value not in self.settings[key]
        )
        having = draw(make.st.sampled_from([{}, {self.by: unused}]))
        without = [key] if having else [*self.settings, self.by]
        valid, place = draw(make.places(self.at, having=having, without=without))
        # A value that is fine in itself is taken from a request that uses it.
        uses = {self.by: make.st.sampled_from(self.settings[key]), key: None}
        using, there = draw(make.places(self.at, having=uses))
        value = make.value_at(using, (*there, key))
        return make.broken(valid, place, (key,), set_members={key: value})
