"""Kinds about a single value."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rosetta_spec.document.operations import Put
from rosetta_spec.document.values import UNUSABLE, Json, value_at
from rosetta_spec.kinds.kind import (
    Breakage,
    Draw,
    Maker,
    Place,
    ProposedFix,
    RelationKind,
    SchemaCase,
    Violation,
    broken,
    is_among,
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.regex import matches
from rosetta_spec.request.expressions import NEVER, fits_fragment, is_one_of, matches_pattern
from rosetta_spec.request.schema import (
    WHITE_SPACE,
    Schema,
    inner_places,
    is_time,
    is_time_pattern,
    is_valid,
    listed_values,
    schema_at,
)
from rosetta_spec.request.wording import one_of, shown, value_called


class Forbidden(RelationKind):
    """`values` are forbidden, or without them the key itself."""

    name = "forbidden"
    target = object
    facts = frozenset({"meaning", "others"})

    values: Sequence[Json] | None = None

    def check(self, value: Json) -> Iterator[Violation]:
        if self.values is None:
            yield Violation(place=Place((), "key"), facts={"meaning": "", "others": ""})
        elif is_among(value, self.values):
            yield Violation(facts={"meaning": self._meaning(value), "others": self._others()})

    def _meaning(self, value: Json) -> str:
        """Write a value, with its name as in `4 (system random)` if all places have the same."""
        names = {value_called(value, schema_at(place)) for place in self.patterns}
        return names.pop() if len(names) == 1 else shown(value)

    def _others(self) -> str:
        """Name the values that all places list and that are not forbidden, "" if there are none."""
        first, *others = (dict(listed_values(schema_at(place))) for place in self.patterns)
        listed = [value for value in first if all(value in other for other in others)]
        forbidden = self.values or ()
        allowed = [self._meaning(value) for value in listed if not is_among(value, forbidden)]
        return one_of(allowed) if allowed else ""

    def schema_cases(self) -> Iterator[SchemaCase]:
        valid = {"not": {} if self.values is None else {"enum": self.values}}
        yield SchemaCase({"not": valid}, Violation())

    def accepts(self, value: str) -> str:
        return NEVER if self.values is None else is_one_of(self.values, value, "not in")

    def sentence(self) -> str:
        if self.values is None:
            return "The key is not used."
        return f"The value is not {one_of(map(self._meaning, self.values))}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        having = {} if self.values is None else {self.patterns[0]: None}
        breakage: Breakage = draw(make.steps(self, self.patterns, having=having))
        return breakage


class Fragment(RelationKind):
    """`schema` is a draft-07 fragment, `wants` the same in words (`is at most 0.5`)."""

    name = "schema"
    target = object
    facts = frozenset({"wants"})

    schema: Schema
    wants: str

    def check(self, value: Json) -> Iterator[Violation]:
        if value is not UNUSABLE and not is_valid(value, self.schema):
            yield Violation(facts={"wants": self.wants})

    def schema_cases(self) -> Iterator[SchemaCase]:
        yield SchemaCase({"not": self.schema}, Violation(facts={"wants": self.wants}))

    def accepts(self, value: str) -> str:
        return fits_fragment(self.schema, value)

    def sentence(self) -> str:
        return f"The value {self.wants}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        inside = (it for it in inner_places() if any(it[: len(at)] == at for at in self.patterns))
        breakage: Breakage = draw(make.steps(self, list(inside)))
        return breakage


class MaxBytes(RelationKind):
    """The value has at most `limit` bytes in UTF-8."""

    name = "max-bytes"
    target = str
    facts = frozenset({"bytes", "limit"})

    limit: int

    def check(self, value: str) -> Iterator[Violation]:
        size = len(value.encode())
        if size > self.limit:
            yield Violation(facts={"bytes": str(size), "limit": str(self.limit)})

    def accepts(self, value: str) -> str:
        # No character has more than four bytes, so that most strings need no encoding.
        return f"len({value}) <= {self.limit // 4} or len({value}.encode()) <= {self.limit}"

    def sentence(self) -> str:
        return f"The value has at most {self.limit} bytes in UTF-8."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns))
        letter = draw(make.st.sampled_from("aé你😀"))
        return broken(valid, place, Put(place, value_at(valid, place) + letter * self.limit))


class Trimmed(RelationKind):
    """There is no whitespace (what `str.strip` removes) around a value that is not blank."""

    name = "trimmed"
    wants = "There is no whitespace at either end."
    target = str
    is_raw = True

    def check(self, value: str) -> Iterator[Violation]:
        if value != value.strip():
            yield Violation()

    def fixes(self, at: Pointer, value: str, violation: Violation) -> Iterator[ProposedFix]:
        yield ProposedFix((Put(at, value.strip()),))

    def schema_cases(self) -> Iterator[SchemaCase]:
        valid = {"not": {"type": "string", "pattern": f"^[{WHITE_SPACE}]|[{WHITE_SPACE}]$"}}
        yield SchemaCase({"not": valid}, Violation())

    def accepts(self, value: str) -> str:
        return f"{value} == {value}.strip()"

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns))
        before, after = draw(make.st.sampled_from([(" ", ""), ("", "\u3000"), ("\t", " ")]))
        return broken(valid, place, Put(place, before + value_at(valid, place) + after))


class WrittenAs(RelationKind):
    """The value matches `pattern`; `form` describes it for people."""

    name = "written-as"
    target = str
    facts = frozenset({"form"})

    pattern: str
    form: str

    def check(self, value: str) -> Iterator[Violation]:
        if not matches(self.pattern, value):
            yield Violation(facts={"form": self.form})

    def fixes(self, at: Pointer, value: str, violation: Violation) -> Iterator[ProposedFix]:
        """Propose the documented form of a time; there is no fix for other strings."""
        if is_time_pattern(self.pattern) and is_time(schema_at(at)):
            time = datetime.fromisoformat(value)
            if time.tzinfo is None and "." not in value:
                yield ProposedFix((Put(at, time.isoformat(" ")),))

    def schema_cases(self) -> Iterator[SchemaCase]:
        yield SchemaCase({"not": {"pattern": self.pattern}}, Violation(facts={"form": self.form}))

    def accepts(self, value: str) -> str:
        return matches_pattern(self.pattern, value)

    def sentence(self) -> str:
        return f"The value is written as {self.form}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns))
        value = draw(make.forms(place, value_at(valid, place), self.pattern))
        return broken(valid, place, Put(place, value))
