"""Where a cursor is in a text, which may be half written: at a key or a value, and of what."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.fast.formats import JSON, JSONL, YAML
from rosetta_spec.fixes.source import BREAKS
from rosetta_spec.lsp.block_outline import BlockOutline
from rosetta_spec.lsp.flow_outline import flow_outline
from rosetta_spec.lsp.outline import ARRAY, NOTHING, OBJECT, SCALAR, Member, Node, Root
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text

#: A text of so many characters is looked through with every key stroke; a request is small.
MOST = 512 * 1024


class Spot(NamedTuple):
    """What is being written at a cursor.

    `pointer` is the place of a value, or with `is_key` of the object that the key is to be in,
    whose members are `members` (without the one that is being written). `span` is what stands there
    already. In lines of YAML `column` is that of the keys, and -1 in brackets and JSON.
    """

    pointer: Pointer
    span: Span
    members: tuple[Member, ...] = ()
    column: int = -1
    is_key: bool = False
    #: A colon follows, and most likely a value.
    has_colon: bool = False
    #: The end of what has to be divided from it by a comma, in front of it.
    after: int | None = None
    #: A member or an item follows, and no comma is between.
    is_before: bool = False
    #: A colon stands directly before it, where YAML wants a blank between.
    is_tight: bool = False
    #: Its brackets are on several rows.
    is_tall: bool = False
    #: In lines of YAML an object may begin there: behind a dash, or in a row below a key. Where it
    #: is a value, no further keys can follow it.
    is_open: bool = False
    #: Nothing is there yet, and so no bracket.
    is_bare: bool = False


def roots_of(text: Text, format_: str) -> list[Root]:
    """Return the documents of a text as far as they can be made out."""
    content = text.content
    if len(content) > MOST:
        return []
    if format_ == YAML:
        return BlockOutline(content, text.row_starts).roots
    if format_ == JSON:
        spans = [(0, len(content))]
    else:
        starts = [at for at in text.row_starts if not at or content[at - 1] == "\n"]
        spans = list(zip(starts, [*starts[1:], len(content)], strict=True))
    return [
        Root(start, end, flow_outline(content, start, end, is_yaml=False))
        for start, end in spans
        if format_ != JSONL or content[start:end].strip()
    ]


def spot_at(text: Text, format_: str, offset: int) -> Spot | None:
    """Return what is being written at an offset; None where there is nothing to say."""
    content = text.content
    if len(content) > MOST:
        return None
    if format_ == YAML:
        return _Finder(content, offset, is_yaml=True).in_yaml(text.row_starts)
    if _is_blank_at(content, offset, format_):
        return Spot((), Span(offset, offset), is_bare=True, is_tall=format_ == JSON)
    for root in roots_of(text, format_):
        if root.start <= offset <= root.end and root.value:
            return _Finder(content, offset, is_yaml=False).inside(root.value, ())
    return None


def _is_blank_at(content: str, offset: int, format_: str) -> bool:
    """Whether a text of JSON, or the line of JSON Lines at an offset, has nothing in it."""
    if format_ == JSON:
        return not content.strip()
    start, end = content.rfind("\n", 0, offset) + 1, content.find("\n", offset)
    return not content[start : len(content) if end < 0 else end].strip()


class _Finder:
    """Goes down to an offset."""

    def __init__(self, content: str, offset: int, *, is_yaml: bool) -> None:
        self._content = content
        self._offset = offset
        self._is_yaml = is_yaml

    def in_yaml(self, row_starts: list[int]) -> Spot | None:
        outline = BlockOutline(self._content, row_starts, self._offset)
        if outline.blank_stack is not None:
            assert outline.blank_root is not None  # noqa: S101 - they are set together
            return self._on_blank_row(outline.blank_root, outline.blank_stack, row_starts)
        if self._is_in_comment(row_starts):
            return None
        for root in outline.roots:
            if root.value and root.start <= self._offset <= root.end:
                return self.inside(root.value, ())
        return None

    def _is_in_comment(self, row_starts: list[int]) -> bool:
        """Whether a `#` that is in no quotes stands before the offset in its row."""
        start = max(at for at in row_starts if at <= self._offset)
        quote = ""
        for at in range(start, self._offset):
            character = self._content[at]
            if quote:
                quote = "" if character == quote else quote
            elif character in "\"'" and self._content[at - 1 : at] in (*" \t,[{:", ""):
                quote = character
            elif character == "#" and (at == start or self._content[at - 1] in " \t"):
                return True
        return False

    def _on_blank_row(self, root: Root, stack: list[Node], row_starts: list[int]) -> Spot | None:
        start = max(at for at in row_starts if at <= self._offset)
        column = self._offset - start
        here = Span(self._offset, self._offset)
        if root.value is None or not stack:
            # Before the first line that holds something.
            is_here = root.value is None or (root.value.kind, root.value.column) == (OBJECT, column)
            members = tuple(root.value.members) if root.value else ()
            return Spot((), here, members, column, is_key=True) if is_here else None
        while stack[-1].column > column and len(stack) > 1:
            stack = stack[:-1]
        top = stack[-1]
        at = _pointers(root.value).get(id(top))
        if at is None:
            # In a text that is no YAML something else has taken its place.
            return None
        if top.column == column and top.kind == OBJECT:
            return Spot(at, here, tuple(top.members), column, is_key=True)
        return self._below(top, at, column) if top.column < column else None

    def _below(self, top: Node, at: Pointer, column: int) -> Spot | None:
        """Say what can be written deeper than the last key or dash of an object or list."""
        name, value = _last_below(top, self._offset)
        here = Span(self._offset, self._offset)
        if value is None or value.kind in (SCALAR, NOTHING):
            return Spot((*at, name), here, column=column, is_key=True)
        if value.kind == OBJECT and value.column == column:
            return Spot((*at, name), here, tuple(value.members), column, is_key=True)
        return None

    def inside(self, node: Node, pointer: Pointer) -> Spot | None:
        """Find what is being written in a value that the offset may be in."""
        offset = self._offset
        while True:
            if node.kind == NOTHING:
                here = Span(offset, offset)
                return Spot(pointer, here, is_tight=offset == node.start, is_open=True)
            if node.kind == SCALAR:
                is_here = node.start <= offset <= node.end
                spot = Spot(pointer, Span(node.start, node.end), is_open=self._is_yaml)
                return spot if is_here else None
            if node.column < 0 and not self._is_between(node):
                return None
            look = self._item if node.kind == ARRAY else self._member
            found = look(node, pointer)
            if not isinstance(found, tuple) or isinstance(found, Spot):
                return found
            node, pointer = found

    def _is_between(self, node: Node) -> bool:
        """Whether the offset is behind the first bracket of a value and before its last one."""
        is_closed = self._content[node.end - 1 : node.end] in ("}", "]")
        return node.start < self._offset and (self._offset < node.end or not is_closed)

    def _item(self, node: Node, pointer: Pointer) -> Spot | tuple[Node, Pointer] | None:
        for index, item in enumerate(node.items):
            if item.start <= self._offset <= item.end:
                if item.kind != SCALAR or node.column >= 0:
                    return item, (*pointer, index)
                return self._listed(node, pointer, index, Span(item.start, item.end))
        if node.column >= 0:
            return None
        index = sum(item.end < self._offset for item in node.items)
        spot = self._listed(node, pointer, index, Span(self._offset, self._offset))
        return spot if spot.after is None else None

    def _listed(self, node: Node, pointer: Pointer, index: int, span: Span) -> Spot:
        """Say that an item is being written in brackets."""
        before = [item.end for item in node.items if item.end < span.start]
        behind = [item.start for item in node.items if item.start >= span.end]
        return Spot(
            (*pointer, index),
            span,
            after=before[-1] if before and self._lacks_comma(before[-1], span.start) else None,
            is_before=bool(behind) and self._lacks_comma(span.end, behind[0]),
        )

    def _member(self, node: Node, pointer: Pointer) -> Spot | tuple[Node, Pointer] | None:
        offset = self._offset
        for member in node.members:
            if member.key and member.key.start <= offset <= member.key.end:
                return self._key(node, pointer, member)
            value = member.value
            if value and value.start <= offset <= value.end:
                if value.kind != SCALAR:
                    return value, (*pointer, member.name)
                return self._valued(pointer, member, node, Span(value.start, value.end))
        before = [each for each in node.members if each.start < offset]
        last = before[-1] if before else None
        if last and last.colon is not None and last.colon < offset and last.value is None:
            return self._value(pointer, last, node)
        return self._new_key(node, pointer, last) if node.column < 0 else None

    def _key(self, node: Node, pointer: Pointer, member: Member) -> Spot:
        assert member.key is not None  # noqa: S101 - the offset is in it
        others = tuple(each for each in node.members if each is not member)
        at = node.members.index(member)
        follower = member.colon is None and member.comma is None and at + 1 < len(node.members)
        previous = node.members[at - 1] if at else None
        return Spot(
            pointer,
            Span(member.key.start, member.key.end),
            others,
            node.column,
            is_key=True,
            has_colon=member.colon is not None,
            after=previous.end if node.column < 0 and previous and previous.comma is None else None,
            is_before=follower and node.column < 0,
            is_tall=self._is_tall(node),
        )

    def _lacks_comma(self, start: int, end: int) -> bool:
        """Whether no comma is between two offsets."""
        return "," not in self._content[start:end]

    def _is_tall(self, node: Node) -> bool:
        return node.column < 0 and self._is_new_row(node.start, self._offset)

    def _value(self, pointer: Pointer, member: Member, node: Node) -> Spot | None:
        """Say that a value is to be written behind a colon."""
        assert member.colon is not None  # noqa: S101 - the caller has looked
        if member.comma is not None and member.comma < self._offset:
            return self._new_key(node, pointer, member)
        between = self._content[member.colon + 1 : self._offset]
        if between.strip() or (node.column >= 0 and self._is_new_row(member.colon, self._offset)):
            return None
        spot = self._valued(pointer, member, node, Span(self._offset, self._offset))
        return spot._replace(is_tight=self._is_yaml and between == "")

    def _valued(self, pointer: Pointer, member: Member, node: Node, span: Span) -> Spot:
        """Say that the value of a member is being written."""
        if node.column >= 0 and self._is_new_row(member.start, span.start):
            return Spot((*pointer, member.name), span, is_open=True)
        others = tuple(each for each in node.members if each is not member)
        is_tall = self._is_tall(node)
        return Spot((*pointer, member.name), span, others, node.column, is_tall=is_tall)

    def _new_key(self, node: Node, pointer: Pointer, last: Member | None) -> Spot | None:
        at = self._offset
        is_divided = last is None or (last.comma is not None and last.comma < at)
        if last and not is_divided and (last.value is None or not self._is_new_row(last.end, at)):
            return None
        follows = any(each.start >= at for each in node.members)
        return Spot(
            pointer,
            Span(at, at),
            tuple(node.members),
            node.column,
            is_key=True,
            after=last.end if last and not is_divided else None,
            is_before=follows and (last is None or last.comma is None or is_divided),
            is_tall=self._is_tall(node),
        )

    def _is_new_row(self, start: int, end: int) -> bool:
        """Whether a row ends between two offsets."""
        return any(char in BREAKS for char in self._content[start:end])


def _pointers(root: Node) -> dict[int, Pointer]:
    """Return the place of each object and list, by identity."""
    found: dict[int, Pointer] = {}
    pending: list[tuple[Pointer, Node]] = [((), root)]
    while pending:
        pointer, node = pending.pop()
        found[id(node)] = pointer
        pending += [((*pointer, it.name), it.value) for it in node.members if it.value]
        pending += [((*pointer, index), item) for index, item in enumerate(node.items)]
    return found


def _last_below(node: Node, offset: int) -> tuple[str | int, Node | None]:
    """Return the last member or item that begins before an offset, with what it holds.

    An item may have its dash before it and all else behind it.
    """
    if node.kind == OBJECT:
        last = [each for each in node.members if each.start < offset][-1]
        return last.name, last.value
    before = [index for index, item in enumerate(node.items) if item.start <= offset]
    index = before[-1] if before else 0
    return index, node.items[index]
