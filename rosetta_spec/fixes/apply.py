"""Apply several fixes of a document together, as edits of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rosetta_spec.diagnostic import Fix
from rosetta_spec.document.operations import CannotEditError, applied, touched
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import is_same
from rosetta_spec.fixes.editor import Editor
from rosetta_spec.fixes.edits import TextEdit
from rosetta_spec.fixes.verify import value_after, verified_edits
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span


class Combination(NamedTuple):
    """The edits that apply some fixes of a document."""

    fixes: Sequence[Fix]
    edits: tuple[TextEdit, ...]


def combined(document: Document, fixes: Sequence[Fix]) -> Combination:
    """Apply as many of some fixes as go together: the first one at least.

    Either all of the fixes have operations, or none has: then they are edits of comments.
    """
    chosen = _compatible(fixes)
    while len(chosen) > 1:
        try:
            return Combination(chosen, _edits(document, chosen))
        except CannotEditError:
            chosen = chosen[: len(chosen) // 2]
    return Combination(chosen, _edits_as_offered(document, chosen))


def _compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """Choose each fix that changes nothing that an earlier one changes."""
    chosen: list[Fix] = []
    places: set[Pointer] = set()
    above: set[Pointer] = set()
    for fix in fixes:
        own = set(touched(*fix.operations))
        own_above = {place[:length] for place in own for length in range(len(place))}
        if own.isdisjoint(places) and own.isdisjoint(above) and own_above.isdisjoint(places):
            chosen.append(fix)
            places |= own
            above |= own_above
    return chosen


def _edits(document: Document, fixes: Sequence[Fix]) -> tuple[TextEdit, ...]:
    operations = [operation for fix in fixes for operation in fix.operations]
    if operations:
        value = applied(document.value, operations)
        return verified_edits(Editor(document), operations, value)
    edits = _edits_as_offered(document, fixes)
    if not is_same(value_after(document, edits), document.value):
        message = "the comments cannot all be removed"
        raise CannotEditError(message)
    return edits


def _edits_as_offered(document: Document, fixes: Iterable[Fix]) -> tuple[TextEdit, ...]:
    offset = document.text.offset
    return tuple(
        sorted(
            TextEdit(Span(offset(edit.location), offset(edit.end_location)), edit.content)
            for fix in fixes
            for edit in fix.edits
        )
    )
