"""Several fixes of a document as one set of edits, proven as each of them is."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.operations import CannotEditError, applied, touched
from rosetta_spec.fixes.edit import TextEdit
from rosetta_spec.fixes.rereading import value_after
from rosetta_spec.fixes.surgery import Surgeon
from rosetta_spec.kinds.unique import is_same
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rosetta_spec.diagnostic import Fix
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer


class Combination(NamedTuple):
    """Edits that do the work of `size` fixes."""

    edits: tuple[TextEdit, ...]
    size: int


def combined(document: AnyDocument, fixes: Sequence[Fix]) -> Combination:
    """Return edits for as many of some fixes as go together, at least for the first.

    Fixes of comments wait for those of values.
    """
    of_values = [fix for fix in fixes if fix.operations]
    chosen = _compatible(of_values) if of_values else list(fixes)
    if len(chosen) > 1:
        edits = _edits_of_values(document, chosen) if of_values else _edits_in(document, chosen)
        if edits:
            return Combination(edits, len(chosen))
    return alone(document, chosen[0])


def alone(document: AnyDocument, fix: Fix) -> Combination:
    """Return the edits of one fix."""
    return Combination(_located(document, fix), 1)


def _compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """Take each fix that changes nothing that one before it changes."""
    taken: list[Fix] = []
    places: set[Pointer] = set()
    above: set[Pointer] = set()
    for fix in fixes:
        own = {place for operation in fix.operations for place in touched(operation)}
        own_above = {place[:length] for place in own for length in range(len(place))}
        if own.isdisjoint(places) and own.isdisjoint(above) and own_above.isdisjoint(places):
            taken.append(fix)
            places |= own
            above |= own_above
    return taken


def _edits_of_values(document: AnyDocument, fixes: Iterable[Fix]) -> tuple[TextEdit, ...]:
    operations = [operation for fix in fixes for operation in fix.operations]
    try:
        wanted = applied(document.value, operations)
        edits = Surgeon(document).edits_of(operations, are_tried=True)
    except CannotEditError:
        return ()
    return _proven(document, edits, wanted)


def _edits_in(document: AnyDocument, fixes: Iterable[Fix]) -> tuple[TextEdit, ...]:
    """Return the edits of comments, of which each has its own."""
    edits = sorted(edit for fix in fixes for edit in _located(document, fix))
    return _proven(document, tuple(edits), document.value)


def _proven(
    document: AnyDocument, edits: tuple[TextEdit, ...], wanted: Json
) -> tuple[TextEdit, ...]:
    return edits if is_same(value_after(document, edits), wanted) else ()


def _located(document: AnyDocument, fix: Fix) -> tuple[TextEdit, ...]:
    offset = document.text.offset
    return tuple(
        TextEdit(Span(offset(edit.location), offset(edit.end_location)), edit.content)
        for edit in fix.edits
    )
