"""Keys and strings in quotes that are not those of JSON."""

from __future__ import annotations

import re

from rosetta_spec.document.json_scene import BLANKS, Mistake
from rosetta_spec.document.quoting import as_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.json_scene import Scene

# Curly, low, angle and full-width quotes, as word processors and keyboards of many languages write.
_DOUBLE = "\u201c\u201d\u201e\u201f\uff02\u00ab\u00bb"
_SINGLE = "\u2018\u2019\u201a\u201b"
_QUOTED = rf"""
    ' (?: [^'\\\r\n]++ | \\[^\r\n] )*+ ' | `[^`\r\n]*+`
    | [{_DOUBLE}] [^{_DOUBLE}"\r\n]*+ [{_DOUBLE}"] | [{_SINGLE}] [^{_SINGLE}'\r\n]*+ [{_SINGLE}']
    | ['`{_DOUBLE}{_SINGLE}]
"""


def wrong_quotes(scene: Scene) -> Mistake | None:
    """Tell a key or string in quotes that are not those of JSON."""
    found = scene.find(_QUOTED) if scene.wanted in {"key", "value"} else None
    if not found:
        return None
    if _is_python(scene):
        return Mistake(found, "this is a Python dict, not JSON", "write it with json.dumps")
    if found.end == found.start + 1:
        return Mistake(found, f"{scene.char} begins no string in JSON", 'write " in its place')
    kind = {"'": "single quotes", "`": "backquotes"}.get(scene.char, "typographic quotes")
    what = "keys" if scene.wanted == "key" else "strings"
    cause = f"{what} need double quotes, and {scene.quote(found)} has {kind}"
    return Mistake(found, cause, _requoted(scene.source(found)[1:-1]))


def _requoted(inside: str) -> str:
    if inside.startswith(("{", "[")):
        return "delete the quotes around it"
    without_escapes = inside.replace(r"\'", "'")
    return f"write {as_string(without_escapes)}"


def _is_python(scene: Scene) -> bool:
    """Tell a printed Python dict by its first key and by a word that only Python has."""
    is_first = scene.char == "'" and not scene.content[: scene.at].strip("[{" + BLANKS)
    return is_first and re.search(r"\b(?:True|False|None)\b", scene.content) is not None
