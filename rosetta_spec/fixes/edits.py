"""Text edits, the text that they change, and what is written at a pointer, if it may be edited."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rosetta_spec.document.operations import CannotEditError, nothing_at
from rosetta_spec.document.tree import (
    BLOCK_SCALARS,
    FLOW_STYLES,
    Alias,
    Array,
    Document,
    Entry,
    Node,
    NodeStyle,
)
from rosetta_spec.document.yaml_scalars import MERGE_KEY
from rosetta_spec.fast.formats import JSON
from rosetta_spec.pointer import Pointer, format_pointer
from rosetta_spec.text import BOM, Span

BLANKS = " \t"
BREAKS = "\r\n"

_match_blanks = re.compile(r"\s*").match


class TextEdit(NamedTuple):
    """Replace the text at `span` by `content`."""

    span: Span
    content: str


def edited(content: str, edits: Iterable[TextEdit]) -> str:
    """Apply edits, which are sorted and do not overlap, to `content`."""
    pieces = []
    at = 0
    for span, new in edits:
        pieces += [content[at : span.start], new]
        at = span.end
    return "".join((*pieces, content[at:]))


class SourceText:
    """The text of a document, by rows; an offset names the row that it is in.

    `moved` are spans that move elsewhere with their comments, by the start of their entry.
    """

    def __init__(self, document: Document, root: Node) -> None:
        self.content = document.text.content
        self.is_json = document.format_ == JSON
        self.starts = document.text.row_starts
        self.root = root
        self._comments = document.comments
        self.moved: dict[int, Span] = {}

    def row_start(self, at: int) -> int:
        """Return the offset of the first character of the row, after a byte order mark."""
        start = self.starts[bisect_right(self.starts, at) - 1]
        return start + self.content.startswith(BOM, start)

    def next_row(self, at: int) -> int:
        """Return the offset after the line break of the row, or the end of the text."""
        index = bisect_right(self.starts, at)
        return self.starts[index] if index < len(self.starts) else len(self.content)

    def row_end(self, at: int) -> int:
        """Return the offset before the line break of the row."""
        end = self.next_row(at)
        start = self.row_start(at)
        while end > start and self.content[end - 1] in BREAKS:
            end -= 1
        return end

    def line_break(self, at: int) -> str:
        """Return the line break of the row; if it has none, that of the row before, or LF."""
        end = self.next_row(at)
        found = self.content[self.row_end(at) : end]
        above = self.row_start(at) - 1
        return found or (self.line_break(above) if above >= 0 else "\n")

    def starts_row(self, at: int) -> bool:
        """Whether only blanks are before an offset in its row."""
        return not self.content[self.row_start(at) : at].strip(BLANKS)

    def indent(self, at: int) -> str:
        """Return the blanks with which the row starts."""
        row = self.content[self.row_start(at) : self.row_end(at)]
        return row[: len(row) - len(row.lstrip(BLANKS))]

    def column(self, at: int) -> int:
        """Return the number of characters before an offset in its row."""
        return at - self.row_start(at)

    def after_blanks(self, at: int) -> int:
        """Return the offset of the next character that is not a blank."""
        while self.content[at : at + 1] in tuple(BLANKS):
            at += 1
        return at

    def before_blanks(self, at: int) -> int:
        """Return the offset after the previous character that is not a blank."""
        while at and self.content[at - 1] in BLANKS:
            at -= 1
        return at

    def spans_of_comments(self, start: int, end: int) -> Sequence[Span]:
        """Return the spans of the comments that start between two offsets."""
        first = bisect_left(self._comments, Span(start, 0))
        return self._comments[first : bisect_left(self._comments, Span(end, 0))]

    def comments_in(self, start: int, end: int) -> list[str]:
        """Return the comments that stay, of those between two offsets."""
        return [
            self.content[comment.start : comment.end]
            for comment in self.spans_of_comments(start, end)
            if not any(span.start <= comment.start < span.end for span in self.moved.values())
        ]

    def _header(self, scalar: Node) -> str:
        """Return the header of a block scalar: its `|` or `>` and indicators."""
        row = self.content[scalar.span.start : self.row_end(scalar.span.start)]
        return row.partition("#")[0]

    def keeps_blank_rows(self, scalar: Node) -> bool:
        """Whether blank rows after a block scalar are part of it."""
        return "+" in self._header(scalar)

    def needs_break(self, at: int) -> bool:
        """Whether a block scalar ends before an offset, and the line break there is part of it."""
        end = len(self.content[:at].rstrip())
        scalars = (node for node in _nodes_of(self.root) if node.style in BLOCK_SCALARS)
        return any(node.span.end == end and "-" not in self._header(node) for node in scalars)

    def cut(self, start: int, end: int, indent: str, content: str = "") -> TextEdit:
        """Replace a span by `content`, and by the comments in it on rows of their own.

        A row of which nothing is left is removed.
        """
        kept = self.comments_in(start, end)
        after = self.after_blanks(end)
        is_last = after == self.row_end(after)
        if not kept and not content:
            return self._cut_row(start, end)
        if not kept:
            return TextEdit(Span(start, end), content)
        glue = self.line_break(start) + indent
        if content:
            content += " "
        elif not self.starts_row(start) and not self.comments_in(
            self.row_start(start), self.row_end(start)
        ):
            start, content = self.before_blanks(start), glue
        elif self.content[start - 1 : start] not in ("", *BLANKS, *BREAKS):
            content = " "
        text = content + glue.join(kept) + ("" if is_last else glue)
        return TextEdit(Span(start, after), text)

    def _cut_row(self, start: int, end: int) -> TextEdit:
        after = self.after_blanks(end)
        if self.content[after : after + 1] == "#" and not self.starts_row(start):
            return TextEdit(Span(start, end), "")
        if after < self.row_end(after):
            return TextEdit(Span(start, after), "")
        if self.starts_row(start):
            return TextEdit(Span(self.row_start(start), self.next_row(after)), "")
        return TextEdit(Span(self.before_blanks(start), end), "")


class Slot(NamedTuple):
    """A value, and the entry that it is the value of.

    `nth` is the index of the entry in the collection `parent`; the root has an entry of its own, in
    no collection. `in_flow` says whether the value is inside brackets.
    """

    pointer: Pointer
    value: Node
    entry: Entry
    parent: Node
    nth: int = 0
    in_flow: bool = False


class Slots:
    """Finds the slots of a document by their pointers.

    Its methods raise `CannotEditError` where there is nothing, and where an alias or a merge key
    makes an edit unsafe.
    """

    def __init__(self, root: Node) -> None:
        self._root = Slot((), root, Entry(root.start, None, None, None, root), root)
        #: The indices of all members of a key, by the pointer of their object.
        self._indices: dict[Pointer, dict[str | None, list[int]]] = {}

    def value(self, pointer: Pointer) -> Slot:
        """Find the value at `pointer`, in which there may be aliases."""
        slot = self._inside(self.value(pointer[:-1]), pointer[-1]) if pointer else self._root
        if slot.value.style == NodeStyle.ALIAS or slot.value.is_shared:
            raise _shared(pointer)
        return slot

    def free_value(self, pointer: Pointer) -> Slot:
        """Find the value at `pointer`, in which nothing is used by an alias outside of it."""
        slot = self.value(pointer)
        inside = list(_nodes_of(slot.value))
        uses = Counter(id(each.anchored) for each in inside if isinstance(each, Alias))
        if any(each.anchor and each.anchor.uses > uses[id(each.anchor)] for each in inside):
            message = f"a part of {format_pointer(pointer)} is shared through an alias"
            raise CannotEditError(message)
        return slot

    def member(self, pointer: Pointer) -> Slot:
        """Find the member at `pointer` if it may be renamed, or an item; either may be an alias."""
        parent = self.value(pointer[:-1])
        slot = self._inside(parent, pointer[-1])
        if slot.entry.key:
            self.refuse_merged(parent)
            if slot.entry.key.has_alias:
                raise _shared(pointer)
            if len(self._indices[parent.pointer][slot.entry.name]) > 1:
                message = f"{format_pointer(pointer)} has its key twice"
                raise CannotEditError(message)
        return slot

    def refuse_merged(self, slot: Slot) -> None:
        """Raise an error if another object is merged into the object in a slot."""
        if self._merged(slot):
            where = format_pointer(slot.pointer) or "the document"
            message = f"another object is merged into {where}"
            raise CannotEditError(message)

    def _merged(self, slot: Slot) -> Node | None:
        """Return what is merged into the object in a slot."""
        for index in reversed(self._indices_of(slot).get(MERGE_KEY, ())):
            entry = slot.value.entries[index]
            if entry.key and entry.key.style == NodeStyle.PLAIN:
                return entry.value
        return None

    def _inside(self, slot: Slot, token: str | int) -> Slot:
        pointer, parent = (*slot.pointer, token), slot.value
        if isinstance(token, int):
            indices = [token] if isinstance(parent, Array) and token < len(parent.entries) else []
        else:
            indices = self._indices_of(slot).get(token, [])
        merged = self._merged(slot) if isinstance(token, str) and not indices else None
        if merged:
            # It is edited where the merged object is written.
            if merged.style == NodeStyle.ALIAS or merged.is_shared:
                raise _shared(pointer)
            parent = merged
            indices = [at for at, entry in enumerate(parent.entries) if entry.name == token]
            if not indices:
                message = f"{format_pointer(pointer)} is merged from several objects"
                raise CannotEditError(message)
        if not indices:
            raise nothing_at(pointer)
        entry = parent.entries[indices[-1]]
        in_flow = slot.in_flow or parent.style in FLOW_STYLES
        return Slot(pointer, entry.value, entry, parent, indices[-1], in_flow)

    def _indices_of(self, slot: Slot) -> dict[str | None, list[int]]:
        if slot.pointer not in self._indices:
            indices = self._indices[slot.pointer] = {}
            for index, entry in enumerate(slot.value.entries):
                indices.setdefault(entry.name, []).append(index)
        return self._indices[slot.pointer]


def after_block_scalars(content: str, root: Node) -> frozenset[int]:
    """Return the offsets of the first characters after block scalars: a comment may end one."""
    ends = (node.span.end for node in _nodes_of(root) if node.style in BLOCK_SCALARS)
    return frozenset(match.end() for end in ends if (match := _match_blanks(content, end)))


def _nodes_of(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _nodes_of(part)


def _shared(pointer: Pointer) -> CannotEditError:
    return CannotEditError(f"{format_pointer(pointer)} is shared through an alias")
