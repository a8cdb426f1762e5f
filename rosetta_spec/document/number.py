"""Numbers as their text spells them: exact, never a float, never an exception."""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_ETINY, Context, Decimal

#: A number as RFC 8259, section 6, spells it; the pattern has no group.
JSON_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"

#: Digits of the longest integer literal that becomes an `int`.
MAX_INT_DIGITS = 4300

#: Up to here `int(text)` works whatever limit on digits the interpreter was started with.
_SURE_INT_DIGITS = 640

#: Traps nothing: a number that a Decimal cannot hold comes back as NaN.
_QUIET = Context(traps=[])

#: What stands for a number whose exponent no Decimal holds. So near the end of the range that only
#: another such number would compare wrongly with it; not zero, not infinite.
_LARGEST = Decimal((0, (9,) * 28, MAX_EMAX - 27))
_SMALLEST = Decimal((0, (1,), MIN_ETINY))

_spells_number = re.compile(JSON_NUMBER).fullmatch
_BOOLEANS = {"true": True, "false": False}


def number_of(text: str) -> int | Decimal:
    """Read a decimal number: perhaps a sign, digits with at most one point, perhaps an exponent.

    An integer literal of at most 4,300 digits is an `int`, anything else a finite `Decimal` of
    exactly that value; only an exponent beyond a Decimal's range (about 10**18) is cut to it.
    """
    digits = text.lstrip("+-")
    if len(digits) <= _SURE_INT_DIGITS and digits.isdecimal():
        return int(text)
    number = Decimal(text, _QUIET)
    if digits.isdecimal() and len(digits) <= MAX_INT_DIGITS:
        return int(number)
    return number if number.is_finite() else _clamped(text)


def _clamped(text: str) -> Decimal:
    """Give the Decimal nearest to a number that is too large or too near to zero for one."""
    coefficient, _, exponent = text.lower().partition("e")
    if not coefficient.strip("+-.0"):
        return Decimal(0)
    size = _SMALLEST if exponent.startswith("-") else _LARGEST
    return size.copy_negate() if text.startswith("-") else size


def spelled(text: str) -> int | Decimal | bool | None:
    """Give the JSON number or boolean that the whole of `text` spells, blanks not allowed."""
    if _spells_number(text):
        return number_of(text)
    return _BOOLEANS.get(text)


def is_whole(number: int | Decimal) -> bool:
    """Say whether `number` has no fraction: 3, 1.0 and 1e3 have none."""
    return isinstance(number, int) or number == number.to_integral_value()


def is_multiple(number: int | Decimal, divisor: int | Decimal) -> bool:
    """Say whether `number` is `divisor` a whole number of times; the divisor is not 0.

    Exact, and instantaneous for any exponent: only remainders of powers of ten are computed.
    """
    digits, exponent = _integer_and_exponent(number)
    by_digits, by_exponent = _integer_and_exponent(divisor)
    shift = exponent - by_exponent
    if shift >= 0:
        return digits * pow(10, shift, abs(by_digits)) % by_digits == 0
    # A divisor of more digits than the number has divides nothing but 0.
    return not digits or (
        -shift <= len(str(abs(digits))) and digits % (by_digits * 10**-shift) == 0
    )


def _integer_and_exponent(number: int | Decimal) -> tuple[int, int]:
    sign, digits, exponent = Decimal(number).as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - no number here is infinite or NaN
    integer = int(Decimal((sign, digits, 0)))
    return integer, exponent
