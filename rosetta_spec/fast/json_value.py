"""Read a JSON text into plain values without spans, or decline it.

The scanner is that of `json`, in C, without the rest of the package, whose import takes half as
long as starting Python.
"""

from __future__ import annotations

from rosetta_spec.fast.formats import MAX_BYTES, Declined, short_fraction

try:
    from _json import make_scanner
except ImportError:  # not every Python has it
    from json import JSONDecoder

    def make_scanner(settings: Any) -> Any:  # type: ignore[no-redef]  # noqa: ANN401, D103
        names = ("object_pairs_hook", "parse_constant", "parse_float", "parse_int")
        decoder: Any = JSONDecoder(**{name: getattr(settings, name) for name in names})
        return decoder.scan_once


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, TypeAlias

    from rosetta_spec.fast.formats import Json

    #: Reads the value at an offset; returns it and its end.
    Scan: TypeAlias = Callable[[str, int], tuple[Json, int]]

#: White space in JSON (RFC 8259, section 2).
BLANKS = " \t\n\r"


def read_json_value(content: str, scan_value: Scan | None = None) -> Json:
    """Read the value of a JSON text, which has no byte order mark.

    It is the value that the full reader gives, except that, by default, numbers with a fraction are
    `float`; they compare with each other as the decimals do.

    Raises:
        Declined: the text is invalid, or has a repeated key, a number that a float cannot represent
            exactly enough, or a lone surrogate.
    """
    content = content.strip(BLANKS)
    try:
        value, end = (scan_value or scan)(content, 0)
        is_half = "\\" in content and "\\ud" in content.lower() and _has_lone_surrogate(value)
    # Until Python 3.12, a syntax error without the module `json.decoder` is a SystemError.
    except (ValueError, StopIteration, RecursionError, SystemError):
        raise Declined from None
    if end != len(content) or is_half:
        raise Declined
    return value


def read_line_value(line: bytes) -> Json:
    """Read the value of a line of JSON Lines.

    Raises:
        Declined: the full reader has to read it.
    """
    return read_json_value(decoded(line))


def decoded(data: bytes) -> str:
    """Decode a text that is not too large.

    Raises:
        Declined: it is, or is not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise Declined
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Declined from None


def _has_lone_surrogate(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(has_surrogate, value)) or any(map(_has_lone_surrogate, value.values()))
    if isinstance(value, list):
        return any(map(_has_lone_surrogate, value))
    return isinstance(value, str) and has_surrogate(value)


def has_surrogate(text: str) -> bool:
    """Whether a string has a lone surrogate, which UTF-8 cannot encode."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def scanner(
    read_fraction: Callable[[str], Json],
    read_whole: Callable[[str], Json] = int,
    read_object: Callable[[list[tuple[str, Json]]], Json] | None = None,
) -> Scan:
    """Return a function that reads the value at an offset and says where it ends.

    `read_fraction` reads a number with a fraction or an exponent, `read_whole` any other, and
    `read_object` the members of an object, by default as one whose keys are unique. The function
    raises `ValueError` or `StopIteration` where there is no value, `RecursionError` where
    it is nested too deep, and `Declined` for a repeated key.
    """

    class Settings:
        """What the scanner asks for; the names are those of `json.JSONDecoder`."""

        strict = True
        object_hook = None
        object_pairs_hook = read_object or _object
        parse_constant = _decline
        parse_float = read_fraction
        parse_int = read_whole

    return make_scanner(Settings)  # type: ignore[arg-type]


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(members)
    if len(value) != len(members):
        raise Declined
    return value


def _decline(_: str) -> NoReturn:
    """Take no NaN and no infinity, which JSON does not have."""
    raise Declined


#: Reads the value at an offset, as `read_json_value` does.
scan = scanner(short_fraction)

#: Finds where a value ends, and reads nothing of it but strings.
skim = scanner(str, str, len)
