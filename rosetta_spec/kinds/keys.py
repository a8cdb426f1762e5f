"""Kinds about which keys of an object are present."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations

from rosetta_spec.document.operations import Put, Remove
from rosetta_spec.document.values import Json, value_at
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
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema
from rosetta_spec.request.wording import all_of


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
