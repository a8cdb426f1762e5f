"""Operations: changes to the value of a document, from which the edits of its text follow."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from rosetta_spec.document.values import ABSENT, Json, Mark, holds, json_text, value_at
from rosetta_spec.pointer import Pointer, format_pointer


class Put(NamedTuple):
    """Write `value`, plain JSON, over another value or as a new member.

    `text` is how a number or boolean is written that replaces another value.
    """

    pointer: Pointer
    value: Json
    text: str | None = None


class Quote(NamedTuple):
    """Make a string of the characters of a number, a boolean or null."""

    pointer: Pointer


class Swap(NamedTuple):
    """Exchange two values."""

    first: Pointer
    second: Pointer


class Rename(NamedTuple):
    """Change the key of a member."""

    pointer: Pointer
    key: str


class Remove(NamedTuple):
    """Remove a member or an item."""

    pointer: Pointer


class Move(NamedTuple):
    """Move a member to another object; `to` is its pointer there."""

    pointer: Pointer
    to: Pointer


Operation: TypeAlias = Put | Quote | Swap | Rename | Remove | Move


class CannotEditError(Exception):
    """Operations cannot be applied safely; the argument is the reason, for a message."""


def applied(value: Json, operations: Sequence[Operation]) -> Json:
    """Apply operations to a value, and return the new one, which shares the unchanged parts.

    All pointers are those of `value`: no operation sees the effect of another one. `Quote` makes
    the string that JSON writes; `Editor.resolved` finds the characters of the document.

    Raises:
        CannotEditError: a place does not exist or is taken, or two operations meet.
    """
    _refuse_meeting(operations)
    result = _copied(value, touched(*operations))
    removed: dict[Pointer, set[str | int]] = {}
    for operation in operations:
        if isinstance(operation, Put):
            _write(result, operation.pointer, operation.value)
        elif isinstance(operation, Quote):
            _write(result, operation.pointer, _spelled(value, operation.pointer))
        moves = moves_of(operation)
        for pointer, to in moves.items():
            moved = existing_value(value, pointer)
            if to is not None:
                _write(result, to, moved, is_new=to not in moves)
            if pointer not in moves.values():
                removed.setdefault(pointer[:-1], set()).add(_last(operation, pointer))
    # At the end, because until then items keep their indices.
    for pointer in sorted(removed, key=len, reverse=True):
        container, tokens = existing_value(result, pointer), removed[pointer]
        if isinstance(container, list):
            container[:] = [item for index, item in enumerate(container) if index not in tokens]
        else:
            for token in tokens:
                del container[token]
    return result


def moves_of(operation: Operation) -> dict[Pointer, Pointer | None]:
    """Return the old and new places of values that an operation moves; None if it is removed."""
    match operation:
        case Swap(first, second):
            return {first: second, second: first}
        case Rename(pointer, key):
            return {pointer: (*pointer[:-1], key)}
        case Remove(pointer):
            return {pointer: None}
        case Move(pointer, to):
            return {pointer: to}
    return {}


def _last(operation: Operation, pointer: Pointer) -> str | int:
    if not pointer:
        raise nothing_at(pointer)
    if isinstance(operation, Move) and not isinstance(pointer[-1], str):
        message = f"{format_pointer(pointer)} has no key to take along"
        raise CannotEditError(message)
    return pointer[-1]


def _spelled(before: Json, pointer: Pointer) -> str:
    value = existing_value(before, pointer)
    if isinstance(value, str | list | dict | Mark):
        message = f"{format_pointer(pointer)} is not a number, boolean or null"
        raise CannotEditError(message)
    return json_text(value)


def _write(after: Json, pointer: Pointer, value: Json, *, is_new: bool = False) -> None:
    """Write a value; it `is_new` if a member is added to an object."""
    above = existing_value(after, pointer[:-1])
    if not pointer:
        raise nothing_at(pointer)
    type_, called = (dict, "an object") if isinstance(pointer[-1], str) else (list, "a list")
    if not isinstance(above, type_):
        message = f"{format_pointer(pointer[:-1])} is not {called}"
        raise CannotEditError(message)
    if is_new and (isinstance(above, list) or pointer[-1] in above):
        message = f"{format_pointer(pointer)} is not free"
        raise CannotEditError(message)
    if isinstance(above, list):
        existing_value(after, pointer)
    changed: Json = above
    changed[pointer[-1]] = value


def _copied(value: Json, places: Sequence[Pointer]) -> Json:
    if not isinstance(value, dict | list):
        return value
    copy: Json = value.copy()
    inside: dict[Json, list[Pointer]] = {}
    for place in places:
        if len(place) > 1:
            inside.setdefault(place[0], []).append(place[1:])
    for token, rest in inside.items():
        if holds(value, token):
            copy[token] = _copied(value[token], rest)
    return copy


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


def _refuse_meeting(operations: Iterable[Operation]) -> None:
    places = touched(*operations)
    taken = set(places)
    for place in places:
        above = (place[:length] for length in range(len(place)))
        if len(taken) < len(places) or any(each in taken for each in above):
            message = f"{format_pointer(place)} is changed twice"
            raise CannotEditError(message)


def existing_value(value: Json, pointer: Pointer) -> Json:
    """Return the value at a place.

    Raises:
        CannotEditError: there is none.
    """
    found = value_at(value, pointer)
    if found is ABSENT:
        raise nothing_at(pointer)
    return found


def nothing_at(pointer: Pointer) -> CannotEditError:
    """Return the error that there is no value at a place."""
    return CannotEditError(f"there is nothing at {format_pointer(pointer)}")
