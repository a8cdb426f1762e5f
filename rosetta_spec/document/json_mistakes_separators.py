"""Commas and colons: too many, too few, and what they should divide."""

from __future__ import annotations

from rosetta_spec.document.json_scene import CLOSERS, Mistake
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.json_scene import Scene

_PARTS = {"{": "member", "[": "item"}


def stray_comma(scene: Scene) -> Mistake | None:
    """Tell a comma that divides nothing: after another, after a bracket, after the document."""
    if scene.char != "," or scene.wanted not in {"key", "value", "end"} or scene.last == ":":
        return None
    if scene.wanted == "end":
        return Mistake(scene.here, "a comma after the document", "delete it and what follows it")
    if scene.last == ",":
        return Mistake(scene.here, "two commas in a row", "delete one")
    return Mistake(scene.here, "a comma with nothing before it", "delete it")


def comma_at_end(scene: Scene) -> Mistake | None:
    """Tell a comma between the last member or item and the closing bracket."""
    if scene.last != "," or scene.char != CLOSERS.get(scene.bracket):
        return None
    cause = f"a comma after the last {_PARTS[scene.bracket]}"
    return Mistake(Span(scene.before, scene.before + 1), cause, "delete it")


def missing_value(scene: Scene) -> Mistake | None:
    """Tell a key without a value, with or without its colon."""
    if scene.char not in {",", "}", "]"}:
        return None
    if scene.wanted == "colon":
        key = scene.quote(scene.other)
        return Mistake(scene.other, f"key {key} has no value", 'write ":" and a value after it')
    if scene.wanted == "value" and scene.last == ":":
        span = Span(scene.before, scene.before + 1)
        return Mistake(span, "no value after this colon", "write one, or delete the key")
    return None


def wrong_colon(scene: Scene) -> Mistake | None:
    """Tell an arrow or an equals sign between a key and its value."""
    found = scene.find(r"=>|->|=") if scene.wanted == "colon" else None
    if not found:
        return None
    return Mistake(found, f'"{scene.quote(found)}" after a key', 'write ":"')


def stray_colon(scene: Scene) -> Mistake | None:
    """Tell a colon where no key can be before it."""
    if scene.char != ":" or scene.find(r"(?<=[0-9]):[0-9]"):
        return None
    if scene.wanted == "value" and scene.last == ":":
        return Mistake(scene.here, "two colons in a row", "delete one")
    if scene.wanted == "end":
        remedy = "write { before the first key and } at the end, or name the file .yaml"
        return Mistake(scene.here, "a key outside an object", remedy)
    if scene.wanted == "comma" and scene.bracket == "[":
        return Mistake(scene.here, "a key in an array", "put the key and its value between { and }")
    if scene.wanted == "comma":
        cause = f"{scene.quote(scene.other)} is the value of the key before it, and no key"
        remedy = "write that value before it, or put it and the rest between { and }"
        return Mistake(scene.on_its_row(scene.other), cause, remedy)
    return Mistake(scene.here, "a colon without a key", 'write a key such as "key" before it')


def missing_colon(scene: Scene) -> Mistake:
    """Explain what follows a key when nothing more certain fits."""
    found, key = scene.quote(scene.token), scene.quote(scene.other)
    cause = f"key {key} and {found} have no colon between them"
    return Mistake(scene.token, cause, 'write ":" before the second')


def missing_comma(scene: Scene) -> Mistake:
    """Explain what follows a member or an item when nothing more certain fits."""
    span = scene.token
    found = scene.quote(span)
    is_key = scene.next_after(span.end) == ":"
    if scene.bracket == "{" and not is_key:
        remedy = "delete one, or put both between [ and ]"
        return Mistake(span, f"{found} is a second value of one key", remedy)
    part = "key" if is_key else "value"
    return Mistake(span, f"a comma is missing before this {part}", 'write "," before it')
