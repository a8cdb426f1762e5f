"""From a pointer to its span in the text, and to the alias that it goes through, if any."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.node import Alias, Array, Member, Object
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.node import Node
    from rosetta_spec.pointer import Pointer


class Located(NamedTuple):
    """Where a value or key is written.

    What stands behind an alias is shown at the outermost one: `alias` is it, `span` is then its
    span in the text, and `written` the span of the value or key behind it.
    """

    span: Span
    alias: Alias | None
    written: Span


class _Walk:
    """Follows a pointer from the root down, and remembers the first alias on the way."""

    def __init__(self, root: Node) -> None:
        self.node = root
        self.alias: Alias | None = None
        self._through_alias()

    def member(self, token: str | int) -> Member | None:
        """Return the member or item that `token` leads to, None where there is none."""
        if isinstance(self.node, Object) and isinstance(token, str):
            return self.node.members.get(token)
        if isinstance(self.node, Array) and isinstance(token, int) and token < len(self.node.items):
            return Member(self.node.items[token].span, self.node.items[token])
        return None

    def enter(self, member: Member) -> None:
        self.alias = self.alias or member.via
        self.node = member.value
        self._through_alias()

    def _through_alias(self) -> None:
        while isinstance(self.node, Alias):
            self.alias = self.alias or self.node
            self.node = self.node.target

    def located(self, written: Span) -> Located:
        return Located(self.alias.span if self.alias else written, self.alias, written)


class Places:
    """Finds values and keys below a node by their pointers."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def value(self, pointer: Pointer) -> Located:
        """Find the value at `pointer`; where there is none, the nearest object or list above it."""
        walk = _Walk(self._root)
        for token in pointer:
            member = walk.member(token)
            if member is None:
                break
            walk.enter(member)
        return walk.located(walk.node.span)

    def key(self, pointer: Pointer) -> Located:
        """Find the key of the member at `pointer`; of an item, the item; of the root, its start."""
        walk = _Walk(self._root)
        member: Member | None = None
        for token in pointer:
            if member is not None:
                walk.enter(member)
            member = walk.member(token)
            if member is None:
                break
        if member is None:
            return self.start(pointer)
        walk.alias = walk.alias or member.via
        return walk.located(member.key)

    def start(self, pointer: Pointer) -> Located:
        """Find the first character of the value at `pointer`."""
        found = self.value(pointer)
        if found.alias:
            return found
        start = found.span.start
        return found._replace(span=Span(start, min(start + 1, found.span.end)))
