"""What is being written at a cursor, in a document that may be half written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto

from rosetta_spec.fast.formats import JSON, YAML
from rosetta_spec.lsp.outline import MAX_LENGTH, Kind, Member, Node, Root, outline, walk
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


#: Inserted where a key may be begun, so that the outline shows which object it would belong to.
_PLACEHOLDER = "x: "


def cursor_context(text: Text, format_: str, offset: int) -> CursorContext | None:
    """Return what can be completed at an offset, None if nothing can."""
    content = text.content
    if len(content) > MAX_LENGTH:
        return None
    location = text.location(offset)
    line, _ = text.line_part(location.row, 1, len(content))
    before, after = line[: location.column - 1], line[location.column - 1 :]
    roots = outline(text, format_)
    finder = _Finder(content, offset, format_ == YAML)
    if format_ == YAML:
        if not before.strip() and not after.partition("#")[0].strip():
            root = next(root for root in reversed(roots) if root.start <= offset)
            context = _on_blank_row(content, offset, root, len(before))
            if context:
                return context
        if _is_in_comment(before):
            return None
    elif not (content if format_ == JSON else line).strip():
        separator = ",\n" if format_ == JSON else ", "
        return CursorContext(Target.DOCUMENT, (), Span(offset, offset), separator=separator)
    return finder.in_roots(roots)


def _on_blank_row(content: str, offset: int, root: Root, column: int) -> CursorContext | None:
    """Return the context of a key of a YAML block in a row without text."""
    content = content[:offset] + _PLACEHOLDER + content[offset:]
    context = _Finder(content, offset, _is_yaml=True).in_roots(outline(Text(content), YAML))
    if context is None or context.target is not Target.KEY or context.separator != "\n":
        return None
    for pointer, node, _ in walk(root.value) if root.value else ():
        is_object = (node.kind, node.column) == (Kind.OBJECT, column)
        is_replaced = node.kind in (Kind.OBJECT, Kind.ARRAY) and not is_object
        if is_replaced and pointer == context.pointer:
            return None
    return replace(context, target=Target.MEMBER, replaced=Span(offset, offset))


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


@dataclass
class _Finder:
    _content: str
    _offset: int
    _is_yaml: bool

    @property
    def _here(self) -> Span:
        return Span(self._offset, self._offset)

    def in_roots(self, roots: Iterable[Root]) -> CursorContext | None:
        """Find what is being written in the first document that contains the offset."""
        for root in roots:
            if root.value and root.start <= self._offset <= root.end:
                return self.in_value(root.value, ())
        return None

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
        suffix, missing_comma = self._commas(node.items, replaced)
        return CursorContext(
            Target.VALUE, pointer, replaced, suffix=suffix, missing_comma=missing_comma
        )

    def _commas(
        self, others: Iterable[Node] | Iterable[Member], replaced: Span
    ) -> tuple[str, int | None]:
        """Return the comma that is missing after a completion, and where one is missing before."""
        before = [each.end for each in others if each.end <= replaced.start]
        after = [each.start for each in others if each.start >= replaced.end]
        lacks_comma = bool(before) and "," not in self._content[before[-1] : replaced.start]
        lacks_next = bool(after) and "," not in self._content[replaced.end : after[0]]
        return "," if lacks_next else "", before[-1] if lacks_comma else None

    def _in_object(self, node: Node, pointer: Pointer) -> CursorContext | None:
        offset = self._offset
        for member in node.members:
            if member.key and member.key.start <= offset <= member.key.end:
                return self._key(node, pointer, member, member.key)
        for member in node.members:
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
        target = Target.MEMBER if member.colon is None else Target.KEY
        replaced, others = Span(key.start, key.end), _others(node, member)
        context = CursorContext(target, pointer, replaced, others, self._separator(node))
        if node.is_block:
            return context
        suffix, missing_comma = self._commas(others, replaced)
        suffix = suffix if target is Target.MEMBER else ""
        return replace(context, suffix=suffix, missing_comma=missing_comma)

    def _new_value(
        self, node: Node, pointer: Pointer, member: Member, colon: int
    ) -> CursorContext | None:
        """Return the context of a value that is missing after a colon."""
        between = self._content[colon + 1 : self._offset]
        if between.strip() or (node.is_block and has_line_end(between)):
            return None
        prefix = " " if self._is_yaml and not between else ""
        return self._member_value(node, pointer, member, self._here, prefix)

    def _member_value(
        self, node: Node, pointer: Pointer, member: Member, replaced: Span, prefix: str = ""
    ) -> CursorContext:
        at = (*pointer, member.name)
        if node.is_block and has_line_end(self._content[member.start : replaced.start]):
            return CursorContext(Target.BLOCK_VALUE, at, replaced, separator="\n")
        others, separator = _others(node, member), self._separator(node)
        return CursorContext(Target.VALUE, at, replaced, others, separator, prefix)

    def _new_key(self, node: Node, pointer: Pointer, last: Member | None) -> CursorContext | None:
        """Return the context of a key in braces, behind the last member before it."""
        members, separator = tuple(node.members), self._separator(node)
        suffix, missing_comma = self._commas(members, self._here)
        if last and (last.comma is None or last.comma >= self._offset):
            is_complete = last.value and has_line_end(self._content[last.end : self._offset])
            if not is_complete:
                return None
        return CursorContext(
            Target.MEMBER, pointer, self._here, members, separator, "", suffix, missing_comma
        )

    def _separator(self, node: Node) -> str:
        if node.is_block:
            return "\n"
        return ",\n" if has_line_end(self._content[node.start : self._offset]) else ", "


def _others(node: Node, member: Member) -> tuple[Member, ...]:
    return tuple(each for each in node.members if each is not member)


def has_line_end(text: str) -> bool:
    """Whether a text is on several lines."""
    return "\n" in text or "\r" in text
