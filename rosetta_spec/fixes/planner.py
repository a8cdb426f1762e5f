"""Plans the fixes of what was found in one document, and shows only those that are proven.

A repair is tried on the document's value first, where the rules say what it does, and then on its
text, which is read again: a fix whose finding does not go, that brings another one, or that is read
as something else than what was planned is dropped. Where a rule has found much, its fixes are
proven together; what is left after many tries is dropped too, so that no document takes forever.
"""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.diagnostic import Applicability, DroppedFix, Edit, Fix
from rosetta_spec.document.operations import CannotEditError, Move, Put, Remove, Rename, applied
from rosetta_spec.fixes.plan import NO_PLAN, Plan
from rosetta_spec.fixes.rereading import value_after
from rosetta_spec.fixes.surgery import Surgeon
from rosetta_spec.kinds.repair import Repair
from rosetta_spec.kinds.unique import is_same
from rosetta_spec.spec.rule import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from rosetta_spec.document.operations import Operation
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.sighting import Sighting

    #: What the rules find in a value.
    Look: TypeAlias = Callable[[Json], list[Sighting]]


#: Fixes of so many findings of a rule are tried one by one.
FEW = 32

#: So many findings are looked at in trying fixes, all tries together, which takes some seconds.
_MOST_LOOKED_AT = 100_000


class Outlook(NamedTuple):
    """What operations make of a value: whether the finding has gone, and what has come instead."""

    value: Json
    is_gone: bool
    brought: list[Sighting]


class Planner:
    """Plans fixes for the findings of one document, those whose applicability is one of `ways`.

    `look` finds what the rules say of a value.
    """

    def __init__(
        self,
        document: AnyDocument,
        sightings: Sequence[Sighting],
        look: Look,
        ways: frozenset[str],
    ) -> None:
        self.value = document.value
        self._document = document
        self._surgeon = Surgeon(document)
        self._look = look
        self._ways = ways
        self._found = sightings
        self._before = {(each.rule.code, each.pointer) for each in sightings}
        self._proven: dict[str, frozenset[tuple[str, Pointer]]] = {}
        self._tries_left = max(FEW, _MOST_LOOKED_AT // max(1, len(sightings)))

    def plan(self, sighting: Sighting, facts: Mapping[str, str]) -> Plan:
        """Plan what can be done about a finding; `facts` are those of its wording."""
        note = sighting.rule.fix
        if note is None:
            return NO_PLAN
        plans: list[Fix | DroppedFix] = []
        choices: list[Repair] = []
        for repair in _repairs_of(sighting):
            if _is_choice(repair, sighting.rule):
                choices.append(repair)
            elif note.applicability in self._ways:
                title = fill(note.title, facts)
                plans.append(self._planned(sighting, repair, title, note.applicability))
        if Applicability.CHOICE in self._ways:
            plans += self._chosen(sighting, choices)
        return Plan(
            tuple(each for each in plans if isinstance(each, Fix)),
            tuple(each for each in plans if isinstance(each, DroppedFix)),
        )

    def _chosen(self, sighting: Sighting, repairs: Sequence[Repair]) -> Iterator[Fix | DroppedFix]:
        if not repairs:
            return
        # Most findings leave no choice.
        from rosetta_spec.fixes.choices import choices_among  # noqa: PLC0415

        for operations, wanted, title in choices_among(self, sighting, repairs):
            yield self._written(operations, wanted, title, Applicability.CHOICE)

    def outlook(self, sighting: Sighting, operations: tuple[Operation, ...]) -> Outlook:
        """Apply operations to the document's value, and look what the rules say then.

        Raises:
            CannotEditError: they cannot be applied, or so much was tried that this is not.
        """
        value, after = self._try(operations)
        if not after:
            return Outlook(value, is_gone=True, brought=[])
        moved = _mover(operations)
        expected = {(code, moved(pointer)) for code, pointer in self._before}
        itself = (sighting.rule.code, moved(sighting.pointer))
        brought = [each for key, each in after.items() if key not in expected]
        return Outlook(value, itself not in after, [] if _reveals(operations) else brought)

    def _try(
        self, operations: tuple[Operation, ...]
    ) -> tuple[Json, dict[tuple[str, Pointer], Sighting]]:
        if not self._tries_left:
            message = "there are too many findings to try a fix for each"
            raise CannotEditError(message)
        self._tries_left -= 1
        value = applied(self.value, operations)
        return value, {(each.rule.code, each.pointer): each for each in self._look(value)}

    def _is_proven(self, sighting: Sighting) -> bool:
        """Whether the fix of a finding was proven with those of many others of its rule."""
        code = sighting.rule.code
        if code not in self._proven:
            self._proven[code] = self._proven_together(
                [each for each in self._found if each.rule.code == code]
            )
        return (code, sighting.pointer) in self._proven[code]

    def _proven_together(self, alike: Sequence[Sighting]) -> frozenset[tuple[str, Pointer]]:
        if len(alike) <= FEW:
            return frozenset()
        # Few documents have so many.
        from rosetta_spec.fixes.crowd import proven_together  # noqa: PLC0415

        return proven_together(self._mendable(alike), self._is_proof, FEW)

    def _mendable(
        self, sightings: Iterable[Sighting]
    ) -> Iterator[tuple[Sighting, tuple[Operation, ...]]]:
        for each in sightings:
            repairs = [one for one in _repairs_of(each) if not _is_choice(one, each.rule)]
            if len(repairs) == 1:
                yield each, self._surgeon.written_out(repairs[0].operations)

    def _is_proof(self, sightings: Sequence[Sighting], operations: tuple[Operation, ...]) -> bool:
        value, after = self._try(operations)
        moved = _mover(operations)
        gone = {(each.rule.code, moved(each.pointer)) for each in sightings}
        expected = {(code, moved(pointer)) for code, pointer in self._before}
        brought = () if _reveals(operations) else after.keys() - expected
        if not gone.isdisjoint(after) or not all(_is_safely_fixable(after[key]) for key in brought):
            return False
        edits = self._surgeon.edits_of(operations, are_tried=True)
        return is_same(value_after(self._document, edits), value)

    def _planned(
        self, sighting: Sighting, repair: Repair, title: str, applicability: Applicability
    ) -> Fix | DroppedFix:
        """Plan a fix; what it brings may be what a safe fix takes away.

        (Of two items 5 and "5" the first becomes a repeated one when it is put in quotes.)
        """
        try:
            operations = self._surgeon.written_out(repair.operations)
            if self._is_proven(sighting):
                return self._written(operations, None, title, applicability)
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
        wanted: Json | None,
        title: str,
        applicability: Applicability,
    ) -> Fix | DroppedFix:
        """Edit the text, and read it: it has to be `wanted`, unless all that is proven."""
        try:
            edits = self._surgeon.edits_of(operations, are_tried=True)
        except CannotEditError as error:
            return DroppedFix(title, applicability, str(error))
        if wanted is not None and not is_same(value_after(self._document, edits), wanted):
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


def _is_choice(repair: Repair, rule: Rule) -> bool:
    assert rule.fix is not None  # noqa: S101 - asked for no other
    return (repair.applicability or rule.fix.applicability) is Applicability.CHOICE


def _is_safely_fixable(sighting: Sighting) -> bool:
    fix = sighting.rule.fix
    return fix is not None and fix.applicability is Applicability.SAFE


def _mover(operations: Sequence[Operation]) -> Callable[[Pointer], Pointer | None]:
    """Tell where values are after operations, most of which leave all where they are."""
    if not any(isinstance(each, Rename | Move | Remove) for each in operations):
        return lambda pointer: pointer
    from rosetta_spec.fixes.moves import Moves  # noqa: PLC0415

    return Moves(operations).moved


def _reveals(operations: Iterable[Operation]) -> bool:
    """Whether the rules are shown a value that stood under a key which none of them looks at.

    What they find then was wrong before.
    """
    return any(isinstance(operation, Rename | Move) for operation in operations)
