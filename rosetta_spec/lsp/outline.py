"""What can be made out in a text that may be half written: its values and where they are."""

from __future__ import annotations

from collections.abc import Iterator

from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.pointer import Pointer

#: Kinds of nodes; nothing is what stands behind a dash until something does.
OBJECT, ARRAY, SCALAR, NOTHING = "object", "array", "scalar", "nothing"

#: What is deeper is not made out: nobody reads it, and every level is gone through for each value.
DEEPEST = MAX_NESTING


class Node:
    """A value: from `start` to `end` in the text; `text` is a scalar as it is meant.

    `column` is that of the keys or dashes of a block of YAML, from 0, and -1 in brackets.
    """

    __slots__ = ("column", "end", "items", "kind", "members", "start", "text")

    def __init__(self, kind: str, start: int, end: int, text: str = "", column: int = -1) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.text = text
        self.column = column
        self.members: list[Member] = []
        self.items: list[Node] = []


class Member:
    """A key, if it is there, the offset of its colon, and its value, if they are."""

    __slots__ = ("colon", "comma", "key", "value")

    def __init__(self, key: Node | None) -> None:
        self.key = key
        self.colon: int | None = None
        self.value: Node | None = None
        #: The offset of the comma that ends it.
        self.comma: int | None = None

    @property
    def name(self) -> str:
        """The key as it is meant."""
        return self.key.text if self.key else ""

    @property
    def start(self) -> int:
        """Where it begins; one without a key has a colon."""
        return self.key.start if self.key else self.colon or 0

    @property
    def end(self) -> int:
        """Where it ends."""
        if self.value:
            return self.value.end
        return self.start if self.key is None else max(self.key.end, (self.colon or -1) + 1)


class Root:
    """A document: the part of the text that it is in, and its value if there is one."""

    __slots__ = ("end", "start", "value")

    def __init__(self, start: int, end: int, value: Node | None = None) -> None:
        self.start = start
        self.end = end
        self.value = value


def walk(node: Node) -> Iterator[tuple[Pointer, Node, Member | None]]:
    """Yield a value and all below it, each with its place and the member that it is the value of.

    A member without a value is yielded with its key.
    """
    pending: list[tuple[Pointer, Node, Member | None]] = [((), node, None)]
    while pending:
        pointer, each, member = pending.pop()
        yield pointer, each, member
        below: list[tuple[Pointer, Node, Member | None]] = [
            ((*pointer, it.name), shown, it) for it in each.members if (shown := it.value or it.key)
        ]
        below += [((*pointer, index), item, None) for index, item in enumerate(each.items)]
        pending += reversed(below)
