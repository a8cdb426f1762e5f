"""Validate requests with the request schema, and normalize them for the other rules.

Quick tests clear nearly all values; at the places that they do not clear, `jsonschema` says which
keywords fail, and `_EXPLANATIONS` says which kind reports them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import ABSENT, UNUSABLE, Json, is_number, spelled, with_floats
from rosetta_spec.fast.acceptor import VALUE_TESTS
from rosetta_spec.kinds.kind import Request, SchemaError
from rosetta_spec.pointer import EVERY_ITEM, Pointer
from rosetta_spec.request.schema import (
    ANNOTATIONS,
    EDITOR_KEY,
    NOT_BLANK,
    PLACEHOLDER,
    Schema,
    home_of,
    is_time,
    listed_values,
    only_names_values,
    place_validator_of,
    request_schema,
    schema_at,
)
from rosetta_spec.request.wording import nearest_key


def request_of(raw: Json, problems: tuple[SyntaxProblem, ...]) -> Request:
    """Validate and normalize the value of a document."""
    if raw is UNUSABLE:
        return Request(UNUSABLE, UNUSABLE, (), problems)
    errors = schema_errors(raw)
    reported = tuple(_without_misspelt(errors))
    return Request(raw, _normalized(raw, _tree_of(errors)), reported, problems)


def _without_misspelt(errors: Sequence[SchemaError]) -> Iterator[SchemaError]:
    """Leave out the keys that are missing because they are misspelt, which is an error itself."""
    missing = {each.pointer for each in errors if each.kind_name == "required"}
    misspelt = set()
    for error in errors if missing else ():
        if error.kind_name == "unknown":
            *above, name = error.pointer
            known = error.schema["properties"].keys()
            near = nearest_key(str(name), known - error.siblings) or nearest_key(str(name), known)
            misspelt.add((*above, near))
    for error in errors:
        if not (error.kind_name == "required" and error.pointer in misspelt):
            yield error


def schema_errors(value: Json) -> tuple[SchemaError, ...]:
    """Return where the request schema rejects a value, in document order."""
    errors: list[SchemaError] = []
    _places().add_errors((), value, errors)
    return tuple(errors)


class UncoveredKeywordError(ValueError):
    """The request schema uses a keyword of which no rule reports errors."""


class _Place:
    """A place of the request schema, with the places inside it."""

    def __init__(self, schema: Schema, pattern: tuple[str, ...] = ()) -> None:
        _require_covered(schema, pattern)
        self.schema = schema
        self.is_clear: Callable[[Json], bool] = VALUE_TESTS[pattern]
        self._required = frozenset(schema.get("required", ()))
        self._properties = {
            key: _Place(member, (*pattern, key))
            for key, member in schema.get("properties", {}).items()
        }
        self.is_container = "items" in schema or "properties" in schema
        self._items = _Place(schema["items"], (*pattern, EVERY_ITEM)) if "items" in schema else None

    @cached_property
    def _validator(self) -> Any:  # noqa: ANN401 - `jsonschema` makes classes at run time
        return place_validator_of(self.schema)

    def failed_keywords(self, value: Json) -> set[str]:
        """Return the keywords that reject a value; those inside it are left to their places."""
        if value is UNUSABLE:
            return set()
        return {error.validator for error in self._validator.iter_errors(value)}

    def add_errors(self, pointer: Pointer, value: Json, errors: list[SchemaError]) -> None:
        """Collect the errors of a value at this place, and of those inside it."""
        if not self._is_cleared(value):
            errors += self._errors(pointer, value)
        if isinstance(value, dict):
            for key, member in value.items():
                place = self._properties.get(key)
                if place and (place.is_container or not place.is_clear(member)):
                    place.add_errors((*pointer, key), member, errors)
        elif isinstance(value, list) and self._items:
            place = self._items
            for index, item in enumerate(value):
                if place.is_container or not place.is_clear(item):
                    place.add_errors((*pointer, index), item, errors)

    def _is_cleared(self, value: Json) -> bool:
        if isinstance(value, dict):
            return bool(
                self._properties
                and value.keys() <= self._properties.keys()
                and value.keys() >= self._required
            )
        return self.is_clear(with_floats(value) if type(value) is Decimal else value)

    def _errors(self, pointer: Pointer, value: Json) -> Iterator[SchemaError]:
        failed = self.failed_keywords(value)
        if not failed:
            return
        if "required" in failed:
            for key in self.schema["required"]:
                if key not in value:
                    member = self.schema["properties"][key]
                    yield SchemaError("required", (*pointer, key), ABSENT, member, ABSENT)
        if "additionalProperties" in failed:
            siblings = frozenset(value)
            for key in value:
                if key not in self.schema["properties"]:
                    name = _unknown_key_kind(pointer, key)
                    at = (*pointer, key)
                    yield SchemaError(name, at, value[key], self.schema, ABSENT, siblings)
        keyword = next((each for each in _EXPLANATIONS if each in failed), None)
        if keyword:
            kind_name, normalized = _EXPLANATIONS[keyword](pointer, value, self.schema)
            yield SchemaError(kind_name, pointer, value, self.schema, normalized)
            if kind_name == "quoted":
                yield from self._errors(pointer, normalized)


@cache
def _places() -> _Place:
    return _Place(request_schema())


def _require_covered(schema: Schema, pattern: tuple[str, ...]) -> None:
    """Make sure that a rule reports each error that a place of the request schema may have.

    Raises:
        UncoveredKeywordError: none does for one of its keywords.
    """
    covered = {*_EXPLANATIONS, *_STRUCTURE, *ANNOTATIONS}
    pattern_is_covered = schema.get("pattern", NOT_BLANK) == NOT_BLANK or is_time(schema)
    exceptions = {
        "anyOf": not only_names_values(schema),
        "not": schema.get("not") != {"type": "string", "pattern": PLACEHOLDER},
        "minItems": schema.get("minItems", 1) != 1,
        "pattern": not pattern_is_covered,
        "additionalProperties": schema.get("additionalProperties", False) is not False,
    }
    for keyword in schema:
        if exceptions.get(keyword, keyword not in covered):
            at = "/".join(("", *pattern))
            message = f'no rule covers {keyword} of the request schema at "{at}"'
            raise UncoveredKeywordError(message)


def _unknown_key_kind(pointer: Pointer, key: str) -> str:
    # The items of an array have no fixed place, so their keys do not belong elsewhere.
    is_fixed = all(isinstance(token, str) for token in pointer)
    return "misplaced" if is_fixed and home_of(key) is not None else "unknown"


def _wrong_type(pointer: Pointer, value: Json, schema: Schema) -> tuple[str, Json]:
    wanted = schema["type"]
    if value is None:
        above = schema_at(pointer[:-1]) or {}
        return "required" if pointer[-1] in above.get("required", ()) else "type", ABSENT
    if isinstance(value, str):
        spelt = spelled(value)
        if spelt is not None and wanted in _TYPES_OF_SPELLING[isinstance(spelt, bool)]:
            return "quoted", spelt
        return _unlisted(pointer, value, schema) if "enum" in schema else ("type", UNUSABLE)
    is_scalar = isinstance(value, bool) or is_number(value)
    if wanted == "string" and is_scalar and pointer != (EDITOR_KEY,):
        return "unquoted", UNUSABLE
    if wanted == "integer" and is_number(value):
        return "unlisted" if "enum" in schema else "fraction", UNUSABLE
    return "type", UNUSABLE


#: The types of values that a string without quotes spells, by whether it spells a boolean.
_TYPES_OF_SPELLING = {True: ("boolean",), False: ("integer", "number")}


def _unlisted(_: Pointer, value: Json, schema: Schema) -> tuple[str, Json]:
    """Normalize a string to the listed value that it spells or names, in any case."""
    normalized: Json = UNUSABLE
    if isinstance(value, str):
        text = value.strip()
        listed = {name.casefold(): item for item, name in listed_values(schema)}
        spelt = spelled(text)
        equal = [each for each in listed.values() if is_number(spelt) and each == spelt]
        normalized = listed.get(text.casefold(), equal[0] if equal else UNUSABLE)
    return "unlisted", normalized


def _no_match(_: Pointer, value: Json, __: Schema) -> tuple[str, Json]:
    return "unreadable-time" if value.strip() else "empty", UNUSABLE


def _always(kind: str) -> Callable[[Pointer, Json, Schema], tuple[str, Json]]:
    return lambda _, __, ___: (kind, UNUSABLE)


#: The kind that reports a failed keyword, and what the other rules see then. The first one counts.
_EXPLANATIONS: dict[str, Callable[[Pointer, Json, Schema], tuple[str, Json]]] = {
    "type": _wrong_type,
    "enum": _unlisted,
    "minimum": _always("bounds"),
    "exclusiveMinimum": _always("bounds"),
    "maximum": _always("bounds"),
    "minItems": _always("empty"),
    "not": _always("placeholder"),
    "pattern": _no_match,
}

#: Keywords about members and items, which a place handles itself.
_STRUCTURE = ("properties", "required", "additionalProperties", "items")


class _Replacement:
    """The normalized value of a place with an error."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value


def _tree_of(errors: Iterable[SchemaError]) -> Json:
    """Arrange the replacements at their places in a tree of keys and indices, None if empty.

    The last error of a place counts. There are no errors inside a value that has one.
    """
    root: Json = {}
    for error in errors:
        *above, last = ("", *error.pointer)
        tree = root
        for token in above:
            tree = tree.setdefault(token, {})
        tree[last] = _Replacement(error.normalized)
    return root.get("")


def _normalized(value: Json, tree: Json) -> Json:
    """Replace values as a tree says, and strip the whitespace around every string."""
    if isinstance(tree, _Replacement):
        return tree.value
    if isinstance(value, str):
        return value.strip()
    inside = tree or {}
    if isinstance(value, dict):
        members = {key: _normalized(each, inside.get(key)) for key, each in value.items()}
        return {key: each for key, each in members.items() if each is not ABSENT}
    if isinstance(value, list):
        items = [_normalized(each, inside.get(index)) for index, each in enumerate(value)]
        return [UNUSABLE if each is ABSENT else each for each in items]
    return value
