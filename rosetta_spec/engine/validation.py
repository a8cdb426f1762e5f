"""Validate requests with the request schema, and normalize them for the other rules."""

from __future__ import annotations

from functools import cache

from rosetta_spec.document.numbers import is_number, is_whole, spelled
from rosetta_spec.document.values import ABSENT, UNUSABLE
from rosetta_spec.fast.suspicions import FITS
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.patterns import has_match
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    home_of,
    listed_values,
    request_schema,
    schema_at,
)
from rosetta_spec.request.view import Request, SchemaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from rosetta_spec.document.tree import Problem
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema

    Test: TypeAlias = Callable[[Json], bool]


BOUNDS = frozenset({"minimum", "exclusiveMinimum", "maximum"})


def judge(value: Json) -> tuple[SchemaError, ...]:
    """Find the errors of shape in a document's plain value."""
    return tuple(_errors_in((), value, _request_place()))


class _Place:
    """A place of the request schema, its keywords ready to be asked.

    `properties` and `items` are the places in it, each with a quick test that is true only of
    values in which there is surely no error.
    """

    def __init__(self, schema: Schema, pattern: tuple[str, ...] = ()) -> None:
        self.schema = schema
        self.properties = {
            key: _place_inside(each, (*pattern, key))
            for key, each in schema.get("properties", {}).items()
        }
        self.items = (
            _place_inside(schema["items"], (*pattern, EVERY_ITEM)) if "items" in schema else None
        )
        self._keywords = [(key, KEYWORDS[key], schema[key]) for key in KEYWORDS if key in schema]

    def failed_keywords(self, value: Json) -> set[str]:
        """Return the keywords that a value breaks itself, not by what is inside it."""
        if value is UNUSABLE:
            return set()
        return {key for key, holds, asked in self._keywords if not holds(value, asked)}


def _place_inside(schema: Schema, pattern: tuple[str, ...]) -> tuple[Test, _Place]:
    return FITS[pattern], _Place(schema, pattern)


@cache
def _request_place() -> _Place:
    return _Place(request_schema())


def _errors_in(pointer: Pointer, value: Json, place: _Place) -> Iterator[SchemaError]:
    failed = place.failed_keywords(value)
    if failed:
        yield from _errors_at(pointer, value, place, failed)
    if isinstance(value, dict):
        for key, member in value.items():
            if key in place.properties:
                fits, below = place.properties[key]
                if not fits(member):
                    yield from _errors_in((*pointer, key), member, below)
    elif isinstance(value, list) and place.items:
        fits, below = place.items
        for index, item in enumerate(value):
            if not fits(item):
                yield from _errors_in((*pointer, index), item, below)


_TYPES: dict[str, Callable[[Json], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": is_number,
    "integer": lambda value: is_number(value) and is_whole(value),
}


def _is_listed(value: Json, listed: list[Json]) -> bool:
    """Compare as JSON does, to which true is not 1."""
    return any(
        value == item and isinstance(value, bool) == isinstance(item, bool) for item in listed
    )


def _has_only(value: Json, properties: Schema) -> bool:
    return not isinstance(value, dict) or value.keys() <= properties.keys()


#: Keywords of the request schema: whether a value holds what is asked.
KEYWORDS: dict[str, Callable[[Json, Json], bool]] = {
    "type": lambda value, name: _TYPES[name](value),
    "enum": _is_listed,
    "minimum": lambda value, bound: not is_number(value) or value >= bound,
    "exclusiveMinimum": lambda value, bound: not is_number(value) or value > bound,
    "maximum": lambda value, bound: not is_number(value) or value <= bound,
    "minItems": lambda value, size: not isinstance(value, list) or len(value) >= size,
    "pattern": lambda value, pattern: not isinstance(value, str) or has_match(pattern, value),
    "required": lambda value, keys: not isinstance(value, dict) or value.keys() >= set(keys),
    # What is additional is not among these; the schema always forbids it.
    "properties": _has_only,
}


def _errors_at(
    pointer: Pointer, value: Json, place: _Place, failed: set[str]
) -> Iterator[SchemaError]:
    schema = place.schema
    if "required" in failed or "properties" in failed:
        yield from _missing_members(pointer, value, schema)
        yield from _strange_members(pointer, value, schema)
        return
    name, reading = _error_of(pointer, value, schema, failed)
    yield SchemaError(name, pointer, value, schema, reading)
    if name == "quoted":
        failed = place.failed_keywords(reading)
        if failed:
            yield from _errors_at(pointer, reading, place, failed)


def _missing_members(pointer: Pointer, value: Json, schema: Schema) -> Iterator[SchemaError]:
    for key in schema.get("required", ()):
        if key not in value:
            yield SchemaError(
                "required", (*pointer, key), ABSENT, schema["properties"][key], ABSENT
            )


def _strange_members(pointer: Pointer, value: Json, schema: Schema) -> Iterator[SchemaError]:
    beside = frozenset(value)
    for key in value:
        if key not in schema["properties"]:
            # An item of an array has no fixed place, so nothing is said to belong elsewhere.
            is_fixed = all(isinstance(token, str) for token in pointer)
            name = "misplaced" if is_fixed and home_of(key) is not None else "unknown"
            yield SchemaError(name, (*pointer, key), value[key], schema, ABSENT, beside)


def _error_of(pointer: Pointer, value: Json, schema: Schema, failed: set[str]) -> tuple[str, Json]:
    """Name the one error of a value and say how other rules read it."""
    if value is None:
        return _null_error(pointer), ABSENT
    if "type" in failed:
        return _type_error(pointer, value, schema)
    if "enum" in failed:
        return "unlisted", _named_value(value, schema)
    if failed & BOUNDS:
        return "bounds", UNUSABLE
    if not value or (isinstance(value, str) and not value.strip()):
        return "empty", UNUSABLE
    return "unreadable-time", UNUSABLE


def _null_error(pointer: Pointer) -> str:
    above = schema_at(pointer[:-1]) or {}
    return "required" if pointer[-1] in above.get("required", ()) else "type"


def _type_error(pointer: Pointer, value: Json, schema: Schema) -> tuple[str, Json]:
    wanted = schema["type"]
    if isinstance(value, str):
        spelt = spelled(value)
        if spelt is not None and _is_a(spelt, wanted):
            return "quoted", spelt
        return ("unlisted", _named_value(value, schema)) if "enum" in schema else ("type", UNUSABLE)
    if (
        wanted == "string"
        and (isinstance(value, bool) or is_number(value))
        and pointer != (EDITOR_KEY,)
    ):
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


def request_of(raw: Json, problems: tuple[Problem, ...]) -> Request:
    """Judge the shape of a document's value and settle what each value in it means."""
    if raw is UNUSABLE:
        return Request(UNUSABLE, UNUSABLE, (), problems)
    errors = judge(raw)
    return Request(raw, _normalized(raw, _tree_of(errors)), errors, problems)


class _Reading:
    """What other rules see at a place instead of what is raw there."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value


def _tree_of(errors: Iterable[SchemaError]) -> Json:
    """Put the readings of errors where they stand, in objects by key and index.

    None where there is none. Of several at a place the last one counts. Of what is inside one that
    is read otherwise, no error is told.
    """
    trees: Json = {}
    for error in errors:
        *above, last = ("", *error.pointer)
        tree = trees
        for token in above:
            tree = tree.setdefault(token, {})
        tree[last] = _Reading(error.normalized)
    return trees.get("")


def _normalized(value: Json, tree: Json) -> Json:
    """Read a value otherwise where a tree says so, and every string without blanks around it."""
    if not tree:
        return _stripped(value)
    if isinstance(tree, _Reading):
        return tree.value
    if isinstance(value, dict):
        read = {key: _normalized(member, tree.get(key)) for key, member in value.items()}
        return {key: member for key, member in read.items() if member is not ABSENT}
    # There is nothing in any other value that could be read otherwise.
    items = [_normalized(item, tree.get(index)) for index, item in enumerate(value)]
    return [UNUSABLE if item is ABSENT else item for item in items]


def _stripped(value: Json) -> Json:
    """Take the blanks around each string in a value, if it is one or has some inside."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return {key: _stripped(member) for key, member in value.items()}
    return list(map(_stripped, value)) if isinstance(value, list) else value
