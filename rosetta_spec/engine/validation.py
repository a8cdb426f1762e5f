"""Validate requests with the request schema, and normalize them for the other rules.

Nearly all values pass a quick test; of the others, `jsonschema` says which keywords fail, and
`_EXPLANATIONS` says which kind reports them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any, TypeAlias

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import ABSENT, UNUSABLE, Json, is_number, spelled, with_floats
from rosetta_spec.fast.acceptor import VALUE_TESTS
from rosetta_spec.kinds.kind import SchemaError
from rosetta_spec.pointer import EVERY_ITEM, Pointer
from rosetta_spec.request.schema import (
    ANNOTATIONS,
    EDITOR_KEY,
    NOT_BLANK,
    PLACEHOLDER,
    Schema,
    homes,
    is_time,
    listed_values,
    only_names_values,
    request_schema,
    schema_at,
    validator_of,
)
from rosetta_spec.request.wording import nearest_key


class Validation:
    """Validates and normalizes one value.

    After `errors`, `normalized` is the value as most kinds see it: null and unknown keys are left
    out, a quoted number and the name of a listed value are what they stand for, strings have no
    whitespace around them, and a value of the wrong type or out of range is `UNUSABLE`, as are
    `raw` and `normalized` of a document that could not be read. `problems` are those of its reader.
    """

    def __init__(self, raw: Json, problems: Sequence[SyntaxProblem] = ()) -> None:
        self.raw = raw
        self.problems = problems
        self.normalized: Json = UNUSABLE

    def errors(self) -> Iterator[SchemaError]:
        """Yield where the request schema rejects the value, in document order."""
        if self.raw is not UNUSABLE:
            self.normalized = yield from _root_node().errors((), self.raw)


#: In place of the kind of an error: a key is missing because it is misspelled, which is reported.
MISSPELLED = "misspelled"

#: Yields errors, and returns the normalized value.
_Errors: TypeAlias = Generator[SchemaError, None, Json]


class UncoveredKeywordError(ValueError):
    """The request schema uses a keyword of which no rule reports errors."""


#: The maximum number of short strings that each node remembers, with what is wrong with them.
_MAX_REMEMBERED = 1 << 12
_LONGEST_REMEMBERED = 100

#: The types that Python has in place of those of JSON Schema, except numbers.
_PYTHON_TYPES = {"string": str, "array": list, "object": dict}


class _SchemaNode:
    """A part of the request schema, with the parts for members and items of its values."""

    def __init__(self, schema: Schema, pattern: tuple[str, ...] = ()) -> None:
        _require_covered(schema, pattern)
        self.schema = schema
        self._quick_test: Callable[[Json], bool] = VALUE_TESTS[pattern]
        self._required = frozenset(schema.get("required", ()))
        self._properties = {
            key: _SchemaNode(member, (*pattern, key))
            for key, member in schema.get("properties", {}).items()
        }
        self._failed_by_text = lru_cache(_MAX_REMEMBERED)(self.failed_keywords)
        self._items = (
            _SchemaNode(schema["items"], (*pattern, EVERY_ITEM)) if "items" in schema else None
        )

    @cached_property
    def _validator(self) -> Any:  # noqa: ANN401 - `jsonschema` makes classes at run time
        keywords = self.schema.keys() & _EXPLANATIONS.keys()
        return validator_of({keyword: self.schema[keyword] for keyword in keywords})

    def failed_keywords(self, value: Json) -> set[str]:
        """Return the keywords that reject a value; those inside it are left to their own nodes."""
        if value is UNUSABLE:
            return set()
        return {error.validator for error in self._validator.iter_errors(value)}

    def errors(self, pointer: Pointer, value: Json) -> _Errors:
        """Yield the errors of a value, and of those inside it."""
        if keyword := self._failed_keyword(value):
            kind_name, normalized = _EXPLANATIONS[keyword](pointer, value, self.schema)
            yield SchemaError(kind_name, pointer, value, self.schema, normalized)
            if kind_name == "quoted":
                normalized = yield from self.errors(pointer, normalized)
            return normalized
        if isinstance(value, dict) and self._properties:
            return (yield from self._errors_of_members(pointer, value))
        if isinstance(value, list) and self._items:
            return (yield from self._errors_of_items(self._items, pointer, value))
        return value.strip() if isinstance(value, str) else value

    def _failed_keyword(self, value: Json) -> str | None:
        """Return the first of `_EXPLANATIONS` that rejects a value; remember short strings."""
        if self._quick_test(with_floats(value) if type(value) is Decimal else value):
            return None
        wanted = _PYTHON_TYPES.get(self.schema["type"])
        if wanted and value is not UNUSABLE and not isinstance(value, wanted):
            return "type"
        is_short = isinstance(value, str) and len(value) <= _LONGEST_REMEMBERED
        failed = self._failed_by_text(value) if is_short else self.failed_keywords(value)
        return next((each for each in _EXPLANATIONS if each in failed), None)

    def _errors_of_members(self, pointer: Pointer, value: dict[str, Json]) -> _Errors:
        misspelled = self._misspelled(pointer, value)
        for key in self.schema.get("required", ()):
            if key not in value:
                kind_name = MISSPELLED if key in misspelled else "required"
                member_schema = self._properties[key].schema
                yield SchemaError(kind_name, (*pointer, key), ABSENT, member_schema, ABSENT)
        siblings = {key: value[key] for key in self._properties if key in value}
        # There may be millions of empty objects.
        normalized: dict[str, Json] = {} if value else value
        for key, member in value.items():
            node, at = self._properties.get(key), (*pointer, key)
            result: Json = ABSENT
            if node is None:
                kind_name = _unknown_key_kind(pointer, key)
                yield SchemaError(kind_name, at, member, self.schema, ABSENT, siblings)
            elif member is None and key in misspelled:
                yield SchemaError(MISSPELLED, at, None, node.schema, ABSENT)
            else:
                result = yield from node.errors(at, member)
            if result is not ABSENT:
                normalized[key] = result
        return normalized

    def _errors_of_items(self, node: _SchemaNode, pointer: Pointer, value: list[Json]) -> _Errors:
        normalized: list[Json] = []
        for index, item in enumerate(value):
            result = yield from node.errors((*pointer, index), item)
            normalized.append(UNUSABLE if result is ABSENT else result)
        return normalized

    def _misspelled(self, pointer: Pointer, value: dict[str, Json]) -> frozenset[str]:
        """Return the required keys that are probably meant by unknown ones, if one is missing."""
        if all(value.get(key) is not None for key in self._required):
            return frozenset()
        known = self._properties.keys()
        unused = {key for key in known if key not in value}
        return self._required & {
            nearest_key(key, unused) or nearest_key(key, known)
            for key in value
            if key not in known and _unknown_key_kind(pointer, key) == "unknown"
        }


@cache
def _root_node() -> _SchemaNode:
    return _SchemaNode(request_schema())


#: Keywords about members and items, which a node handles itself.
_STRUCTURE = ("properties", "required", "additionalProperties", "items")


def _require_covered(schema: Schema, pattern: tuple[str, ...]) -> None:
    """Make sure that a rule reports each error that a place of the request schema may have.

    Raises:
        UncoveredKeywordError: none does for one of its keywords.
    """
    covered = {*_EXPLANATIONS, *_STRUCTURE, *ANNOTATIONS}
    # These are covered only with the values that the rules explain.
    exceptions = {
        "anyOf": not only_names_values(schema),
        "not": schema.get("not") != {"type": "string", "pattern": PLACEHOLDER},
        "minItems": schema.get("minItems") != 1,
        "pattern": schema.get("pattern") != NOT_BLANK and not is_time(schema),
        "additionalProperties": schema.get("additionalProperties") is not False,
    }
    for keyword in schema:
        if exceptions.get(keyword, keyword not in covered):
            at = "/".join(("", *pattern))
            message = f'no rule covers {keyword} of the request schema at "{at}"'
            raise UncoveredKeywordError(message)


def _unknown_key_kind(pointer: Pointer, key: str) -> str:
    # The items of an array have no fixed place, so their keys do not belong elsewhere.
    is_fixed = all(isinstance(token, str) for token in pointer)
    return "misplaced" if is_fixed and key in homes() else "unknown"


#: The types that the text of a string may have without quotes, by whether it is a boolean.
_TYPES_OF_SPELLING = {True: ("boolean",), False: ("integer", "number")}


def _wrong_type(pointer: Pointer, value: Json, schema: Schema) -> tuple[str, Json]:
    wanted = schema["type"]
    if value is None:
        above = schema_at(pointer[:-1])
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
    "pattern": lambda _, text, __: ("unreadable-time" if text.strip() else "empty", UNUSABLE),
}
