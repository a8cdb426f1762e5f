"""Where several repairs are right: each smallest set of edits that satisfies all rules at once."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.operations import CannotEditError, Put, Remove, touched
from rosetta_spec.document.values import ABSENT, json_text, value_at
from rosetta_spec.kinds.unique import is_same
from rosetta_spec.request.schema import schema_at
from rosetta_spec.request.wording import place_called, value_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.operations import Operation
    from rosetta_spec.document.values import Json
    from rosetta_spec.fixes.planner import Planner
    from rosetta_spec.kinds.repair import Repair
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.sighting import Sighting

#: More than a person wants to choose from, and more operations than are one repair.
_MOST_CHOICES = 6
_MOST_OPERATIONS = 3

#: So many sets of operations are tried.
_MOST_TRIES = 48


class _Attempt(NamedTuple):
    operations: tuple[Operation, ...]
    title: str


def choices_among(
    planner: Planner, sighting: Sighting, repairs: Iterable[Repair]
) -> Iterator[tuple[tuple[Operation, ...], Json, str]]:
    """Yield for each way out, the shortest first: operations, what they make of it, and a title.

    A repair that makes another rule speak goes on with that rule's repairs.
    """
    waiting = [_Attempt(repair.operations, repair.title) for repair in repairs]
    tried: list[Json] = []
    found: list[tuple[Operation, ...]] = []
    while waiting and len(found) < _MOST_CHOICES and len(tried) < _MOST_TRIES:
        attempt = waiting.pop(0)
        try:
            outlook = planner.outlook(sighting, attempt.operations)
        except CannotEditError:
            continue
        is_known = any(is_same(outlook.value, value) for value in tried)
        if is_known or not outlook.is_gone:
            continue
        tried.append(outlook.value)
        if outlook.brought:
            waiting += _longer(attempt, outlook.brought[0])
        elif not any(_is_part(smaller, attempt.operations) for smaller in found):
            found.append(attempt.operations)
            title = attempt.title or described(attempt.operations, planner.value)
            yield attempt.operations, outlook.value, title


def _is_part(smaller: tuple[Operation, ...], operations: tuple[Operation, ...]) -> bool:
    return all(operation in operations for operation in smaller)


def _longer(attempt: _Attempt, brought: Sighting) -> Iterator[_Attempt]:
    """Go on with what mends the finding that an attempt has brought."""
    changed = {place for operation in attempt.operations for place in touched(operation)}
    for repair in brought.rule.kind.repairs(brought.at, brought.shown, brought.finding):
        gone = [each.pointer for each in repair.operations if isinstance(each, Remove)]
        kept = [each for each in attempt.operations if not _is_inside(each, gone)]
        operations = (*kept, *repair.operations)
        new = {place for operation in repair.operations for place in touched(operation)}
        is_new = changed.isdisjoint(new)
        if is_new and len(operations) <= _MOST_OPERATIONS:
            yield _Attempt(operations, "")


def _is_inside(operation: Operation, gone: Iterable[Pointer]) -> bool:
    """Whether an operation takes away what is inside of what goes as a whole."""
    return isinstance(operation, Remove) and any(
        operation.pointer[: len(pointer)] == pointer for pointer in gone
    )


def described(operations: Iterable[Operation], value: Json) -> str:
    """Say what operations do: `remove poolName and add sampleCount 5`."""
    return " and ".join(_described(operation, value) for operation in operations)


def _described(operation: Operation, value: Json) -> str:
    if isinstance(operation, Remove):
        return f"remove {place_called(operation.pointer)}"
    assert isinstance(operation, Put)  # noqa: S101 - no choice is made of other operations
    path = place_called(operation.pointer)
    written = _written(operation)
    is_new = value_at(value, operation.pointer) is ABSENT
    return f"add {path} {written}" if is_new else f"set {path} to {written}"


def _written(put: Put) -> str:
    if isinstance(put.value, list | dict):
        return json_text(put.value)
    return value_called(put.value, schema_at(put.pointer))
