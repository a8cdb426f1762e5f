"""Kinds that report the schema errors of keys."""

from __future__ import annotations

from collections.abc import Iterator

from rosetta_spec.document.operations import Move, Rename
from rosetta_spec.document.values import ABSENT
from rosetta_spec.kinds.kind import (
    Breakage,
    Draw,
    KnownValue,
    Maker,
    Place,
    ProposedFix,
    SchemaKind,
    Violation,
    broken,
)
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.request.schema import home_of, places
from rosetta_spec.request.view import SchemaError
from rosetta_spec.request.wording import place_called


class Required(SchemaKind):
    """A required key is absent or null, which is the same to the server."""

    name = "required"
    wants = "A required key is there and is not null."
    cases = ("missing", "null")

    def check(self, error: SchemaError) -> Iterator[Violation]:
        if error.value is ABSENT:
            yield Violation(place=Place((), "object"), case="missing")
        else:
            yield Violation(case="null")

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: known.is_required))
        if draw(make.st.booleans()):
            return broken(valid, known.pointer, (), value=None)
        return broken(valid, known.pointer[:-1], known.pointer[-1:], drop=known.pointer[-1:])


class Misplaced(SchemaKind):
    """A key belongs in another object; items of arrays are not such objects."""

    name = "misplaced"
    wants = "Each key is in the object to which it belongs."
    facts = frozenset({"home", "here"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        home = home_of(str(error.pointer[-1])) or ROOT
        facts = {"home": _called(home), "here": _called(error.pointer[:-1])}
        yield Violation(place=Place((), "key"), facts=facts)

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        key = str(at[-1])
        yield ProposedFix((Move(at, (*(home_of(key) or ROOT), key)),))

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(_has_fixed_place))
        foreign = [
            pattern
            for pattern in places()
            if home_of(pattern[-1] if pattern else "") == pattern[:-1] != known.pointer
        ]
        pattern = draw(make.st.sampled_from(foreign))
        value = draw(make.values(pattern))
        return broken(valid, known.pointer, pattern[-1:], set_members={pattern[-1]: value})


def _has_fixed_place(known: KnownValue) -> bool:
    return known.schema["type"] == "object" and all(isinstance(key, str) for key in known.pointer)


def _called(place: Pointer) -> str:
    return f"in {place_called(place)}" if place else "at the top level"


class Unknown(SchemaKind):
    """No object has such a key; the nearest key of this object is suggested."""

    name = "unknown"
    wants = "Each key is one that the API knows, at the place where it belongs."
    cases = ("near", "taken", "other")
    facts = frozenset({"near"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        near = nearest_key(error)
        taken = nearest_name(str(error.pointer[-1]), error.schema["properties"])
        case = "near" if near else "taken" if taken else "other"
        yield Violation((), Place((), "key"), case, {"near": near or taken or ""})

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        if violation.case == "near":
            yield ProposedFix((Rename(at, violation.facts["near"]),))

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: known.schema["type"] == "object"))
        known_key = draw(make.st.sampled_from(sorted(known.schema["properties"])))
        key = draw(make.st.sampled_from(["x", "", "a/b~c", f"{known_key}_", known_key.swapcase()]))
        value = draw(make.st.sampled_from([None, 1, {known_key: 1}, []]))
        return broken(valid, known.pointer, (key,), set_members={key: value})


def nearest_key(error: SchemaError) -> str | None:
    """Return the absent key of the object that is nearest to the unknown one."""
    absent = [key for key in error.schema["properties"] if key not in error.siblings]
    return nearest_name(str(error.pointer[-1]), absent)
