"""Entries of YAML collections, of which a text of 16 MiB has millions, in little memory."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import NamedTuple, TypeAlias

from rosetta_spec.document.tree import (
    SCALARS,
    Alias,
    Anchor,
    Array,
    Entry,
    Members,
    Node,
    NodeStyle,
    Object,
    Scalar,
    Tag,
)
from rosetta_spec.document.values import UNUSABLE, Json
from rosetta_spec.document.yaml_members import members_of, name_of
from rosetta_spec.document.yaml_scalars import Matcher, NotJsonError, scalar_value, tag_problem
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import LazySequence, Span

_STYLES = tuple(NodeStyle)
_QUOTED = (NodeStyle.SINGLE, NodeStyle.DOUBLE)

#: The bits for the index of a style, and those for what else is known of a node.
_STYLE = 15
_IS_OBJECT, _HAS_TAG, _HAS_ANCHOR, _HAS_TEXT, _IS_KEPT = (16 << nth for nth in range(5))
#: What is known of an entry.
_HAS_KEY, _HAS_MARK, _HAS_COMMA = (1 << nth for nth in range(3))

#: The largest number of an array of two bytes for each.
_SHORT = (1 << 15) - 1
#: The number of entries that are kept, those that were made last.
_RECENT = 100


def new_scalar(
    style: NodeStyle, span: Span, place: int, tag: Tag | None = None, text: str = ""
) -> Scalar:
    """Return a scalar with the value that its text means, `UNUSABLE` if that is not JSON."""
    value: Json = UNUSABLE
    is_plain = style in (NodeStyle.PLAIN, NodeStyle.NOTHING)
    with suppress(NotJsonError):
        value = scalar_value(text, tag and tag.name, is_plain=is_plain)
    return Scalar(style, span, place, tag, None, text, value)


def new_collection(  # noqa: PLR0913 - all that a node has
    style: NodeStyle,
    span: Span,
    place: int,
    tag: Tag | None,
    entries: Sequence[Entry],
    *,
    is_object: bool,
) -> Array | Object:
    """Return a list or an object, which is not usable if its tag is another one's."""
    is_usable = tag_problem(tag and tag.name, "map" if is_object else "seq") is None
    if is_object:
        members = Members(entries, lambda entries: members_of(entries, names_of(entries)))
        return Object(style, span, place, tag, None, entries, is_usable, members)
    return Array(style, span, place, tag, None, entries, is_usable)


class _Chunk(NamedTuple):
    """Some entries as numbers; offsets are relative to `base`.

    `starts` are the indices at which the entries start in `numbers`. `texts` are those that are not
    what is written, and names of tags. `nodes` are those that are kept, and `made` those that an
    alias has asked for, by the index of their numbers.
    """

    base: int
    starts: array[int]
    numbers: array[int]
    texts: list[str]
    nodes: list[Node]
    made: dict[int, Node]


class PackedNode(NamedTuple):
    """A node with an anchor that no alias has referred to yet."""

    content: str
    chunk: _Chunk
    at: int

    def node(self) -> Node:
        """Return the node, from now on always the same one, as those with an anchor inside it."""
        known = self.chunk.made.get(self.at)
        return known or _Unpacker(self.content, self.chunk, self.at, keeps=True).node()


#: What an anchor is in front of; it is the anchor itself as long as that is being read.
Anchored: TypeAlias = "Node | PackedNode | Anchor"


class _Packed(LazySequence[Entry]):
    """The entries of a chunk."""

    def __init__(self, content: str, chunk: _Chunk) -> None:
        self._content = content
        self._chunk = chunk

    def __len__(self) -> int:
        return len(self._chunk.starts)

    def __iter__(self) -> Iterator[Entry]:
        unpacker = _Unpacker(self._content, self._chunk)
        return (unpacker.entry() for _ in self._chunk.starts)

    def _item(self, index: int) -> Entry:
        return _Unpacker(self._content, self._chunk, self._chunk.starts[index]).entry()


class Words(LazySequence[Entry]):
    """Entries whose values are some words.

    `match` reads one: an item after the dash or comma at an offset, or a member after the row that
    ends there. `names` are those of members.
    """

    def __init__(self, content: str, match: Matcher) -> None:
        self._content = content
        self._match = match
        self._offsets = array("I")
        self.values: list[Json] = []
        self.names: list[str] = []

    def add_name(self, match: re.Match[str]) -> bool:
        """Add the name of the next member, if its key is a string."""
        name = match["name"]
        is_string = match["key"] != name or isinstance(scalar_value(name, None, is_plain=True), str)
        if is_string:
            self.names.append(name)
        return is_string

    def append(self, at: int, value: Json) -> None:
        """Add an entry: where to match it, and its value."""
        self._offsets.append(at)
        self.values.append(value)

    def __len__(self) -> int:
        return len(self._offsets)

    def _item(self, index: int) -> Entry:
        at = self._offsets[index]
        match = self._match(self._content, at)
        assert match is not None  # noqa: S101 - it has matched before
        style, span = NodeStyle(match["quote"] or NodeStyle.PLAIN), Span(*match.span("written"))
        text, value = match["text"], self.values[index]
        if self.names:
            name, key_span = match["name"], Span(*match.span("key"))
            key_style = NodeStyle.PLAIN if match["key"] == name else NodeStyle.DOUBLE
            key = Scalar(key_style, key_span, key_span.start, None, None, name, name)
            mark = key_span.end + 1
            node = Scalar(style, span, mark, None, None, text, value)
            return Entry(key_span.start, key, name, mark, node)
        node = Scalar(style, span, at + 1, None, None, text, value)
        if self._content[at] == ",":
            return Entry(span.start, None, None, None, node, match.end())
        return Entry(at, None, None, at + 1, node)


class PackedEntries(LazySequence[Entry]):
    """The entries of a collection, as numbers; an entry is made again at each access.

    Aliases and their targets, and collections whose entries are packed themselves are kept.
    """

    def __init__(self, content: str, recent: dict[tuple[int, int], Entry]) -> None:
        """`recent`, which all that are in one document share, has the entries made last."""
        self._content = content
        self._recent = recent
        #: All entries, in parts.
        self.parts: list[Sequence[Entry]] = []
        #: The index of the first entry of each part.
        self._firsts: list[int] = []
        self._count = 0

    def add(self, entries: Sequence[Entry], anchors: dict[str, Anchored]) -> None:
        """Add entries, which no longer change, at the end.

        In `anchors`, nodes among them are replaced.
        """
        packer = _Packer(self._content, entries[0].start)
        chunk = packer.chunk(entries)
        for at, node in packer.anchored:
            name = node.anchor.name if node.anchor else ""
            if anchors[name] is node:
                anchors[name] = PackedNode(self._content, chunk, at)
        self.add_part(_Packed(self._content, chunk))

    def add_part(self, entries: Sequence[Entry]) -> None:
        """Add entries at the end, as they are."""
        self.parts.append(entries)
        self._firsts.append(self._count)
        self._count += len(entries)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        return chain.from_iterable(self.parts)

    def _item(self, index: int) -> Entry:
        known = self._recent.get((id(self), index))
        if known:
            return known
        nth = bisect_right(self._firsts, index) - 1
        entry = self.parts[nth][index - self._firsts[nth]]
        if len(self._recent) == _RECENT:
            del self._recent[next(iter(self._recent))]
        self._recent[id(self), index] = entry
        return entry


def names_of(entries: Sequence[Entry]) -> Iterator[str | None]:
    """Yield the names of the entries of an object."""
    for part in parts_of(entries):
        yield from part.names if isinstance(part, Words) else (entry.name for entry in part)


def parts_of(entries: Sequence[Entry]) -> Sequence[Sequence[Entry]]:
    """Return the entries of a collection in the parts that are kept together."""
    return entries.parts if isinstance(entries, PackedEntries) else [entries]


class _Packer:
    """Turns entries into numbers."""

    def __init__(self, content: str, base: int) -> None:
        self._content = content
        self._base = base
        self._numbers: list[int] = []
        self._nodes: list[Node] = []
        self._texts: dict[str, int] = {}
        #: Nodes with an anchor that are not kept, and the index of their numbers.
        self.anchored: list[tuple[int, Node]] = []

    def chunk(self, entries: Sequence[Entry]) -> _Chunk:
        starts = []
        for entry in entries:
            starts.append(len(self._numbers))
            self._entry(entry)
        numbers = _array(self._numbers)
        return _Chunk(self._base, _array(starts), numbers, list(self._texts), self._nodes, {})

    def _entry(self, entry: Entry) -> None:
        key, mark, comma = entry.key, entry.mark, entry.comma
        has_mark, has_comma = mark is not None, comma is not None
        flags = _HAS_KEY * (key is not None) + _HAS_MARK * has_mark + _HAS_COMMA * has_comma
        self._numbers += (flags, entry.start - self._base)
        self._numbers += (each - self._base for each in (mark, comma) if each is not None)
        if key is not None:
            self._node(key)
        self._node(entry.value)

    def _node(self, node: Node) -> None:
        is_kept = isinstance(node, Alias) or node.is_shared
        if is_kept or isinstance(node.entries, PackedEntries):
            self._numbers += (_IS_KEPT, len(self._nodes))
            self._nodes.append(node)
            return
        start, end = node.span
        more = []
        kind = _STYLES.index(node.style)
        if node.anchor:
            self.anchored.append((len(self._numbers), node))
            kind += _HAS_ANCHOR
            more += [each - self._base for each in node.anchor.span]
        if node.tag:
            kind += _HAS_TAG
            tag_start, tag_end = node.tag.span
            more += [tag_start - self._base, tag_end - self._base, self._text(node.tag.name)]
        if isinstance(node, Scalar):
            if node.text != _written(self._content, node.style, node.span):
                kind += _HAS_TEXT
                more.append(self._text(node.text))
        else:
            kind += _IS_OBJECT * isinstance(node, Object)
            more.append(len(node.entries))
        base = self._base
        self._numbers += (kind, node.place - base, start - base, end - base, *more)
        for entry in node.entries:
            self._entry(entry)

    def _text(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))


def _array(numbers: Sequence[int]) -> array[int]:
    is_short = max(numbers) <= _SHORT and min(numbers) >= -_SHORT
    return array("h" if is_short else "i", numbers)


def _written(content: str, style: NodeStyle, span: Span) -> str:
    is_quoted = style in _QUOTED
    return content[span.start + is_quoted : span.end - is_quoted]


class _Unpacker:
    """Makes the entries of a chunk again, from one of them on.

    It `keeps` in the chunk the nodes with an anchor that it makes.
    """

    def __init__(self, content: str, chunk: _Chunk, at: int = 0, *, keeps: bool = False) -> None:
        self._content = content
        self._base, _, self._numbers, self._texts, self._nodes, self._made = chunk
        self._at = at
        self._keeps = keeps

    def _next(self, count: int) -> array[int]:
        self._at += count
        return self._numbers[self._at - count : self._at]

    def _offset(self) -> int:
        self._at += 1
        return self._base + self._numbers[self._at - 1]

    def entry(self) -> Entry:
        flags, start = self._next(2)
        mark = self._offset() if flags & _HAS_MARK else None
        comma = self._offset() if flags & _HAS_COMMA else None
        key = self.node() if flags & _HAS_KEY else None
        name = name_of(key) if key else None
        return Entry(self._base + start, key, name, mark, self.node(), comma)

    def node(self) -> Node:
        at = self._at
        if self._numbers[at] & _IS_KEPT:
            _, index = self._next(2)
            return self._nodes[index]
        node = self._new_node()
        if self._keeps and node.anchor:
            self._made.setdefault(at, node)
        return self._made.get(at, node)

    def _new_node(self) -> Node:
        base = self._base
        kind, place, start, end = self._next(4)
        style, span, place = _STYLES[kind & _STYLE], Span(base + start, base + end), base + place
        anchor, tag = None, None
        if kind & _HAS_ANCHOR:
            start, end = (base + each for each in self._next(2))
            anchor = Anchor(self._content[start + 1 : end], Span(start, end), ROOT)
        if kind & _HAS_TAG:
            start, end, index = self._next(3)
            tag = Tag(self._texts[index], Span(base + start, base + end))
        if style in SCALARS:
            text = _written(self._content, style, span)
            if kind & _HAS_TEXT:
                (index,) = self._next(1)
                text = self._texts[index]
            node: Node = new_scalar(style, span, place, tag, text)
        else:
            (count,) = self._next(1)
            entries = [self.entry() for _ in range(count)]
            is_object = bool(kind & _IS_OBJECT)
            node = new_collection(style, span, place, tag, entries, is_object=is_object)
        node.anchor = anchor
        return node
