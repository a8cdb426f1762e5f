"""JSON Pointers (RFC 6901) as tuples: a key is a string, an array index a 0-based integer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The empty tuple is the whole document.
Pointer: TypeAlias = tuple[str | int, ...]

ROOT: Pointer = ()

#: In a pattern such as `/interceptionBoundary/*`: every item of the array.
EVERY_ITEM = "*"


def format_pointer(pointer: Pointer) -> str:
    """Write `pointer` as RFC 6901 says, `~` and `/` in keys escaped; the whole document is ""."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in pointer)


def parse_pattern(text: str) -> tuple[str, ...]:
    """Read a pointer or pattern as it stands in a rules file into its tokens, all strings."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text.split("/")[1:])


def places_matching(pattern: tuple[str, ...], value: object) -> Iterator[Pointer]:
    """Yield, in document order, the pointers inside the JSON value `value` that `pattern` meets."""
    if not pattern:
        yield ROOT
        return
    head, rest = pattern[0], pattern[1:]
    if isinstance(value, dict) and head in value:
        for pointer in places_matching(rest, value[head]):
            yield (head, *pointer)
    elif isinstance(value, list) and head == EVERY_ITEM:
        for index, item in enumerate(value):
            for pointer in places_matching(rest, item):
                yield (index, *pointer)
