"""Turn operations on a document into edits of its text, as small as they can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rosetta_spec.document.operations import (
    CannotEditError,
    Move,
    Operation,
    Put,
    Quote,
    Remove,
    Rename,
    Swap,
    nothing_at,
    touched,
    value_at,
)
from rosetta_spec.document.tree import Document, Style
from rosetta_spec.document.values import Json
from rosetta_spec.fixes.block import added_to_block, moved_member, removed_from_block
from rosetta_spec.fixes.edits import BREAKS, Place, Places, Source, TextEdit
from rosetta_spec.fixes.flow import added_to_flow, indented, removed_from_flow
from rosetta_spec.fixes.literals import NewMember
from rosetta_spec.fixes.replace import portable_text, renamed, replaced
from rosetta_spec.pointer import Pointer, format_pointer
from rosetta_spec.text import Span


class Editor:
    """Edits the text of a document, which has a root."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._value = document.value
        assert document.root is not None  # noqa: S101 - what cannot be read has no fixes
        self._source = Source(document, document.root)
        self._places = Places(document.root)
        self._edits: list[TextEdit] = []
        self._changes: dict[Pointer, _Change] = {}

    def edits(self, operations: Iterable[Operation]) -> tuple[TextEdit, ...]:
        """Return the edits of the text that do `operations`, sorted, none over another.

        The operations are such as `applied` accepts. All pointers are those of the document
        before. Every comment stays, and nothing changes but what the operations name.

        Raises:
            CannotEditError: the text cannot be edited without the risk of a loss.
        """
        self._source.moved.clear()
        self._edits = []
        self._changes = {}
        for operation in self.resolved(operations):
            if () in touched(operation):
                raise nothing_at(())
            self._collect(operation)
        # Where an outer and an inner collection end, what is new in the inner one comes first.
        for pointer in sorted(self._changes, key=len, reverse=True):
            self._edits += self._changes[pointer].edits(self._source)
        edits = _joined(self._source, self._edits)
        return tuple(_joined(self._source, _with_open_end(self._source, edits)))

    def resolved(self, operations: Iterable[Operation]) -> tuple[Operation, ...]:
        """Replace each `Quote` by the string of the characters in the document.

        Raises:
            CannotEditError: there is no value to quote.
        """
        return tuple(
            Put(each.pointer, self._places.value(each.pointer).value.text)
            if isinstance(each, Quote)
            else each
            for each in operations
        )

    def _collect(self, operation: Operation) -> None:
        match operation:
            case Put(pointer, value, text):
                self._put(pointer, value, text)
            case Swap(first, second):
                self._swap(first, second)
            case Rename(pointer, key):
                place = self._places.member(pointer)
                self._edits += renamed(self._source, place, key)
            case Remove(pointer):
                self._remove(pointer)
            case Move(pointer, to):  # pragma: no branch - there are no others
                self._move(pointer, to)

    def _put(self, pointer: Pointer, value: Json, text: str | None) -> None:
        container = value_at(self._value, pointer[:-1])
        if isinstance(container, dict) and pointer[-1] not in container:
            self._add(pointer, NewMember(str(pointer[-1]), value))
        else:
            place = self._places.free_value(pointer)
            self._edits += replaced(self._source, place, value, text)

    def _swap(self, *pointers: Pointer) -> None:
        first, second = map(self._places.free_value, pointers)
        for place, other in ((first, second), (second, first)):
            text = portable_text(self._source, other, to_flow=place.in_flow)
            value = value_at(self._value, other.pointer)
            self._edits += replaced(self._source, place, value, text)

    def _change(self, pointer: Pointer) -> _Change:
        if pointer not in self._changes:
            self._changes[pointer] = _Change(self._places.value(pointer))
        return self._changes[pointer]

    def _add(self, pointer: Pointer, member: NewMember) -> None:
        change = self._change(pointer[:-1])
        self._places.refuse_merged(change.place)
        change.new.append(member)

    def _remove(self, pointer: Pointer) -> Place:
        self._places.free_value(pointer)
        place = self._places.member(pointer)
        self._change(pointer[:-1]).removed.add(place.nth)
        return place

    def _move(self, pointer: Pointer, to: Pointer) -> None:
        place = self._remove(pointer)
        target = self._change(to[:-1]).place.value
        key = str(to[-1])
        assert place.whole is not None  # noqa: S101 - the root does not move
        if place.whole.style == Style.BLOCK == target.style:
            self._changes[pointer[:-1]].moved.add(place.nth)
            self._add(to, moved_member(self._source, place, key, target))
            return
        text = portable_text(self._source, place, to_flow=target.style != Style.BLOCK)
        if text and self._source.is_json:
            text = indented(self._source, text, place, target)
        self._add(to, NewMember(key, value_at(self._value, pointer), text))


class _Change:
    """The entries that one collection loses and gets."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.removed: set[int] = set()
        #: Removed entries that move elsewhere with their comments.
        self.moved: set[int] = set()
        self.new: list[NewMember] = []

    def edits(self, source: Source) -> Iterator[TextEdit]:
        whole, around = self.place.value, self.place.entry
        last = self._last_kept()
        if self.new and self.removed and last is None:
            where = format_pointer(self.place.pointer) or "the document"
            message = f"all members of {where} would be replaced"
            raise CannotEditError(message)
        runs = self._runs()
        if whole.style == Style.BLOCK:
            if self.new and last is not None:
                yield added_to_block(source, whole, whole.entries[last], self.new)
            if runs:
                yield from removed_from_block(source, whole, around, runs)
            return
        if self.new:
            yield from added_to_flow(source, whole, last, self.new)
        if runs:
            yield from removed_from_flow(source, whole, runs)

    def _last_kept(self) -> int | None:
        indices = reversed(range(len(self.place.value.entries)))
        return next((index for index in indices if index not in self.removed), None)

    def _runs(self) -> list[range]:
        """Return the removed entries in runs of neighbours; a moved one is alone."""
        runs: list[range] = []
        for index in sorted(self.removed):
            last = runs[-1][-1] if runs else None
            if last is None or last + 1 < index or self.moved & {last, index}:
                runs.append(range(index, index + 1))
            else:
                runs[-1] = range(runs[-1].start, index + 1)
        return runs


def _joined(source: Source, edits: Iterable[TextEdit]) -> list[TextEdit]:
    """Sort edits, and join those that touch.

    Raises:
        CannotEditError: edits overlap.
    """
    joined: list[TextEdit] = []
    for edit in sorted(edits, key=lambda edit: edit.span):
        last = joined[-1] if joined else None
        if last and (edit.span.start < last.span.end or _is_in_comment(source, last, edit)):
            message = "these changes overlap"
            raise CannotEditError(message)
        if last and edit.span.start == last.span.end:
            span = Span(last.span.start, edit.span.end)
            joined[-1] = TextEdit(span, last.content + _content_after(source, last, edit))
        else:
            joined.append(edit)
    return joined


def _content_after(source: Source, before: TextEdit, edit: TextEdit) -> str:
    """Return what an edit writes after another one, which may have ended the row already."""
    content = source.content
    if edit.span.start < len(content) or content[-1] in BREAKS:
        return edit.content
    above = before.content or content[: before.span.start]
    return edit.content.lstrip(BREAKS) if above[-1:] in BREAKS else edit.content


def _is_in_comment(source: Source, before: TextEdit, edit: TextEdit) -> bool:
    if source.is_json or edit.span.start > before.span.end or edit.content[:1] in ("", *BREAKS):
        return False
    return "#" in before.content.replace("\r", "\n").rpartition("\n")[2]


def _with_open_end(source: Source, edits: list[TextEdit]) -> list[TextEdit]:
    """Keep a text without a line break at its end as it is."""
    content = source.content
    if not edits or edits[-1].span.end < len(content) or content[-1] in BREAKS:
        return edits
    (start, end), text = edits.pop()
    if text:
        return [*edits, TextEdit(Span(start, end), text.rstrip(BREAKS))]
    last = len(content[:start].rstrip())
    if edits and edits[-1].span.end > last:
        # Rows that are added there are the last ones.
        (start, _), text = edits.pop()
        text = text.rstrip(BREAKS)
    elif not source.needs_break(start):
        start = last
    return [*edits, TextEdit(Span(start, end), text)]
