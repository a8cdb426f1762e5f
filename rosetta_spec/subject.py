"""One document as the rules see it: what was written, what it means, and what is wrong in shape.

How the rules meet is decided here, once: a quoted scalar counts as the value that it spells, the
name of a listed value as that value, a string without the blanks around it; null counts as
absent, and an unusable value as present.
"""

from __future__ import annotations

from rosetta_spec.document.plain import ABSENT, UNUSABLE
from rosetta_spec.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from rosetta_spec.document.node import Problem
    from rosetta_spec.document.plain import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.shape import Mistake
    from rosetta_spec.suppression.flaw import Flaw


class Subject(NamedTuple):
    """What a kind may look at.

    `written` is the document's value as it stands, `meant` the same as the rules understand it:
    null and unknown members left out, unusable values replaced by `UNUSABLE`. Both are
    `UNUSABLE` when a fatal problem ended the reading. `flaws` are those of suppressions.
    """

    written: Json
    meant: Json
    mistakes: tuple[Mistake, ...]
    problems: tuple[Problem, ...]
    flaws: tuple[Flaw, ...] = ()


def subject_of(written: Json, problems: tuple[Problem, ...]) -> Subject:
    """Judge the shape of a document's value and settle what each value in it means."""
    if written is UNUSABLE:
        return Subject(UNUSABLE, UNUSABLE, (), problems)
    # The judge of shape is not needed where reading has failed.
    from rosetta_spec.shape import judge  # noqa: PLC0415

    mistakes = judge(written)
    readings = {mistake.pointer: mistake.reading for mistake in mistakes}
    return Subject(written, _meant(written, readings, ()), mistakes, problems)


def _meant(value: Json, readings: Mapping[Pointer, Json], at: Pointer) -> Json:
    if at in readings:
        return readings[at]
    if isinstance(value, dict):
        members = ((key, _meant(member, readings, (*at, key))) for key, member in value.items())
        return {key: member for key, member in members if member is not ABSENT}
    if isinstance(value, list):
        items = (_meant(item, readings, (*at, index)) for index, item in enumerate(value))
        return [UNUSABLE if item is ABSENT else item for item in items]
    return value.strip() if isinstance(value, str) else value
