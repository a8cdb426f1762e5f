"""Read a YAML text (1.2, core schema) into documents: values, aliases, merges, and the problems."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from rosetta_spec.document.syntax_errors import FatalError
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
from rosetta_spec.document.yaml_errors import too_deep
from rosetta_spec.document.yaml_parser import MERGE_KEY, Parsed, YamlParser
from rosetta_spec.document.yaml_scalars import NotJsonError, scalar_value, tag_problem
from rosetta_spec.fast.formats import MAX_ALIAS_NODES, MAX_NESTING, YAML
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text

_Node = TypeVar("_Node", bound=Node)

#: A row that ends a document wherever it is; YAML lets no value have one.
_find_marker = re.compile(r"(?<=[\r\n])\ufeff?(?:---|\.\.\.)(?=[ \t\r\n]|\Z)").search


class YamlReader:
    """Reads the documents of a text in parts; never raises.

    `next` is the offset where the next part starts, None after the last one. A syntax error is the
    only problem of its document and ends the reading. A document over a limit has that as its only
    problem, and the next one is read.
    """

    def __init__(self, text: Text) -> None:
        self.next: int | None = None
        self._text = text
        self._parser = YamlParser(text.content)

    def read(self, at: int, number: int) -> Iterator[Document]:
        """Yield the documents, the first with a number, from an offset to the next `---`.

        There a document must be able to start. If it has no `---`, there may be several.
        """
        self._parser.restart(at)
        self.next = None
        last: Document | None = None
        # The comments of a document are known when the next one has started.
        for start, document in self._documents(at, number):
            if last:
                yield self._with_comments(last, start)
            last = document
        if last:
            end = len(self._text.content) if self.next is None else self.next
            yield self._with_comments(last, end)

    def _with_comments(self, document: Document, end: int) -> Document:
        """Give a document the comments before an offset that no document has yet."""
        comments = self._parser.comments
        count = bisect_left(comments, (end,))
        document = document._replace(comments=tuple(comments[:count]))
        del comments[:count]
        return document

    def _documents(self, start: int, number: int) -> Iterator[tuple[int, Document]]:
        """Yield documents, each with the offset from which on comments are its own."""
        text, parser = self._text, self._parser
        try:
            for parsed in parser.documents():
                yield parsed.start, _document(text, number, start, parsed)
                if parsed.is_cut:
                    self._skip_document(parsed.end)
                    return
                if text.content.startswith("---", parsed.end):
                    self.next = parsed.end
                    return
                # A value written as nothing is before its own marker.
                root = parsed.root.span
                start = root.end if root.start < root.end else parsed.end
                number += 1
        except FatalError as error:
            problem = error.problem
            at = problem.span.start if parser.start is None else parser.start
            yield at, Document(text, number, None, (problem,), format_=YAML, start=start)
            if problem.name == "too-large":
                self._skip_document(problem.span.end)

    def _skip_document(self, at: int) -> None:
        """Go on after the document that is at an offset."""
        marker = _find_marker(self._text.content, at)
        self.next = marker.start() if marker else None


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
    assert not parsed.is_cut  # noqa: S101 - the parser counts at most as many aliases
    return Document(text, number, root, tuple(resolver.problems), root.value, YAML, start)


class _Size(NamedTuple):
    """How large a value is, aliases expanded: the values, and the containers inside each other."""

    values: int
    height: int = 0

    def with_item(self, item: _Size) -> _Size:
        """Return the size of a container to which an item is added."""
        return _Size(self.values + item.values, max(self.height, 1 + item.height))


class _Anchored(NamedTuple):
    """What an anchor names; `node` is None until its end was reached."""

    anchor: Anchor
    node: Node | None = None
    size: _Size = _Size(0)


class _Resolver:
    """Gives the nodes of one document their values, keys and targets, in the order of the text.

    `depth` is everywhere the number of containers around a value, which the parser has limited.
    What no rule looks at, such as a value with a foreign tag, is resolved all the same: its anchors
    and fatal problems count. `borrowed` are the values that aliases and merges have brought so far.
    """

    def __init__(self) -> None:
        self.problems: list[SyntaxProblem] = []
        self.anchors: dict[str, _Anchored] = {}
        self.borrowed = 0

    def value(self, node: Node, pointer: Pointer, depth: int) -> _Size:
        """Resolve a value."""
        if isinstance(node, Scalar):
            return self._anchored(node, self._scalar, pointer, depth)
        if isinstance(node, Alias):
            return self._alias(node, pointer, depth)
        return self._anchored(node, self._collection, pointer, depth)

    def _anchored(
        self,
        node: _Node,
        resolve: Callable[[_Node, Pointer, int], _Size],
        pointer: Pointer,
        depth: int,
    ) -> _Size:
        """Resolve a value, and let aliases find it if it has an anchor."""
        anchor = node.anchor
        if anchor is None:
            return resolve(node, pointer, depth)
        anchor.pointer = pointer
        opened = self.anchors[anchor.name] = _Anchored(anchor)
        size = resolve(node, pointer, depth)
        if self.anchors[anchor.name] is opened:
            self.anchors[anchor.name] = _Anchored(anchor, node, size)
        return size

    def _scalar(self, node: Scalar, pointer: Pointer, _: int) -> _Size:
        is_plain = node.style in (Style.PLAIN, Style.NOTHING)
        try:
            node.value = scalar_value(node.text, node.tag and node.tag.name, is_plain=is_plain)
        except NotJsonError as error:
            node.value = UNUSABLE
            self._reject(error, pointer, node.span)
        return _Size(1)

    def _collection(self, node: Array | Object, pointer: Pointer, depth: int) -> _Size:
        error = _wrong_tag(node)
        count = len(self.problems)
        size = _Size(1, 1)
        if isinstance(node, Array):
            for index, entry in enumerate(node.entries):
                size = size.with_item(self.value(entry.value, (*pointer, index), depth + 1))
        else:
            size = self._members(node, pointer, depth + 1)
        if error:
            self._forget(count)
            node.is_usable = False
            self._reject(error, pointer, node.span)
        return _Size(1, size.height) if error else size

    def _forget(self, count: int) -> list[SyntaxProblem]:
        """Forget all problems except the first `count`, and return them."""
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

    def _members(self, node: Object, pointer: Pointer, depth: int) -> _Size:
        # Named in place, since there may be millions.
        entries = node.entries = list(node.entries)
        members: dict[str, Entry] = {}
        firsts: dict[str, Span] = {}
        repeated: dict[str, SyntaxProblem] = {}
        merged: Node | None = None
        size = _Size(1, 1)
        for index, unnamed in enumerate(entries):
            assert unnamed.key is not None  # noqa: S101 - it is no item
            key, value = unnamed.key, unnamed.value
            name = self._key(key, pointer, depth)
            entry = entries[index] = unnamed._replace(name=name)
            if name is None:
                count = len(self.problems)
                self.value(value, pointer, depth)
                self._forget(count)
                continue
            place = (*pointer, name)
            if name in firsts:
                if isinstance(key, Alias):
                    problem = repeated_key(shown(name), place, key.span, firsts[name], key.anchored)
                else:
                    # A key may repeat a million times.
                    if name not in repeated:
                        repeated[name] = repeated_key(shown(name), place, key.span, firsts[name])
                    problem = repeated[name]._replace(span=key.span)
                self.problems.append(problem)
                members.pop(name, None)
            firsts.setdefault(name, key.span)
            if _is_merge_key(key) and self._can_merge(value):
                merged = value
                size = size.with_item(self._merge(value, pointer, depth))
                # Neither the merged objects nor their list become values.
                merges = 1 + (len(value.entries) if isinstance(value, Array) else 0)
                size = size._replace(values=size.values - merges)
                continue
            if name == MERGE_KEY:
                merged = None
            size = size.with_item(self.value(value, place, depth))
            # A merge of what is not JSON has been reported; its key does not belong to the request.
            if not (_is_merge_key(key) and _is_unusable(value)):
                members[name] = entry
        node.members = members if merged is None else self._with_merged(members, merged, pointer)
        return size

    def _key(self, key: Node, pointer: Pointer, depth: int) -> str | None:
        """Resolve a key; None where it is no string, which is a problem of its object."""
        count = len(self.problems)
        if isinstance(key, Alias):
            key.target = self._named(key).node
        else:
            self.value(key, (*pointer, key.text), depth)
        forgotten = self._forget(count)
        if isinstance(key.value, str):
            return key.value
        self._reject(_wrong_key(key, forgotten), pointer, key.span)
        return None

    # Aliases and merges.

    def _named(self, alias: Alias) -> _Anchored:
        anchored = self.anchors.get(alias.name)
        if anchored is None:
            raise _undefined(alias)
        anchored.anchor.uses += 1
        return anchored

    def _alias(self, alias: Alias, pointer: Pointer, depth: int) -> _Size:
        anchored = self._named(alias)
        if anchored.node is None:
            name, anchor = shown(alias.name), anchored.anchor
            error = NotJsonError(
                f"*{name} is inside the value that it refers to", "write the value out"
            )
            related = ((anchor.pointer, anchor.span, f"anchor {name} is here"),)
            self._reject(error, pointer, alias.span, related)
            return _Size(1)
        self._borrow(anchored.size, alias.span, depth)
        alias.target = anchored.node
        self._report_losses(alias, alias.target, pointer)
        return anchored.size

    def _borrow(self, size: _Size, span: Span, depth: int, *, merges: int = 0) -> None:
        """Count what the alias at `span` brings, without `merges` containers.

        Raises:
            FatalError: it is too much, or too deep.
        """
        self.borrowed += size.values - merges
        if self.borrowed > MAX_ALIAS_NODES:
            cause = f"aliases and merges add up to more than {MAX_ALIAS_NODES:,} values"
            remedy = "write fewer aliases, or split the document"
            raise FatalError(span, cause, remedy, name="too-large")
        if depth + size.height > MAX_NESTING:
            raise too_deep(span)

    def _report_losses(self, alias: Alias, node: Node, pointer: Pointer) -> None:
        """Report what in `node`, which `alias` brought to `pointer`, is not JSON."""
        for below in _losses_in(node):
            self.problems.append(_loss(alias, (*pointer, *below)))

    def _can_merge(self, node: Node, *, is_item: bool = False) -> bool:
        """Whether a value, perhaps not resolved yet, is an object or a list of objects."""
        target: Node | None = node
        if isinstance(node, Alias):
            anchored = self.anchors.get(node.name)
            target = node.target or (anchored and anchored.node)
        if isinstance(target, Array) and not is_item:
            is_list = _wrong_tag(target) is None
            return is_list and all(self._can_merge(item, is_item=True) for item in target.items)
        return isinstance(target, Object) and _wrong_tag(target) is None

    def _merge(self, node: Node, pointer: Pointer, depth: int) -> _Size:
        """Resolve the value of a merge key; `pointer` is that of the whole object."""
        if isinstance(node, Alias):
            anchored = self._named(node)
            node.target = anchored.node
            self._borrow(anchored.size, node.span, depth - 1, merges=1)
            return anchored.size
        if isinstance(node, Array):
            return self._anchored(node, self._merge_items, pointer, depth)
        return self.value(node, pointer, depth)

    def _merge_items(self, node: Array, pointer: Pointer, depth: int) -> _Size:
        size = _Size(1, 1)
        for item in node.items:
            size = size.with_item(self._merge(item, pointer, depth))
        return size

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
        return NotJsonError("there is no key before this colon", "write one")
    return NotJsonError(f"the key {shown(key.text)} is not a string", "put quotes around it")


def _undefined(alias: Alias) -> FatalError:
    name = shown(alias.name)
    if alias.name.endswith(":"):
        remedy = "put a space between the alias and the colon"
    else:
        remedy = f"write &{name} before the value that it refers to, or quote it if it is text"
    return FatalError(alias.span, f"there is no anchor &{name} above this alias", remedy)


def _loss(alias: Alias, pointer: Pointer) -> SyntaxProblem:
    name, anchor = shown(alias.name), alias.anchored
    cause = f"*{name} refers to something that JSON cannot represent"
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
