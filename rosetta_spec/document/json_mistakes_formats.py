"""A text that is not JSON but another format, or JSON inside one."""

from __future__ import annotations

import re

from rosetta_spec.document.json_scene import Mistake
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.json_scene import Scene


def other_format(scene: Scene) -> Mistake | None:
    """Tell a text that is HTML, XML, a command or YAML from its first character on."""
    if scene.wanted != "value" or scene.last:
        return None
    for pattern, cause, remedy in _FORMATS:
        found = scene.find(pattern)
        if found:
            return Mistake(scene.on_its_row(found), cause, remedy)
    return _yaml(scene)


_FORMATS = (
    (
        r"(?i:<!doctype|<html|<head|<body) [^>]* >?",
        "this is HTML, not JSON",
        "save the JSON itself, since a page in its place is often a login or an error",
    ),
    (r"<\?xml [^>]* >?", "this is XML, not JSON", "write the request as JSON or YAML"),
    (
        r"curl\b [^\r\n]*",
        "this is a curl command, not JSON",
        "keep only the JSON that it sends, without the quotes around it",
    ),
)

_YAML_ROW = re.compile(r"---(?:[ \t\r]|$)|%YAML|-[ ]|[^\s\"'{}\[\],:#<][^:\r\n]*:(?:[ \t\r]|$)")


def _yaml(scene: Scene) -> Mistake | None:
    """Tell YAML by its first row that is neither blank nor a comment."""
    rows = re.compile(r"^[ \t]*+([^#\s].*)", re.MULTILINE)
    row = rows.search(scene.content, scene.at)
    if not row or not _YAML_ROW.match(row[1]):
        return None
    found = scene.on_its_row(Span(*row.span(1)))
    remedy = "give the file the ending .yaml, or use --input-format yaml"
    return Mistake(found, "this is YAML, not JSON", remedy)


def fence(scene: Scene) -> Mistake | None:
    """Tell the row that begins or ends a code block in Markdown."""
    found = scene.find(r"```[^\r\n]*")
    if not found:
        return None
    remedy = "delete this row and the other one like it"
    return Mistake(found, f"{scene.quote(found)} is Markdown, not JSON", remedy)


def escaped_text(scene: Scene) -> Mistake | None:
    """Tell JSON that was cut out of a string, its quotes still escaped."""
    found = scene.find(r'\\+"')
    if not found:
        return None
    cause = f"{scene.quote(found)} is a quote from inside another string"
    return Mistake(found, cause, "take the backslashes out of the whole text")
