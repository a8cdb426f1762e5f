"""Explain what config.schema.json rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rosetta_spec.document.values import Json
from rosetta_spec.errors import FileProblem
from rosetta_spec.request.nearest import nearest_name, suggestion
from rosetta_spec.request.schema import CONFIG_SCHEMA
from rosetta_spec.request.wording import one_of, place_called, printable_name, shown
from rosetta_spec.spec.schema_errors import SchemaError, schema_errors

#: The types of the schema, as people who write TOML call them.
_TYPES = {"string": "a string", "array": "a list", "object": "a table"}


def schema_problems(settings: Json) -> Iterator[FileProblem]:
    """Yield what `config.schema.json` rejects in settings."""
    for error in schema_errors(_cut(settings, _DEPTH), CONFIG_SCHEMA):
        yield from _EXPLAINERS[error.keyword](error)


#: No valid setting is nested deeper. `jsonschema` writes out values whole.
_DEPTH = 4


def _cut(value: Json, depth: int) -> Json:
    if isinstance(value, dict):
        return {key: _cut(item, depth - 1) for key, item in value.items()} if depth else {}
    if isinstance(value, list):
        return [_cut(item, depth - 1) for item in value] if depth else []
    return value


def _name(error: SchemaError) -> str:
    return place_called(error.path) if error.path else "what is set"


def _called(value: Json) -> str:
    if isinstance(value, str):
        return f"the string {shown(value)}"
    if isinstance(value, bool):
        return shown(value)
    if isinstance(value, int | float):
        return f"the number {shown(value)}"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def _wrong_type(error: SchemaError) -> Iterator[FileProblem]:
    names = [error.expected] if isinstance(error.expected, str) else error.expected
    wanted = one_of(_TYPES[name] for name in names)
    cause = f"{_name(error)} is {_called(error.value)}, not {wanted}"
    yield FileProblem(error.path, cause, error.schema["errorMessage"])


def _unlisted(error: SchemaError) -> Iterator[FileProblem]:
    # The type of a value that is not a string is reported elsewhere.
    if isinstance(error.value, str):
        cause = f"{_name(error)} cannot be {shown(error.value)}"
        yield FileProblem(error.path, cause, suggestion(error.value, error.expected))


def _wrong_pattern(error: SchemaError) -> Iterator[FileProblem]:
    cause = f"the pattern {shown(error.value)} will not do"
    remedy = error.schema["patternErrorMessage"]
    if error.is_about_key:
        yield FileProblem((*error.path, error.value), cause, remedy, "key")
    else:
        yield FileProblem(error.path, cause, remedy)


def _unknown_keys(error: SchemaError) -> Iterator[FileProblem]:
    known = error.schema["properties"]
    for key in error.value:
        if key not in known:
            free = [name for name in known if name not in error.value]
            near = nearest_name(key, free)
            remedy = f"did you mean {near}?" if near else f"remove it, or write {one_of(free)}"
            yield FileProblem((key,), f"there is no setting {printable_name(key)}", remedy, "key")


_EXPLAINERS: dict[str, Callable[[SchemaError], Iterator[FileProblem]]] = {
    "type": _wrong_type,
    "enum": _unlisted,
    "pattern": _wrong_pattern,
    "additionalProperties": _unknown_keys,
}
