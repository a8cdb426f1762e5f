"""Nodes of YAML: their entries, in little memory, and their members with what merges (`<<`) bring.

A text of 16 MiB has millions of entries.
"""

from __future__ import annotations

import marshal
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, NamedTuple, TypeAlias
from zlib import compress, decompress

from rosetta_spec.document.tree import (
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
from rosetta_spec.document.yaml_scalars import (
    MERGE_KEY,
    Matcher,
    NotJsonError,
    scalar_value,
    tag_problem,
)
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import LazySequence, Span

#: An entry and a node as plain data: tuples, numbers and strings.
_Row: TypeAlias = Any
_Plain: TypeAlias = Any
_RowsOf: TypeAlias = "Callable[[PackedPart], list[_Row]]"


def new_scalar(
    style: NodeStyle, span: Span, lead_end: int, tag: Tag | None = None, text: str = ""
) -> Scalar:
    """Return a scalar with the value that its text means, `UNUSABLE` if that is not JSON."""
    value: Json = UNUSABLE
    is_plain = style in (NodeStyle.PLAIN, NodeStyle.NOTHING)
    with suppress(NotJsonError):
        value = scalar_value(text, tag and tag.name, is_plain=is_plain)
    return Scalar(style, span, lead_end, tag, None, text, value)


def new_collection(  # noqa: PLR0913 - all that a node has
    style: NodeStyle,
    span: Span,
    lead_end: int,
    tag: Tag | None,
    entries: Sequence[Entry],
    *,
    is_object: bool,
) -> Array | Object:
    """Return a list or an object, which is unusable if its tag is that of another type."""
    is_usable = tag_problem(tag and tag.name, "map" if is_object else "seq") is None
    if is_object:
        members = Members(entries, _members_of)
        return Object(style, span, lead_end, tag, None, entries, is_usable, members)
    return Array(style, span, lead_end, tag, None, entries, is_usable)


class PackedPart(LazySequence[Entry]):
    """Some entries as plain data in few bytes.

    Aliases and their targets, and collections whose entries are packed themselves, are kept. So are
    the entries with a node that an alias refers to.
    """

    def __init__(self, entries: Sequence[Entry], rows_of: _RowsOf) -> None:
        """`rows_of` calls `rows`, and remembers the results for the parts that were used last."""
        self._kept: list[Node] = []
        self._unpacked: dict[int, Entry] = {}
        self._count = len(entries)
        self._data = compress(marshal.dumps([*map(self._row, entries)]), level=1)
        self._rows_of = rows_of

    def rows(self) -> list[_Row]:
        """Return the entries as plain data."""
        rows: list[_Row] = marshal.loads(decompress(self._data))  # noqa: S302 - our own data
        return rows

    def unpack(self, index: int) -> Entry:
        """Return an entry, and the same object from now on."""
        return self._unpacked.setdefault(index, self[index])

    def __len__(self) -> int:
        return self._count

    def _item(self, index: int) -> Entry:
        return self._unpacked.get(index) or self._entry(self._rows_of(self)[index])

    def _row(self, entry: Entry) -> _Row:
        key = None if entry.key is None else self._plain(entry.key)
        return entry.start, key, entry.mark, self._plain(entry.value), entry.comma

    def _entry(self, row: _Row) -> Entry:
        start, plain_key, mark, plain_value, comma = row
        key = None if plain_key is None else self._node(plain_key)
        name = None if key is None else name_of(key)
        return Entry(start, key, name, mark, self._node(plain_value), comma)

    def _plain(self, node: Node) -> _Plain:
        if isinstance(node, Alias) or node.is_shared or isinstance(node.entries, PackedEntries):
            self._kept.append(node)
            return len(self._kept) - 1
        tag = node.tag and (node.tag.name, *node.tag.span)
        anchor = node.anchor and (node.anchor.name, *node.anchor.span)
        content = node.text if isinstance(node, Scalar) else [*map(self._row, node.entries)]
        is_object = isinstance(node, Object)
        return is_object, node.style.value, *node.span, node.lead_end, tag, anchor, content

    def _node(self, plain: _Plain) -> Node:
        if isinstance(plain, int):
            return self._kept[plain]
        is_object, name, start, end, lead_end, plain_tag, plain_anchor, content = plain
        style, span = NodeStyle(name), Span(start, end)
        tag = plain_tag and Tag(plain_tag[0], Span(*plain_tag[1:]))
        if isinstance(content, str):
            node: Node = new_scalar(style, span, lead_end, tag, content)
        else:
            entries = [*map(self._entry, content)]
            node = new_collection(style, span, lead_end, tag, entries, is_object=is_object)
        node.anchor = plain_anchor and Anchor(plain_anchor[0], Span(*plain_anchor[1:]), ROOT)
        return node


class PackedNode(NamedTuple):
    """A node with an anchor at an offset, in a packed entry; no alias has referred to it yet."""

    part: PackedPart
    nth: int
    at: int

    def node(self) -> Node:
        """Return the node, and the same object from now on."""
        anchored = _anchored(self.part.unpack(self.nth).parts)
        return next(node for anchor, node in anchored if anchor.span.start == self.at)


def _anchored(nodes: Iterable[Node]) -> Iterator[tuple[Anchor, Node]]:
    """Yield the nodes with an anchor, also those inside others that are not packed themselves."""
    for node in nodes:
        if node.anchor:
            yield node.anchor, node
        if not isinstance(node.entries, PackedEntries):
            yield from _anchored(node.parts)


#: What an anchor is in front of; it is the anchor itself as long as that is being read.
Anchored: TypeAlias = "Node | PackedNode | Anchor"


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
    """The entries of a collection, most of them packed."""

    def __init__(self, rows_of: _RowsOf) -> None:
        """`rows_of` is that of `PackedPart`, the same one for a whole document."""
        self._rows_of = rows_of
        #: All entries, in parts.
        self.parts: list[Sequence[Entry]] = []
        #: The index of the first entry of each part.
        self._firsts: list[int] = []
        self._count = 0

    def add(self, entries: Sequence[Entry], anchors: dict[str, Anchored]) -> None:
        """Pack entries, which no longer change, and add them at the end.

        In `anchors`, nodes among them are replaced.
        """
        part = PackedPart(entries, self._rows_of)
        for nth, entry in enumerate(entries if anchors else ()):
            for anchor, node in _anchored(entry.parts):
                if anchors[anchor.name] is node:
                    anchors[anchor.name] = PackedNode(part, nth, anchor.span.start)
        self.add_part(part)

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
        nth = bisect_right(self._firsts, index) - 1
        return self.parts[nth][index - self._firsts[nth]]


def parts_of(entries: Sequence[Entry]) -> Sequence[Sequence[Entry]]:
    """Return the entries of a collection in the parts that are kept together."""
    return entries.parts if isinstance(entries, PackedEntries) else [entries]


def name_of(key: Node) -> str | None:
    """Return the name of a member by its key, None if that is not a string."""
    node = key.target if isinstance(key, Alias) else key
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _members_of(entries: Sequence[Entry]) -> dict[str, int | Entry]:
    """Return the members of an object: the index of an entry, or one that a merge brings."""
    found: dict[str, int | Entry] = {}
    merged: Node | None = None
    names = (
        part.names if isinstance(part, Words) else (entry.name for entry in part)
        for part in parts_of(entries)
    )
    for index, name in enumerate(chain.from_iterable(names)):
        if name is None:
            continue
        found.pop(name, None)
        if name == MERGE_KEY:
            entry = entries[index]
            merged = entry.value if is_merge(entry) else None
            # A merge of what is not JSON is reported; its key does not belong to the request.
            if merged or (is_merge_key(entry.key) and is_unusable(entry.value)):
                continue
        found[name] = index
    if merged is None:
        return found
    for name, member in _merged_members(merged):
        found.setdefault(name, member)

    def text_place(each: tuple[str, int | Entry]) -> int:
        member = entries[each[1]] if isinstance(each[1], int) else each[1]
        if member.via:
            return member.via.span.start
        return member.key.span.start if member.key else member.start

    return dict(sorted(found.items(), key=text_place))


def is_merge(entry: Entry) -> bool:
    """Whether a member of an object is a merge key with a value that can be merged."""
    return is_merge_key(entry.key) and _can_merge(entry.value)


def is_merge_key(key: Node | None) -> bool:
    """Whether a key asks for a merge, if its value can be merged: a quoted one does not."""
    return key is not None and (key.text, key.style, key.tag) == (MERGE_KEY, NodeStyle.PLAIN, None)


def _can_merge(node: Node, *, is_item: bool = False) -> bool:
    """Whether a value is an object or a list of objects."""
    target = node.target if isinstance(node, Alias) else node
    if isinstance(target, Array) and not is_item:
        return target.is_usable and all(
            _can_merge(entry.value, is_item=True) for entry in target.entries
        )
    return isinstance(target, Object) and target.is_usable


def is_unusable(node: Node) -> bool:
    """Whether JSON has no value like that of a node; those inside it make no difference."""
    if isinstance(node, Alias):
        return node.target is None or is_unusable(node.target)
    return node.value is UNUSABLE if isinstance(node, Scalar) else not node.is_usable


def _merged_members(node: Node, via: Alias | None = None) -> Iterator[tuple[str, Entry]]:
    """Yield all that a merge brings, those that win first, with the alias in the merge itself."""
    if isinstance(node, Object):
        for name, member in node.members.items():
            yield name, member._replace(via=via) if via else member
        return
    if isinstance(node, Alias) and node.target:
        yield from _merged_members(node.target, via or node)
    for entry in node.entries:
        yield from _merged_members(entry.value, via)
