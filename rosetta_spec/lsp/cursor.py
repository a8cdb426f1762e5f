"""What is being written at a cursor, in a document that may be half written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from rosetta_spec.fast.formats import JSON, YAML
from rosetta_spec.lsp.outline import MAX_LENGTH, Kind, Member, Node, Root, outline
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text


class Target(Enum):
    """What can be completed."""

    #: The whole document, which is blank.
    DOCUMENT = auto()
    #: A key of the object at the pointer, with its value.
    MEMBER = auto()
    #: Only a key of the object at the pointer: a colon follows.
    KEY = auto()
    #: The value at the pointer.
    VALUE = auto()
    #: The value at the pointer, which may be a block: the first key of an object can be here.
    BLOCK_VALUE = auto()


@dataclass(frozen=True)
class CursorContext:
    """What can be completed at a cursor, and what it must be separated from.

    `replaced` is the text that a completion replaces. `siblings` are the other members of the
    object, and `separator` is written between its members: it starts a new line if the object is on
    several lines, and has no comma in a YAML block. `prefix` and `suffix` go around what is
    inserted. `missing_comma` is the offset where a comma is missing before it.
    """

    target: Target
    pointer: Pointer
    replaced: Span
    siblings: tuple[Member, ...] = ()
    separator: str = ", "
    prefix: str = ""
    suffix: str = ""
    missing_comma: int | None = None


def cursor_context(text: Text, format_: str, offset: int) -> CursorContext | None:
    """Return what can be completed at an offset, None if nothing can."""
    content = text.content
    if len(content) > MAX_LENGTH:
        return None
    location = text.location(offset)
    line, _ = text.line_part(location.row, 1, len(content))
    roots = outline(text, format_)
    finder = _Finder(content, offset, is_yaml=format_ == YAML)
    if format_ == YAML:
        start = offset - location.column + 1
        root = next(root for root in reversed(roots) if root.start <= offset)
        before_comment = line.partition("#")[0]
        is_blank = not before_comment.strip() and offset <= start + len(before_comment)
        if is_blank and not _is_inside_value(root.value, start):
            return finder.on_blank_row(root, location.column - 1)
        if _is_in_comment(line[: offset - start]):
            return None
    elif not (content if format_ == JSON else line).strip():
        separator = ",\n" if format_ == JSON else ", "
        return CursorContext(Target.DOCUMENT, (), Span(offset, offset), separator=separator)
    for root in roots:
        if root.value and root.start <= offset <= root.end:
            return finder.in_value(root.value, ())
    return None


def _is_in_comment(before: str) -> bool:
    """Whether the text before the cursor in its row contains a `#` that starts a comment."""
    quote = ""
    for at, character in enumerate(before):
        previous = before[at - 1] if at else " "
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and previous in " \t,[{:":
            quote = character
        elif character == "#" and previous in " \t":
            return True
    return False


def _open_blocks(root: Node | None, offset: int) -> list[tuple[Node, Pointer]]:
    """Return the blocks that begin before an offset and are the last in theirs, outermost first."""
    blocks: list[tuple[Node, Pointer]] = []
    pointer: Pointer = ()
    node = root
    while node and node.is_block and node.start < offset:
        blocks.append((node, pointer))
        token, node = _last_child(node, offset)
        pointer = (*pointer, token)
    return blocks


def _last_child(node: Node, offset: int) -> tuple[str | int, Node | None]:
    """Return the key or index and the value of the last child that begins before an offset."""
    if node.kind is Kind.OBJECT:
        last = [each for each in node.members if each.start < offset][-1]
        return last.name, last.value
    # The dash of an item is before it.
    index = max(sum(item.start <= offset for item in node.items) - 1, 0)
    return index, node.items[index]


def _is_inside_value(root: Node | None, row_start: int) -> bool:
    """Whether a row is in a value that is no block and begins above it."""
    blocks = _open_blocks(root, row_start)
    value = _last_child(blocks[-1][0], row_start)[1] if blocks else root
    return value is not None and not value.is_block and value.start < row_start < value.end


class _Finder:
    def __init__(self, content: str, offset: int, *, is_yaml: bool) -> None:
        self._content = content
        self._offset = offset
        self._here = Span(offset, offset)
        self._is_yaml = is_yaml

    def on_blank_row(self, root: Root, column: int) -> CursorContext | None:
        """Find the block that a key in a column would belong to."""
        blocks = _open_blocks(root.value, self._offset)
        if not blocks:
            value = root.value
            if value and (value.kind, value.column) != (Kind.OBJECT, column):
                return None
            return self._block_member((), value.members if value else ())
        node, pointer = next((it for it in reversed(blocks) if it[0].column <= column), blocks[0])
        if node.column < column:
            token, value = _last_child(node, self._offset)
            pointer = (*pointer, token)
            if value is None or value.kind in (Kind.SCALAR, Kind.NOTHING):
                return self._block_member(pointer, ())
            node = value
        is_here = node.column == column and node.kind is Kind.OBJECT
        return self._block_member(pointer, node.members) if is_here else None

    def _block_member(self, pointer: Pointer, siblings: Iterable[Member]) -> CursorContext:
        return CursorContext(Target.MEMBER, pointer, self._here, tuple(siblings), "\n")

    def in_value(self, node: Node, pointer: Pointer) -> CursorContext | None:
        """Find what is being written in a value."""
        target = Target.BLOCK_VALUE if self._is_yaml else Target.VALUE
        if node.kind is Kind.NOTHING:
            prefix = " " if self._offset == node.start else ""
            return CursorContext(target, pointer, self._here, separator="\n", prefix=prefix)
        if node.kind is Kind.SCALAR:
            if not node.start <= self._offset <= node.end:
                return None
            return CursorContext(target, pointer, Span(node.start, node.end), separator="\n")
        if not (node.is_block or self._is_in_brackets(node)):
            return None
        in_children = self._in_array if node.kind is Kind.ARRAY else self._in_object
        return in_children(node, pointer)

    def _is_in_brackets(self, node: Node) -> bool:
        is_closed = self._content[node.end - 1 : node.end] in ("}", "]")
        return node.start < self._offset and (self._offset < node.end or not is_closed)

    def _in_array(self, node: Node, pointer: Pointer) -> CursorContext | None:
        for index, item in enumerate(node.items):
            if item.start <= self._offset <= item.end:
                if item.kind is not Kind.SCALAR or node.is_block:
                    return self.in_value(item, (*pointer, index))
                return self._item(node, (*pointer, index), Span(item.start, item.end))
        if node.is_block:
            return None
        index = sum(item.end < self._offset for item in node.items)
        context = self._item(node, (*pointer, index), self._here)
        return context if context.missing_comma is None else None

    def _item(self, node: Node, pointer: Pointer, replaced: Span) -> CursorContext:
        before = [item.end for item in node.items if item.end < replaced.start]
        after = [item.start for item in node.items if item.start >= replaced.end]
        lacks_comma = bool(before) and "," not in self._content[before[-1] : replaced.start]
        lacks_next = bool(after) and "," not in self._content[replaced.end : after[0]]
        return CursorContext(
            Target.VALUE,
            pointer,
            replaced,
            suffix="," if lacks_next else "",
            missing_comma=before[-1] if lacks_comma else None,
        )

    def _in_object(self, node: Node, pointer: Pointer) -> CursorContext | None:
        offset = self._offset
        for member in node.members:
            if member.key and member.key.start <= offset <= member.key.end:
                return self._key(node, pointer, member, member.key)
            value = member.value
            if value and value.start <= offset <= value.end:
                if value.kind is not Kind.SCALAR:
                    return self.in_value(value, (*pointer, member.name))
                return self._member_value(node, pointer, member, Span(value.start, value.end))
        last = next((each for each in reversed(node.members) if each.start < offset), None)
        is_open = last and last.value is None and (last.comma is None or last.comma >= offset)
        if last and is_open and last.colon is not None and last.colon < offset:
            return self._new_value(node, pointer, last, last.colon)
        return None if node.is_block else self._new_key(node, pointer, last)

    def _key(self, node: Node, pointer: Pointer, member: Member, key: Node) -> CursorContext:
        index = node.members.index(member)
        previous = node.members[index - 1] if index else None
        is_unfinished = member.colon is None and member.comma is None
        lacks_next = is_unfinished and index + 1 < len(node.members) and not node.is_block
        lacks_comma = previous and previous.comma is None and not node.is_block
        return CursorContext(
            Target.MEMBER if member.colon is None else Target.KEY,
            pointer,
            Span(key.start, key.end),
            _others(node, member),
            self._separator(node),
            suffix="," if lacks_next else "",
            missing_comma=previous.end if previous and lacks_comma else None,
        )

    def _new_value(
        self, node: Node, pointer: Pointer, member: Member, colon: int
    ) -> CursorContext | None:
        """Return the context of a value that is missing after a colon."""
        between = self._content[colon + 1 : self._offset]
        if between.strip() or (node.is_block and _has_line_end(between)):
            return None
        prefix = " " if self._is_yaml and not between else ""
        return self._member_value(node, pointer, member, self._here, prefix)

    def _member_value(
        self, node: Node, pointer: Pointer, member: Member, replaced: Span, prefix: str = ""
    ) -> CursorContext:
        at = (*pointer, member.name)
        if node.is_block and _has_line_end(self._content[member.start : replaced.start]):
            return CursorContext(Target.BLOCK_VALUE, at, replaced, separator="\n")
        others, separator = _others(node, member), self._separator(node)
        return CursorContext(Target.VALUE, at, replaced, others, separator, prefix)

    def _new_key(self, node: Node, pointer: Pointer, last: Member | None) -> CursorContext | None:
        """Return the context of a key in braces, behind the last member before it."""
        offset = self._offset
        is_separated = last is None or (last.comma is not None and last.comma < offset)
        missing_comma = None
        if last and not is_separated:
            if last.value is None or not _has_line_end(self._content[last.end : offset]):
                return None
            missing_comma = last.end
        has_next = any(each.start >= offset for each in node.members)
        lacks_next = has_next and (last is None or last.comma is None or is_separated)
        return CursorContext(
            Target.MEMBER,
            pointer,
            self._here,
            tuple(node.members),
            self._separator(node),
            suffix="," if lacks_next else "",
            missing_comma=missing_comma,
        )

    def _separator(self, node: Node) -> str:
        if node.is_block:
            return "\n"
        return ",\n" if _has_line_end(self._content[node.start : self._offset]) else ", "


def _others(node: Node, member: Member) -> tuple[Member, ...]:
    return tuple(each for each in node.members if each is not member)


def _has_line_end(text: str) -> bool:
    return "\n" in text or "\r" in text
