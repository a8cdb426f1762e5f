"""From operations on a document to edits of its text, as small as they can be."""

from __future__ import annotations

from collections.abc import Sequence

from rosetta_spec.document.operations import (
    CannotEditError,
    Move,
    Operation,
    Put,
    Quote,
    Remove,
    Rename,
    Swap,
    value_at,
)
from rosetta_spec.fast.formats import JSON
from rosetta_spec.fixes.edits import TextEdit
from rosetta_spec.fixes.json_layout import json_layout
from rosetta_spec.fixes.layout import Layout
from rosetta_spec.fixes.members import NewMember
from rosetta_spec.fixes.place import inside, place_at, refuse_mixed, refuse_tied
from rosetta_spec.fixes.regrouping import Regrouping
from rosetta_spec.fixes.source import BREAKS, Source
from rosetta_spec.fixes.values import portable_text, renamed, written_over
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.document.values import Json


class Editor:
    """Edits the text of a document, which has a root."""

    def __init__(self, document: AnyDocument) -> None:
        self.document = document
        # Of a YAML document it is made of its nodes each time.
        self._value = document.value
        self._found: Layout | None = None

    def edits(self, operations: Sequence[Operation]) -> tuple[TextEdit, ...]:
        """Return the edits of the text that do `operations`, sorted, none over another.

        The operations are such as `applied` accepts. All pointers are those of the document
        before. Every comment stays, and nothing changes but what the operations name.

        Raises:
            CannotEditError: the text cannot be edited without the risk of a loss.
        """
        source = Source(self.document, self._layout)
        surgery = _Surgery(source, self._value)
        for operation in operations:
            surgery.prepare(operation)
        edits = [*surgery.edits, *surgery.regrouping.edits()]
        edits = _with_open_end(source, _joined(source, edits))
        return tuple(_joined(source, edits))

    def resolved(self, operations: Sequence[Operation]) -> tuple[Operation, ...]:
        """Say of each `Quote` which string it makes: that of the characters in the document."""
        return tuple(
            Put(each.pointer, self._characters(each.pointer)) if isinstance(each, Quote) else each
            for each in operations
        )

    def _characters(self, pointer: Pointer) -> str:
        return place_at(self._layout.root, pointer).value.text

    @property
    def _layout(self) -> Layout:
        if self._found is None:
            self._found = _layout_of(self.document)
        return self._found


def _layout_of(document: AnyDocument) -> Layout:
    if document.format_ == JSON:
        return json_layout(document.text.content)
    # Ruamel is a slow import that JSON does not need.
    from rosetta_spec.fixes.yaml_layout import yaml_layout  # noqa: PLC0415

    return yaml_layout(document.text.content, document.start)


class _Surgery:
    """The edits of one text, of what stays in its place first."""

    def __init__(self, source: Source, value: Json) -> None:
        self.source = source
        self.value = value
        self.edits: list[TextEdit] = []
        self.regrouping = Regrouping(source, value)

    def prepare(self, operation: Operation) -> None:
        match operation:
            case Put(pointer, value, text):
                self._put(pointer, value, text)
            case Quote(pointer):
                self._put(pointer, place_at(self.source.root, pointer).value.text)
            case Swap(first, second):
                self._swap(first, second)
            case Rename(pointer, key):
                self._rename(pointer, key)
            case Remove(pointer):
                self.regrouping.remove(pointer)
            case Move(pointer, to):  # pragma: no branch - there are no others
                self.regrouping.move(pointer, to)

    def _put(self, pointer: Pointer, value: Json, text: str | None = None) -> None:
        container = value_at(self.value, pointer[:-1])
        if isinstance(container, dict) and pointer[-1] not in container:
            self.regrouping.add(pointer, NewMember(str(pointer[-1]), value))
            return
        place = place_at(self.source.root, pointer)
        refuse_tied(place)
        self.edits += written_over(self.source, place, value, text)

    def _swap(self, *pointers: Pointer) -> None:
        first, second = (place_at(self.source.root, pointer) for pointer in pointers)
        for place, other in ((first, second), (second, first)):
            refuse_tied(place)
            text = portable_text(
                self.source, other.value, from_flow=other.in_flow, to_flow=place.in_flow
            )
            value = value_at(self.value, other.pointer)
            self.edits += written_over(self.source, place, value, text)

    def _rename(self, pointer: Pointer, name: str) -> None:
        place = place_at(self.source.root, pointer[:-1])
        place = inside(place, pointer[-1])
        refuse_mixed(place)
        self.edits += renamed(self.source, place.key, name)


def _joined(source: Source, edits: list[TextEdit]) -> list[TextEdit]:
    """Sort edits, and make one of those that touch.

    Raises:
        CannotEditError: one is over another.
    """
    joined: list[TextEdit] = []
    for edit in sorted(edits, key=lambda edit: edit.span):
        last = joined[-1] if joined else None
        if last and (edit.span.start < last.span.end or _goes_on(source, last, edit)):
            message = "these changes stand in each other's way"
            raise CannotEditError(message)
        if last and edit.span.start == last.span.end:
            span = Span(last.span.start, edit.span.end)
            joined[-1] = TextEdit(span, last.content + _going_on(source, last, edit))
        else:
            joined.append(edit)
    return joined


def _going_on(source: Source, before: TextEdit, edit: TextEdit) -> str:
    """Give what an edit writes after another one; a row that it would end may be gone already."""
    content = source.content
    is_at_open_end = edit.span.start == len(content) and content[-1] not in BREAKS
    above = before.content or content[: before.span.start]
    is_ended = is_at_open_end and above[-1:] in BREAKS
    return edit.content.lstrip(BREAKS) if is_ended else edit.content


def _goes_on(source: Source, before: TextEdit, edit: TextEdit) -> bool:
    """Whether an edit writes on the row where the one before it may end in a comment."""
    if source.is_json or edit.span.start > before.span.end or edit.content[:1] in ("", *BREAKS):
        return False
    return "#" in before.content.replace("\r", "\n").rpartition("\n")[2]


def _with_open_end(source: Source, edits: list[TextEdit]) -> list[TextEdit]:
    """Let a text without a line break at its end stay one."""
    content = source.content
    if not edits or edits[-1].span.end < len(content) or content[-1] in BREAKS:
        return edits
    (start, end), text = edits.pop()
    if text:
        return [*edits, TextEdit(Span(start, end), text.rstrip(BREAKS))]
    last = len(content[:start].rstrip())
    if edits and edits[-1].span.end > last:
        # Rows that come there are the last ones then.
        (start, _), text = edits.pop()
        text = text.rstrip(BREAKS)
    elif not source.needs_break(start):
        start = last
    return [*edits, TextEdit(Span(start, end), text)]
