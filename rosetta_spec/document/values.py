"""Plain JSON values, how they are written, and numbers exactly as their text spells them."""

import unicodedata
from collections.abc import Callable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from json.encoder import encode_basestring
from operator import is_not
from typing import Any, Final, Self, TypeAlias, TypeGuard

from rosetta_spec.fast.formats import MAX_INT_DIGITS, Declined, short_fraction
from rosetta_spec.fast.json_value import scanner
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import BOM

#: JSON as Python has it, numbers exact (`Number`), `UNUSABLE` where JSON has no such value.
Json: TypeAlias = Any


class Mark:
    """A sentinel in the place of a value: it has a name, and equals nothing else."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name

    def __reduce__(self) -> str:
        return self._name


#: A value that is present and that JSON cannot represent: no rule looks at it.
UNUSABLE: Final = Mark("UNUSABLE")

#: A member that is absent, or that no rule sees.
ABSENT: Final = Mark("ABSENT")


def value_at(value: Json, pointer: Pointer) -> Json:
    """Return the value at `pointer`, `ABSENT` where there is none."""
    for token in pointer:
        if not holds(value, token):
            return ABSENT
        value = value[token]
    return value


def holds(value: Json, token: str | int) -> bool:
    """Whether a value has a member or an item at `token`."""
    if isinstance(value, list):
        return isinstance(token, int) and token < len(value)
    return isinstance(value, dict) and token in value


_WORDS = {True: "true", False: "false", None: "null"}


def json_text(
    value: Json,
    space: str = " ",
    write_number: Callable[[Any], str] = str,
    *,
    is_sorted: bool = False,
) -> str:
    """Write a value on one line, with `space` after each colon and comma, perhaps sorted by key."""
    if isinstance(value, str):
        return json_string(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]

    def written(item: Json) -> str:
        return json_text(item, space, write_number, is_sorted=is_sorted)

    comma = f",{space}"
    if isinstance(value, dict):
        keys = sorted(value) if is_sorted else value
        pairs = comma.join(f"{json_string(key)}:{space}{written(value[key])}" for key in keys)
        return f"{{{pairs}}}"
    if isinstance(value, list | tuple):
        return f"[{comma.join(map(written, value))}]"
    return write_number(value)


def indented_json(value: Json, indent: str = "") -> str:
    """Write a value with two spaces of indentation, `indent` before every row except the first."""
    inner = f"{indent}  "
    if isinstance(value, dict) and value:
        pairs = (f"{json_string(key)}: {indented_json(item, inner)}" for key, item in value.items())
        return "{\n" + ",\n".join(f"{inner}{pair}" for pair in pairs) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and value:
        items = (f"{inner}{indented_json(item, inner)}" for item in value)
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    return json_text(value)


def canonical_json(value: Json, write_number: Callable[[Any], str]) -> str:
    """Write a value so that equal values give equal texts, if `write_number` does so too."""
    return json_text(value, "", write_number, is_sorted=True)


#: Writes a string in quotes, with escapes only where JSON needs them.
json_string: Callable[[str], str] = encode_basestring

_LONGEST_QUOTE = 40


def clipped(source: str) -> str:
    """Shorten a piece of source for a message, and escape what is invisible."""
    if len(source) > _LONGEST_QUOTE:
        source = source[: _LONGEST_QUOTE - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in source)


def as_string(text: str) -> str:
    """Write `text` as a JSON string, shortened for a message."""
    return f'"{clipped(json_string(text)[1:-1])}"'


def char_called(char: str) -> str:
    """Name an invisible character: `U+00A0 no-break space`."""
    # Unicode itself calls the mark a space, and has no names for control characters.
    nameless = "control character" if unicodedata.category(char) == "Cc" else "character"
    name = "byte order mark" if char == BOM else unicodedata.name(char, nameless).lower()
    return f"U+{ord(char):04X} {name}"


def identity(value: Json) -> object:
    """Return a hashable that is equal for equal JSON values: 1 is 1.0, and neither is true."""
    if isinstance(value, dict):
        return frozenset((key, identity(member)) for key, member in value.items())
    if isinstance(value, list):
        return tuple(identity(item) for item in value)
    return (isinstance(value, bool), value)


def is_same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal, as their identities are, without making these."""
    return bool(one == other) and _has_same_booleans(one, other)


def _has_same_booleans(one: Json, other: Json) -> bool:
    """Whether values that are equal to Python, to which true is 1, have booleans where both do."""
    if isinstance(one, str):
        return True
    if isinstance(one, dict):
        return all(map(_has_same_booleans, one.values(), map(other.__getitem__, one)))
    if isinstance(one, list):
        return all(map(_has_same_booleans, one, other))
    return isinstance(one, bool) == isinstance(other, bool)


Number: TypeAlias = int | Decimal

#: A number as RFC 8259, section 6, spells it, as a regular expression without a group.
JSON_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"

_BOOLEANS = {"true": True, "false": False}

#: Traps nothing: a number that a Decimal cannot represent becomes NaN.
_QUIET = Context(traps=[])

#: Rounds nothing.
WIDE = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)

_COMPLEMENT = str.maketrans("0123456789", "9876543210")


def number_of(text: str) -> Number:
    """Read a decimal number: perhaps a sign, digits with at most one point, perhaps an exponent.

    An integer literal of at most 640 digits is an `int`, anything else a finite `Decimal` of
    exactly that value. One whose exponent is beyond a Decimal's range (about 10**18) has another
    value, and compares with every other number here as it should.
    """
    digits = text.lstrip("+-")
    if digits.isdecimal() and len(digits) <= MAX_INT_DIGITS:
        return int(text)
    number = Decimal(text, _QUIET)
    if number == 0 or (number.is_finite() and MIN_EMIN < number.adjusted() < MAX_EMAX):
        return number
    is_zero = not text.lower().partition("e")[0].strip("+-.0")
    return Decimal(0) if is_zero else Ranked(text)


class Ranked(Decimal):
    """A number beyond a Decimal's exponents, as a Decimal that compares as it would.

    It is farther from 1 than any other Decimal, and among its like ordered by exponent, then by
    digits: the length of the exponent, the exponent and the digits follow each other in one
    coefficient, complemented where a larger exponent makes the number smaller. As a string, it is
    the number itself.
    """

    _text: str

    def __new__(cls, text: str) -> Self:
        """Make it of the text of a number that is not 0."""
        coefficient, _, exponent = text.lower().partition("e")
        whole, _, fraction = coefficient.lstrip("+-").partition(".")
        digits = (whole + fraction).lstrip("0")
        # The exponent of the first digit; `int` might reject it for its length.
        size = WIDE.add(Decimal(exponent), len(digits) - len(fraction) - 1)
        digits = digits.rstrip("0")
        rank = str(size.copy_abs())
        rank = f"{len(rank):020}{rank}"
        if size < 0:
            rank = rank.translate(_COMPLEMENT)
        sign = "-" if text.startswith("-") else ""
        places = rank + digits
        end = (MIN_EMIN if size < 0 else MAX_EMAX) - len(places)
        number = super().__new__(cls, f"{sign}1{places}E{end}")
        number._text = f"{sign}{digits[0]}.{digits[1:]}".rstrip(".") + f"E{size:+}"
        return number

    def __str__(self) -> str:
        return self._text

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self._text,)


#: Reads a scalar of JSON at an offset, every number exactly; returns it and its end.
scan_scalar = scanner(number_of, number_of)


def spelled(text: str) -> Number | bool | None:
    """Return the JSON number or boolean that the whole of `text` spells, without whitespace."""
    if text[:1] not in tuple("-0123456789"):
        return _BOOLEANS.get(text)
    try:
        number, end = scan_scalar(text, 0)
    except (ValueError, StopIteration, SystemError, Declined):
        return None
    return number if end == len(text) else None


def percentage_in(text: str) -> Decimal | None:
    """Return the ratio that a percentage such as `35%` means, None for any other text."""
    number, sign, rest = text.strip().partition("%")
    value = spelled(number.rstrip())
    return _QUIET.divide(value, 100) if sign and not rest and is_number(value) else None


def share_in(text: str) -> str:
    """Write a percentage such as `35%` as a ratio: `0.35`; "" for any other text."""
    share = percentage_in(text)
    if share is None or not Decimal("1e-9") < share < Decimal("1e9"):
        return ""
    return f"{share.normalize(_QUIET):f}"


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a JSON value is a number; Python counts booleans as such, JSON does not."""
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)


def is_whole(number: Number) -> bool:
    """Whether `number` has no fraction: 3, 1.0 and 1e3 have none."""
    return isinstance(number, int) or number == number.to_integral_value()


def with_floats(value: Json) -> Json:
    """Replace each number by a float where the float compares like the number."""
    return _with_scalars(value, _short)


def without_floats(value: Json) -> Json:
    """Replace each float by the number that it was read from: see `with_floats`."""
    return _with_scalars(value, _exact)


def _short(scalar: Json) -> Json:
    if not isinstance(scalar, Decimal):
        return scalar
    try:
        return short_fraction(str(scalar))
    except Declined:
        return scalar


def _exact(scalar: Json) -> Json:
    return number_of(repr(scalar)) if isinstance(scalar, float) else scalar


def _with_scalars(value: Json, change: Callable[[Json], Json]) -> Json:
    """Change all scalars in a value; objects and lists in which none changes are not copied.

    There may be millions of them.
    """
    if isinstance(value, dict):
        members = {key: _with_scalars(item, change) for key, item in value.items()}
        return members if any(map(is_not, members.values(), value.values())) else value
    if isinstance(value, list):
        items = [_with_scalars(item, change) for item in value]
        return items if any(map(is_not, items, value)) else value
    return change(value)


def is_multiple(number: Number, divisor: Number) -> bool:
    """Whether `number` is `divisor` a whole number of times; the divisor is not 0.

    Exact and fast for any exponent: only remainders of powers of ten are computed.
    """
    digits, exponent = _integer_and_exponent(number)
    by_digits, by_exponent = _integer_and_exponent(divisor)
    shift = exponent - by_exponent
    if shift >= 0:
        return digits * pow(10, shift, abs(by_digits)) % by_digits == 0
    # Of numbers that are smaller than the divisor, it divides only 0.
    return not digits or (
        by_exponent <= Decimal(number).adjusted() and digits % (by_digits * 10**-shift) == 0
    )


def _integer_and_exponent(number: Number) -> tuple[int, int]:
    sign, digits, exponent = Decimal(number).as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - no number here is infinite or NaN
    return int(Decimal((sign, digits, 0))), exponent
