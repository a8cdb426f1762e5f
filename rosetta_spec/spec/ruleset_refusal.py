"""What the schema of rulesets, or of configuration files, refuses, as values to put into words."""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import NamedTuple, cast

from jsonschema import Draft7Validator, FormatChecker

from rosetta_spec.document.json_writer import json_text
from rosetta_spec.request.folder import RULESET_SCHEMA, read_data, schema_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema


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
