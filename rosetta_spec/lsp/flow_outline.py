"""The outline of JSON, and of YAML in brackets: a stack of brackets that forgives everything."""

from __future__ import annotations

import re

from rosetta_spec.lsp.outline import ARRAY, DEEPEST, OBJECT, SCALAR, Member, Node

_QUOTED = r'"(?:[^"\\\r\n]|\\.)*+"?|'
_json_word = re.compile(rf"{_QUOTED}[{{}}\[\],:]|[^\s{{}}\[\],:\"]++")
_yaml_word = re.compile(
    rf"#[^\r\n]*+|[&!][^\s{{}}\[\],]*+|{_QUOTED}'(?:[^'\r\n]|'')*+'?|[{{}}\[\],]|:(?=[\s{{}}\[\],]|$)"
    r"|[^\s{}\[\],\"'#:](?:[^\r\n{}\[\],:#]|:(?![\s{}\[\],]|$)|(?<![ \t])#)*+|[:\"'#]"
)
#: What a comment, an anchor and a tag begin with.
_UNSAID = "#&!"
_escape = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def flow_outline(content: str, start: int, end: int, *, is_yaml: bool) -> Node | None:
    """Return the first value in a part of a text; it ends where its bracket does.

    What stands in front of an object or list, but for one that it is the key of, is passed over;
    what stands behind a bracket that is too deep is left out.
    """
    builder = _Builder(end)
    word = _yaml_word if is_yaml else _json_word
    for match in word.finditer(content, start, end):
        if not is_yaml or match[0][0] not in _UNSAID:
            builder.add(match[0].rstrip(" \t"), match.start())
            if builder.is_complete:
                break
    return builder.root


def meant(written: str) -> str:
    """Return the string that a word stands for, whether its last quote is there or not."""
    if written[:1] == '"':
        inner = written[1:-1] if _is_closed(written) else written[1:]
        return _escape.sub(lambda match: _unescaped(match[1]), inner)
    if written[:1] == "'":
        inner = written[1:-1] if len(written) > 1 and written.endswith("'") else written[1:]
        return inner.replace("''", "'")
    return written


def _is_closed(written: str) -> bool:
    body = written[1:]
    return body.endswith('"') and (len(body) - len(body[:-1].rstrip("\\")) - 1) % 2 == 0


def _unescaped(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _ESCAPES.get(escape, escape)


class _Builder:
    """Puts words together; `opened` are the objects and lists that are not closed yet."""

    def __init__(self, end: int) -> None:
        self.root: Node | None = None
        self.opened: list[Node] = []
        self.is_complete = False
        self._end = end

    def add(self, word: str, at: int) -> None:
        if word in ("{", "["):
            node = Node(OBJECT if word == "{" else ARRAY, at, self._end)
            self._attach(node)
            self.opened.append(node)
            self.is_complete = len(self.opened) > DEEPEST
        elif word in ("}", "]"):
            self._close(OBJECT if word == "}" else ARRAY, at)
        elif word == ",":
            self._separate(at)
        elif word == ":":
            self._colon(at)
        else:
            self._attach(Node(SCALAR, at, at + len(word), meant(word)))

    def _attach(self, node: Node) -> None:
        if not self.opened:
            # Behind an object or list that is closed nothing is read.
            self.root = node
            return
        top = self.opened[-1]
        if top.kind == ARRAY:
            top.items.append(node)
            return
        last = self._open_member(top)
        if last and last.colon is not None and last.value is None:
            last.value = node
        elif node.kind == SCALAR:
            top.members.append(Member(node))
        else:
            # A value without a key: as if it had an empty one.
            member = Member(None)
            member.colon, member.value = node.start, node
            top.members.append(member)

    def _open_member(self, top: Node) -> Member | None:
        last = top.members[-1] if top.members else None
        return last if last and last.comma is None else None

    def _colon(self, at: int) -> None:
        if not self.opened or self.opened[-1].kind != OBJECT:
            return
        last = self._open_member(self.opened[-1])
        if last is None or last.colon is not None:
            last = Member(None)
            self.opened[-1].members.append(last)
        last.colon = at

    def _separate(self, at: int) -> None:
        last = self._open_member(self.opened[-1]) if self.opened else None
        if last:
            last.comma = at

    def _close(self, kind: str, at: int) -> None:
        """Close the innermost bracket of a kind, and all inside of it that were forgotten."""
        if not any(node.kind == kind for node in self.opened):
            return
        while (node := self.opened.pop()).kind != kind:
            node.end = at
        node.end = at + 1
        self.is_complete = not self.opened
