"""Structural changes to a document: operations on values, and what they make of plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from rosetta_spec.document.values import Json, Mark, holds, json_text
from rosetta_spec.pointer import Pointer, format_pointer


class Put(NamedTuple):
    """Write `value`, plain JSON, at a place: over the value there, or as a new member.

    `text` is how a number or boolean that takes the place of another value is spelled, as JSON.
    """

    pointer: Pointer
    value: Json
    text: str | None = None


class Quote(NamedTuple):
    """Make a string of the characters in which a number, a boolean or null is written."""

    pointer: Pointer


class Swap(NamedTuple):
    """Let two values change places."""

    first: Pointer
    second: Pointer


class Rename(NamedTuple):
    """Give a member another key; its value and its place stay."""

    pointer: Pointer
    key: str


class Remove(NamedTuple):
    """Take a member or an item away."""

    pointer: Pointer


class Move(NamedTuple):
    """Make a member one of another object: `to` is its pointer there."""

    pointer: Pointer
    to: Pointer


Operation: TypeAlias = "Put | Quote | Swap | Rename | Remove | Move"


class CannotEditError(Exception):
    """Operations cannot be done safely; the argument says why, for a message."""


def applied(value: Json, operations: Sequence[Operation]) -> Json:
    """Give what `operations` make of `value`, which stays as it is; they share what is the same.

    All pointers are those of `value`: operations do not see each other, and none may touch what
    another one touches, or what is inside of it. `Quote` makes the string that JSON writes;
    a document's own characters may differ (see `surgery.written_out`).

    Raises:
        CannotEditError: a place is not there, or is taken, or two operations meet.
    """
    refuse_meeting(operations)
    result = _opened(value, touched(*operations))
    for operation in operations:
        _change(value, result, operation)
    # Only now, so that items keep their indices until all else is done.
    removed: dict[Pointer, set[str | int]] = {}
    for each in operations:
        if isinstance(each, Remove | Move):
            removed.setdefault(each.pointer[:-1], set()).add(each.pointer[-1])
    for pointer in sorted(removed, key=len, reverse=True):
        _remove(value_at(result, pointer), removed[pointer])
    return result


def _remove(container: Json, tokens: set[str | int]) -> None:
    if isinstance(container, list):
        container[:] = [item for index, item in enumerate(container) if index not in tokens]
    else:
        for token in tokens:
            del container[token]


def _change(before: Json, after: Json, operation: Operation) -> None:
    """Do in `after` what an operation does, but for taking something away."""
    match operation:
        case Put(pointer, value):
            _set(after, pointer, value)
        case Quote(pointer):
            _set(after, pointer, _spelled(value_at(before, pointer), pointer))
        case Swap(first, second):
            _set(after, first, value_at(before, second))
            _set(after, second, value_at(before, first))
        case Rename(pointer, key):
            _refuse_taken(after, (*pointer[:-1], key))
            value_at(before, pointer)
            _rename(_container(after, pointer), pointer[-1], key)
        case Remove(pointer):
            _container(after, pointer)
            value_at(before, pointer)
        case Move(pointer, to):  # pragma: no branch - there are no others
            _refuse_item(pointer)
            _refuse_taken(after, to)
            _set(after, to, value_at(before, pointer))


def _spelled(value: Json, pointer: Pointer) -> str:
    if isinstance(value, str | list | dict | Mark):
        message = f"{format_pointer(pointer)} is no number, boolean or null to quote"
        raise CannotEditError(message)
    return json_text(value)


def _set(after: Json, pointer: Pointer, value: Json) -> None:
    container = _container(after, pointer)
    if not isinstance(container, dict):
        value_at(after, pointer)
    container[pointer[-1]] = value


def _rename(members: Json, old: str | int, key: str) -> None:
    """Change a key where it stands: the order of the members stays."""
    items = [(key if name == old else name, item) for name, item in members.items()]
    members.clear()
    members.update(items)


def _refuse_item(pointer: Pointer) -> None:
    if not isinstance(pointer[-1], str):
        message = f"{format_pointer(pointer)} has no key to take along"
        raise CannotEditError(message)


def _refuse_taken(value: Json, pointer: Pointer) -> None:
    container = _container(value, pointer)
    if not isinstance(container, dict) or pointer[-1] in container:
        message = f"{format_pointer(pointer)} is no free place"
        raise CannotEditError(message)


def _container(value: Json, pointer: Pointer) -> Json:
    """Give the object or list in which a place is or would be.

    Raises:
        CannotEditError: there is none.
    """
    container = value_at(value, pointer[:-1])
    if not pointer or not isinstance(container, _KEY_TYPES[type(pointer[-1])]):
        raise nothing_at(pointer)
    return container


#: What a pointer's last token says of the container.
_KEY_TYPES: dict[type, type] = {str: dict, int: list}


def touched(*operations: Operation) -> list[Pointer]:
    """Return the places that operations change, and those that they make."""
    places: list[Pointer] = []
    for operation in operations:
        if isinstance(operation, Swap | Move):
            places += operation
        elif isinstance(operation, Rename):
            places += (operation.pointer, (*operation.pointer[:-1], operation.key))
        else:
            places.append(operation.pointer)
    return places


def refuse_meeting(operations: Iterable[Operation]) -> None:
    """Refuse operations of which one touches what another one does.

    Raises:
        CannotEditError: two places are the same, or one is inside the other.
    """
    places = touched(*operations)
    taken = set(places)
    for place in places:
        above = (place[:length] for length in range(len(place)))
        if len(taken) < len(places) or any(each in taken for each in above):
            message = f"{format_pointer(place)} is changed twice"
            raise CannotEditError(message)


def value_at(value: Json, pointer: Pointer) -> Json:
    """Give the value at a place.

    Raises:
        CannotEditError: there is none.
    """
    for token in pointer:
        if not holds(value, token):
            raise nothing_at(pointer)
        value = value[token]
    return value


def nothing_at(pointer: Pointer) -> CannotEditError:
    """Say that there is no value at a place."""
    return CannotEditError(f"there is nothing at {format_pointer(pointer)}")


def _opened(value: Json, places: Sequence[Pointer]) -> Json:
    """Copy the objects and lists in which places are, and share all others."""
    if not isinstance(value, dict | list):
        return value
    copy: Json = value[:] if isinstance(value, list) else dict(value)
    below: dict[Json, list[Pointer]] = {}
    for place in places:
        if len(place) > 1:
            below.setdefault(place[0], []).append(place[1:])
    for token, rest in below.items():
        if holds(value, token):
            copy[token] = _opened(value[token], rest)
    return copy
