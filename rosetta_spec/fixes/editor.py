"""Turn operations on a document into edits of its text, as small as they can be.

This module and those that it uses raise `CannotEditError` where an edit could lose something. What
could be read differently for another reason, such as a key that is too long for YAML, is found by
`verified_edits`.
"""

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
    existing_value,
    nothing_at,
    touched,
)
from rosetta_spec.document.tree import BLOCK_SCALARS, FLOW_STYLES, Document, Node, NodeStyle, Scalar
from rosetta_spec.document.values import Json, json_string, json_text
from rosetta_spec.fixes import entries
from rosetta_spec.fixes.edits import BREAKS, Slot, Slots, SourceText, TextEdit
from rosetta_spec.pointer import Pointer, format_pointer
from rosetta_spec.text import Span


class Editor:
    """Edits the text of a document, which has a root."""

    def __init__(self, document: Document) -> None:
        self.document = document
        assert document.root is not None  # noqa: S101 - what cannot be read has no fixes
        self._source = SourceText(document, document.root)
        self._slots = Slots(document.root)
        self._edits: list[TextEdit] = []
        self._changes: dict[Pointer, _Change] = {}

    def edits(self, operations: Iterable[Operation]) -> tuple[TextEdit, ...]:
        """Return the edits of the text that do `operations`, sorted, none over another.

        The operations are such as `applied` accepts. All pointers are those of the document
        before. Every comment stays, and nothing else in the text changes.
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
        """Replace each `Quote` by the string of the characters in the document."""
        return tuple(
            Put(each.pointer, self._slots.value(each.pointer).value.text)
            if isinstance(each, Quote)
            else each
            for each in operations
        )

    def _collect(self, operation: Operation) -> None:
        match operation:
            case Put(pointer, value, text):
                self._put(pointer, value, text)
            case Swap(first, second):
                slots = self._slots.free_value(first), self._slots.free_value(second)
                for slot, other in (slots, slots[::-1]):
                    text = portable_text(self._source, other, to_flow=slot.in_flow)
                    value = existing_value(self.document.value, other.pointer)
                    self._edits += replaced(self._source, slot, value, text)
            case Rename(pointer, key):
                slot = self._slots.member(pointer)
                self._edits += renamed(self._source, slot, key)
            case Remove(pointer):
                self._remove(pointer)
            case Move(pointer, to):  # pragma: no branch - there are no others
                self._move(pointer, to)

    def _put(self, pointer: Pointer, value: Json, text: str | None) -> None:
        container = existing_value(self.document.value, pointer[:-1])
        if isinstance(container, dict) and pointer[-1] not in container:
            self._add(pointer, entries.NewMember(str(pointer[-1]), value))
        else:
            slot = self._slots.free_value(pointer)
            self._edits += replaced(self._source, slot, value, text)

    def _change(self, pointer: Pointer) -> _Change:
        if pointer not in self._changes:
            self._changes[pointer] = _Change(self._slots.value(pointer))
        return self._changes[pointer]

    def _add(self, pointer: Pointer, member: entries.NewMember) -> None:
        change = self._change(pointer[:-1])
        self._slots.refuse_merged(change.slot)
        change.new.append(member)

    def _remove(self, pointer: Pointer) -> Slot:
        self._slots.free_value(pointer)
        slot = self._slots.member(pointer)
        self._change(pointer[:-1]).removed.add(slot.nth)
        return slot

    def _move(self, pointer: Pointer, to: Pointer) -> None:
        slot = self._remove(pointer)
        if slot.value.has_alias:
            message = f"there is an alias in {format_pointer(pointer)}"
            raise CannotEditError(message)
        target = self._change(to[:-1]).slot.value
        key = str(to[-1])
        if slot.parent.style == NodeStyle.BLOCK == target.style:
            self._changes[pointer[:-1]].moved.add(slot.nth)
            self._add(to, entries.moved_member(self._source, slot, key, target))
            return
        text = portable_text(self._source, slot, to_flow=target.style != NodeStyle.BLOCK)
        if text and self._source.is_json:
            text = entries.indented(self._source, text, slot, target)
        self._add(to, entries.NewMember(key, existing_value(self.document.value, pointer), text))


class _Change:
    """The entries that one collection loses and gets."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        self.removed: set[int] = set()
        #: Removed entries that move elsewhere with their comments.
        self.moved: set[int] = set()
        self.new: list[entries.NewMember] = []

    def edits(self, source: SourceText) -> Iterator[TextEdit]:
        parent, owner = self.slot.value, self.slot.entry
        indices = reversed(range(len(parent.entries)))
        last = next((index for index in indices if index not in self.removed), None)
        if self.new and self.removed and last is None:
            where = format_pointer(self.slot.pointer) or "the document"
            message = f"all members of {where} would be replaced"
            raise CannotEditError(message)
        ranges = self._ranges()
        if parent.style == NodeStyle.BLOCK:
            if self.new and last is not None:
                yield entries.added_to_block(source, parent, parent.entries[last], self.new)
            if ranges:
                yield from entries.removed_from_block(source, parent, owner, ranges)
            return
        if self.new:
            yield from entries.added_to_flow(source, parent, last, self.new)
        if ranges:
            yield from entries.removed_from_flow(source, parent, ranges)

    def _ranges(self) -> list[range]:
        """Return the removed entries in ranges of neighbors; a moved one is alone."""
        ranges: list[range] = []
        for index in sorted(self.removed):
            last = ranges[-1][-1] if ranges else None
            if last is None or last + 1 < index or self.moved & {last, index}:
                ranges.append(range(index, index + 1))
            else:
                ranges[-1] = range(ranges[-1].start, index + 1)
        return ranges


def _joined(source: SourceText, edits: Iterable[TextEdit]) -> list[TextEdit]:
    """Sort edits, and join those that touch."""
    joined: list[TextEdit] = []
    for edit in sorted(edits, key=lambda edit: edit.span):
        last = joined[-1] if joined else None
        if last and edit.span.start < last.span.end:
            message = "these changes overlap"
            raise CannotEditError(message)
        if last and edit.span.start == last.span.end:
            span = Span(last.span.start, edit.span.end)
            joined[-1] = TextEdit(span, last.content + _content_after(source, last, edit))
        else:
            joined.append(edit)
    return joined


def _content_after(source: SourceText, before: TextEdit, edit: TextEdit) -> str:
    """Return what an edit writes after another one, which may have ended the row already."""
    content = source.content
    if edit.span.start < len(content) or content[-1] in BREAKS:
        return edit.content
    above = before.content or content[: before.span.start]
    return edit.content.lstrip(BREAKS) if above[-1:] in BREAKS else edit.content


def _with_open_end(source: SourceText, edits: list[TextEdit]) -> list[TextEdit]:
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


def replaced(
    source: SourceText, slot: Slot, value: Json, text: str | None = None
) -> Iterator[TextEdit]:
    """Replace a value, by `text` if that is given."""
    old = slot.value
    text = text or _trimmed(source, old, value)
    if source.is_json:
        yield TextEdit(old.span, text or json_text(value))
        return
    text = text or entries.yaml_literal(value, entries.style_after(old, in_flow=slot.in_flow))
    if old.tag and not entries.fits_tag(value, text, old.tag):
        if old.style == NodeStyle.NOTHING and old.tag.span.end == slot.entry.lead_end:
            yield TextEdit(old.tag.span, text)
            return
        start = old.tag.span.start
        start = start if source.starts_row(start) else source.before_blanks(start)
        yield TextEdit(Span(start, old.tag.span.end), "")
    if old.style == NodeStyle.NOTHING:
        yield _in_nothing(source, slot, text)
    elif old.style == NodeStyle.BLOCK:
        yield from entries.replaced_block(source, old, slot.entry, text)
    elif old.style in FLOW_STYLES:
        indent = entries.indent_in(source, old.span, old.span.start)
        yield source.cut(*old.span, indent, text)
    else:
        yield from _replaced_scalar(source, old, text)


def _trimmed(source: SourceText, old: Node, value: Json) -> str | None:
    """Return the text of a string without whitespace around it if that is the new value."""
    literal = source.content[slice(*old.span)]
    if old.style != NodeStyle.DOUBLE or any(char in BREAKS for char in literal):
        return None
    if not isinstance(old, Scalar) or not isinstance(old.value, str) or old.value.strip() != value:
        return None
    return entries.trimmed(literal, old.value)


def _replaced_scalar(source: SourceText, old: Node, text: str) -> Iterator[TextEdit]:
    """Replace a scalar; the comment beside the header of a block scalar stays."""
    start, end = old.span
    if old.style not in BLOCK_SCALARS:
        yield TextEdit(old.span, text)
        return
    header_end = start
    while source.content[header_end : header_end + 1] in tuple("|>+-0123456789"):
        header_end += 1
    yield TextEdit(Span(start, header_end), text)
    row_end = source.row_end(start)
    if row_end < end:
        yield TextEdit(Span(row_end, end), "")


def _in_nothing(source: SourceText, slot: Slot, text: str) -> TextEdit:
    """Write a value after a colon, a dash or a key that has none."""
    entry, at = slot.entry, slot.entry.lead_end
    if entry.mark is not None:
        return TextEdit(Span(at, at), f" {text}")
    if slot.in_flow:
        # Directly after an alias or a tag, the colon would belong to its name.
        is_name = entry.key and entry.key.style in (NodeStyle.ALIAS, NodeStyle.NOTHING)
        return TextEdit(Span(at, at), f"{' ' if is_name else ''}: {text}")
    # After a question mark and a key, the colon has a row of its own, in their column.
    at = source.row_end(at)
    indent = " " * source.column(entry.start)
    return TextEdit(Span(at, at), f"{source.line_break(at)}{indent}: {text}")


def renamed(source: SourceText, slot: Slot, name: str) -> Iterator[TextEdit]:
    """Replace the key of a member."""
    key = slot.entry.key
    assert key is not None  # noqa: S101 - it is a member
    if source.is_json:
        yield TextEdit(key.span, json_string(name))
    else:
        yield from _replaced_scalar(source, key, entries.yaml_key(name, key.style))


def portable_text(source: SourceText, slot: Slot, *, to_flow: bool) -> str | None:
    """Return the text of a value if it means the same elsewhere in a row, None if it may not."""
    value = slot.value
    text = source.content[value.span.start : value.span.end]
    if source.is_json:
        return text
    if value.tag or any(char in BREAKS for char in text) or not text:
        return None
    if value.style == NodeStyle.PLAIN:
        return text if slot.in_flow or not to_flow or entries.is_plain_in_flow(text) else None
    return text if value.style in (NodeStyle.SINGLE, NodeStyle.DOUBLE, NodeStyle.FLOW) else None
