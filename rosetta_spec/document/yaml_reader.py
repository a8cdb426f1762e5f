"""Read a YAML text (1.2, core schema) into documents: values, aliases, merges, and the problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from rosetta_spec.document.tree import (
    Alias,
    Anchor,
    Array,
    Document,
    Entry,
    Node,
    Object,
    Scalar,
    Style,
    SyntaxProblem,
    repeated_key,
)
from rosetta_spec.document.values import UNUSABLE, shown
from rosetta_spec.document.yaml_errors import FatalError, too_deep
from rosetta_spec.document.yaml_parser import Parsed, YamlParser
from rosetta_spec.document.yaml_scalars import NotJsonError, scalar_value, tag_problem
from rosetta_spec.fast.formats import MAX_ALIAS_NODES, MAX_NESTING, YAML
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text

_Node = TypeVar("_Node", bound=Node)

MERGE_KEY = "<<"

#: A row that ends a document wherever it is; YAML lets no value have one.
_find_marker = re.compile(r"(?<=[\r\n])\ufeff?(?:---|\.\.\.)(?=[ \t\r\n]|\Z)").search


def read_yaml(text: Text) -> Iterator[Document]:
    """Yield the documents of `text`, numbered from 0, none where it has none; never raises.

    A syntax error is the only problem of its document and ends the reading. A document over a limit
    has that as its only problem, and the next one is read.
    """
    parser = YamlParser(text.content)
    last: Document | None = None
    # The comments of a document are known when the next one has started.
    for start, document in _documents(text, parser):
        if last:
            yield _with_comments(last, parser, start)
        last = document
    if last:
        yield _with_comments(last, parser, len(text.content))


def _with_comments(document: Document, parser: YamlParser, end: int) -> Document:
    """Give a document the comments before an offset that no document has yet."""
    count = next(
        (index for index, comment in enumerate(parser.comments) if comment.start >= end),
        len(parser.comments),
    )
    comments = tuple(parser.comments[:count])
    del parser.comments[:count]
    return document._replace(comments=comments)


def _documents(text: Text, parser: YamlParser) -> Iterator[tuple[int, Document]]:
    """Yield documents, each with the offset from which on comments are its own."""
    number, restart = 0, 0
    while True:
        start = restart
        try:
            for parsed in parser.documents():
                yield parsed.start, _document(text, number, start, parsed)
                # A value written as nothing is before its own marker.
                root = parsed.root.span
                start = root.end if root.start < root.end else parsed.end
                number += 1
        except FatalError as error:
            problem = error.problem
            at = problem.span.start if parser.start is None else parser.start
            yield at, Document(text, number, None, (problem,), format_=YAML, start=start)
            marker = _find_marker(text.content, problem.span.end)
            if problem.name != "too-large" or marker is None:
                return
            number += 1
            restart = marker.start()
            parser.restart(restart)
        else:
            return


def _document(text: Text, number: int, start: int, parsed: Parsed) -> Document:
    """Resolve what was parsed.

    Raises:
        FatalError: an alias has no anchor.
    """
    resolver = _Resolver()
    root = parsed.root
    try:
        resolver.value(root, (), 0)
    except FatalError as error:
        if error.problem.name != "too-large":
            raise
        return Document(text, number, None, (error.problem,), format_=YAML, start=start)
    return Document(text, number, root, tuple(resolver.problems), root.value, YAML, start)


class _Anchored(NamedTuple):
    """What an anchor names; `node` is None until its end was reached.

    `size` counts the values and `height` the containers inside each other, aliases expanded.
    """

    anchor: Anchor
    node: Node | None = None
    size: int = 0
    height: int = 0


class _Limits:
    """How large the document is so far, every alias expanded.

    `size` counts the values, `borrowed` those of them that aliases and merges bring; `deepest` is
    how many containers are around the innermost value since it was last set back.
    """

    def __init__(self) -> None:
        self.size = self.borrowed = self.deepest = 0

    def enter(self, depth: int) -> None:
        """Count a container with `depth` more around it; the parser has limited the depth."""
        self.size += 1
        self.deepest = max(self.deepest, depth + 1)

    def borrow(self, anchored: _Anchored, span: Span, depth: int, *, is_merge: bool) -> None:
        """Count what the alias at `span` brings; a merge leaves the container itself out."""
        self.size += anchored.size
        self.borrowed += anchored.size - is_merge
        if self.borrowed > MAX_ALIAS_NODES:
            cause = f"aliases and merges stand for more than {MAX_ALIAS_NODES:,} values"
            remedy = "write fewer aliases, or split the document"
            raise FatalError(span, cause, remedy, name="too-large")
        depth += anchored.height - is_merge
        self.deepest = max(self.deepest, depth)
        if depth > MAX_NESTING:
            raise too_deep(span)


class _Resolver:
    """Gives the nodes of one document their values, keys and targets, in the order of the text.

    `depth` is everywhere the number of containers around a value. What no rule looks at, such as a
    value with a foreign tag, is resolved all the same: its anchors and fatal problems count.
    """

    def __init__(self) -> None:
        self.problems: list[SyntaxProblem] = []
        self.anchors: dict[str, _Anchored] = {}
        self.limits = _Limits()

    def value(self, node: Node, pointer: Pointer, depth: int) -> None:
        """Resolve a value."""
        self._anchored(node, self._resolve, pointer, depth)

    def _anchored(
        self,
        node: _Node,
        resolve: Callable[[_Node, Pointer, int], None],
        pointer: Pointer,
        depth: int,
    ) -> None:
        """Resolve a value, and let aliases find it if it has an anchor."""
        anchor = node.anchor
        if anchor is None:
            resolve(node, pointer, depth)
            return
        limits = self.limits
        size, deepest = limits.size, limits.deepest
        limits.deepest = depth
        anchor.pointer = pointer
        opened = self.anchors[anchor.name] = _Anchored(anchor)
        resolve(node, pointer, depth)
        if self.anchors[anchor.name] is opened:
            height = limits.deepest - depth
            self.anchors[anchor.name] = _Anchored(anchor, node, limits.size - size, height)
        limits.deepest = max(deepest, limits.deepest)

    def _resolve(self, node: Node, pointer: Pointer, depth: int) -> None:
        if isinstance(node, Scalar):
            self._scalar(node, pointer)
        elif isinstance(node, Alias):
            self._alias(node, pointer, depth)
        else:
            self._collection(node, pointer, depth)

    def _scalar(self, node: Scalar, pointer: Pointer) -> None:
        self.limits.size += 1
        is_plain = node.style in (Style.PLAIN, Style.NOTHING)
        try:
            node.value = scalar_value(node.text, node.tag and node.tag.name, is_plain=is_plain)
        except NotJsonError as error:
            node.value = UNUSABLE
            self._reject(error, pointer, node.span)

    def _collection(self, node: Array | Object, pointer: Pointer, depth: int) -> None:
        error = _wrong_tag(node)
        state = self._state()
        self.limits.enter(depth)
        if isinstance(node, Array):
            for index, entry in enumerate(node.entries):
                self.value(entry.value, (*pointer, index), depth + 1)
        else:
            self._members(node, pointer, depth + 1)
        if error:
            self._restore(state)
            self.limits.size += 1
            node.is_usable = False
            self._reject(error, pointer, node.span)

    def _state(self) -> tuple[int, int]:
        return len(self.problems), self.limits.size

    def _restore(self, state: tuple[int, int]) -> list[SyntaxProblem]:
        """Forget what was reported and counted since a state, and return the problems."""
        count, self.limits.size = state
        forgotten = self.problems[count:]
        del self.problems[count:]
        return forgotten

    def _reject(
        self,
        error: NotJsonError,
        pointer: Pointer,
        span: Span,
        related: tuple[tuple[Pointer, Span, str], ...] = (),
    ) -> None:
        problem = SyntaxProblem("not-json", pointer, span, error.cause, error.remedy, related)
        self.problems.append(problem)

    # Members and their keys.

    def _members(self, node: Object, pointer: Pointer, depth: int) -> None:
        entries: list[Entry] = []
        members: dict[str, Entry] = {}
        firsts: dict[str, Span] = {}
        merged: Node | None = None
        for unnamed in node.entries:
            assert unnamed.key is not None  # noqa: S101 - it is no item
            key, value = unnamed.key, unnamed.value
            name = self._key(key, pointer, depth)
            entry = unnamed._replace(name=name)
            entries.append(entry)
            if name is None:
                state = self._state()
                self.value(value, pointer, depth)
                self._restore(state)
                continue
            place = (*pointer, name)
            if name in firsts:
                self.problems.append(repeated_key(shown(name), place, key.span, firsts[name]))
                members.pop(name, None)
            firsts.setdefault(name, key.span)
            if _is_merge_key(key) and self._can_merge(value):
                self._merge(value, pointer, depth)
                merged = value
                continue
            if name == MERGE_KEY:
                merged = None
            self.value(value, place, depth)
            # A merge of what JSON cannot carry has been reported; its key is none of the request.
            if not (_is_merge_key(key) and _is_unusable(value)):
                members[name] = entry
        node.entries = entries
        node.members = members if merged is None else self._with_merged(members, merged, pointer)

    def _key(self, key: Node, pointer: Pointer, depth: int) -> str | None:
        """Resolve a key; None where it is no string, which is a problem of its object."""
        forgotten: list[SyntaxProblem] = []
        value = UNUSABLE
        if isinstance(key, Alias):
            anchored = self._named(key)
            key.target = anchored.node
            value = key.value
        else:
            text = key.text if isinstance(key, Scalar) else ""
            state = self._state()
            self.value(key, (*pointer, text), depth)
            forgotten = self._restore(state)
            value = key.value
        if isinstance(value, str):
            return value
        self._reject(_wrong_key(key, forgotten), pointer, key.span)
        return None

    # Aliases and merges.

    def _named(self, alias: Alias) -> _Anchored:
        anchored = self.anchors.get(alias.name)
        if anchored is None:
            raise _undefined(alias)
        anchored.anchor.is_used = True
        return anchored

    def _alias(self, alias: Alias, pointer: Pointer, depth: int) -> None:
        anchored = self._named(alias)
        if anchored.node is None:
            self.limits.size += 1
            name, anchor = shown(alias.name), anchored.anchor
            error = NotJsonError(
                f"*{name} stands inside the value that it stands for", "write the value out"
            )
            related = ((anchor.pointer, anchor.span, f"anchor {name} is here"),)
            self._reject(error, pointer, alias.span, related)
            return
        self.limits.borrow(anchored, alias.span, depth, is_merge=False)
        alias.target = anchored.node
        self._report_losses(alias, alias.target, pointer)

    def _report_losses(self, alias: Alias, node: Node, pointer: Pointer) -> None:
        """Report what in `node`, which `alias` brought to `pointer`, is not JSON."""
        for below in _losses_in(node):
            self.problems.append(_loss(alias, (*pointer, *below)))

    def _can_merge(self, node: Node) -> bool:
        """Whether a value, not resolved yet, is an object or a list of objects."""
        if isinstance(node, Alias):
            anchored = self.anchors.get(node.name)
            return anchored is not None and _is_mergeable(anchored.node)
        if not isinstance(node, Array) or _wrong_tag(node):
            return _is_object(node)
        return all(
            _is_object(item) or (isinstance(item, Alias) and self._is_object_behind(item))
            for item in node.items
        )

    def _is_object_behind(self, alias: Alias) -> bool:
        anchored = self.anchors.get(alias.name)
        return anchored is not None and isinstance(anchored.node, Object)

    def _merge(self, node: Node, pointer: Pointer, depth: int) -> None:
        """Resolve the value of a merge key; inside it, `pointer` is that of the whole object."""
        if not isinstance(node, Array):
            self.limits.size -= 1
            self._merge_object(node, pointer, depth)
            return
        self._anchored(node, self._merge_items, pointer, depth)
        self.limits.size -= 1 + len(node.entries)

    def _merge_object(self, node: Node, pointer: Pointer, depth: int) -> None:
        anchored = self.anchors.get(node.name) if isinstance(node, Alias) else None
        if not isinstance(node, Alias) or anchored is None or anchored.node is None:
            self.value(node, pointer, depth)
            return
        anchored.anchor.is_used = True
        self.limits.borrow(anchored, node.span, depth, is_merge=True)
        node.target = anchored.node

    def _merge_items(self, node: Array, pointer: Pointer, depth: int) -> None:
        self.limits.enter(depth)
        for item in node.items:
            around = depth if isinstance(item, Alias) else depth + 1
            self._merge_object(item, pointer, around)

    def _with_merged(
        self, members: dict[str, Entry], merged: Node, pointer: Pointer
    ) -> dict[str, Entry]:
        for name, member, via in _merged_members(merged):
            if name not in members:
                members[name] = member
                if via:
                    self._report_losses(via, member.value, (*pointer, name))
        return dict(sorted(members.items(), key=lambda item: _text_place(item[1])))


def _merged_members(
    node: Node, via: Alias | None = None
) -> Iterator[tuple[str, Entry, Alias | None]]:
    """Yield all that a merge brings, those that win first, with the alias in the merge itself."""
    if isinstance(node, Object):
        for name, member in node.members.items():
            yield name, member._replace(via=via) if via else member, via
        return
    parts: Sequence[Node] = node.items if isinstance(node, Array) else ()
    if isinstance(node, Alias) and node.target:
        via = via or node
        parts = (node.target,)
    for part in parts:
        yield from _merged_members(part, via)


def _text_place(member: Entry) -> int:
    if member.via:
        return member.via.span.start
    return member.key.span.start if member.key else member.start


def _is_merge_key(key: Node) -> bool:
    """Whether a key asks for a merge, if its value can be merged: a quoted one does not."""
    is_plain = isinstance(key, Scalar) and key.style == Style.PLAIN and key.tag is None
    return is_plain and key.value == MERGE_KEY


def _is_object(node: Node) -> bool:
    return isinstance(node, Object) and _wrong_tag(node) is None


def _is_mergeable(node: Node | None) -> bool:
    if isinstance(node, Array) and node.is_usable:
        targets = (item.target if isinstance(item, Alias) else item for item in node.items)
        return all(isinstance(target, Object) and target.is_usable for target in targets)
    return isinstance(node, Object) and node.is_usable


def _is_unusable(node: Node) -> bool:
    if isinstance(node, Alias):
        return node.target is None or _is_unusable(node.target)
    return node.value is UNUSABLE if isinstance(node, Scalar) else not node.is_usable


def _wrong_tag(node: Array | Object) -> NotJsonError | None:
    kind = "map" if isinstance(node, Object) else "seq"
    return tag_problem(node.tag and node.tag.name, kind)


def _wrong_key(key: Node, problems: list[SyntaxProblem]) -> NotJsonError:
    """Explain why `key` cannot be one; `problems` are those of it as a value."""
    if isinstance(key, Array | Object):
        return NotJsonError("an object or a list cannot be a key", "write a string")
    if problems:
        return NotJsonError(problems[0].cause, problems[0].remedy)
    if isinstance(key, Alias):
        return NotJsonError(f"*{shown(key.name)} is not a string", "write the key out")
    if not key.text:
        return NotJsonError("no key stands before this colon", "write one")
    return NotJsonError(f"the key {shown(key.text)} is not a string", "put quotes around it")


def _undefined(alias: Alias) -> FatalError:
    name = shown(alias.name)
    if alias.name.endswith(":"):
        remedy = "put a blank between the alias and the colon"
    else:
        remedy = f"write &{name} before the value that it stands for, or quote it if it is text"
    return FatalError(alias.span, f"no anchor &{name} stands above this alias", remedy)


def _loss(alias: Alias, pointer: Pointer) -> SyntaxProblem:
    name, anchor = shown(alias.name), alias.anchored
    cause = f"*{name} stands for something that JSON cannot carry"
    related = ((anchor.pointer, anchor.span, f"anchor {name} is here"),)
    return SyntaxProblem(
        "not-json", pointer, alias.span, cause, "correct it at the anchor", related
    )


def _losses_in(node: Node) -> Iterator[Pointer]:
    if _is_unusable(node):
        yield ()
    elif isinstance(node, Alias) and node.target:
        yield from _losses_in(node.target)
    elif isinstance(node, Array):
        for index, item in enumerate(node.items):
            yield from ((index, *pointer) for pointer in _losses_in(item))
    elif isinstance(node, Object):
        for key, member in node.members.items():
            yield from ((key, *pointer) for pointer in _losses_in(member.value))
