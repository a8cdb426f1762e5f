"""Kinds about which keys an object has, and about a single value."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations, permutations

from rosetta_spec.document.operations import Put, Remove
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
    additions,
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
from rosetta_spec.request.wording import all_of, one_of, shown, value_called


class RequiredWithSeveral(RelationKind):
    """`key` is required with `count` of `groups` or more; any key of a group counts."""

    name = "required-with-several"
    facts = frozenset({"groups"})

    key: str
    groups: Sequence[Sequence[str]]
    count: int = 2

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        used = present_groups(self.groups, value)
        if self.key not in value and len(used) >= self.count:
            yield Violation((self.key,), Place((), "key"), facts={"groups": all_of(used)})

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        yield from additions((*at, *violation.pointer))

    def schema_cases(self) -> Iterator[SchemaCase]:
        several = [
            {"allOf": [any_of_keys(group) for group in groups]}
            for groups in combinations(self.groups, self.count)
        ]
        valid = {"if": {"anyOf": several}, "then": {"required": [self.key]}}
        yield SchemaCase({"not": valid}, Violation((self.key,), Place((), "key")))

    def accepts(self, value: str) -> str:
        used = " + ".join(f"({has_any_of(group, value)})" for group in self.groups)
        return f"{self.key!r} in {value} or {used} < {self.count}"

    def sentence(self) -> str:
        return f"{self.key} is set if there are {self.count} or more conditions."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        groups = draw(make.st.permutations(self.groups))[: self.count]
        having = {draw(make.st.sampled_from(group)): None for group in groups}
        valid, place = draw(make.places(self.patterns, having={**having, self.key: None}))
        missing = (*place, self.key)
        return broken(valid, missing, Remove(missing))


def present_groups(groups: Iterable[Iterable[str]], value: dict[str, Json]) -> list[str]:
    """Return the first present key of each group that is present."""
    firsts = (next((key for key in group if key in value), None) for group in groups)
    return [key for key in firsts if key is not None]


def any_of_keys(group: Iterable[str]) -> Schema:
    """Express in JSON Schema that one of the keys is present."""
    return {"anyOf": [{"required": [key]} for key in group]}


def has_any_of(group: Iterable[str], value: str) -> str:
    """Express in Python that one of the keys is present."""
    return " or ".join(f"{key!r} in {value}" for key in group)


class AnyOf(RelationKind):
    """`groups` are lists of keys, of which at least one has to be present."""

    name = "any-of"
    #: A wrong key may be meant as one of the groups.
    needs_right_keys = True

    wants = "There is at least one condition."
    groups: Sequence[Sequence[str]]

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        if not present_groups(self.groups, value):
            yield Violation(place=Place((), "key"))

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        # An empty object can be removed, but not the request itself.
        if at:
            yield ProposedFix((Remove(at),))

    def schema_cases(self) -> Iterator[SchemaCase]:
        valid = {"anyOf": [any_of_keys(group) for group in self.groups]}
        yield SchemaCase({"not": valid}, Violation())

    def accepts(self, value: str) -> str:
        return " or ".join(has_any_of(group, value) for group in self.groups)

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.patterns))
        before = value_at(valid, place)
        used = [key for group in self.groups for key in group if key in before]
        return broken(valid, place, *(Remove((*place, key)) for key in used))


class PartnerKind(RelationKind):
    """A kind in which keys need other keys; its only fact is the key that needs one."""

    def partners(self) -> Iterable[tuple[str, str]]:
        """Yield the keys that need another, each with the one that it needs."""
        raise NotImplementedError

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        for present, missing in self.partners():
            if present in value and missing not in value:
                yield self._alone(present, missing)

    def _alone(self, present: str, missing: str) -> Violation:
        facts = dict.fromkeys(self.facts, present)
        return Violation((missing,), Place((present,), "key"), facts=facts)

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        yield from additions((*at, *violation.pointer))
        yield ProposedFix((Remove((*at, *violation.place.pointer)),))

    def schema_cases(self) -> Iterator[SchemaCase]:
        for present, missing in self.partners():
            when = {"required": [present], "not": {"required": [missing]}}
            yield SchemaCase(when, self._alone(present, missing))

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        keys = draw(make.st.sampled_from(list(self.partners())))
        valid, place = draw(make.places(self.patterns, having=dict.fromkeys(keys)))
        missing = (*place, keys[1])
        return broken(valid, missing, Remove(missing))


class Together(PartnerKind):
    """`keys` are two keys that require each other."""

    name = "together"
    facts = frozenset({"other"})

    keys: Sequence[str]

    def partners(self) -> Iterable[tuple[str, str]]:
        return permutations(self.keys, 2)

    def accepts(self, value: str) -> str:
        one, other = self.keys
        return f"({one!r} in {value}) == ({other!r} in {value})"

    def sentence(self) -> str:
        return f"{' and '.join(self.keys)} are used together."


class RequiredWith(PartnerKind):
    """`key` is required with the key `by`, at which it is reported."""

    name = "required-with"
    facts = frozenset({"by"})

    key: str
    by: str

    def partners(self) -> Iterable[tuple[str, str]]:
        return [(self.by, self.key)]

    def accepts(self, value: str) -> str:
        return f"{self.key!r} in {value} or {self.by!r} not in {value}"

    def sentence(self) -> str:
        return f"{self.by} needs {self.key}."


class Exclusive(RelationKind):
    """`keys` exclude each other; all that are present except the first are reported."""

    name = "exclusive"
    facts = frozenset({"other"})

    keys: Sequence[str]

    def check(self, value: dict[str, Json]) -> Iterator[Violation]:
        first, *others = [key for key in self.keys if key in value] or [""]
        for key in others:
            yield _beside(first, key)

    def fixes(self, at: Pointer, value: Json, violation: Violation) -> Iterator[ProposedFix]:
        key, other = str(violation.pointer[0]), violation.facts["other"]
        yield ProposedFix((Remove((*at, key)),), f"keep {other}")
        yield ProposedFix((Remove((*at, other)),), f"keep {key}")

    def schema_cases(self) -> Iterator[SchemaCase]:
        for pair in combinations(self.keys, 2):
            yield SchemaCase({"required": list(pair)}, _beside(*pair))

    def accepts(self, value: str) -> str:
        present = " + ".join(f"({key!r} in {value})" for key in self.keys)
        return f"{present} <= 1"

    def sentence(self) -> str:
        return f"{' and '.join(self.keys)} are not used together."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        first, second = draw(make.st.sampled_from(list(combinations(self.keys, 2))))
        valid, place = draw(make.places(self.patterns, having={second: None}))
        value = draw(make.values((*place, first)))
        return broken(valid, (*place, second), Put((*place, first), value))


def _beside(first: str, key: str) -> Violation:
    return Violation(
        pointer=(key,),
        place=Place((key,), "key"),
        facts={"other": first},
        related=(Place((first,), "key"),),
    )


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
        if self.values is None:
            yield SchemaCase({}, Violation(place=Place((), "key")))
        else:
            yield SchemaCase({"not": {"not": {"enum": self.values}}}, Violation())

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
        breakage: Breakage
        if not is_time_pattern(self.pattern) and any(
            is_time(schema_at(at)) for at in self.patterns
        ):
            # Another form of a time may match.
            breakage = draw(make.steps(self, self.patterns, having={self.patterns[0]: None}))
            return breakage
        valid, place = draw(make.places(self.patterns))
        value = draw(make.forms(place, value_at(valid, place), self.pattern))
        return broken(valid, place, Put(place, value))
