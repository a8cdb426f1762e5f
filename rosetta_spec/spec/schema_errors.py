"""Report what the schema of rulesets, or of configuration files, rejects, in words."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

from jsonschema import Draft7Validator, FormatChecker

from rosetta_spec.document.values import Json, json_text
from rosetta_spec.errors import FileProblem
from rosetta_spec.kinds.registry import HOMES
from rosetta_spec.kinds.shape.bounds import bounds_called
from rosetta_spec.kinds.unique import identity
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.request.folder import RULESET_SCHEMA, read_data, schema_folder
from rosetta_spec.request.nearest import nearest_name, suggestion
from rosetta_spec.request.schema import Schema
from rosetta_spec.request.wording import (
    called,
    one_of,
    place_called,
    printable_name,
    shown,
    type_called,
)

#: One rule as it stands in a rules file.
Entry: TypeAlias = "Mapping[str, Any]"


class Refusal(NamedTuple):
    """A value that does not fit what `keyword` of `schema` wants."""

    keyword: str
    path: Pointer
    value: Json
    wanted: Any
    schema: Schema
    is_of_key: bool


def refusals_of(data: Json, schema_file: str = RULESET_SCHEMA) -> Iterator[Refusal]:
    """Yield what `data` has that the schema in a file of ours does not want."""
    for error in _validator(schema_file).iter_errors(data):
        yield Refusal(
            keyword=str(error.validator),
            path=tuple(error.absolute_path),
            value=error.instance,
            wanted=error.validator_value,
            schema=cast("Schema", error.schema),
            is_of_key=list(error.schema_path)[-2:-1] == ["propertyNames"],
        )


@cache
def _validator(schema_file: str) -> Draft7Validator:
    formats = FormatChecker(formats=())
    formats.checks("regex")(_is_regex)
    return Draft7Validator(_schema_in(schema_file), format_checker=formats)


@cache
def _schema_in(schema_file: str) -> Schema:
    schema: Schema = read_data(f"{schema_folder()}/{schema_file}")
    return schema


def _is_regex(pattern: object) -> bool:
    return not isinstance(pattern, str) or not regex_fault(pattern)


def regex_fault(pattern: str) -> str:
    """Say why Python cannot read a regular expression, or not without a doubt; "" if it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return str(error)
    return ""


def example_of(schema: Schema) -> str:
    """Write the first example of a schema, or of the part that it refers to, as JSON."""
    if "$ref" in schema:
        schema = _schema_in(RULESET_SCHEMA)["definitions"][
            schema["$ref"].removeprefix("#/definitions/")
        ]
    return json_text(schema["examples"][0])


def shape_faults(data: Json) -> Iterator[FileProblem]:
    """Tell whatever in `data` is not as `ruleset.schema.json` wants it."""
    # A value of another type says more than what else follows from it.
    refusals = sorted(refusals_of(data), key=lambda refusal: refusal.keyword != "type")
    has_strange_keys = {it.path for it in refusals if it.keyword == "additionalProperties"}
    for refusal in refusals:
        # Beside a key that is missing, a strange one is most often it, misspelt.
        if refusal.keyword != "required" or refusal.path not in has_strange_keys:
            for fault in _EXPLAINERS[refusal.keyword](refusal):
                yield fault._replace(pointer=(*refusal.path, *fault.pointer))


def _name(refusal: Refusal) -> str:
    """Call a place as whoever writes the rule would: `message.equal`, `keys[1]`."""
    match refusal.path:
        case ():
            return "a ruleset"
        case ("rules", int(), *inside) if inside:
            return place_called(tuple(inside))
        case path:
            return place_called(path)


def _owner(refusal: Refusal) -> str:
    """Call an object by what decides about its keys: a rule by its kind."""
    match refusal.path:
        case ("rules", int()):
            kind = refusal.value.get("kind")
            return f"a rule of kind {kind}" if _is_kind(kind) else "a rule"
    return _name(refusal)


def _is_kind(name: object) -> bool:
    return isinstance(name, str) and name in HOMES


def _missing_keys(refusal: Refusal) -> Iterator[FileProblem]:
    """Tell each missing key, or the misspelt one that stands for it."""
    for key in refusal.wanted:
        if key in refusal.value:
            continue
        misspelt = [name for name in _strange(refusal) if nearest_name(name, [key])]
        if misspelt:
            yield _strange_key(refusal, misspelt[0])
        else:
            cause = f"{_owner(refusal)} has no {key}"
            remedy = f"add {key}, for example {example_of(refusal.schema['properties'][key])}"
            yield FileProblem(ROOT, cause, remedy, "start")


def _strange_keys(refusal: Refusal) -> Iterator[FileProblem]:
    for name in _strange(refusal):
        yield _strange_key(refusal, name)


def _strange(refusal: Refusal) -> list[str]:
    return [key for key in refusal.value if key not in refusal.schema["properties"]]


def _strange_key(refusal: Refusal, name: str) -> FileProblem:
    free = [key for key in refusal.schema["properties"] if key not in refusal.value]
    near = nearest_name(name, free)
    remedy = f"did you mean {near}?" if near else "remove it"
    if not near and 0 < len(free) <= _LONGEST_LIST:
        remedy += f", or write {one_of(free)} instead"
    return FileProblem(
        (name,), f"there is no key {printable_name(name)} in {_owner(refusal)}", remedy, "key"
    )


_LONGEST_LIST = 12


def _wrong_type(refusal: Refusal) -> Iterator[FileProblem]:
    names = refusal.wanted
    wanted = one_of(type_called(name) for name in ([names] if isinstance(names, str) else names))
    cause = f"{_name(refusal)} is {called(refusal.value)}, not {wanted}"
    example = f" such as {example_of(refusal.schema)}" if "examples" in refusal.schema else ""
    yield FileProblem(ROOT, cause, f"write {wanted}{example}")


def _unlisted(refusal: Refusal) -> Iterator[FileProblem]:
    # Of a value that is no string, its type says more.
    if isinstance(refusal.value, str):
        word = next(key for key in reversed(refusal.path) if isinstance(key, str))
        cause = f"there is no {word} {printable_name(refusal.value)}"
        yield FileProblem(ROOT, cause, suggestion(refusal.value, refusal.wanted))


def _misspelt(refusal: Refusal) -> Iterator[FileProblem]:
    cause = f"{_name(refusal)} {shown(refusal.value)} will not do"
    yield FileProblem(ROOT, cause, refusal.schema["patternErrorMessage"])


def _no_regex(refusal: Refusal) -> Iterator[FileProblem]:
    pattern = str(refusal.value)
    cause = f"{shown(pattern)} is no regular expression: {regex_fault(pattern)}"
    remedy = "correct it; a backslash makes a character stand for itself"
    if refusal.is_of_key:
        yield FileProblem((pattern,), cause, remedy, "key")
    else:
        yield FileProblem(ROOT, cause, remedy)


def _count(refusal: Refusal) -> Iterator[FileProblem]:
    what = "keys" if isinstance(refusal.value, dict) else "items"
    count, limit = len(refusal.value), refusal.wanted
    if count > limit:
        cause = f"{_name(refusal)} has {count} {what}, and {limit} is the most"
        yield FileProblem(ROOT, cause, "remove the others")
    else:
        cause = f"{_name(refusal)} has {count} of at least {limit} {what}"
        cause = cause if count else f"{_name(refusal)} is empty"
        yield FileProblem(ROOT, cause, f"write more, as in {example_of(refusal.schema)}")


def _unwelcome(refusal: Refusal) -> Iterator[FileProblem]:
    cause = f"{_name(refusal)} cannot be written here"
    yield FileProblem(ROOT, cause, refusal.schema["errorMessage"], "key")


def _repeated(refusal: Refusal) -> Iterator[FileProblem]:
    seen: set[object] = set()
    for index, item in enumerate(refusal.value):
        if identity(item) in seen:
            cause = f"{called(item)} is listed twice in {_name(refusal)}"
            yield FileProblem((index,), cause, "remove the second one")
        seen.add(identity(item))


def _out_of_bounds(refusal: Refusal) -> Iterator[FileProblem]:
    bounds = bounds_called(refusal.schema)
    cause = f"{_name(refusal)} {shown(refusal.value)} is not {bounds}"
    yield FileProblem(ROOT, cause, f"write a number that is {bounds}")


_EXPLAINERS: dict[str, Callable[[Refusal], Iterator[FileProblem]]] = {
    "required": _missing_keys,
    "additionalProperties": _strange_keys,
    "type": _wrong_type,
    "enum": _unlisted,
    "pattern": _misspelt,
    "format": _no_regex,
    "minItems": _count,
    "maxItems": _count,
    "minProperties": _count,
    "maxProperties": _count,
    "not": _unwelcome,
    "uniqueItems": _repeated,
    "minimum": _out_of_bounds,
    "exclusiveMinimum": _out_of_bounds,
}
