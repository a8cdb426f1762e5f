"""`jsonschema`, for fragments that may use any keyword of draft-07, with numbers that are exact."""

from __future__ import annotations

from functools import cache

from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft7Validator, extend

from rosetta_spec.document.numbers import is_multiple, is_number, is_whole, number_of
from rosetta_spec.document.values import UNUSABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from rosetta_spec.document.values import Json
    from rosetta_spec.request.schema import Schema


def is_valid(value: Json, schema: Schema) -> bool:
    """Whether a JSON value fits a JSON Schema; values that are unusable fit any."""
    return judge_of(schema)(value)


def judge_of(schema: Schema) -> Callable[[Json], bool]:
    """Compile a JSON Schema: return what says whether a value fits."""
    validator = exact_validator()(schema)
    return lambda value: all(error.instance is UNUSABLE for error in validator.iter_errors(value))


@cache
def exact_validator() -> Any:  # noqa: ANN401 - `extend` gives a class that has no static type
    """Return the class of draft-07 validators for numbers that are exact."""
    types = Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: is_number(value),
            "integer": lambda _, value: is_number(value) and is_whole(value),
        }
    )
    keywords = {"multipleOf": _multiple_of}
    return extend(Draft7Validator, keywords, type_checker=types)  # type: ignore[no-untyped-call]


def _multiple_of(_: object, divisor: Json, instance: Json, __: Schema) -> Iterator[ValidationError]:
    """Divide exactly where `jsonschema` would run out of digits."""
    if is_number(instance) and not is_multiple(instance, number_of(str(divisor))):
        yield ValidationError(f"{instance!r} is not a multiple of {divisor!r}")
