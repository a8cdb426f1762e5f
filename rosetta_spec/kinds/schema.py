"""Kinds that report the errors of schema validation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.document.operations import Move, Put, Quote, Remove, Rename
from rosetta_spec.document.values import ABSENT, UNUSABLE, Json, number_of, share_in, spelled
from rosetta_spec.kinds.kind import (
    Breakage,
    Draw,
    KnownValue,
    Maker,
    Place,
    ProposedFix,
    SchemaError,
    SchemaKind,
    Violation,
    broken,
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema, homes, is_time, listed_values
from rosetta_spec.request.wording import (
    choices_called,
    in_latin,
    look_alike,
    nearest_key,
    nearest_name,
    place_called,
    shown,
    type_called,
    value_called,
)


class Required(SchemaKind):
    """A required key is absent or null, which is the same to the server."""

    name = "required"
    wants = "Required keys are present and not null."
    cases = ("missing", "null")

    def check(self, error: SchemaError) -> Iterator[Violation]:
        if error.value is ABSENT:
            yield Violation(place=Place((), "object"), case="missing")
        else:
            yield Violation(case="null")

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: known.is_required))
        changes = [Put(known.pointer, None), Remove(known.pointer)]
        return broken(valid, known.pointer, draw(make.st.sampled_from(changes)))


class Misplaced(SchemaKind):
    """A key belongs in another object; items of arrays are not such objects."""

    name = "misplaced"
    wants = "Each key is in the right object."
    facts = frozenset({"home", "here"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        home = homes()[str(error.pointer[-1])]
        facts = {"home": _called(home), "here": _called(error.pointer[:-1])}
        yield Violation(place=Place((), "key"), facts=facts)

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        key = str(at[-1])
        yield ProposedFix((Move(at, (*homes()[key], key)),))

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(_has_fixed_place))
        foreign = [(*home, key) for key, home in homes().items() if home != known.pointer]
        place = draw(make.st.sampled_from(foreign))
        at = (*known.pointer, place[-1])
        return broken(valid, at, Put(at, draw(make.values(place))))


def _has_fixed_place(known: KnownValue) -> bool:
    return known.schema["type"] == "object" and all(isinstance(key, str) for key in known.pointer)


def _called(place: Pointer) -> str:
    return f"in {place_called(place)}" if place else "at the top level"


class Unknown(SchemaKind):
    """No object has such a key; the nearest key of this object is suggested, or of another one.

    `answers` are names in the API's answers, each with a `hint`, and the `key` of a request that
    has the same values.
    """

    name = "unknown"
    wants = "Each key is one that the API knows."
    cases = ("near", "null", "taken", "answer", "elsewhere", "merge", "other")
    facts = frozenset({"near", "hint", "look", "home"})

    answers: Mapping[str, Mapping[str, str]] = {}

    def check(self, error: SchemaError) -> Iterator[Violation]:
        name = str(error.pointer[-1])
        known = error.schema["properties"].keys()
        absent = known - error.siblings.keys()
        case, near, hint, home = "other", "", "", ""
        if name in self.answers:
            case, hint = "answer", self.answers[name]["hint"]
            same = self.answers[name].get("key", "")
            if same in absent:
                case, near = "near", same
        elif near := nearest_key(name, absent):
            case = "near"
        elif near := nearest_key(name, known):
            case = "null" if error.siblings[near] is None else "taken"
        elif near := nearest_key(name, homes().keys()):
            case, home = "elsewhere", _called(homes()[near])
        elif name == "<<" and not _can_merge(error.value):
            case = "merge"
        facts = {"near": near, "hint": hint, "look": look_alike(name, near), "home": home}
        yield Violation((), Place((), "key"), case, facts)

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        near = violation.facts["near"]
        # Of a word in other letters only what it looks like is known.
        is_sure = str(at[-1]) in self.answers or nearest_name(str(at[-1]), [near])
        if violation.case == "near" and is_sure:
            yield ProposedFix((Rename(at, near),))

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, known = draw(make.known_values(lambda known: known.schema["type"] == "object"))
        known_key = draw(make.st.sampled_from(sorted(known.schema["properties"])))
        key = draw(make.st.sampled_from(["x", "", "a/b~c", f"{known_key}_", known_key.swapcase()]))
        value = draw(make.st.sampled_from([None, 1, {known_key: 1}, []]))
        at = (*known.pointer, key)
        return broken(valid, at, Put(at, value))


def _can_merge(value: Json) -> bool:
    """Whether a value could follow the merge key of YAML: an object, or a list of objects."""
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, dict) for item in items)


_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


class UnreadableTime(SchemaKind):
    """The pattern of the request schema knows the readable forms and the length of each month."""

    name = "unreadable-time"
    wants = "Times are readable, and their dates exist."
    cases = ("date", "clock", "milliseconds", "other")
    facts = frozenset({"moment"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        text = error.value.strip()
        if moment := _moment(text):
            yield Violation(case="milliseconds", facts={"moment": moment})
            return
        # What is readable with other numbers has a date or a time of day that there is not.
        date, rest = text[:10], text[10:]
        case = "other"
        if re.fullmatch(_DATE, date):
            others = {"date": f"{date[:4]}-01-01{rest}", "clock": date + re.sub("[0-9]", "0", rest)}
            pattern = error.schema["pattern"]
            case = next((case for case in others if re.search(pattern, others[case])), case)
        yield Violation(case=case, facts={"moment": ""})

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        return _moment_fixes(at, violation)

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        unreadable = ("yesterday", "13.03.2025", "2025-02-30", "2025-03-13 24:00:00")
        others = ("2025-03-13  20:00", "2025-03-13Z", "1741888800")
        return unreadable + others if is_time(known.schema) else ()


def _moment(text: str) -> str:
    """Read 12 or 13 digits as milliseconds since 1970, in UTC; "" for any other text."""
    if not (text.isascii() and text.isdecimal() and len(text) in (12, 13)):
        return ""
    moment = datetime(1970, 1, 1) + timedelta(seconds=int(text) // 1000)  # noqa: DTZ001 - as the API writes times
    return moment.isoformat(" ")


def _moment_fixes(at: Pointer, violation: Violation) -> Iterator[ProposedFix]:
    if moment := violation.facts["moment"]:
        title = f"write {moment}, the same moment in UTC"
        yield ProposedFix((Put(at, moment),), title, Applicability.CHOICE)


class Bounds(SchemaKind):
    """A ratio above 1 that looks like a percentage has a wording of its own."""

    name = "bounds"
    wants = "Numbers are within the bounds of the API."
    cases = ("below", "above", "percentage")
    facts = frozenset({"bound", "bounds", "percent", "share"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        schema, value = error.schema, error.value
        facts = {"bounds": bounds_called(schema), "percent": "", "share": ""}
        if value <= schema.get("maximum", value):
            case, bound = "below", schema.get("minimum", schema.get("exclusiveMinimum"))
        else:
            case, bound = "above", schema["maximum"]
            # A whole number up to 100 is probably meant as a percentage.
            if bound == 1 and value in range(2, 101):
                case, percent = "percentage", str(int(value))
                facts |= {"percent": percent, "share": share_in(f"{percent}%")}
        yield Violation(case=case, facts={**facts, "bound": str(bound)})

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        below = [known.schema.get("minimum", 1) - 1, -(2**70)]
        above = [2, 50, number_of("1.000000000000000000001"), number_of("1e999999")]
        if "maximum" in known.schema:
            return below + above
        return below if "minimum" in known.schema else ()


def bounds_called(schema: Schema) -> str:
    """Describe the bounds of a schema: `at least 1`, `above 0 and at most 1`."""
    words = (("minimum", "at least"), ("exclusiveMinimum", "above"), ("maximum", "at most"))
    return " and ".join(f"{word} {schema[bound]}" for bound, word in words if bound in schema)


class Empty(SchemaKind):
    """An empty value is present, but no other rule checks it."""

    name = "empty"
    wants = "Identifiers, times and items of filters are not blank, and lists are not empty."
    cases = ("string", "item", "list")

    def check(self, error: SchemaError) -> Iterator[Violation]:
        is_item = isinstance(error.pointer[-1], int)
        is_list = isinstance(error.value, list)
        yield Violation(case="list" if is_list else "item" if is_item else "string")

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        if "minItems" in known.schema:
            return [[]]
        return ["", " ", "\t\n", "\u3000"] if "pattern" in known.schema else ()


class Placeholder(SchemaKind):
    """A value is to be filled in, so no other rule looks at it."""

    name = "placeholder"
    wants = "Identifiers, times and items of filters are not placeholders."

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        placeholders = ["<name>", "a ${NAME}", "{{ name }}", "todo", " TBD "]
        return placeholders if "not" in known.schema else ()


class Fraction(SchemaKind):
    """A number has a fraction where a whole one is wanted; 1.0 is whole."""

    name = "fraction"
    wants = "Counts and positions are whole numbers."

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        is_whole = known.schema["type"] == "integer" and "enum" not in known.schema
        return [*map(Decimal, ("0.5", "-1.5", "7.25"))] if is_whole else ()


class Quoted(SchemaKind):
    """The other rules see the number or boolean that the string spells."""

    name = "quoted"
    wants = "Numbers, true and false are written without quotes."
    facts = frozenset({"wanted", "spelt", "quotes"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        yield Violation(facts={"wanted": type_called(error.schema["type"]), "spelt": error.value})

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        yield ProposedFix((Put(at, spelled(error.value), error.value),))

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        return [] if known.schema["type"] in ("array", "object", "string") else [shown(known.value)]


class Unquoted(SchemaKind):
    """Quotes are the fix, except where only certain strings are valid."""

    name = "unquoted"
    wants = "Strings that look like numbers, true or false are in quotes."
    cases = ("any", "milliseconds", "certain")
    facts = frozenset({"moment"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        is_of_time = is_time(error.schema)
        moment = _moment(str(error.value)) if is_of_time else ""
        case = "milliseconds" if moment else "certain"
        is_free_text = not is_of_time and "enum" not in error.schema
        yield Violation(case="any" if is_free_text else case, facts={"moment": moment})

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        if violation.case == "any":
            yield ProposedFix((Quote(at),))
        yield from _moment_fixes(at, violation)

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        return [0, 7, -1, 2**70, True, False] if known.schema["type"] == "string" else []


class Unlisted(SchemaKind):
    """The other rules see a listed value where a string names it."""

    name = "unlisted"
    wants = "Values are among those that the API lists."
    cases = ("named", "near", "other")
    facts = frozenset({"choices", "meaning", "look"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        case, meaning, look = "other", "", ""
        if error.normalized is not UNUSABLE:
            case, meaning = "named", value_called(error.normalized, error.schema)
        elif (near := _near_value(error)) is not None:
            case, meaning = "near", value_called(near, error.schema)
            look = look_alike(error.value.strip(), str(near))
        facts = {"choices": choices_called(error.schema), "meaning": meaning, "look": look}
        yield Violation(case=case, facts=facts)

    def fixes(self, at: Pointer, error: SchemaError, violation: Violation) -> Iterator[ProposedFix]:
        if violation.case == "named":
            yield ProposedFix((Put(at, error.normalized),))

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        if "enum" not in known.schema:
            return ()
        name = dict(listed_values(known.schema)).get(known.value, "")
        is_number = known.schema["type"] == "integer"
        unlisted = [0, 99, Decimal("1.5"), "", "none", "true"] if is_number else ["", "xor", "1"]
        return [*unlisted, f" {name.upper()} ", f"{name.title()}\t"]


def _near_value(error: SchemaError) -> Json:
    """Return the listed value whose name is misspelled, None if there is none."""
    if not isinstance(error.value, str):
        return None
    names = {name.casefold(): value for value, name in listed_values(error.schema)}
    near = nearest_name(in_latin(error.value.strip()).casefold(), names)
    return None if near is None else names[near]


class WrongType(SchemaKind):
    """The type is wrong, and no more specific kind reports it."""

    name = "type"
    wants = "Values have the types that the API documents."
    cases = ("null", "item", "percentage", "other")
    facts = frozenset({"wanted", "share"})

    def check(self, error: SchemaError) -> Iterator[Violation]:
        case, share = "other", ""
        if error.value is None:
            case = "item" if isinstance(error.pointer[-1], int) else "null"
        elif isinstance(error.value, str) and "maximum" in error.schema:
            share = share_in(error.value)
            is_valid = share and Decimal(share) <= error.schema["maximum"]
            case = "percentage" if is_valid else "other"
        yield Violation(case=case, facts={"wanted": wanted_type(error.schema), "share": share})

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        if not known.pointer:
            return ()
        others: list[Json] = [] if known.schema["type"] == "array" else [[[]], [{}], []]
        others += [{}] if known.schema["type"] != "object" else []
        others += [True, 5, "five"] if known.schema["type"] in ("array", "object") else []
        # A null member counts as absent, which may break other rules; a null item does not.
        return [*others, None] if isinstance(known.pointer[-1], int) else others


_PLURALS = {"string": "strings", "integer": "whole numbers", "object": "objects"}


def wanted_type(schema: Schema) -> str:
    """Describe the type of a schema: `a string`, `a list of whole numbers`."""
    name = type_called(schema["type"])
    items = schema.get("items")
    return f"{name} of {_PLURALS[items['type']]}" if items else name
