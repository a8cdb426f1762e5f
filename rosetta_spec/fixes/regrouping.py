"""Members and items that come and go, by the collection that they are in."""

from __future__ import annotations

from collections.abc import Iterator

from rosetta_spec.document.operations import CannotEditError, value_at
from rosetta_spec.fixes.edits import TextEdit
from rosetta_spec.fixes.flow_members import added_to_flow, removed_from_flow
from rosetta_spec.fixes.layout import BLOCK, Entry
from rosetta_spec.fixes.members import NewMember
from rosetta_spec.fixes.place import Place, place_at, refuse_merged, refuse_mixed, refuse_tied
from rosetta_spec.fixes.source import Source
from rosetta_spec.fixes.values import portable_text
from rosetta_spec.pointer import Pointer, format_pointer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.values import Json


class _Group:
    """What happens to the entries of one collection: which go, and what is new."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.gone: set[int] = set()
        #: Those that take their comments along.
        self.carried: set[int] = set()
        self.new: list[NewMember] = []

    def runs(self) -> list[range]:
        """Give those that go, side by side where they are; one that is carried is alone."""
        runs: list[range] = []
        for index in sorted(self.gone):
            last = runs[-1][-1] if runs else None
            if last is None or last + 1 < index or self.carried & {last, index}:
                runs.append(range(index, index + 1))
            else:
                runs[-1] = range(runs[-1][0], index + 1)
        return runs

    def edits(self, source: Source) -> Iterator[TextEdit]:
        place, runs = self.place, self.runs()
        stay = [each for at, each in enumerate(place.value.entries) if at not in self.gone]
        if self.new and self.gone and not stay:
            where = format_pointer(place.pointer) or "the document"
            message = f"all members of {where} go, and others come"
            raise CannotEditError(message)
        last = stay[-1] if stay else None
        if place.value.style == BLOCK:
            yield from self._block_edits(source, last, runs)
            return
        if self.new:
            yield from added_to_flow(source, place.value, last, self.new)
        if runs:
            yield from removed_from_flow(source, place.value, runs)

    def _block_edits(
        self, source: Source, last: Entry | None, runs: list[range]
    ) -> Iterator[TextEdit]:
        # JSON has no blocks, and does not pay for loading what edits them.
        from rosetta_spec.fixes.block_members import (  # noqa: PLC0415
            added_to_block,
            removed_from_block,
        )

        if self.new:
            assert last is not None  # noqa: S101 - a block has entries, and not all of them go
            yield added_to_block(source, self.place.value, last, self.new)
        if runs:
            yield from removed_from_block(source, self.place.value, self.place.entry, runs)


class Regrouping:
    """Collects what happens to the collections of a document."""

    def __init__(self, source: Source, value: Json) -> None:
        self.source = source
        self.value = value
        self.groups: dict[Pointer, _Group] = {}

    def edits(self) -> Iterator[TextEdit]:
        """Give the edits of all collections.

        Where an outer one and an inner one end, what is new in the inner one comes first.
        """
        for pointer in sorted(self.groups, key=len, reverse=True):
            yield from self.groups[pointer].edits(self.source)

    def add(self, pointer: Pointer, member: NewMember) -> None:
        """Let an object have a new member.

        Raises:
            CannotEditError: another object is merged into it.
        """
        group = self._group(pointer[:-1])
        refuse_merged(group.place.value, group.place.pointer)
        group.new.append(member)

    def remove(self, pointer: Pointer) -> Place:
        """Let an entry go.

        Raises:
            CannotEditError: an alias or a merge has to do with it, or its key repeats.
        """
        place = place_at(self.source.root, pointer)
        refuse_tied(place)
        refuse_mixed(place)
        self._group(pointer[:-1]).gone.add(place.nth)
        return place

    def move(self, pointer: Pointer, to: Pointer) -> None:
        """Let a member go to another object.

        Raises:
            CannotEditError: as for what goes and for what is new, or it cannot be written there.
        """
        place = self.remove(pointer)
        assert place.whole is not None  # noqa: S101 - the root does not move
        target = self._group(to[:-1]).place
        if place.whole.style == BLOCK == target.value.style:
            from rosetta_spec.fixes.carrying import carried_member  # noqa: PLC0415 - as above

            self.groups[pointer[:-1]].carried.add(place.nth)
            column = self.source.column(target.value.span.start)
            is_header = len(pointer) == 1 and not place.nth
            self.add(
                to, carried_member(self.source, place, str(to[-1]), column, is_header=is_header)
            )
            return
        to_flow = target.value.style != BLOCK
        text = portable_text(self.source, place.value, from_flow=place.in_flow, to_flow=to_flow)
        if text and self.source.is_json:
            text = self._indented(text, place, target)
        self.add(to, NewMember(str(to[-1]), value_at(self.value, pointer), text))

    def _indented(self, text: str, place: Place, target: Place) -> str:
        """Give the further rows of a JSON value the indentation of another object."""
        assert place.entry is not None  # noqa: S101 - it is a member
        source = self.source
        old = source.indent(place.entry.start)
        entries = target.value.entries
        new = source.indent(entries[-1].start if entries else target.value.span.start)
        first, *rest = text.split("\n")
        return "\n".join([first, *(new + row.removeprefix(old) for row in rest)])

    def _group(self, pointer: Pointer) -> _Group:
        if pointer not in self.groups:
            self.groups[pointer] = _Group(place_at(self.source.root, pointer))
        return self.groups[pointer]
