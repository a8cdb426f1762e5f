"""Plain JSON values, and how they are written."""

from __future__ import annotations

import unicodedata
from json.encoder import encode_basestring
from typing import Any, Final, TypeAlias

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
    """Whether a value has a member of that key, or an item of that index."""
    if isinstance(value, list):
        return isinstance(token, int) and token < len(value)
    return isinstance(value, dict) and token in value


_WORDS = {True: "true", False: "false", None: "null"}


def json_text(value: Json, space: str = " ") -> str:
    """Write a value on one line, with `space` after each colon and comma."""
    if isinstance(value, str):
        return json_string(value)
    comma = f",{space}"
    if isinstance(value, dict):
        pairs = value.items()
        return (
            f"{{{comma.join(f'{json_string(k)}:{space}{json_text(v, space)}' for k, v in pairs)}}}"
        )
    if isinstance(value, list | tuple):
        return f"[{comma.join(json_text(item, space) for item in value)}]"
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)


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


def json_string(text: str) -> str:
    """Write a string in quotes, with escapes only where JSON needs them."""
    return encode_basestring(text)


_LONGEST_QUOTE = 40


def shown(source: str) -> str:
    """Shorten a piece of source for a message, and escape what is invisible."""
    if len(source) > _LONGEST_QUOTE:
        source = source[: _LONGEST_QUOTE - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in source)


def as_string(text: str) -> str:
    """Write `text` as a JSON string, shortened for a message."""
    return f'"{shown(json_string(text)[1:-1])}"'


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
