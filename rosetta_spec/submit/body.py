"""What is sent of a document: its value as canonical JSON, every number exact.

Canonical: no blanks, keys in the order of their code points, letters as they are, numbers without
an exponent and without zeros that say nothing. The same request written in another format, in
another order, or with `1.0` for `1` gives the same bytes, and so is known to be the same.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal

from rosetta_spec.document.json_writer import json_string, json_text
from rosetta_spec.document.plain import UNUSABLE
from rosetta_spec.document.short_number import ShortNumber
from rosetta_spec.fast.limits import MAX_INT_DIGITS
from rosetta_spec.request.schema import EDITOR_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json
    from rosetta_spec.document.reader import AnyDocument

#: A repeated key is the one problem of reading that leaves a value: that of the last one.
_HARMLESS = frozenset({"duplicate-key"})


class BodyError(ValueError):
    """A document that cannot be sent, whatever the rules say of it."""


def body_of(document: AnyDocument) -> bytes:
    """Return the body of the request that a document is.

    Raises:
        BodyError: JSON cannot carry it, or a number in it is written with thousands of digits.
    """
    problems = [each for each in document.problems if each.name not in _HARMLESS]
    value = document.value
    if problems or not isinstance(value, dict):
        causes = [f"{each.cause}; {each.remedy}" for each in problems]
        raise BodyError(next(iter(causes), "this document is no object; write keys and values"))
    request = {key: item for key, item in value.items() if key != EDITOR_KEY}
    return canonical_json(request).encode()


def canonical_json(value: Json) -> str:
    """Write a value so that equal values give equal texts.

    Raises:
        BodyError: a number in it cannot be written.
    """
    if isinstance(value, dict):
        members = (f"{json_string(key)}:{canonical_json(value[key])}" for key in sorted(value))
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(canonical_json, value))}]"
    if isinstance(value, ShortNumber):
        return _canonical_number(value.exact)
    if isinstance(value, Decimal):
        return _canonical_number(value)
    assert value is not UNUSABLE  # noqa: S101 - what is unusable is a problem of reading
    return json_text(value)


def digest_of(body: bytes) -> str:
    """Return what a body is known by: its SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _canonical_number(number: Decimal) -> str:
    if not number:
        return "0"
    text = f"{number:f}" if abs(number.adjusted()) < MAX_INT_DIGITS else ""
    # A sign and a point are no digits.
    if not 0 < len(text) <= MAX_INT_DIGITS + 2:
        message = (
            f"a number here has more than {MAX_INT_DIGITS} digits, and no server reads it;"
            " write a smaller one"
        )
        raise BodyError(message)
    return text.rstrip("0").rstrip(".") if "." in text else text
