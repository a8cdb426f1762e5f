"""What other languages have and JSON has not: comments, placeholders, foreign signs."""

from __future__ import annotations

import unicodedata

from rosetta_spec.document.json_scene import Mistake
from rosetta_spec.document.quoting import char_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.json_scene import Scene


def comment(scene: Scene) -> Mistake | None:
    """Tell a comment of JavaScript, Python or C."""
    found = scene.find(r"(?: // | [#] ) [^\r\n]* | /\* (?s:.*?) (?: \*/ | \Z )")
    if not found:
        return None
    span = scene.on_its_row(found)
    return Mistake(span, "JSON has no comments", "delete it, or write the request as YAML")


_PLACEHOLDER = r"""
    \{\{-?[ \t]*[\w.$][^{}\r\n]*\}\} | \{%[^\r\n}]*%\} | \$\{[^{}\r\n]*\} | \$\w+
    | <[^<>"\r\n]+>
"""


def placeholder(scene: Scene) -> Mistake | None:
    """Tell a placeholder of a template, such as `{{ name }}`, `${name}` or `<name>`."""
    # An opening brace was read as that of an object, and the second one is at fault.
    start = scene.at - 1 if scene.last == "{" and scene.wanted == "key" else scene.at
    found = scene.find(_PLACEHOLDER, start) or scene.find(_PLACEHOLDER)
    if not found:
        return None
    cause = f"{scene.quote(found)} is a placeholder that nothing has filled in"
    return Mistake(found, cause, "write the value, or check the text that the template becomes")


def ellipsis(scene: Scene) -> Mistake | None:
    """Tell dots in the place of what was left out."""
    found = scene.find(r"\.{3,} | …")
    if not found:
        return None
    cause = f"{scene.quote(found)} stands for something that was left out"
    return Mistake(found, cause, "write it out, or delete the dots")


def punctuation(scene: Scene) -> Mistake | None:
    """Tell a sign that other languages have in the place of those of JSON."""
    remedy = _PUNCTUATION.get(scene.char)
    if not remedy:
        return None
    if scene.char == ";" and scene.next_after(scene.at + 1) in {"", "}", "]"}:
        remedy = "delete it"
    return Mistake(scene.here, f'JSON has no "{scene.char}"', remedy)


_PUNCTUATION = {
    ";": 'write ","',
    "=": 'write ":" between a key and its value, else nothing',
    "(": "write a list between [ and ]",
    ")": "write a list between [ and ]",
}


def invisible(scene: Scene) -> Mistake | None:
    """Tell a character that cannot be seen, such as a no-break space."""
    if scene.char.isprintable() and not scene.char.isspace():
        return None
    remedy = "write a normal space, or nothing" if scene.char.isspace() else "delete it"
    return Mistake(scene.here, f"a {char_called(scene.char)} outside a string", remedy)


def look_alike(scene: Scene) -> Mistake | None:
    """Tell a full-width comma, colon or bracket."""
    meant = unicodedata.normalize("NFKC", scene.char)
    if meant == scene.char or meant not in {",", ":", "{", "}", "[", "]"}:
        return None
    return Mistake(scene.here, f'"{scene.char}" only looks like "{meant}"', f'write "{meant}"')
