"""Read a YAML text (1.2, core schema) into documents: values, aliases, merges, and the problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple, TypeVar

from rosetta_spec.document.syntax_errors import FatalError
from rosetta_spec.document.tree import (
    FLOW_STYLES,
    Alias,
    Anchor,
    Array,
    Document,
    Entry,
    Node,
    NodeStyle,
    Object,
    Problems,
    Scalar,
    SyntaxProblem,
    repeated_key,
)
from rosetta_spec.document.values import UNUSABLE, Json, clipped
from rosetta_spec.document.yaml_errors import too_deep
from rosetta_spec.document.yaml_nodes import Words, is_merge, is_unusable, parts_of
from rosetta_spec.document.yaml_parser import Parsed, YamlParser
from rosetta_spec.document.yaml_scalars import NotJsonError, find_marker, scalar_value, tag_problem
from rosetta_spec.fast.formats import MAX_ALIAS_NODES, MAX_NESTING, YAML
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span, Text

_Node = TypeVar("_Node", bound=Node)

#: The maximum number of different values that are shared, and of characters of one.
_MAX_SHARED = 100_000
_LONGEST_SHARED = 100


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
        return document._replace(comments=self._parser.comments.take(end))

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
        marker = find_marker(self._text.content, at)
        self.next = marker.start() if marker else None


def _document(text: Text, number: int, start: int, parsed: Parsed) -> Document:
    """Resolve what was parsed.

    Raises:
        FatalError: an alias has no anchor.
    """
    resolver = _Resolver(parsed.undefined)
    root = parsed.root
    try:
        resolver.value(root, (), 0)
    except FatalError as error:
        if error.problem.name != "too-large":
            raise
        return Document(text, number, None, (error.problem,), format_=YAML, start=start)
    assert not parsed.is_cut  # noqa: S101 - the parser counts at most as many aliases
    value = _value(root, text.content, {})
    return Document(text, number, root, resolver.problems.finished(), value, YAML, start)


def _value(node: Node, content: str, known: dict[str, Json]) -> Json:
    """Return the value of a node. Equal texts between brackets share one, to save memory."""
    if isinstance(node, Alias) and node.target:
        return _value(node.target, content, known)
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Alias) or not node.is_usable:
        return UNUSABLE
    start, end = node.span
    is_short = node.style in FLOW_STYLES and end - start <= _LONGEST_SHARED
    text = content[start:end] if is_short else ""
    if text in known:
        return known[text]
    value: Json
    values: list[Json] = []
    for part in parts_of(node.entries):
        if isinstance(part, Words):
            values += part.values
        else:
            values += (_value(entry.value, content, known) for entry in part)
    if isinstance(node, Array):
        value = values
    else:
        value = {
            name: values[found] if isinstance(found, int) else _value(found.value, content, known)
            for name, found in node.members.found.items()
        }
    # What an alias means depends on what is before it.
    if text and "*" not in text and len(known) < _MAX_SHARED:
        known[text] = value
    return value


class _Size(NamedTuple):
    """How large a value is, aliases expanded: the values, and the containers inside each other."""

    values: int
    height: int = 0

    def with_item(self, item: _Size) -> _Size:
        """Return the size of a container to which an item is added."""
        return _Size(self.values + item.values, max(self.height, 1 + item.height))


_NOTHING, _SCALAR = _Size(0), _Size(1)


class _Resolver:
    """Finds the problems of one document, and where its anchors are, in the order of the text.

    `depth` is everywhere the number of containers around a value, which the parser has limited.
    What no rule looks at, such as a value with a foreign tag, is resolved all the same: its anchors
    and fatal problems count. `undefined` is the first alias without an anchor. `opened` are the
    latest used anchors in whose values there is an alias, `sizes` those of the values of used
    anchors, and `borrowed` the values that aliases and merges have brought so far.
    """

    def __init__(self, undefined: Span | None) -> None:
        self.problems = Problems()
        self.undefined = undefined
        self.opened: dict[str, Anchor] = {}
        self.sizes: dict[Anchor, _Size] = {}
        self.borrowed = 0

    def value(self, node: Node, pointer: Pointer, depth: int) -> _Size:
        """Resolve a value."""
        if isinstance(node, Alias):
            return self._alias(node, pointer, depth)
        if isinstance(node, Scalar):
            return self._anchored(node, self._scalar, pointer, depth)
        return self._anchored(node, self._collection, pointer, depth)

    def _anchored(
        self,
        node: _Node,
        resolve: Callable[[_Node, Pointer, int], _Size],
        pointer: Pointer,
        depth: int,
    ) -> _Size:
        """Resolve a value, and note where it is if it has an anchor."""
        anchor = node.anchor
        if anchor is None:
            return resolve(node, pointer, depth)
        anchor.pointer = pointer
        if not anchor.uses:
            return resolve(node, pointer, depth)
        self.opened[anchor.name] = anchor
        size = self.sizes[anchor] = resolve(node, pointer, depth)
        return size

    def _scalar(self, node: Scalar, pointer: Pointer, _: int) -> _Size:
        if node.value is UNUSABLE:
            is_plain = node.style in (NodeStyle.PLAIN, NodeStyle.NOTHING)
            try:
                scalar_value(node.text, node.tag and node.tag.name, is_plain=is_plain)
            except NotJsonError as error:
                self._reject(error, pointer, node.span)
        return _SCALAR

    def _collection(self, node: Array | Object, pointer: Pointer, depth: int) -> _Size:
        kind = "map" if isinstance(node, Object) else "seq"
        error = tag_problem(node.tag and node.tag.name, kind)
        count = len(self.problems)
        size = _Size(1, 1)
        if isinstance(node, Array):
            index = 0
            for part in parts_of(node.entries):
                if isinstance(part, Words):
                    size = size._replace(values=size.values + len(part))
                else:
                    for nth, entry in enumerate(part, index):
                        size = size.with_item(self.value(entry.value, (*pointer, nth), depth + 1))
                index += len(part)
        else:
            size = self._members(node, pointer, depth + 1)
        if error:
            self.problems.forget(count)
            self._reject(error, pointer, node.span)
        return _Size(1, size.height) if error else size

    def _reject(
        self, error: NotJsonError, pointer: Pointer, span: Span, anchor: Anchor | None = None
    ) -> None:
        """Report a value that is not JSON, perhaps because of what is at an anchor."""
        related = ((anchor.pointer, anchor.span, anchor.label),) if anchor else ()
        problem = SyntaxProblem("not-json", pointer, span, error.cause, error.remedy, related)
        self.problems.append(problem)

    # Members and their keys.

    def _members(self, node: Object, pointer: Pointer, depth: int) -> _Size:
        #: The index of the first entry by its name.
        firsts: dict[str, int] = {}
        #: Where the aliases of its last merge are.
        vias: set[int] = set()
        size = _Size(1, 1)
        index = 0
        for part in parts_of(node.entries):
            names = part.names if isinstance(part, Words) else ()
            are_new = firsts.keys().isdisjoint(names) and len(set(names)) == len(names)
            if isinstance(part, Words) and are_new:
                firsts.update(zip(part.names, count(index), strict=False))
                size = size._replace(values=size.values + len(part))
            else:
                for nth, entry in enumerate(part, index):
                    first = firsts.setdefault(entry.name, nth) if entry.name is not None else nth
                    known = node.entries[first].key if first < nth else None
                    size = size.with_item(self._member(entry, known, vias, pointer, depth))
            index += len(part)
        if vias:
            for name, member in node.members.items():
                if member.via and member.via.span.start in vias:
                    self._report_losses(member.via, member.value, (*pointer, name))
        return size

    def _member(
        self, entry: Entry, known: Node | None, vias: set[int], pointer: Pointer, depth: int
    ) -> _Size:
        """Resolve a member of the object at `pointer`; `known` is the first key of its name."""
        key, value, name = entry.key, entry.value, entry.name
        assert key is not None  # noqa: S101 - it is a member
        self._key(key, name, pointer, depth)
        if name is None:
            forgotten = len(self.problems)
            self.value(value, pointer, depth)
            self.problems.forget(forgotten)
            return _NOTHING
        place = (*pointer, name)
        if known:
            anchor = key.anchored if isinstance(key, Alias) else None
            problem = repeated_key(clipped(name), place, key.span, known.span, anchor)
            self.problems.append(problem)
        if not is_merge(entry):
            return self.value(value, place, depth)
        vias.clear()
        vias.update(each.span.start for each in _parts(value) if isinstance(each, Alias))
        size = self._merge(value, pointer, depth)
        # Neither the merged objects nor their list become values.
        merges = 1 + isinstance(value, Array) * len(value.entries)
        return size._replace(values=size.values - merges)

    def _key(self, key: Node, name: str | None, pointer: Pointer, depth: int) -> None:
        """Resolve a key; if it is not a string, it has no name, a problem of its object."""
        count = len(self.problems)
        if isinstance(key, Alias):
            self._require_anchor(key)
            self._borrow(_SCALAR, key.span, depth)
        else:
            self.value(key, (*pointer, key.text), depth)
        first = self.problems[count] if len(self.problems) > count else None
        self.problems.forget(count)
        if name is None:
            self._reject(_wrong_key(key, first), pointer, key.span)

    # Aliases and merges.

    def _require_anchor(self, alias: Alias) -> None:
        if alias.span == self.undefined:
            raise _undefined(alias)

    def _alias(self, alias: Alias, pointer: Pointer, depth: int) -> _Size:
        self._require_anchor(alias)
        if alias.target is None:
            cause = f"*{clipped(alias.name)} is inside the value that it refers to"
            error = NotJsonError(cause, "write the value out")
            self._reject(error, pointer, alias.span, self.opened[alias.name])
            self._borrow(_SCALAR, alias.span, depth)
            return _SCALAR
        size = self.sizes[alias.anchored]
        self._borrow(size, alias.span, depth)
        self._report_losses(alias, alias.target, pointer)
        return size

    def _borrow(self, size: _Size, span: Span, depth: int, *, merges: int = 0) -> None:
        """Count what the alias at `span` brings without `merges` containers, at least 1.

        Raises:
            FatalError: it is too much, or too deep.
        """
        self.borrowed += max(1, size.values - merges)
        if self.borrowed > MAX_ALIAS_NODES:
            cause = f"aliases and merges add up to more than {MAX_ALIAS_NODES:,} values"
            remedy = "write fewer aliases, or split the document"
            raise FatalError(span, cause, remedy, name="too-large")
        if depth + size.height > MAX_NESTING:
            raise too_deep(span)

    def _report_losses(self, alias: Alias, node: Node, pointer: Pointer) -> None:
        """Report what in `node`, which `alias` brought to `pointer`, is not JSON."""
        for below in _losses_in(node):
            cause = f"*{clipped(alias.name)} refers to something that JSON cannot represent"
            error = NotJsonError(cause, "fix it at the anchor")
            self._reject(error, (*pointer, *below), alias.span, alias.anchored)

    def _merge(self, node: Node, pointer: Pointer, depth: int) -> _Size:
        """Resolve the value of a merge key; `pointer` is that of the whole object."""
        if isinstance(node, Alias):
            size = self.sizes[node.anchored]
            self._borrow(size, node.span, depth - 1, merges=1)
            return size
        if isinstance(node, Array):
            return self._anchored(node, self._merge_items, pointer, depth)
        return self.value(node, pointer, depth)

    def _merge_items(self, node: Array, pointer: Pointer, depth: int) -> _Size:
        size = _Size(1, 1)
        for item in _parts(node):
            size = size.with_item(self._merge(item, pointer, depth))
        return size


def _parts(merged: Node) -> Iterator[Node]:
    """Yield the items of a list that is merged, or else the value itself."""
    if isinstance(merged, Array):
        yield from (entry.value for entry in merged.entries)
    else:
        yield merged


def _wrong_key(key: Node, problem: SyntaxProblem | None) -> NotJsonError:
    """Explain why `key` cannot be one; `problem` is the first one of it as a value."""
    if isinstance(key, Array | Object):
        remedy = "write a string"
        if [entry.value.style for entry in key.entries if entry.key] == [NodeStyle.NOTHING]:
            remedy += ", or a value in place of {{ ... }}"
        return NotJsonError("an object or a list cannot be a key", remedy)
    if problem:
        return NotJsonError(problem.cause, problem.remedy)
    if isinstance(key, Alias):
        return NotJsonError(f"*{clipped(key.name)} is not a string", "write the key out")
    if not key.text:
        return NotJsonError("there is no key before this colon", "write one")
    return NotJsonError(f"the key {clipped(key.text)} is not a string", "put quotes around it")


def _undefined(alias: Alias) -> FatalError:
    name = clipped(alias.name)
    if alias.name.endswith(":"):
        remedy = "put a space between the alias and the colon"
    else:
        remedy = f"write &{name} before the value that it refers to, or quote it if it is text"
    return FatalError(alias.span, f"there is no anchor &{name} above this alias", remedy)


def _losses_in(node: Node) -> Iterator[Pointer]:
    if is_unusable(node):
        yield ()
    elif isinstance(node, Alias) and node.target:
        yield from _losses_in(node.target)
    elif isinstance(node, Array):
        for index, entry in enumerate(node.entries):
            yield from ((index, *pointer) for pointer in _losses_in(entry.value))
    elif isinstance(node, Object):
        for key, member in node.members.items():
            yield from ((key, *pointer) for pointer in _losses_in(member.value))
