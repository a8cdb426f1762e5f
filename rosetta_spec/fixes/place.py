"""Find what is written at a pointer, if it may be edited."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.operations import CannotEditError, nothing_at
from rosetta_spec.document.tree import FLOW_STYLES, Array, Entry, Node, Style
from rosetta_spec.pointer import Pointer, format_pointer

_MERGE_KEY = "<<"


class Place(NamedTuple):
    """A value, and the entry that it is the value of.

    `nth` is the index of the entry in the collection `whole`; the root is in none. `in_flow` says
    whether the value is inside brackets.
    """

    pointer: Pointer
    value: Node
    entry: Entry | None = None
    whole: Node | None = None
    nth: int = 0
    in_flow: bool = False


class Places:
    """The places of a document, found by their pointers.

    Its methods raise `CannotEditError` where there is nothing, and where aliases or merge keys have
    to do with a place in a way that makes it unsafe to edit.
    """

    def __init__(self, root: Node) -> None:
        self._root = root
        #: The indices of all members of a key, by the pointer of their object.
        self._indices: dict[Pointer, dict[str | None, list[int]]] = {}

    def value(self, pointer: Pointer) -> Place:
        """Find the value at `pointer`, in which there may be aliases."""
        place = Place((), self._root)
        _refuse_tie(place)
        for token in pointer:
            place = self._inside(place, token)
            _refuse_tie(place)
        return place

    def free_value(self, pointer: Pointer) -> Place:
        """Find the value at `pointer`, in which nothing is an alias or used by one."""
        place = self.value(pointer)
        if place.value.is_tied:
            raise _tied(pointer)
        return place

    def member(self, pointer: Pointer) -> Place:
        """Find the member at `pointer` if it may be renamed, or an item; either may be an alias."""
        parent = self.value(pointer[:-1])
        place = self._inside(parent, pointer[-1])
        if place.entry and place.entry.key:
            self.refuse_merged(parent)
            if place.entry.key.is_tied:
                raise _tied(pointer)
            if len(self._indices[parent.pointer][place.entry.name]) > 1:
                message = f"{format_pointer(pointer)} has its key twice"
                raise CannotEditError(message)
        return place

    def refuse_merged(self, place: Place) -> None:
        """Raise an error if another object is merged into the object at a place."""
        for index in self._indices_of(place).get(_MERGE_KEY, ()):
            key = place.value.entries[index].key
            if key and key.style == Style.PLAIN:
                where = format_pointer(place.pointer) or "the document"
                message = f"another object is merged into {where}"
                raise CannotEditError(message)

    def _inside(self, place: Place, token: str | int) -> Place:
        pointer, whole = (*place.pointer, token), place.value
        if isinstance(token, int):
            indices = [token] if isinstance(whole, Array) and token < len(whole.entries) else []
        else:
            indices = self._indices_of(place).get(token, [])
        if not indices:
            raise nothing_at(pointer)
        entry = whole.entries[indices[-1]]
        in_flow = place.in_flow or whole.style in FLOW_STYLES
        return Place(pointer, entry.value, entry, whole, indices[-1], in_flow)

    def _indices_of(self, place: Place) -> dict[str | None, list[int]]:
        if place.pointer not in self._indices:
            indices: dict[str | None, list[int]] = {}
            for index, entry in enumerate(place.value.entries):
                indices.setdefault(entry.name, []).append(index)
            self._indices[place.pointer] = indices
        return self._indices[place.pointer]


def _refuse_tie(place: Place) -> None:
    if place.value.style == Style.ALIAS or place.value.is_shared:
        raise _tied(place.pointer)


def _tied(pointer: Pointer) -> CannotEditError:
    return CannotEditError(f"{format_pointer(pointer)} is used through an alias")
