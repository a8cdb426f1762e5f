"""The request schema as the rules ask it: what is wanted at a place, and what is it called."""

from __future__ import annotations

from functools import cache

from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.folder import REQUEST_SCHEMA, read_data, schema_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from rosetta_spec.pointer import Pointer

#: A JSON Schema (draft-07) as plain data.
Schema: TypeAlias = "dict[str, Any]"

#: The key by which an editor finds a document's schema; it is no part of the request.
EDITOR_KEY = "$schema"

#: What `str.strip` removes, as the inside of a character class of any dialect.
WHITE_SPACE = r"\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


@cache
def request_schema() -> Schema:
    """Load `sampling-create.schema.json`; the caller must not change it."""
    schema: Schema = read_data(f"{schema_folder()}/{REQUEST_SCHEMA}")
    return schema


def schema_at(pointer: Pointer | tuple[str, ...], schema: Schema | None = None) -> Schema | None:
    """Return what the request schema says of the place, or None of a place it does not know."""
    schema = request_schema() if schema is None else schema
    for token in pointer:
        if isinstance(token, int) or token == EVERY_ITEM:
            found = schema.get("items")
        else:
            found = schema.get("properties", {}).get(token)
        if found is None:
            return None
        schema = found
    return schema


def places(schema: Schema | None = None, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every place the request schema describes, as patterns, the whole request first."""
    schema = request_schema() if schema is None else schema
    yield above
    for key, member in schema.get("properties", {}).items():
        yield from places(member, (*above, key))
    if "items" in schema:
        yield from places(schema["items"], (*above, EVERY_ITEM))


def home_of(key: str) -> Pointer | None:
    """Return the object with a fixed place (not an array's item) in which `key` belongs."""
    return _homes().get(key)


@cache
def _homes() -> dict[str, Pointer]:
    homes: dict[str, Pointer] = {}
    for pattern in places():
        if pattern and EVERY_ITEM not in pattern and pattern[-1] != EDITOR_KEY:
            homes.setdefault(pattern[-1], pattern[:-1])
    return homes


def listed_values(schema: Schema) -> tuple[tuple[Any, str], ...]:
    """Return the listed values of a schema, each with its documented name; of a string, itself."""
    known = _listed.get(id(schema))
    if known is None:
        if len(_listed) >= _MOST_LISTED:
            _listed.clear()
        known = _listed[id(schema)] = schema, tuple(_named_values(schema))
    return known[1]


#: What is listed in schemas, by their identity, for which they are kept: messages ask often.
_listed: dict[int, tuple[Schema, tuple[tuple[Any, str], ...]]] = {}
_MOST_LISTED = 256


def _named_values(schema: Schema) -> Iterator[tuple[Any, str]]:
    titles = [(entry["const"], entry.get("title", "")) for entry in schema.get("anyOf", ())]
    for value in schema.get("enum", ()):
        yield value, value if isinstance(value, str) else _title_of(value, titles)


def _title_of(value: object, titles: list[tuple[Any, str]]) -> str:
    return next((title for const, title in titles if const == value), "")
