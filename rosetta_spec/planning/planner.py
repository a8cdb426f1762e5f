"""Plans the fixes of what was found in one document, and shows only those that are proven.

A repair is tried on the document's value first, where the rules say what it does, and then on its
text, which is read again: a fix whose finding does not go, that brings another one, or that is read
as something else than what was planned is dropped.
"""

from __future__ import annotations

from rosetta_spec.diagnostic import Applicability, DroppedFix, Edit, Fix
from rosetta_spec.fixes.operations import CannotEditError, Move, Put, Remove, Rename, applied
from rosetta_spec.fixes.repair import Repair
from rosetta_spec.fixes.surgery import Surgeon
from rosetta_spec.kinds.unique import is_same
from rosetta_spec.planning.choices import choices_among
from rosetta_spec.planning.plan import NO_PLAN, Plan
from rosetta_spec.planning.rereading import value_after
from rosetta_spec.record import NamedTuple
from rosetta_spec.spec.rule import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from rosetta_spec.document.plain import Json
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.fixes.operations import Operation
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.sighting import Sighting

    #: What the rules find in a value.
    Look: TypeAlias = Callable[[Json], list[Sighting]]


class Outlook(NamedTuple):
    """What operations make of a value: whether the finding has gone, and what has come instead."""

    value: Json
    is_gone: bool
    brought: list[Sighting]


class Planner:
    """Plans fixes for the findings of one document; `look` finds what the rules say of a value."""

    def __init__(self, document: AnyDocument, sightings: Iterable[Sighting], look: Look) -> None:
        self.value = document.value
        self._document = document
        self._surgeon = Surgeon(document)
        self._look = look
        self._before = {(each.rule.code, each.pointer) for each in sightings}

    def plan(self, sighting: Sighting, facts: Mapping[str, str]) -> Plan:
        """Plan what can be done about a finding; `facts` are those of its wording."""
        note = sighting.rule.fix
        if note is None:
            return NO_PLAN
        plans: list[Fix | DroppedFix] = []
        choices: list[Repair] = []
        for repair in _repairs_of(sighting):
            if (repair.applicability or note.applicability) is Applicability.CHOICE:
                choices.append(repair)
            else:
                title = fill(note.title, facts)
                plans.append(self._planned(sighting, repair, title, note.applicability))
        for operations, wanted, title in choices_among(self, sighting, choices):
            plans.append(self._written(operations, wanted, title, Applicability.CHOICE))
        return Plan(
            tuple(each for each in plans if isinstance(each, Fix)),
            tuple(each for each in plans if isinstance(each, DroppedFix)),
        )

    def outlook(self, sighting: Sighting, operations: tuple[Operation, ...]) -> Outlook:
        """Apply operations to the document's value, and look what the rules say then.

        Raises:
            CannotEditError: they cannot be applied.
        """
        value = applied(self.value, operations)
        found = self._look(value)
        if not found:
            return Outlook(value, is_gone=True, brought=[])
        after = {(each.rule.code, each.pointer): each for each in found}
        expected = {(code, moved(pointer, operations)) for code, pointer in self._before}
        itself = (sighting.rule.code, moved(sighting.pointer, operations))
        brought = [each for key, each in after.items() if key not in expected]
        return Outlook(value, itself not in after, [] if _reveals(operations) else brought)

    def _planned(
        self, sighting: Sighting, repair: Repair, title: str, applicability: Applicability
    ) -> Fix | DroppedFix:
        """Plan a fix; what it brings may be what a safe fix takes away.

        (Of two items 5 and "5" the first becomes a repeated one when it is put in quotes.)
        """
        try:
            operations = self._surgeon.written_out(repair.operations)
            outlook = self.outlook(sighting, operations)
        except CannotEditError as error:
            return DroppedFix(title, applicability, str(error))
        harm = next((each for each in outlook.brought if not _is_safely_fixable(each)), None)
        if harm:
            reason = f"it would bring {harm.rule.code} ({harm.rule.name})"
            return DroppedFix(title, applicability, reason)
        if not outlook.is_gone:
            return DroppedFix(title, applicability, "the finding would stay")
        return self._written(operations, outlook.value, title, applicability)

    def _written(
        self,
        operations: tuple[Operation, ...],
        wanted: Json,
        title: str,
        applicability: Applicability,
    ) -> Fix | DroppedFix:
        """Edit the text, and read it: it has to be what the operations make of the value."""
        try:
            edits = self._surgeon.edits_of(operations)
        except CannotEditError as error:
            return DroppedFix(title, applicability, str(error))
        if not is_same(value_after(self._document, edits), wanted):
            return DroppedFix(title, applicability, "the text would be read otherwise")
        locate = self._document.text.location
        located = (
            Edit(locate(edit.span.start), locate(edit.span.end), edit.content) for edit in edits
        )
        return Fix(title, applicability, tuple(located), operations)


def _repairs_of(sighting: Sighting) -> Iterator[Repair]:
    """Yield what the rule itself declares, else what its kind proposes."""
    rule, at, finding, shown = sighting
    assert rule.fix is not None  # noqa: S101 - asked for no other
    if rule.fix.is_removal:
        yield Repair((Remove(sighting.pointer),))
    elif rule.fix.has_value:
        yield Repair((Put(sighting.pointer, rule.fix.value),))
    else:
        yield from rule.kind.repairs(at, shown, finding)


def _is_safely_fixable(sighting: Sighting) -> bool:
    fix = sighting.rule.fix
    return fix is not None and fix.applicability is Applicability.SAFE


def _reveals(operations: Iterable[Operation]) -> bool:
    """Whether the rules are shown a value that stood under a key which none of them looks at.

    What they find then was wrong before.
    """
    return any(isinstance(operation, Rename | Move) for operation in operations)


def moved(pointer: Pointer, operations: Iterable[Operation]) -> Pointer | None:
    """Return where the value at a pointer is after operations, None if it has gone with one."""
    place: Pointer | None = pointer
    for operation in operations:
        if place is not None:
            place = _moved_by(operation, place)
    return place


def _moved_by(operation: Operation, place: Pointer) -> Pointer | None:
    if not isinstance(operation, Rename | Move | Remove):
        return place
    size = len(operation.pointer)
    if place[:size] == operation.pointer:
        if isinstance(operation, Remove):
            return None
        target = (
            operation.to
            if isinstance(operation, Move)
            else (*operation.pointer[:-1], operation.key)
        )
        return (*target, *place[size:])
    return _shifted(place, operation.pointer) if isinstance(operation, Remove) else place


def _shifted(place: Pointer, removed: Pointer) -> Pointer:
    """Count an item down that stands behind a removed one."""
    last = len(removed) - 1
    index, item = removed[last], place[last : last + 1]
    is_behind = place[:last] == removed[:last] and isinstance(index, int) and item > (index,)
    return (*place[:last], int(place[last]) - 1, *place[last + 1 :]) if is_behind else place
