"""Calls of `check` so plain that they are read at once, without loading a command line library.

What is not surely understood is None, and goes on to `click`, which understands it in the same way
or says what is wrong.
"""

from __future__ import annotations

from rosetta_spec.document.formats import FORMATS
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.run.call import COLORS, FAIL_ON, Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Options with a value of a list, by what they are in a `Call`.
_OPTIONS = {
    "--format": ("output_format", REPORTERS),
    "--input-format": ("input_format", FORMATS),
    "--fail-on": ("fail_on", FAIL_ON),
    "--color": ("color", COLORS),
}


def read_plain_call(arguments: Sequence[str]) -> Call | None:
    """Read the arguments of a process: `check`, paths, and common options before or after them."""
    command, *rest = arguments or [""]
    if command != "check":
        return None
    paths: list[str] = []
    settings: dict[str, Any] = {}
    words = iter(rest)
    for word in words:
        if not word.startswith("-") or word == "-":
            paths.append(word)
            continue
        option, is_joined, value = word.partition("=")
        name, values = _OPTIONS.get(option, ("", ()))
        value = value if is_joined else next(words, "")
        if value not in values:
            return None
        settings[name] = value
    return Call(paths=tuple(paths), **settings)
