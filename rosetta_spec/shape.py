"""The judge of shape: `jsonschema` against the request schema, one mistake for each wrong value."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft7Validator, extend

from rosetta_spec.document.number import is_multiple, is_whole, spelled
from rosetta_spec.document.plain import ABSENT, UNUSABLE
from rosetta_spec.record import NamedTuple
from rosetta_spec.spec.request_schema import (
    EDITOR_KEY,
    home_of,
    listed_values,
    request_schema,
    schema_at,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.request_schema import Schema

_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})


class Mistake(NamedTuple):
    """One wrong value or key.

    `name` is the kind of rule that speaks of it. `value` is what stands there (`ABSENT`: nothing);
    of a quoted scalar with a second mistake, what it spells. `schema` says what is wanted there
    (of an unknown key: what its object may hold). `reading` is what other rules see instead.
    """

    name: str
    pointer: Pointer
    value: Json
    schema: Schema
    reading: Json
    beside: frozenset[str] = frozenset()


def judge(value: Json) -> tuple[Mistake, ...]:
    """Find the mistakes of shape in a document's plain value."""
    failed: dict[Pointer, tuple[Json, Schema, set[str]]] = {}
    for error in _request_validator().iter_errors(value):
        if error.instance is not UNUSABLE:
            pointer = tuple(error.absolute_path)
            _, _, keywords = failed.setdefault(pointer, (error.instance, error.schema, set()))
            keywords.add(error.validator)
    return tuple(
        mistake for pointer, wrong in failed.items() for mistake in _mistakes_at(pointer, *wrong)
    )


def is_valid(value: Json, schema: Schema) -> bool:
    """Whether a JSON value fits a JSON Schema; values that are unusable fit any."""
    errors = _exact_validator()(schema).iter_errors(value)
    return all(error.instance is UNUSABLE for error in errors)


def is_number(value: object) -> bool:
    """Whether a JSON value is a number; Python counts booleans as such, JSON does not."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


@cache
def _exact_validator() -> Any:  # noqa: ANN401 - `extend` gives a class that has no static type
    """Return the class of draft-07 validators for numbers that are exact."""
    types = Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: is_number(value),
            "integer": lambda _, value: is_number(value) and is_whole(value),
        }
    )
    keywords = {"multipleOf": _multiple_of}
    return extend(Draft7Validator, keywords, type_checker=types)  # type: ignore[no-untyped-call]


def _multiple_of(_: object, divisor: Json, instance: Json, __: Schema) -> Iterator[ValidationError]:
    """Divide exactly where `jsonschema` would run out of digits."""
    if is_number(instance) and not is_multiple(instance, Decimal(str(divisor))):
        yield ValidationError(f"{instance!r} is not a multiple of {divisor!r}")


@cache
def _request_validator() -> Any:  # noqa: ANN401 - an instance of that class
    """Compile the request schema, once."""
    return _exact_validator()(request_schema())


def _mistakes_at(
    pointer: Pointer, value: Json, schema: Schema, failed: set[str]
) -> Iterator[Mistake]:
    if "required" in failed or "additionalProperties" in failed:
        yield from _missing_members(pointer, value, schema)
        yield from _strange_members(pointer, value, schema)
        return
    name, reading = _mistake_of(pointer, value, schema, failed)
    yield Mistake(name, pointer, value, schema, reading)
    if name == "quoted":
        errors = _exact_validator()(schema).iter_errors(reading)
        failed = {error.validator for error in errors}
        if failed:
            yield from _mistakes_at(pointer, reading, schema, failed)


def _missing_members(pointer: Pointer, value: Json, schema: Schema) -> Iterator[Mistake]:
    for key in schema.get("required", ()):
        if key not in value:
            yield Mistake("required", (*pointer, key), ABSENT, schema["properties"][key], ABSENT)


def _strange_members(pointer: Pointer, value: Json, schema: Schema) -> Iterator[Mistake]:
    beside = frozenset(value)
    for key in value:
        if key not in schema["properties"]:
            # An item of an array has no fixed place, so nothing is said to belong elsewhere.
            is_fixed = all(isinstance(token, str) for token in pointer)
            name = "misplaced" if is_fixed and home_of(key) is not None else "unknown"
            yield Mistake(name, (*pointer, key), value[key], schema, ABSENT, beside)


def _mistake_of(
    pointer: Pointer, value: Json, schema: Schema, failed: set[str]
) -> tuple[str, Json]:
    """Name the one mistake of a value and say how other rules read it."""
    if value is None:
        return _null_mistake(pointer), ABSENT
    if "type" in failed:
        return _type_mistake(pointer, value, schema)
    if "enum" in failed:
        return "unlisted", _named_value(value, schema)
    if failed & _BOUNDS:
        return "bounds", UNUSABLE
    if not value or (isinstance(value, str) and not value.strip()):
        return "empty", UNUSABLE
    return "unreadable-time", UNUSABLE


def _null_mistake(pointer: Pointer) -> str:
    above = schema_at(pointer[:-1]) or {}
    return "required" if pointer[-1] in above.get("required", ()) else "type"


def _type_mistake(pointer: Pointer, value: Json, schema: Schema) -> tuple[str, Json]:
    wanted = schema["type"]
    if isinstance(value, str):
        spelt = spelled(value)
        if spelt is not None and _is_a(spelt, wanted):
            return "quoted", spelt
        return ("unlisted", _named_value(value, schema)) if "enum" in schema else ("type", UNUSABLE)
    if wanted == "string" and isinstance(value, int | Decimal) and pointer != (EDITOR_KEY,):
        return "unquoted", UNUSABLE
    if wanted == "integer" and is_number(value):
        return "unlisted" if "enum" in schema else "fraction", UNUSABLE
    return "type", UNUSABLE


def _is_a(spelt: Json, wanted: str) -> bool:
    return wanted == "boolean" if isinstance(spelt, bool) else wanted in ("integer", "number")


def _named_value(value: Json, schema: Schema) -> Json:
    """Return the listed value that a string spells or names, in any case, blanks allowed."""
    if not isinstance(value, str):
        return UNUSABLE
    text = value.strip()
    listed = listed_values(schema)
    return next(
        (item for item, name in listed if text.casefold() == name.casefold()),
        _spelled_value(text, [item for item, _ in listed]),
    )


def _spelled_value(text: str, listed: Iterable[Json]) -> Json:
    spelt = spelled(text)
    if not is_number(spelt):
        return UNUSABLE
    return next((item for item in listed if item == spelt), UNUSABLE)
