"""How messages quote what stands in a source, never long and nothing in it invisible."""

from __future__ import annotations

import unicodedata

from rosetta_spec.document.json_writer import json_string
from rosetta_spec.text import BOM

_LONGEST_QUOTE = 40


def shown(source: str) -> str:
    """Quote a piece of source in a message: not too long, and nothing in it that is invisible."""
    if len(source) > _LONGEST_QUOTE:
        source = source[: _LONGEST_QUOTE - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in source)


def as_string(text: str) -> str:
    """Write `text` as JSON writes a string, shortened as in every message."""
    return f'"{shown(json_string(text)[1:-1])}"'


def char_called(char: str) -> str:
    """Name a character that cannot be seen: `U+00A0 no-break space`."""
    # Unicode itself calls the mark a space, and has no names for control characters.
    nameless = "control character" if unicodedata.category(char) == "Cc" else "character"
    name = "byte order mark" if char == BOM else unicodedata.name(char, nameless).lower()
    return f"U+{ord(char):04X} {name}"
