"""Numbers as their text spells them: exact, never a float, never an exception."""

from __future__ import annotations

from rosetta_spec.document.short_number import ShortNumber, is_short
from rosetta_spec.fast.json_value import scanner
from rosetta_spec.fast.quick import Declined, short_fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard

    from rosetta_spec.document.plain import Json
    from rosetta_spec.document.short_number import Number

#: A number as RFC 8259, section 6, spells it, as a regular expression without a group.
JSON_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"

#: Up to here `int(text)` works whatever limit on digits the interpreter was started with.
_SURE_INT_DIGITS = 640

_BOOLEANS = {"true": True, "false": False}


def number_of(text: str) -> Number:
    """Read a decimal number: perhaps a sign, digits with at most one point, perhaps an exponent.

    An integer literal of at most 4,300 digits is an `int`, a fraction of few digits what is as good
    as its `Decimal`, and anything else a finite `Decimal` of exactly that value. One whose exponent
    is beyond a Decimal's range (about 10**18) has another value, and compares with every other
    number here as it should.
    """
    digits = text.lstrip("+-")
    if len(digits) <= _SURE_INT_DIGITS and digits.isdecimal():
        return int(text)
    if is_short(text):
        return ShortNumber(text)
    # Most numbers are short, and `decimal` is a slow import.
    from rosetta_spec.document.decimals import long_number_of  # noqa: PLC0415

    return long_number_of(text)


#: Reads a number as JSON spells it.
_scan = scanner(number_of, number_of)


def spelled(text: str) -> Number | bool | None:
    """Give the JSON number or boolean that the whole of `text` spells, blanks not allowed."""
    if text[:1] not in tuple("-0123456789"):
        return _BOOLEANS.get(text)
    try:
        number, end = _scan(text, 0)
    except (ValueError, StopIteration, SystemError, Declined):
        return None
    return number if end == len(text) else None


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a JSON value is a number; Python counts booleans as such, JSON does not."""
    return hasattr(value, "as_integer_ratio") and not isinstance(value, bool)


def is_whole(number: Number) -> bool:
    """Say whether `number` has no fraction: 3, 1.0 and 1e3 have none."""
    if isinstance(number, ShortNumber):
        return number.is_integer()
    return isinstance(number, int) or number == number.to_integral_value()


#: Types of which a value is no number with a fraction, and holds none.
_WITHOUT_FRACTION = frozenset({str, int, bool, type(None)})


def with_floats(value: Json) -> Json:
    """Give a JSON value as a quick reader would, with floats where they are as good; see there."""
    if isinstance(value, dict):
        return {
            key: item if type(item) in _WITHOUT_FRACTION else with_floats(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return list(map(with_floats, value))
    if isinstance(value, int) or not is_number(value):
        return value
    try:
        return short_fraction(str(value))
    except Declined:
        return value
