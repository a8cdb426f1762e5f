"""Read a JSON text quickly into plain values, without places; what is not surely fine is declined.

The scanner is the one in C that `json` uses too, without the rest of that package, whose import
takes half as long as Python's own start.
"""

from __future__ import annotations

from rosetta_spec.fast.formats import Declined, short_fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn, TypeAlias

    from rosetta_spec.fast.formats import Json, ReadFraction, ReadWhole

    #: Reads the value at an offset and says where it ends.
    Scan: TypeAlias = Callable[[str, int], tuple[Json, int]]

#: What JSON takes for white space (RFC 8259, section 2).
BLANKS = " \t\n\r"


def read_json_value(content: str, scan: Scan | None = None) -> Json:
    """Read the one value of a JSON text, which has no byte order mark.

    The value is what the full reader gives, but that, unless `scan` reads otherwise, a number with
    a fraction is a `float`, which compares as the decimal that was written does with others as
    short.

    Raises:
        Declined: the text has a fault, or something for the full reader to look at: a repeated
            key, a number that a float cannot stand for, half of a surrogate pair.
    """
    content = content.strip(BLANKS)
    try:
        value, end = (scan or _scan)(content, 0)
        has_half = "\\" in content and "\\ud" in content.lower() and _has_half_character(value)
    # A number of too many digits is a ValueError, as a fault of the grammar is; but until 3.12 the
    # scanner has the name of that from `json.decoder`, and without that module fails to say it.
    except (ValueError, StopIteration, RecursionError, SystemError):
        raise Declined from None
    if end != len(content) or has_half:
        raise Declined
    return value


def _has_half_character(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(has_surrogate, value)) or any(map(_has_half_character, value.values()))
    if isinstance(value, list):
        return any(map(_has_half_character, value))
    return isinstance(value, str) and has_surrogate(value)


def has_surrogate(text: str) -> bool:
    """Whether half of a surrogate pair stands in a string, which UTF-8 cannot carry."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def scanner(
    read_fraction: ReadFraction,
    read_whole: ReadWhole = int,
    read_object: Callable[[list[tuple[str, Json]]], Json] | None = None,
) -> Scan:
    """Return a function that reads the value at an offset and says where it ends.

    `read_fraction` reads a number with a fraction or an exponent, `read_whole` any other, and
    `read_object` the members of an object, by default as one whose keys are unique. The function
    raises `ValueError` or `StopIteration` where there is no value, `RecursionError` where
    it is nested too deep, and `Declined` for a repeated key.
    """
    try:
        from _json import make_scanner  # not every Python has it
    except ImportError:
        return _portable_scanner(_Settings(read_fraction, read_whole, read_object))
    return make_scanner(_Settings(read_fraction, read_whole, read_object))  # type: ignore[arg-type]


class _Settings:
    """What the scanner asks for; the names are those of `json.JSONDecoder`."""

    strict = True
    object_hook = None

    def __init__(
        self,
        read_fraction: ReadFraction,
        read_whole: ReadWhole,
        read_object: Callable[[list[tuple[str, Json]]], Json] | None,
    ) -> None:
        self.object_pairs_hook = read_object or _object
        self.parse_constant = _decline
        self.parse_float = read_fraction
        self.parse_int = read_whole


def _portable_scanner(settings: Json) -> Scan:
    from json import JSONDecoder  # slow, and only for a Python without `_json`

    decoder: Json = JSONDecoder(
        object_pairs_hook=settings.object_pairs_hook,
        parse_constant=settings.parse_constant,
        parse_float=settings.parse_float,
        parse_int=settings.parse_int,
    )
    scan: Scan = decoder.scan_once
    return scan


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(members)
    if len(value) != len(members):
        raise Declined
    return value


def _decline(_: str) -> NoReturn:
    """Take no NaN and no infinity, which JSON does not have."""
    raise Declined


_scan = scanner(short_fraction)

#: Finds where a value ends, and reads nothing of it but strings.
skim = scanner(str, str, len)
