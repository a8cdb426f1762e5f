"""The outline of YAML in lines: what stands below what is told by its indentation."""

from __future__ import annotations

import re

from rosetta_spec.lsp.flow_outline import flow_outline, meant
from rosetta_spec.lsp.outline import ARRAY, DEEPEST, NOTHING, OBJECT, SCALAR, Member, Node, Root

_QUOTED = r"\"(?:[^\"\\\r\n]|\\.)*+\"|'(?:[^'\r\n]|'')*+'"
#: A key without quotes goes on through blanks and colons that something directly follows. Nothing
#: of it is tried twice: a row may be as long as the text.
_PLAIN_KEY = (
    r"[^\s#\[\]{}\"'|>&*!%@`,]"
    r"(?:[^:#\r\n \t]++|:(?!\s|$)|(?<!\s)\#|[ \t]++(?=[^:#\r\n \t]|:(?!\s|$)))*+"
)
_match_key = re.compile(rf"({_QUOTED}|{_PLAIN_KEY})[ \t]*+(:)(?=\s|$)")
_match_quoted = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'", re.DOTALL)
_match_properties = re.compile(r"(?:[&!][^\s]*+[ \t]*+)*+")
_find_comment = re.compile(r"(?<!\S)#").search
_is_marker = re.compile(r"(?:---|\.\.\.)(?=\s|$)").match


class BlockOutline:
    """Reads a text line by line, up to what is too deep; `roots` are its documents.

    If a line with nothing but blanks is at `cursor`, `blank_stack` are the objects and lists that
    are open there, innermost last.
    """

    def __init__(self, content: str, row_starts: list[int], cursor: int = -1) -> None:
        self._content = content
        self._ends = [*row_starts[1:], len(content)]
        self._starts = row_starts
        self._cursor = cursor
        self.roots = [Root(0, len(content))]
        self._stack: list[Node] = []
        self.blank_stack: list[Node] | None = None
        self.blank_root: Root | None = None
        row = 0
        while row < len(row_starts) and not self._is_too_deep():
            row = self._line(row)

    def _line(self, row: int) -> int:
        """Read what begins in a row; return the row after it."""
        content, start, end = self._content, self._starts[row], self._end(row)
        if _is_marker(content, start, end):
            self._begin(start)
            start += 3
        at = start
        while at < end and content[at] in " \t":
            at += 1
        if at == end or content[at] == "#":
            if start <= self._cursor <= at and self._starts[row] == start:
                self.blank_stack = list(self._stack)
                self.blank_root = self.roots[-1]
            return row + 1
        at = self._dashes(self._starts[row], at, end)
        if at == end or content[at] == "#":
            return row + 1
        match = _match_key.match(content, at, end)
        if match is None:
            return self._alone(row, at)
        key = Node(SCALAR, at, match.end(1), meant(match[1]))
        member = Member(key)
        member.colon = match.start(2)
        self._place(OBJECT, at - self._starts[row], at).members.append(member)
        member.value, after = self._value(row, match.end(), at - self._starts[row])
        end = member.end
        # Who is about to write a value is still inside.
        while member.value is None and content[end : end + 1] in (" ", "\t"):
            end += 1
        self._stretch(end)
        return after

    def _dashes(self, start: int, at: int, end: int) -> int:
        """Begin an item at every dash, as what follows it may be one more; return where they end.

        `start` is that of the row.
        """
        content = self._content
        while content[at : at + 1] == "-" and content[at + 1 : at + 2] in ("", *" \t\r\n"):
            dash, at = at, at + 1
            while at < end and content[at] in " \t":
                at += 1
            self._item(dash - start, dash, at)
            if self._is_too_deep():
                break
        return at

    def _is_too_deep(self) -> bool:
        return len(self._stack) > DEEPEST

    def _end(self, row: int) -> int:
        """Return where a row ends, without its line break."""
        start, end = self._starts[row], self._ends[row]
        while end > start and self._content[end - 1] in "\r\n":
            end -= 1
        return end

    def _begin(self, start: int) -> None:
        if self.roots[-1].value is None and not self._content[:start].strip():
            self.roots.pop()
        else:
            self.roots[-1].end = start
        self.roots.append(Root(start, len(self._content)))
        self._stack = []

    def _item(self, column: int, at: int, end: int) -> None:
        array = self._place(ARRAY, column, at)
        array.items.append(Node(NOTHING, at + 1, end))
        self._stretch(end)

    def _alone(self, row: int, at: int) -> int:
        """Read what has no key: an item, the rest of a scalar, or a key that is half written."""
        column = at - self._starts[row]
        above = (node.column for node in reversed(self._stack) if node.column < column)
        value, after = self._value(row, at, next(above, -1))
        if value is None:
            return after
        while self._stack and self._stack[-1].column > column:
            self._stack.pop()
        top = self._stack[-1] if self._stack else None
        if top is None:
            self._begin_root(value, column)
        elif top.kind == ARRAY and top.items[-1].kind == NOTHING:
            top.items[-1] = value
        elif top.kind == OBJECT and top.column == column and value.kind == SCALAR:
            top.members.append(Member(value))
        elif top.kind == OBJECT and top.members and top.members[-1].value is None:
            top.members[-1].value = value
        self._stretch(value.end)
        return after

    def _begin_root(self, value: Node, column: int) -> None:
        """Take a value for the root of a document; a word is most likely to become a key."""
        if self.roots[-1].value is None and value.kind == SCALAR:
            node = Node(OBJECT, value.start, value.end, column=column)
            node.members.append(Member(value))
            self._stack.append(node)
            value = node
        self.roots[-1].value = self.roots[-1].value or value

    def _place(self, kind: str, column: int, at: int) -> Node:
        """Return the object or list whose keys or dashes stand in a column, begun if need be."""
        while self._stack and not self._holds(self._stack[-1], kind, column):
            self._stack.pop()
        top = self._stack[-1] if self._stack else None
        if top and top.column == column and top.kind == kind:
            return top
        node = Node(kind, at, at, column=column)
        if top is None:
            self.roots[-1].value = node
        elif top.kind == ARRAY:
            top.items[-1] = node
        else:
            top.members[-1].value = node
        self._stack.append(node)
        return node

    def _holds(self, node: Node, kind: str, column: int) -> bool:
        """Whether something in a column is in an open object or list."""
        if node.column != column:
            return node.column < column
        # A list may stand below its key without being indented.
        is_below = kind == ARRAY and node.kind == OBJECT and node.members[-1].value is None
        return node.kind == kind or is_below

    def _stretch(self, end: int) -> None:
        for node in self._stack:
            node.end = max(node.end, end)

    def _value(self, row: int, at: int, column: int) -> tuple[Node | None, int]:
        """Read the value that begins in a row, and return the row after it.

        `column` is that of its key or dash; lines that are not deeper do not belong to it.
        """
        content, end = self._content, self._end(row)
        while at < end and content[at] in " \t":
            at += 1
        at = _match_properties.match(content, at, end).end()  # type: ignore[union-attr]
        if at >= end or content[at] == "#":
            return None, row + 1
        if content[at] in "|>":
            after = self._after(row, column)
            return Node(SCALAR, at, self._end(after - 1)), after
        if content[at] in "{[":
            limit = self._ends[self._after(row, column, closers="]}") - 1]
            return self._rest(row, flow_outline(content, at, limit, is_yaml=True))
        if content[at] in "\"'":
            limit = self._ends[self._after(row, column) - 1]
            match = _match_quoted.match(content, at, limit)
            stop = match.end() if match else end
            return self._rest(row, Node(SCALAR, at, stop, meant(content[at:stop])))
        comment = _find_comment(content, at, end)
        text = content[at : comment.start() if comment else end].rstrip()
        return Node(SCALAR, at, at + len(text), text), row + 1

    def _after(self, row: int, column: int, closers: str = "") -> int:
        """Return the row after those below a row that are deeper than a column, or blank."""
        row += 1
        while row < len(self._starts):
            line = self._content[self._starts[row] : self._end(row)]
            depth = len(line) - len(line.lstrip(" "))
            is_shallow = line.strip() and depth <= column and line[depth] not in closers
            if is_shallow or _is_marker(line):
                break
            row += 1
        return row

    def _rest(self, row: int, node: Node | None) -> tuple[Node | None, int]:
        """Pass over the rows that a value goes on in."""
        while node and row + 1 < len(self._starts) and self._starts[row + 1] < node.end:
            row += 1
        return node, row + 1
