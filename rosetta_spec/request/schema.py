"""The files of the specification, the request schema, and validation by `jsonschema`."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from rosetta_spec.document.values import (
    UNUSABLE,
    Json,
    identity,
    is_multiple,
    is_number,
    is_whole,
    number_of,
)
from rosetta_spec.pointer import EVERY_ITEM, Pointer
from rosetta_spec.regex import matches

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

REQUEST_SCHEMA = "sampling-create.schema.json"
RULES = "sampling-create.rules.yaml"
ENDPOINT = "sampling-create.endpoint.json"
RULESET_SCHEMA = "ruleset.schema.json"
CONFIG_SCHEMA = "config.schema.json"

#: Our rules file as JSON, so that no run has to parse YAML to know them; a test keeps it fresh.
COMPILED_RULES = os.path.join(_PACKAGE, "spec", "rules.json")

#: A JSON Schema (draft-07) as plain data.
Schema: TypeAlias = dict[str, Any]

#: The key by which an editor finds a document's schema; it is not part of the request.
EDITOR_KEY = "$schema"

#: Keywords for people and editors, which reject nothing.
ANNOTATIONS = frozenset({"$schema", "$id", "title", "description", "examples", "default"})

#: What `str.strip` removes, as the inside of a character class of any dialect.
WHITE_SPACE = r"\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

#: The pattern of strings that are not blank.
NOT_BLANK = f"[^{WHITE_SPACE}]"

#: The pattern of what templates and people write instead of a value that is to be filled in.
PLACEHOLDER = (
    r"<[^\r\n]+>|\$\{[^\r\n]+\}|\{\{[^\r\n]+\}\}"
    f"|^[{WHITE_SPACE}]*(?:"
    "[Tt][Oo][Dd][Oo]|[Tt][Bb][Dd]|[Ff][Ii][Xx][Mm][Ee]|[Cc][Hh][Aa][Nn][Gg][Ee][Mm][Ee]|[Xx][Xx][Xx]"
    f")[{WHITE_SPACE}]*$"
)

#: The documented form of a time.
WRITTEN_TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"


@cache
def schema_folder(package: str = _PACKAGE) -> str:
    """Return the folder of the specification: in a wheel inside the package, else beside it.

    Raises:
        FileNotFoundError: there is none, so the installation is broken.
    """
    for place in (package, os.path.dirname(package)):
        folder = os.path.join(place, "schema")
        if os.path.isfile(os.path.join(folder, REQUEST_SCHEMA)):
            return folder
    message = f"the schema folder is missing next to {package}; reinstall rosetta-spec"
    raise FileNotFoundError(message)


@cache
def specification(name: str) -> Schema:
    """Read a JSON file of the specification, which the caller must not change.

    `name` is that of a file in the schema folder, or an absolute path. Fractions become `Decimal`.
    """
    with open(os.path.join(schema_folder(), name), encoding="utf-8") as stream:
        data: Schema = json.load(stream, parse_float=Decimal)
    return data


def request_schema() -> Schema:
    """Return the request schema."""
    return specification(REQUEST_SCHEMA)


def endpoint_data() -> Schema:
    """Return what is known of the endpoint; `endpoint.schema.json` describes the form.

    That is how to sign and send a request, what the responses mean, and what `new` asks.
    """
    return specification(ENDPOINT)


def schema_at(pointer: Pointer | tuple[str, ...], schema: Schema | None = None) -> Schema:
    """Return the part of the request schema for a place, {} if it does not know the place."""
    schema = request_schema() if schema is None else schema
    for token in pointer:
        if isinstance(token, int) or token == EVERY_ITEM:
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(token, {})
    return schema


def places(schema: Schema | None = None, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every place of the request schema as a pattern, the whole request first."""
    schema = request_schema() if schema is None else schema
    yield above
    for key, member in schema.get("properties", {}).items():
        yield from places(member, (*above, key))
    if "items" in schema:
        yield from places(schema["items"], (*above, EVERY_ITEM))


@cache
def key_names() -> tuple[str, ...]:
    """Return the names of all keys of a request."""
    return tuple(dict.fromkeys(place[-1] for place in inner_places() if place[-1] != EVERY_ITEM))


@cache
def inner_places() -> tuple[tuple[str, ...], ...]:
    """Return every place that a rule can check, except the whole request."""
    return tuple(place for place in places() if place and place != (EDITOR_KEY,))


def example_key(type_: str) -> str:
    """Return a key of the request whose values have a JSON type, not from a list, as an example."""
    members = request_schema()["properties"].items()
    return str(next(key for key, each in members if each["type"] == type_ and "enum" not in each))


@cache
def homes() -> dict[str, Pointer]:
    """Return the object to which each key belongs, except keys of the items of arrays."""
    found: dict[str, Pointer] = {}
    for pattern in places():
        if pattern and EVERY_ITEM not in pattern and pattern[-1] != EDITOR_KEY:
            found.setdefault(pattern[-1], pattern[:-1])
    return found


def listed_values(schema: Schema) -> list[tuple[Any, str]]:
    """Return the listed values of a schema, each with its documented name; of a string, itself."""
    titles = {branch["const"]: branch.get("title", "") for branch in schema.get("anyOf", ())}
    return [
        (value, value if isinstance(value, str) else titles.get(value, ""))
        for value in schema.get("enum", ())
    ]


def only_names_values(schema: Schema) -> bool:
    """Whether an `anyOf` only gives the listed values their names, for editors."""
    branches = schema.get("anyOf", ())
    values = schema.get("enum", [True, False] if schema.get("type") == "boolean" else ())
    names_one = all(branch.keys() <= ANNOTATIONS | {"const"} for branch in branches)
    # In Python True equals 1, in JSON it does not; their spellings differ in both.
    named = [repr(branch.get("const")) for branch in branches]
    return bool(branches) and names_one and named == [repr(value) for value in values]


def is_time(schema: Schema) -> bool:
    """Whether a place is for times: its pattern has minutes."""
    pattern = schema.get("pattern", "")
    return pattern == WRITTEN_TIME or "[0-5][0-9]" in pattern


def is_time_pattern(pattern: str) -> bool:
    """Whether a pattern is known to match every time in the documented form."""
    return pattern == WRITTEN_TIME or pattern in _time_patterns()


@cache
def _time_patterns() -> frozenset[str]:
    schemas = map(schema_at, places())
    return frozenset(schema["pattern"] for schema in schemas if is_time(schema))


def jsonschema() -> Any:  # noqa: ANN401 - a module without types
    """Import the library, which takes long."""
    import jsonschema  # noqa: PLC0415

    return jsonschema


def is_valid(value: Json, schema: Schema) -> bool:
    """Whether a value is valid, apart from `UNUSABLE` values in it."""
    return all(error.instance is UNUSABLE for error in validator_of(schema).iter_errors(value))


def validator_of(schema: Schema) -> Any:  # noqa: ANN401 - `jsonschema` makes classes at run time
    """Make a validator of draft-07; 1.0 is an integer, and no boolean is a number."""
    return _validator_class()(schema)


@cache
def _validator_class() -> Any:  # noqa: ANN401 - as `validator_of`
    library = jsonschema()
    types = library.Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: is_number(value),
            "integer": lambda _, value: is_number(value) and is_whole(value),
        }
    )
    keywords: Mapping[str, Any] = {
        # `jsonschema` would run out of digits.
        "multipleOf": _keyword(
            lambda divisor, it: not is_number(it) or is_multiple(it, number_of(str(divisor)))
        ),
        # These are searched and compared in linear time.
        "pattern": _keyword(lambda pattern, it: not isinstance(it, str) or matches(pattern, it)),
        "uniqueItems": _keyword(
            lambda is_wanted, it: (
                not (is_wanted and isinstance(it, list)) or len(set(map(identity, it))) == len(it)
            )
        ),
    }
    return library.validators.extend(library.Draft7Validator, keywords, type_checker=types)


def _keyword(accepts: Callable[[Json, Json], bool]) -> Callable[..., Iterator[Any]]:
    """Turn `accepts(keyword_value, instance)` into a keyword's function for jsonschema."""

    def check(_: object, wanted: Json, instance: Json, __: Schema) -> Iterator[Any]:
        if not accepts(wanted, instance):
            yield jsonschema().ValidationError(f"{instance!r} does not fit {wanted!r}")

    return check
