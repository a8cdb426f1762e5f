"""Validation by `jsonschema`, with exact numbers.

`jsonschema` takes long to load, so it is loaded when the first validator is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from rosetta_spec.document.numbers import is_multiple, is_number, is_whole, number_of
from rosetta_spec.document.values import UNUSABLE, Json
from rosetta_spec.request.schema import Schema

#: Keywords about what is inside a value, and an `anyOf` that only names the listed values.
_KEYWORDS_OF_OTHER_PLACES = ("properties", "items", "anyOf")


def is_valid(value: Json, schema: Schema) -> bool:
    """Whether a value is valid; what is `UNUSABLE` in it always is."""
    return validity_test(schema)(value)


def validity_test(schema: Schema) -> Callable[[Json], bool]:
    """Return a function that says whether a value is valid, as `is_valid` does."""
    errors = validator_of(schema).iter_errors
    return lambda value: all(error.instance is UNUSABLE for error in errors(value))


def validator_of(schema: Schema) -> Any:  # noqa: ANN401 - `jsonschema` makes classes at run time
    """Make a validator of draft-07; 1.0 is an integer, and no boolean is a number."""
    return _class()(schema)


def place_validator_of(schema: Schema) -> Any:  # noqa: ANN401 - as `validator_of`
    """Make a validator of one place of the request schema, which ignores what is inside a value."""
    return _class(ignoring=_KEYWORDS_OF_OTHER_PLACES)(schema)


@cache
def _class(ignoring: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - as `validator_of`
    from jsonschema.validators import Draft7Validator, extend  # noqa: PLC0415 - loads slowly

    types = Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: is_number(value),
            "integer": lambda _, value: is_number(value) and is_whole(value),
        }
    )
    keywords: Mapping[str, Any] = {"multipleOf": _multiple_of, **dict.fromkeys(ignoring, _ignore)}
    return extend(Draft7Validator, keywords, type_checker=types)  # type: ignore[no-untyped-call]


def _multiple_of(_: object, divisor: Json, instance: Json, __: Schema) -> Iterator[Any]:
    """Divide exactly where `jsonschema` would run out of digits."""
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 - loaded already

    if is_number(instance) and not is_multiple(instance, number_of(str(divisor))):
        yield ValidationError(f"{instance!r} is not a multiple of {divisor!r}")


def _ignore(*_: object) -> None:
    """Find no error."""
