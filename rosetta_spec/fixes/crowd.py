"""Proves the fixes of many like findings together, where to try each of them would take long.

To try a fix is to look at the whole document again: for a list of thousands of numbers that lack
their quotes that is thousands of long looks. What holds for all of them at once is taken to hold
for each; where it does not, halves are tried, and small parts are left to be tried one by one.
"""

from __future__ import annotations

from rosetta_spec.document.operations import CannotEditError, Put, Quote, Remove, Rename, Swap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from rosetta_spec.document.operations import Operation
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.sighting import Sighting

    #: Whether operations do what they are meant to do, and no harm, for all of some findings.
    Proof: TypeAlias = Callable[[Sequence[Sighting], tuple[Operation, ...]], bool]

#: What changes its own places alone, or takes them away.
_LOCAL = (Put, Quote, Swap, Rename, Remove)


def proven_together(
    found: Iterable[tuple[Sighting, tuple[Operation, ...]]], proof: Proof, few: int
) -> frozenset[tuple[str, Pointer]]:
    """Return code and pointer of those findings whose fixes were proven together.

    `found` are findings of one rule with the operations that mend each; `few` of them are left
    alone. A `CannotEditError` of `proof` is a no.
    """
    waiting = [[each for each in found if all(isinstance(one, _LOCAL) for one in each[1])]]
    proven: set[tuple[str, Pointer]] = set()
    while waiting:
        part = waiting.pop()
        if len(part) <= few:
            continue
        sightings = [sighting for sighting, _ in part]
        if _holds(proof, sightings, tuple(one for _, operations in part for one in operations)):
            proven.update((sighting.rule.code, sighting.pointer) for sighting in sightings)
        else:
            half = len(part) // 2
            waiting += [part[half:], part[:half]]
    return frozenset(proven)


def _holds(proof: Proof, sightings: Sequence[Sighting], operations: tuple[Operation, ...]) -> bool:
    try:
        return proof(sightings, operations)
    except CannotEditError:
        return False
