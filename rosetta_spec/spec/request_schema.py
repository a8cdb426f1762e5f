"""The request schema as the rules ask it: what is wanted at a place, and what is it called."""

from __future__ import annotations

import json
from functools import cache

from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.spec.folder import REQUEST_SCHEMA, schema_folder

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
    path = schema_folder() / REQUEST_SCHEMA
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
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


@cache
def home_of(key: str) -> Pointer | None:
    """Return the object with a fixed place (not an array's item) in which `key` belongs."""
    for pattern in places():
        if pattern[-1:] == (key,) and EVERY_ITEM not in pattern and key != EDITOR_KEY:
            return pattern[:-1]
    return None


def listed_values(schema: Schema) -> list[tuple[Any, str]]:
    """Return the listed values of a schema, each with its documented name; of a string, itself."""
    titles = [(entry["const"], entry.get("title", "")) for entry in schema.get("anyOf", ())]
    return [
        (value, value if isinstance(value, str) else _title_of(value, titles))
        for value in schema.get("enum", ())
    ]


def _title_of(value: object, titles: list[tuple[Any, str]]) -> str:
    return next((title for const, title in titles if const == value), "")
