"""Ends in the wrong place: of an object, an array or the document."""

from __future__ import annotations

from rosetta_spec.document.json_scene import CLOSERS, Mistake
from rosetta_spec.document.quoting import shown
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.json_scene import Scene

_CONTAINERS = {"{": "object", "[": "array"}


def early_end(scene: Scene) -> Mistake | None:
    """Tell a text that ends while a bracket is open, or before anything was written."""
    if scene.char:
        return None
    if not scene.opened:
        return Mistake(scene.here, "there is no text", "write a request between { and }")
    start = scene.opened[-1]
    closers = "".join(CLOSERS[scene.content[at]] for at in reversed(scene.opened))
    cause = f"this {scene.bracket} is never closed"
    remedy = f"add {shown(closers)} at the end"
    if scene.last in ",:":
        remedy = f'write what is missing after the last "{scene.last}", and {remedy}'
    return Mistake(Span(start, start + 1), cause, remedy)


def wrong_closer(scene: Scene) -> Mistake | None:
    """Tell a closing bracket that closes nothing, or not the one that is open."""
    if scene.char not in {"}", "]"}:
        return None
    if not scene.opened:
        remedy = "delete it, or add the bracket that it closes"
        return Mistake(scene.here, f"this {scene.char} closes nothing", remedy)
    start = scene.opened[-1]
    closer = CLOSERS[scene.bracket]
    cause = f"this {scene.char} cannot close the {_CONTAINERS[scene.bracket]} that is open"
    remedy = f"write {closer} in its place, or add the missing {closer} before it"
    return Mistake(scene.here, cause, remedy, ((ROOT, Span(start, start + 1), "opened here"),))


def text_after_end(scene: Scene) -> Mistake:
    """Explain what follows the document when nothing more certain fits."""
    if scene.char not in {"{", "["}:
        cause = f"{scene.quote(scene.token)} follows the end of the document"
        return Mistake(scene.token, cause, "delete it and all after it")
    cause = f"a second document begins with this {scene.char}"
    is_on_next_row = "\n" in scene.content[scene.other.end : scene.at]
    remedy = "write each into a file of its own, or each in a row of a file that ends in .jsonl"
    if is_on_next_row:
        remedy = "if each row is a document, give the file the ending .jsonl"
    return Mistake(scene.here, cause, remedy)
