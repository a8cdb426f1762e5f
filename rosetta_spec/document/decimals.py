"""Numbers that are no short integers, exact whatever their digits and exponents."""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal

from rosetta_spec.document.short_number import ShortNumber
from rosetta_spec.fast.limits import MAX_INT_DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json
    from rosetta_spec.document.short_number import Number

#: Traps nothing: a number that a Decimal cannot hold comes back as NaN.
_QUIET = Context(traps=[])

#: Rounds nothing.
_WIDE = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)

_COMPLEMENT = str.maketrans("0123456789", "9876543210")


def long_number_of(text: str) -> int | Decimal:
    """Read a number as `number_of` in `rosetta_spec.document.number` does."""
    digits = text.lstrip("+-")
    number = Decimal(text, _QUIET)
    if digits.isdecimal() and len(digits) <= MAX_INT_DIGITS:
        return int(number)
    is_in_range = number.is_finite() and MIN_EMIN < number.adjusted() < MAX_EMAX
    return number if is_in_range or number == 0 else _ranked(text)


def _ranked(text: str) -> Decimal:
    """Stand for a number beyond a Decimal's exponents by one that compares as it would.

    Farther from 1 than any other Decimal here is, and among its like ordered by exponent, then by
    digits: the length of the exponent, the exponent and the digits follow each other in one
    coefficient, complemented where a larger exponent makes the number smaller.
    """
    coefficient, _, exponent = text.lower().partition("e")
    whole, _, fraction = coefficient.lstrip("+-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return Decimal(0)
    # The exponent of the first digit; `int` might refuse to read it for its length.
    size = _WIDE.add(Decimal(exponent), len(digits) - len(fraction) - 1)
    rank = str(size.copy_abs())
    rank = f"{len(rank):020}{rank}"
    if size < 0:
        rank = rank.translate(_COMPLEMENT)
    places = rank + digits.rstrip("0")
    ranked = Decimal(f"1{places}E{(MIN_EMIN if size < 0 else MAX_EMAX) - len(places)}")
    return ranked.copy_negate() if text.startswith("-") else ranked


def with_decimals(value: Json) -> Json:
    """Give a JSON value for those who know no numbers of ours: `jsonschema` and Hypothesis."""
    if isinstance(value, dict):
        return {key: with_decimals(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(with_decimals, value))
    return value.exact if isinstance(value, ShortNumber) else value


def is_multiple(number: Number, divisor: Number) -> bool:
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


def _integer_and_exponent(number: Number) -> tuple[int, int]:
    exact = number.exact if isinstance(number, ShortNumber) else Decimal(number)
    sign, digits, exponent = exact.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - no number here is infinite or NaN
    integer = int(Decimal((sign, digits, 0)))
    return integer, exponent
