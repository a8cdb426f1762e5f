"""JSON Pointers (RFC 6901) as tuples: a key is a string, an array index a 0-based integer."""

from typing import TypeAlias

Pointer: TypeAlias = tuple[str | int, ...]

#: The whole document.
ROOT: Pointer = ()

#: In a pattern such as `/interceptionBoundary/*`: every item of the array.
EVERY_ITEM = "*"


def format_pointer(pointer: Pointer) -> str:
    """Write `pointer` as RFC 6901 says, `~` and `/` in keys escaped; the whole document is ""."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in pointer)


def parse_pattern(text: str) -> tuple[str, ...]:
    """Read a pointer or pattern as written in a rules file into its tokens, all strings."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text.split("/")[1:])
