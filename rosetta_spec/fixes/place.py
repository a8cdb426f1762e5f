"""From a pointer to what is written there, if it may be changed."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.operations import CannotEditError, nothing_at
from rosetta_spec.fixes.layout import ALIAS, FLOW_STYLES, PLAIN, Entry, Written
from rosetta_spec.pointer import Pointer, format_pointer

_MERGE_KEY = "<<"


class Place(NamedTuple):
    """A value, the entry that it is the value of, and whether it is in a flow collection.

    `nth` is the index of the entry in the collection around it, `whole`; the root is in none.
    """

    pointer: Pointer
    value: Written
    entry: Entry | None = None
    whole: Written | None = None
    nth: int = 0
    in_flow: bool = False

    @property
    def key(self) -> Written:
        """The key of a member."""
        assert self.entry is not None  # noqa: S101 - it is no root
        assert self.entry.key is not None  # noqa: S101 - it is no item
        return self.entry.key


def place_at(root: Written, pointer: Pointer) -> Place:
    """Find the value at `pointer`.

    Raises:
        CannotEditError: there is none, or an alias or a merge has to do with it.
    """
    place = Place((), root)
    for token in pointer:
        _refuse_tie(place)
        place = inside(place, token)
    _refuse_tie(place)
    return place


def _refuse_tie(place: Place) -> None:
    if place.value.style == ALIAS or place.value.is_shared:
        raise tied(place.pointer)


def tied(pointer: Pointer) -> CannotEditError:
    """Say that an alias uses a value."""
    return CannotEditError(f"{format_pointer(pointer)} is used through an alias")


def inside(place: Place, token: str | int) -> Place:
    """Find a member or an item of the value at a place, which may be an alias.

    Raises:
        CannotEditError: there is none, or a merge has brought it.
    """
    pointer, whole = (*place.pointer, token), place.value
    if not whole.is_array and any(each.key and each.key.style == ALIAS for each in whole.entries):
        # Any of the keys may be this one.
        raise tied(pointer)
    index = _index_in(whole, token)
    if index is None:
        raise nothing_at(pointer)
    entry = whole.entries[index]
    in_flow = place.in_flow or whole.style in FLOW_STYLES
    return Place(pointer, entry.value, entry, whole, index, in_flow)


def _index_in(whole: Written, token: str | int) -> int | None:
    """Find the last entry of a key, or an item."""
    indices = range(len(whole.entries))
    if whole.is_array:
        return int(token) if token in indices else None
    return next((at for at in reversed(indices) if whole.entries[at].name == token), None)


def refuse_tied(place: Place) -> None:
    """Refuse what an alias or a merge uses, or has something in it that does.

    Raises:
        CannotEditError: so it is.
    """
    if place.value.is_tied:
        raise tied(place.pointer)


def refuse_mixed(place: Place) -> None:
    """Refuse a member whose key is not free to go.

    Raises:
        CannotEditError: it repeats, or is an alias or used by one, or its object is merged.
    """
    assert place.entry is not None  # noqa: S101 - operations refuse the root
    assert place.whole is not None  # noqa: S101 - as above
    key = place.entry.key
    if key is None:
        return
    refuse_merged(place.whole, place.pointer[:-1])
    if key.is_tied:
        raise tied(place.pointer)
    if [entry.name for entry in place.whole.entries].count(place.entry.name) > 1:
        message = f"{format_pointer(place.pointer)} has its key twice"
        raise CannotEditError(message)


def refuse_merged(whole: Written, pointer: Pointer) -> None:
    """Refuse an object into which another is merged.

    Raises:
        CannotEditError: so it is.
    """
    for entry in whole.entries:
        if entry.name == _MERGE_KEY and entry.key and entry.key.style == PLAIN:
            message = f"another object is merged into {format_pointer(pointer) or 'the document'}"
            raise CannotEditError(message)
