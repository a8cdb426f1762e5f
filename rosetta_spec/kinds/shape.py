"""Kinds that report the schema errors of values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rosetta_spec.document.numbers import number_of, spelled
from rosetta_spec.document.operations import Put, Quote
from rosetta_spec.document.values import UNUSABLE, Json
from rosetta_spec.kinds.kind import Breakage, Draw, Maker, Place, ProposedFix, SchemaKind, Violation
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.request.schema import Schema, is_time, listed_values
from rosetta_spec.request.view import SchemaError
from rosetta_spec.request.wording import choices_called, shown, type_called, value_called

#: The days of the longest month, as they are written in a time.
_DAYS = tuple(f"{day:02}" for day in range(1, 32))


class UnreadableTime(SchemaKind):
    """The pattern of the request schema knows the readable forms and the length of each month."""

    name = "unreadable-time"
    cases = ("date", "other")

    def check(self, error: SchemaError) -> Iterator[Violation]:
        # A date is not in the calendar if it is readable with the 1st as its day.
        text = error.value.strip()
        is_date = text[8:10] in _DAYS and re.search(
            error.schema["pattern"], f"{text[:8]}01{text[10:]}"
        )
        yield Violation(pointer=(), place=Place(()), case="date" if is_date else "other")

    def describe(self) -> str:
        return "A time can be read, and its date is in the calendar."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: is_time(known.schema)))
        value = draw(make.st.sampled_from(_UNREADABLE))
        return make.broken(valid, known.pointer, (), value=value)


_UNREADABLE = (
    "yesterday",
    "13.03.2025",
    "2025-02-30",
    "2025-03-13 24:00:00",
    "2025-03-13  20:00",
    "2025-03-13Z",
    "1741888800",
)


class Bounds(SchemaKind):
    """A ratio above 1 that looks like a percentage has a wording of its own."""

    name = "bounds"
    cases = ("below", "above", "percentage")
    facts = frozenset({"bound", "bounds", "percent", "share"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        schema, value = error.schema, error.value
        is_above = value > schema.get("maximum", value)
        case, bound = ("above", schema.get("maximum")) if is_above else ("below", _least(schema))
        share = ""
        if is_above and schema["maximum"] == 1 and is_percentage(value):
            case, share = "percentage", share_of(int(value))
        yield Violation(
            pointer=(),
            place=Place(()),
            case=case,
            facts={
                "bound": str(bound),
                "bounds": bounds_called(schema),
                "percent": str(int(value)) if share else "",
                "share": share,
            },
        )

    def describe(self) -> str:
        return "A number is within the bounds that the API documents."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(
            make.known_values(lambda known: "minimum" in known.schema or "maximum" in known.schema)
        )
        least = known.schema.get("minimum", 1)
        outside = [least - 1, -(2**70)]
        above = [2, 50, number_of("1.000000000000000000001"), number_of("1e999999")]
        outside += above if "maximum" in known.schema else []
        value = draw(make.st.sampled_from(outside))
        return make.broken(valid, known.pointer, (), value=value)


def is_percentage(value: Json) -> bool:
    """Whether a number is probably meant as a percentage: 2 to 100, and whole."""
    return bool(2 <= value <= 100 and value == int(value))  # noqa: PLR2004 - per cent


def share_of(percent: int) -> str:
    """Write a percentage as a ratio: 20 is `0.2`."""
    return f"{percent / 100:.2f}".rstrip("0").rstrip(".")


def _least(schema: Schema) -> object:
    return schema.get("minimum", schema.get("exclusiveMinimum"))


def bounds_called(schema: Schema) -> str:
    """Describe the bounds of a schema: `at least 1`, `above 0 and at most 1`."""
    words = (
        ("minimum", "at least"),
        ("exclusiveMinimum", "above"),
        ("maximum", "at most"),
    )
    return " and ".join(f"{word} {schema[bound]}" for bound, word in words if bound in schema)


class Empty(SchemaKind):
    """An empty value is present, but no other rule checks it."""

    name = "empty"
    cases = ("string", "item", "list")

    def check(self, error: SchemaError) -> Iterator[Violation]:
        case = "string"
        if isinstance(error.value, list):
            case = "list"
        elif isinstance(error.pointer[-1], int):
            case = "item"
        yield Violation(pointer=(), place=Place(()), case=case)

    def describe(self) -> str:
        return "An identifier, a time and an item of a filter is not blank; a list has an item."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(
            make.known_values(lambda known: "pattern" in known.schema or "minItems" in known.schema)
        )
        blank = make.st.sampled_from(["", " ", "\t\n", "\u3000"])
        value = [] if "minItems" in known.schema else draw(blank)
        return make.broken(valid, known.pointer, (), value=value)


class Fraction(SchemaKind):
    """A number has a fraction where a whole one is wanted; 1.0 is whole."""

    name = "fraction"

    def check(self, error: SchemaError) -> Iterator[Violation]:
        yield Violation(pointer=(), place=Place(()))

    def describe(self) -> str:
        return "A count, a position or a number of times is whole."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(
            make.known_values(
                lambda known: known.schema["type"] == "integer" and "enum" not in known.schema
            )
        )
        value = draw(make.st.sampled_from([*map(Decimal, ("0.5", "-1.5", "7.25"))]))
        return make.broken(valid, known.pointer, (), value=value)


class Quoted(SchemaKind):
    """The other rules see the number or boolean that the string spells."""

    name = "quoted"
    facts = frozenset({"wanted", "spelt"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        yield Violation(
            pointer=(),
            place=Place(()),
            facts={"wanted": type_called(error.schema["type"]), "spelt": error.value},
        )

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        yield ProposedFix((Put(at, spelled(error.value), error.value),))

    def describe(self) -> str:
        return "A number, true or false is written without quotes."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: known.schema["type"] in _QUOTABLE))
        return make.broken(valid, known.pointer, (), value=shown(known.value))


_QUOTABLE = ("integer", "number", "boolean")


class Unquoted(SchemaKind):
    """Quotes are the fix, except where only certain strings are valid."""

    name = "unquoted"
    cases = ("any", "certain")

    def check(self, error: SchemaError) -> Iterator[Violation]:
        yield Violation(pointer=(), place=Place(()), case=_case(error.schema))

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        if violation.case == "any":
            yield ProposedFix((Quote(at),))

    def describe(self) -> str:
        return "A string is in quotes where it would be read as a number, true or false."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: known.schema["type"] == "string"))
        value = draw(make.st.sampled_from([0, 7, -1, 2**70, True, False]))
        return make.broken(valid, known.pointer, (), value=value)


def _case(schema: Schema) -> str:
    """Distinguish free text from times and listed values."""
    return "certain" if is_time(schema) or "enum" in schema else "any"


class Unlisted(SchemaKind):
    """The other rules see a listed value where a string names it."""

    name = "unlisted"
    cases = ("named", "near", "other")
    facts = frozenset({"choices", "meaning"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        case, meaning = "other", ""
        if error.normalized is not UNUSABLE:
            case, meaning = "named", value_called(error.normalized, error.schema)
        elif near := _near_value(error):
            case, meaning = "near", near
        yield Violation(
            pointer=(),
            place=Place(()),
            case=case,
            facts={"choices": choices_called(error.schema), "meaning": meaning},
        )

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        if violation.case == "named":
            yield ProposedFix((Put(at, error.normalized),))

    def describe(self) -> str:
        return "A listed value is one of those that the API lists."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: "enum" in known.schema))
        names = dict(listed_values(known.schema))
        name = names[known.value]
        is_number = known.schema["type"] == "integer"
        unlisted = [0, 99, Decimal("1.5"), "", "none", "true"] if is_number else ["", "xor", "1"]
        named = [f" {name.upper()} ", name.title() + "\t"]
        value = draw(make.st.sampled_from([*unlisted, *named]))
        return make.broken(valid, known.pointer, (), value=value)


def _near_value(error: SchemaError) -> str | None:
    """Return the listed value whose name is misspelt, with that name."""
    if not isinstance(error.value, str):
        return None
    names = {name.casefold(): value for value, name in listed_values(error.schema)}
    near = nearest_name(error.value.strip().casefold(), names)
    return None if near is None else value_called(names[near], error.schema)


class WrongType(SchemaKind):
    """The type is wrong, and no more specific kind reports it."""

    name = "type"
    cases = ("null", "item", "other")
    facts = frozenset({"wanted"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        case = "other"
        if error.value is None:
            case = "item" if isinstance(error.pointer[-1], int) else "null"
        yield Violation(
            pointer=(), place=Place(()), case=case, facts={"wanted": wanted_type(error.schema)}
        )

    def describe(self) -> str:
        return "Each value has the type that the API documents."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: bool(known.pointer)))
        others: list[object] = [] if known.schema["type"] == "array" else [[[]], [{}], []]
        others += [{}] if known.schema["type"] != "object" else []
        others += [True, 5, "five"] if known.schema["type"] in ("array", "object") else []
        # A null member counts as absent, which may break other rules; a null item does not.
        others += [None] if isinstance(known.pointer[-1], int) else []
        value = draw(make.st.sampled_from(others))
        return make.broken(valid, known.pointer, (), value=value)


def wanted_type(schema: Schema) -> str:
    """Describe the type of a schema: `a string`, `a list of whole numbers`."""
    name = type_called(schema["type"])
    items = schema.get("items")
    return f"{name} of {_PLURALS[items['type']]}" if items else name


_PLURALS = {
    "string": "strings",
    "integer": "whole numbers",
    "object": "objects",
}
