"""Kinds about keys and values that depend on another value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.document.operations import Put, Remove
from rosetta_spec.document.values import ABSENT, UNUSABLE, Json
from rosetta_spec.kinds.kind import (
    Breakage,
    Draw,
    Maker,
    Pattern,
    Place,
    ProposedFix,
    RelationKind,
    SchemaCase,
    Violation,
    additions,
    broken,
    is_among,
)
from rosetta_spec.pointer import Pointer, parse_pattern
from rosetta_spec.regex import matches
from rosetta_spec.request.expressions import is_one_of
from rosetta_spec.request.schema import Schema, schema_at
from rosetta_spec.request.wording import one_of, place_called, shown, value_called


class ByKind(RelationKind):
    """A kind that depends on the value of the key `by`."""

    by: str

    def _meaning(self, value: Json) -> str:
        """Write a value of `by` with its documented name: `5 (custom)`."""
        return value_called(value, schema_at((*self.patterns[0], self.by)))


class RequiredWhen(ByKind):
    """`key` is required if the key `by` has one of `values`."""

    name = "required-when"
    facts = frozenset({"by", "by_value"})

    key: str
    values: Sequence[Json]

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        if self.key not in value and value.get(self.by) in self.values:
            yield self._missing(value[self.by])

    def _missing(self, by_value: Json) -> Violation:
        return Violation(
            pointer=(self.key,),
            place=Place((self.by,), "key"),
            facts={"by": self.by, "by_value": self._meaning(by_value)},
        )

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        yield from additions((*at, *violation.pointer))
        by = (*at, self.by)
        for choice in schema_at(by).get("enum", ()):
            if choice not in self.values:
                yield ProposedFix((Put(by, choice),))
        yield ProposedFix((Remove(by),))

    def schema_cases(self) -> Iterator[SchemaCase]:
        for value in self.values:
            asks = {"properties": {self.by: {"const": value}}, "required": [self.by]}
            yield SchemaCase({**asks, "not": {"required": [self.key]}}, self._missing(value))

    def accepts(self, value: str) -> str:
        by_value = f"{value}.get({self.by!r})"
        return f"{self.key!r} in {value} or {is_one_of(self.values, by_value, 'not in')}"

    def sentence(self) -> str:
        values = one_of(self._meaning(value) for value in self.values)
        return f"{self.by} {values} needs {self.key}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        value = make.st.sampled_from(self.values)
        valid, place = draw(make.places(self.patterns, having={self.by: value, self.key: None}))
        missing = (*place, self.key)
        return broken(valid, missing, Remove(missing))


class IgnoredUnless(ByKind):
    """`settings` are keys, each with the values of the key `by` that make use of it.

    With an unusable value of `by` nothing is reported.
    """

    name = "ignored-unless"
    cases = ("absent", "other")
    facts = frozenset({"by", "by_value", "needed"})

    settings: Mapping[str, Sequence[Json]]

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        by_value = value.get(self.by, ABSENT)
        if by_value is UNUSABLE:
            return
        for key, values in self.settings.items():
            if key in value and by_value not in values:
                yield self._ignored(key, values, by_value)

    def _ignored(self, key: str, values: Sequence[Json], by_value: Json) -> Violation:
        is_absent = by_value is ABSENT
        return Violation(
            pointer=(key,),
            place=Place((key,), "key"),
            case="absent" if is_absent else "other",
            facts={
                "by": self.by,
                "by_value": "" if is_absent else self._meaning(by_value),
                "needed": one_of(map(self._meaning, values)),
            },
            related=() if is_absent else (Place((self.by,)),),
        )

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        """Remove the setting, or choose a value of `by` that uses it."""
        yield ProposedFix((Remove((*at, *violation.pointer)),))
        for choice in self.settings[str(violation.pointer[0])]:
            yield ProposedFix((Put((*at, self.by), choice),), applicability=Applicability.CHOICE)

    def schema_cases(self) -> Iterator[SchemaCase]:
        listed = schema_at((*self.patterns[0], self.by)).get("enum")
        for key, values in self.settings.items():
            if listed is None:
                uses = {"properties": {self.by: {"enum": values}}, "required": [self.by]}
                yield SchemaCase({"required": [key], "not": uses}, Violation())
                continue
            absent = {"required": [key], "not": {"required": [self.by]}}
            yield SchemaCase(absent, self._ignored(key, values, ABSENT))
            for value in listed:
                if value not in values:
                    has_it = {"properties": {self.by: {"const": value}}}
                    when = {**has_it, "required": [key, self.by]}
                    yield SchemaCase(when, self._ignored(key, values, value))

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
        return f"Keys are set only where they have an effect: {'; '.join(uses)}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        places = [(*at, key) for at in self.patterns for key in self.settings]
        breakage: Breakage = draw(make.steps(self, places))
        return breakage


class SetWhen(RelationKind):
    """`place` has one of the values `to` if the value at `by` matches `pattern` or is in `values`.

    Both are pointers from the root, perhaps into different objects.
    """

    name = "set-when"
    cases = ("missing", "other")
    facts = frozenset({"by", "by_value", "wanted"})

    at = ("",)
    place: str
    to: Sequence[Json]
    by: str
    pattern: str = ""
    values: Sequence[Json] = ()

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as in `Kind`
        super().__init__(**options)
        self.wanted, self.cause = parse_pattern(self.place), parse_pattern(self.by)

    def check(self, request: dict[str, Json]) -> Iterator[Violation]:
        by_value, value = _value_at(request, self.cause), _value_at(request, self.wanted)
        if not self.is_met(by_value) or value is UNUSABLE or is_among(value, self.to):
            return
        is_missing = value is ABSENT
        yield Violation(
            pointer=self.wanted,
            place=Place(self.cause, "key") if is_missing else Place(self.wanted),
            case="missing" if is_missing else "other",
            facts={
                "by": place_called(self.cause),
                "by_value": value_called(by_value, schema_at(self.cause)),
                "wanted": self._wanted_values(),
            },
            related=() if is_missing else (Place(self.cause),),
        )

    def is_met(self, value: Json) -> bool:
        """Whether a value at `by` requires one of `to`."""
        if isinstance(value, str) and self.pattern and matches(self.pattern, value):
            return True
        return is_among(value, self.values)

    def _wanted_values(self) -> str:
        return one_of(value_called(value, schema_at(self.wanted)) for value in self.to)

    def schema_cases(self) -> Iterator[SchemaCase]:
        facts = {"by": place_called(self.cause), "wanted": self._wanted_values()}
        for case, place, unmet in (
            ("missing", Place(self.cause, "key"), {"not": _below(self.wanted, {})}),
            ("other", Place(self.wanted), _below(self.wanted, {"not": {"enum": self.to}})),
        ):
            when = {"allOf": [_below(self.cause, self._met_schema()), unmet]}
            yield SchemaCase(when, Violation(self.wanted, place, case, facts))

    def _met_schema(self) -> Schema:
        """Express in JSON Schema that a value at `by` is one of those that count."""
        conditions: list[Schema] = [{"enum": self.values}] if self.values else []
        if self.pattern:
            conditions.append({"type": "string", "pattern": self.pattern})
        return conditions[0] if len(conditions) == 1 else {"anyOf": conditions}

    def accepts(self, value: str) -> str:
        by_value = _got(self.cause, value)
        unmet = [is_one_of(self.values, by_value, "not in")] if self.values else []
        if self.pattern:
            # The quick tests may fail although a pattern matches, so they cannot be negated.
            match = f"matches({self.pattern!r}, {by_value})"
            unmet.append(f"({by_value} is None or type({by_value}) is str and not {match})")
        return f"{' and '.join(unmet)} or {is_one_of(self.to, _got(self.wanted, value))}"

    def sentence(self) -> str:
        wanted = f"{place_called(self.wanted)} to be {self._wanted_values()}"
        return f"{place_called(self.cause)} {self._conditions()} needs {wanted}."

    def _conditions(self) -> str:
        conditions = [value_called(value, schema_at(self.cause)) for value in self.values]
        conditions += [f"that matches {shown(self.pattern)}"] if self.pattern else []
        return one_of(conditions)

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        having = {self.wanted: make.st.sampled_from(self.to), self.cause: make.triggers(self)}
        places = (self.wanted, self.cause)
        breakage: Breakage = draw(make.steps(self, places, having=having))
        return breakage


class AllowedWhen(SetWhen):
    """`place` has one of the values `to` only if `by` matches `pattern` or is in `values`."""

    name = "allowed-when"
    cases = ("absent", "other")
    facts = frozenset({"by", "by_value", "needed"})

    def check(self, request: dict[str, Json]) -> Iterator[Violation]:
        by_value, value = _value_at(request, self.cause), _value_at(request, self.wanted)
        if by_value is UNUSABLE or self.is_met(by_value) or not is_among(value, self.to):
            return
        related = () if by_value is ABSENT else (Place(self.cause),)
        yield self._not_allowed(by_value)._replace(related=related)

    def _not_allowed(self, by_value: Json) -> Violation:
        is_absent = by_value is ABSENT
        facts = {
            "by": place_called(self.cause),
            "by_value": "" if is_absent else value_called(by_value, schema_at(self.cause)),
            "needed": self._conditions(),
        }
        case = "absent" if is_absent else "other"
        return Violation(self.wanted, Place(self.wanted), case, facts)

    def schema_cases(self) -> Iterator[SchemaCase]:
        listed = schema_at(self.cause)
        unmet = {ABSENT: {"not": _below(self.cause, {})}}
        for value in listed.get("enum", ()):
            if not self.is_met(value):
                unmet[value] = _below(self.cause, {"const": value})
        for by_value, schema in unmet.items():
            when = {"allOf": [_below(self.wanted, {"enum": self.to}), schema]}
            yield SchemaCase(when, self._not_allowed(by_value))
        if "enum" not in listed:
            other = _below(self.cause, {"not": self._met_schema()})
            when = {"allOf": [_below(self.wanted, {"enum": self.to}), other]}
            facts = {"by": place_called(self.cause), "needed": self._conditions()}
            yield SchemaCase(when, self._not_allowed(ABSENT)._replace(case="other", facts=facts))

    def accepts(self, value: str) -> str:
        by_value = _got(self.cause, value)
        met = [is_one_of(self.values, by_value)] if self.values else []
        if self.pattern:
            met.append(f"type({by_value}) is str and matches({self.pattern!r}, {by_value})")
        unused = is_one_of(self.to, _got(self.wanted, value), "not in")
        return " or ".join(f"({each})" for each in (unused, *met))

    def sentence(self) -> str:
        restricted = f"{place_called(self.wanted)} {self._wanted_values()}"
        return f"{restricted} is only allowed with {place_called(self.cause)} {self._conditions()}."


def _value_at(value: Json, pointer: Pattern) -> Json:
    for key in pointer:
        if value is UNUSABLE:
            return UNUSABLE
        value = value.get(key, ABSENT) if isinstance(value, dict) else ABSENT
    return value


def _below(pointer: Pattern, schema: Schema) -> Schema:
    """Express in JSON Schema that a value at a pointer is present and valid."""
    for key in reversed(pointer):
        schema = {"properties": {key: schema}, "required": [key]}
    return schema


def _got(pointer: Pattern, value: str) -> str:
    """Express in Python the value at a pointer, None if it is absent."""
    *above, last = pointer
    for key in above:
        inside = f"{value}.get({key!r})"
        value = f"({inside} if type({inside}) is dict else {{}})"
    return f"{value}.get({last!r})"
