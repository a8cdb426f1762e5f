"""From the steps through a YAML document to nodes, and the problems in them."""

from __future__ import annotations

from collections import deque

from rosetta_spec.document.tree import Alias, Array, Member, NotJson, Object, Problem, Scalar
from rosetta_spec.document.yaml_anchors import Anchored, Extent, losses_in, undefined
from rosetta_spec.document.yaml_fault import shown
from rosetta_spec.document.yaml_merge import (
    MERGE_KEY,
    in_text_order,
    is_merge_ahead,
    is_merge_key,
    merged_members,
)
from rosetta_spec.document.yaml_scalars import NotJsonError, scalar_value, tag_refusal
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from rosetta_spec.document.tree import Node
    from rosetta_spec.document.yaml_parser import Step
    from rosetta_spec.pointer import Pointer

    _N = TypeVar("_N", bound="Node")
    Compose = Callable[[Step, Pointer, int], Node]

#: Makes a named tuple without a call of its constructor, as in the reader for JSON.
_make = tuple.__new__


class _Steps:
    """The steps of a text, with a way to look at the next ones before they are taken."""

    def __init__(self, source: Iterator[Step]) -> None:
        self.source = source
        self.seen: deque[Step] = deque()

    def take(self) -> Step:
        return self.seen.popleft() if self.seen else next(self.source)

    def look(self) -> Iterator[Step]:
        """Yield the next steps, which stay to be taken."""
        yield from self.seen
        while True:
            step = next(self.source)
            self.seen.append(step)
            yield step


class _Parts:
    """What an object is made of: members, each key's first place, and what is merged."""

    __slots__ = ("firsts", "members", "merged")

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.firsts: dict[str, Span] = {}
        self.merged: Node | None = None


class Composer:
    """Builds one document; `depth` is everywhere the number of containers around a value.

    `end` is then the offset of what comes after it.
    """

    def __init__(self, steps: Iterator[Step]) -> None:
        self.steps = _Steps(steps)
        self.take = self.steps.take
        self.problems: list[Problem] = []
        self.anchors: dict[str, Anchored] = {}
        self.extent = Extent()
        self.end = 0
        self.composers: dict[str, Compose] = {
            "scalar": self._scalar,
            "alias": self._alias,
            "array": self._array,
            "object": self._object,
        }

    def compose(self, start: Step) -> Node:
        """Build the root of the document that `start` started, up to its finish.

        A root that is no object is never NotJson and has no problems: that it is no object is all
        that will be said of it. A document without a value is null, at its start.
        """
        first = self.take()
        node = self._value(first, ROOT, 0)
        self.end = self.take().span.start
        if first.kind == "object":
            return node
        self.problems.clear()
        if first.kind == "scalar" and first.is_plain and not first.value:
            return Scalar(None, start.span)
        if isinstance(node, NotJson):
            return Array([], node.span) if first.kind == "array" else Scalar(None, node.span)
        return node

    def _value(self, step: Step, pointer: Pointer, depth: int) -> Node:
        compose = self.composers[step.kind]
        if step.anchor is None:
            return compose(step, pointer, depth)
        return self._anchored(step.anchor, compose, step, pointer, depth)

    def _anchored(
        self,
        anchor: tuple[str, Span],
        compose: Callable[[Step, Pointer, int], _N],
        step: Step,
        pointer: Pointer,
        depth: int,
    ) -> _N:
        """Compose a value, and let aliases find it."""
        name, span = anchor
        extent = self.extent
        size, deepest = extent.size, extent.deepest
        extent.deepest = depth
        opened = self.anchors[name] = Anchored(None, span, pointer)
        node = compose(step, pointer, depth)
        if self.anchors[name] is opened:
            size, height = extent.size - size, extent.deepest - depth
            self.anchors[name] = Anchored(node, span, pointer, size, height)
        extent.deepest = max(deepest, extent.deepest)
        return node

    def _scalar(self, step: Step, pointer: Pointer, depth: int) -> Node:  # noqa: ARG002
        self.extent.size += 1
        try:
            value = scalar_value(step.value, step.tag, is_plain=step.is_plain)
        except NotJsonError as error:
            return self._refuse(error, pointer, step.span)
        return _make(Scalar, (value, step.span))

    def _array(self, step: Step, pointer: Pointer, depth: int) -> Node:
        refusal = tag_refusal(step.tag, "seq")
        said = self._said()
        array = self._items(step, pointer, depth)
        return self._refuse_all(refusal, pointer, array, said) if refusal else array

    def _object(self, step: Step, pointer: Pointer, depth: int) -> Node:
        refusal = tag_refusal(step.tag, "map")
        said = self._said()
        object_ = self._members(step, pointer, depth)
        return self._refuse_all(refusal, pointer, object_, said) if refusal else object_

    # What is not to be seen is read all the same: its anchors and fatal problems count. To take
    # back the rest afterwards needs no frame of its own on the stack.

    def _said(self) -> tuple[int, int]:
        return len(self.problems), self.extent.size

    def _unsay(self, said: tuple[int, int]) -> list[Problem]:
        """Take back what was said and counted since `said`, and give the problems."""
        count, self.extent.size = said
        unsaid = self.problems[count:]
        del self.problems[count:]
        return unsaid

    def _refuse_all(
        self, refusal: NotJsonError, pointer: Pointer, node: Node, said: tuple[int, int]
    ) -> NotJson:
        self._unsay(said)
        self.extent.size += 1
        return self._refuse(refusal, pointer, node.span)

    def _refuse(
        self,
        error: NotJsonError,
        pointer: Pointer,
        span: Span,
        related: tuple[tuple[Pointer, Span, str], ...] = (),
    ) -> NotJson:
        self.problems.append(Problem("not-json", pointer, span, error.cause, error.remedy, related))
        return NotJson(span)

    def _items(self, step: Step, pointer: Pointer, depth: int) -> Array:
        self.extent.enter(step.span, depth)
        items: list[Node] = []
        while (item := self.take()).kind != "end":
            items.append(self._value(item, (*pointer, len(items)), depth + 1))
        return Array(items, Span(step.span.start, item.span.end))

    def _members(self, step: Step, pointer: Pointer, depth: int) -> Object:
        self.extent.enter(step.span, depth)
        parts = _Parts()
        while (key := self.take()).kind != "end":
            name = self._key(key, pointer, depth + 1)
            if name is None:
                said = self._said()
                self._value(self.take(), pointer, depth + 1)
                self._unsay(said)
            else:
                self._member(parts, key, (*pointer, name), depth + 1)
        if parts.merged is not None:
            parts.members = self._with_merged(parts.members, parts.merged, pointer)
        return Object(parts.members, Span(step.span.start, key.span.end))

    def _key(self, key: Step, pointer: Pointer, depth: int) -> str | None:
        """Read a key; None where it is no string, which is a problem of its object."""
        node: Node | None
        unsaid: list[Problem] = []
        if key.kind == "alias":
            node = self._named(key).node
        else:
            place = (*pointer, key.value)
            said = self._said()
            node = self._value(key, place, depth)
            unsaid = self._unsay(said)
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node.value
        span = key.span if node is None or key.kind == "alias" else node.span
        self._refuse(_refusal_of(key, unsaid), pointer, span)
        return None

    def _member(self, parts: _Parts, key: Step, place: Pointer, depth: int) -> None:
        name = str(place[-1])
        if name in parts.firsts:
            self._report_duplicate(place, key.span, parts.firsts[name])
            parts.members.pop(name, None)
        parts.firsts.setdefault(name, key.span)
        if is_merge_key(key) and is_merge_ahead(self.steps.look(), self.anchors):
            parts.merged = self._merged(self.take(), place[:-1], depth)
            return
        if name == MERGE_KEY:
            parts.merged = None
        value = self._value(self.take(), place, depth)
        # Of a merge of what JSON cannot carry, that was said; the key is no key of the request.
        if not (is_merge_key(key) and isinstance(value, NotJson)):
            parts.members[name] = _make(Member, (key.span, value, None))

    def _report_duplicate(self, place: Pointer, span: Span, first: Span) -> None:
        cause = f"key {shown(str(place[-1]))} is already in this object"
        related = ((place, first, "first set here"),)
        remedy = "keep one of them; the last one counts"
        self.problems.append(Problem("duplicate-key", place, span, cause, remedy, related))

    # Aliases and merges.

    def _named(self, alias: Step) -> Anchored:
        anchored = self.anchors.get(alias.value)
        if anchored is None:
            raise undefined(alias)
        return anchored

    def _alias(self, step: Step, pointer: Pointer, depth: int) -> Node:
        anchored = self._named(step)
        if anchored.node is None:
            self.extent.size += 1
            cause = f"*{shown(step.value)} stands inside the value that it stands for"
            anchor = (anchored.pointer, anchored.span, f"anchor {shown(step.value)} is here")
            error = NotJsonError(cause, "write the value out")
            return self._refuse(error, pointer, step.span, (anchor,))
        self.extent.borrow(anchored, step.span, depth)
        alias = _alias_to(anchored, anchored.node, step)
        self._report_losses(alias, alias.target, pointer)
        return alias

    def _report_losses(self, alias: Alias, node: Node, pointer: Pointer) -> None:
        """Report what in `node`, which `alias` brought to `pointer`, is not JSON."""
        for below in losses_in(node):
            self.problems.append(_loss(alias, (*pointer, *below)))

    def _merged(self, step: Step, pointer: Pointer, depth: int) -> Node:
        """Compose the value of a merge key; inside it, `pointer` is that of the whole object."""
        if step.kind != "array":
            self.extent.size -= 1
            return self._merged_object(step, pointer, depth)
        if step.anchor is None:
            node = self._merged_items(step, pointer, depth)
        else:
            node = self._anchored(step.anchor, self._merged_items, step, pointer, depth)
        self.extent.size -= 1 + len(node.items)
        return node

    def _merged_object(self, step: Step, pointer: Pointer, depth: int) -> Node:
        anchored = self.anchors.get(step.value) if step.kind == "alias" else None
        if anchored is None or anchored.node is None:
            return self._value(step, pointer, depth)
        self.extent.borrow(anchored, step.span, depth, is_merge=True)
        return _alias_to(anchored, anchored.node, step)

    def _merged_items(self, step: Step, pointer: Pointer, depth: int) -> Array:
        self.extent.enter(step.span, depth)
        items: list[Node] = []
        while (item := self.take()).kind != "end":
            around = depth if item.kind == "alias" else depth + 1
            items.append(self._merged_object(item, pointer, around))
        return Array(items, Span(step.span.start, item.span.end))

    def _with_merged(
        self, members: dict[str, Member], merged: Node, pointer: Pointer
    ) -> dict[str, Member]:
        for name, member, via in merged_members(merged):
            if name in members:
                continue
            members[name] = member
            if via is not None:
                self._report_losses(via, member.value, (*pointer, name))
        return in_text_order(members)


def _alias_to(anchored: Anchored, target: Node, step: Step) -> Alias:
    return Alias(target, step.span, step.value, anchored.span, anchored.pointer)


def _loss(alias: Alias, pointer: Pointer) -> Problem:
    name = shown(alias.name)
    cause = f"*{name} stands for something that JSON cannot carry"
    related = ((alias.anchor_pointer, alias.anchor, f"anchor {name} is here"),)
    return Problem("not-json", pointer, alias.span, cause, "correct it at the anchor", related)


def _refusal_of(key: Step, unsaid: list[Problem]) -> NotJsonError:
    """Say why `key` cannot be one; `unsaid` is what reading it as a value found."""
    if key.kind in ("array", "object"):
        return NotJsonError("an object or a list cannot be a key", "write a string")
    if unsaid:
        return NotJsonError(unsaid[0].cause, unsaid[0].remedy)
    if key.kind == "alias":
        return NotJsonError(f"*{shown(key.value)} is not a string", "write the key out")
    if not key.value:
        return NotJsonError("no key stands before this colon", "write one")
    return NotJsonError(f"the key {shown(key.value)} is not a string", "put quotes around it")
