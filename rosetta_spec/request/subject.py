"""One document as the rules see it: what was written, what it means, and what is wrong in shape.

How the rules meet is decided here, once: a quoted scalar counts as the value that it spells, the
name of a listed value as that value, a string without the blanks around it; null counts as
absent, and an unusable value as present.
"""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.values import ABSENT, UNUSABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.document.tree import Problem
    from rosetta_spec.document.values import Json
    from rosetta_spec.request.flaw import Flaw
    from rosetta_spec.request.shape import Mistake


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
    from rosetta_spec.request.shape import judge  # noqa: PLC0415

    mistakes = judge(written)
    return Subject(written, _meant(written, _tree_of(mistakes)), mistakes, problems)


class _Reading:
    """What other rules see at a place instead of what is written there."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value


def _tree_of(mistakes: Iterable[Mistake]) -> Json:
    """Put the readings of mistakes where they stand, in objects by key and index.

    None where there is none. Of several at a place the last one counts. Of what is inside one that
    is read otherwise, no mistake is told.
    """
    trees: Json = {}
    for mistake in mistakes:
        *above, last = ("", *mistake.pointer)
        tree = trees
        for token in above:
            tree = tree.setdefault(token, {})
        tree[last] = _Reading(mistake.reading)
    return trees.get("")


def _meant(value: Json, tree: Json) -> Json:
    """Read a value otherwise where a tree says so, and every string without blanks around it."""
    if not tree:
        return _stripped(value)
    if isinstance(tree, _Reading):
        return tree.value
    if isinstance(value, dict):
        read = {key: _meant(member, tree.get(key)) for key, member in value.items()}
        return {key: member for key, member in read.items() if member is not ABSENT}
    # There is nothing in any other value that could be read otherwise.
    items = [_meant(item, tree.get(index)) for index, item in enumerate(value)]
    return [UNUSABLE if item is ABSENT else item for item in items]


def _stripped(value: Json) -> Json:
    """Take the blanks around each string in a value, if it is one or has some inside."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return {key: _stripped(member) for key, member in value.items()}
    return list(map(_stripped, value)) if isinstance(value, list) else value
