"""Mistakes inside a string, and at its end."""

from __future__ import annotations

import re

from rosetta_spec.document.json_scene import Mistake
from rosetta_spec.document.quoting import char_called, shown
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.json_scene import Scene


def broken_string(scene: Scene) -> Mistake | None:
    """Tell a string that is not closed, or what cannot stand inside one."""
    if scene.char != '"' or scene.wanted not in {"key", "value"}:
        return None
    stop = _string_stop(scene.content, scene.at + 1)
    char = scene.content[stop : stop + 1]
    if char == "\\":
        return _wrong_escape(scene, stop)
    if char in {"", "\n", "\r"}:
        return _unclosed_string(scene, stop)
    escape = r"\t" if char == "\t" else shown(char)
    name = "tab" if char == "\t" else char_called(char)
    return Mistake(Span(stop, stop + 1), f"a raw {name} in a string", f"write it as {escape}")


def _string_stop(content: str, at: int) -> int:
    """Give the offset of the first thing in a broken string that cannot be in one."""
    parts = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|[\\\x00-\x1f]')
    stops = (part.start() for part in parts.finditer(content, at) if len(part[0]) == 1)
    return next(stops, len(content))


def _unclosed_string(scene: Scene, stop: int) -> Mistake:
    span = Span(scene.at, stop)
    remedy = r'add the closing ", and write a line break inside a string as \n'
    return Mistake(span, "this string is not closed", remedy)


def _wrong_escape(scene: Scene, at: int) -> Mistake:
    found = scene.find(r"\\u [0-9A-Fa-f]{0,3} | \\x [0-9A-Fa-f]{2} | \\[^\r\n]? ", at)
    span = found or Span(at, at + 1)
    escape = scene.source(span)
    is_path = scene.find(r'"(?:[A-Za-z]:|\\\\)', scene.at) is not None
    remedy = r"write the path with / or \\" if is_path else _escape_remedy(escape)
    return Mistake(span, f"{shown(escape)} is no escape in JSON", remedy)


def _escape_remedy(escape: str) -> str:
    if escape == "\\":
        return r"keep the string on one row, and write a line break in it as \n"
    if escape == r"\'":
        return "write ' alone"
    if escape.startswith(r"\u"):
        return r"write four hexadecimal digits after \u, or \\ for a backslash"
    if escape.startswith(r"\x") and escape != r"\x":
        return rf"write \u00{escape[2:]}"
    return r"write \\ for a backslash"


def torn_string(scene: Scene) -> Mistake | None:
    """Explain text that clings to the end of a string: a quote too many or too few."""
    found = scene.find(r"""[^\s,:;=/#\[\]{}"']++""")
    if not found or scene.other.end != scene.at or scene.content[scene.other.start] != '"':
        return None
    cause = f"{scene.quote(found)} follows the end of the string {scene.quote(scene.other)}"
    return Mistake(found, cause, r"add the quote that is missing, or write one in a string as \"")
