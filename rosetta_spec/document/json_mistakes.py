"""Say what is wrong in a JSON text, where exactly, and what to do about it."""

from __future__ import annotations

from rosetta_spec.document.json_mistakes_ends import early_end, text_after_end, wrong_closer
from rosetta_spec.document.json_mistakes_foreign import (
    comment,
    ellipsis,
    invisible,
    look_alike,
    placeholder,
    punctuation,
)
from rosetta_spec.document.json_mistakes_formats import escaped_text, fence, other_format
from rosetta_spec.document.json_mistakes_quotes import wrong_quotes
from rosetta_spec.document.json_mistakes_separators import (
    comma_at_end,
    missing_colon,
    missing_comma,
    missing_value,
    stray_colon,
    stray_comma,
    wrong_colon,
)
from rosetta_spec.document.json_mistakes_spellings import bare_key, bare_value, decimal_comma
from rosetta_spec.document.json_mistakes_strings import broken_string, torn_string
from rosetta_spec.document.json_scene import Mistake, Scene
from rosetta_spec.document.node import Problem
from rosetta_spec.document.quoting import shown
from rosetta_spec.fast.limits import MAX_NESTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.document.json_reader import Fault
    from rosetta_spec.document.json_scene import Explainer

__all__ = ["explain", "shown"]


def explain(content: str, fault: Fault) -> Problem:
    """Put a fault that the reader found in `content` into words."""
    mistake = _EXPLAINERS[fault.name](content, fault)
    return Problem(fault.name, fault.pointer, *mistake)


def _repeated_key(content: str, fault: Fault) -> Mistake:
    key = shown(content[slice(*fault.span)])
    first = (fault.pointer, fault.other or fault.span, "first set here")
    remedy = "keep one of them; the last one counts"
    return Mistake(fault.span, f"key {key} is already in this object", remedy, (first,))


def _lone_surrogate(content: str, fault: Fault) -> Mistake:
    string = shown(content[slice(*fault.span)])
    cause = f"{string} holds half of a character, a lone surrogate that UTF-8 cannot carry"
    return Mistake(fault.span, cause, r"write the whole character, or both halves as \u escapes")


def _too_deep(content: str, fault: Fault) -> Mistake:
    bracket = content[slice(*fault.span)]
    cause = f"this {bracket} opens level {MAX_NESTING + 1}, and at most {MAX_NESTING} are read"
    return Mistake(fault.span, cause, "put fewer objects and arrays into each other")


def _syntax_error(content: str, fault: Fault) -> Mistake:
    scene = Scene(content, fault)
    explanations = (explanation(scene) for explanation in _EXPLANATIONS)
    found = next((mistake for mistake in explanations if mistake), None)
    return found or _LAST_RESORTS[scene.wanted](scene)


def _misplaced(scene: Scene) -> Mistake:
    found = scene.quote(scene.token)
    cause = f"this {found} stands where a {scene.wanted} is wanted"
    return Mistake(scene.token, cause, 'write a key such as "key" and a colon before it')


_EXPLAINERS: dict[str, Callable[[str, Fault], Mistake]] = {
    "syntax": _syntax_error,
    "too-large": _too_deep,
    "duplicate-key": _repeated_key,
    "not-json": _lone_surrogate,
}

#: The first that has something to say is right, so what is most certain comes first.
_EXPLANATIONS: tuple[Explainer, ...] = (
    early_end,
    look_alike,
    other_format,
    broken_string,
    fence,
    escaped_text,
    comment,
    placeholder,
    ellipsis,
    invisible,
    torn_string,
    stray_comma,
    comma_at_end,
    missing_value,
    wrong_closer,
    wrong_colon,
    punctuation,
    stray_colon,
    wrong_quotes,
    decimal_comma,
    bare_key,
    bare_value,
)

_LAST_RESORTS: dict[str, Callable[[Scene], Mistake]] = {
    "value": _misplaced,
    "key": _misplaced,
    "colon": missing_colon,
    "comma": missing_comma,
    "end": text_after_end,
}
