"""Entries of YAML: in few bytes, and those whose values are words read without ruamel.yaml."""

import pickle
import re
from array import array
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from rosetta_spec.document.packed import Packed
from rosetta_spec.document.tree import Alias, Anchor, Entries, Entry, NodeStyle, Scalar
from rosetta_spec.document.values import Json
from rosetta_spec.document.yaml_scalars import scalar_value
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import Span

_WORDS = r"(?P<written>(?P<quote>\"?)(?P<text>[0-9A-Za-z_][\w./-]*+(?:[ ]++[\w./-]++)*+)(?P=quote))"
#: The dash before an item that is some words, if another dash follows in its column.
_BLOCK_ITEM = r"-[ ]+WORDS\r?\n[ ]{COLUMN}(?=-[ ])"
#: The comma before an item that is some words, if another comma follows.
_FLOW_ITEM = r",[ ]*+(?:\r?\n[ ]*+)?WORDS(?=,)"
#: The end of the row before a member whose value is some words, if another key may follow.
_BLOCK_MEMBER = (
    r"\r?\n[ ]{COLUMN}(?P<key>(\"?)(?P<name>[A-Za-z_][\w-]{0,100}+)\2):[ ]+WORDS"
    r"(?=\r?\n[ ]{COLUMN}\w)"
)


def words_pattern(column: int, *, is_member: bool, is_flow: bool) -> str:
    """Return the pattern of an entry whose value is some words, in a collection at a column."""
    pattern = _FLOW_ITEM if is_flow else _BLOCK_MEMBER if is_member else _BLOCK_ITEM
    return pattern.replace("WORDS", _WORDS).replace("COLUMN", str(column))


def words_from(content: str, at: int, pattern: str, *, is_member: bool) -> Iterator[re.Match[str]]:
    """Yield the entries that a pattern matches one after the other, up to a key of no string."""
    match_words = re.compile(pattern, re.ASCII).match
    while match := match_words(content, at):
        is_plain_key = is_member and match["key"] == match["name"]
        if is_plain_key and not isinstance(scalar_value(match["key"], None, is_plain=True), str):
            return
        yield match
        at = match.end()


def value_of_words(written: str) -> Json:
    """Return the value of some words as they are written."""
    return scalar_value(written.strip('"'), None, is_plain=not written.startswith('"'))


class EntryStore(Packed[Entry]):
    """All entries of a document that ruamel.yaml has read, in the order in which they end.

    `anchors` are those that aliases refer to, and `aliases` all, by their offsets: each of them is
    one object, wherever it is unpacked.
    """

    def __init__(self, content: str) -> None:
        super().__init__()
        self.content = content
        self.anchors: dict[int, Anchor] = {}
        self.aliases: dict[int, Alias] = {}

    def _dumps(self, items: list[Entry]) -> bytes:
        stream = BytesIO()
        _Pickler(stream, self).dump(items)
        return stream.getvalue()

    def _loads(self, data: bytes) -> list[Entry]:
        entries: list[Entry] = _Unpickler(BytesIO(data), self).load()
        return entries


class _Pickler(pickle.Pickler):
    def __init__(self, stream: BytesIO, store: EntryStore) -> None:
        super().__init__(stream, protocol=pickle.HIGHEST_PROTOCOL)
        self._store = store

    def persistent_id(self, obj: Any) -> Any:  # noqa: ANN401 - any part of an entry
        """Return what is pickled in place of an object that is to stay the same."""
        # It is called for each number and string, too.
        kind = type(obj)
        if kind is Anchor:
            return (obj.name, *obj.span)
        if kind is Alias:
            return obj.span.start
        return "store" if kind is EntryStore else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: BytesIO, store: EntryStore) -> None:
        super().__init__(stream)
        self._store = store

    def persistent_load(self, pid: Any) -> Any:  # noqa: ANN401 - what `persistent_id` returns
        """Return the object that something was pickled in place of."""
        if pid == "store":
            return self._store
        if isinstance(pid, int):
            return self._store.aliases[pid]
        name, start, end = pid
        return self._store.anchors.get(start) or Anchor(name, Span(start, end), ROOT)


class StoredEntries(Entries):
    """The entries of a collection, most of them in the store of the document."""

    def __init__(self, store: EntryStore) -> None:
        self._store = store
        #: For each entry its index in the store; for one of words, its offset, inverted.
        self._places = array("i")
        #: What matches those of words: all of a collection have the same column.
        self.pattern = ""
        self.found: dict[str, int] = {}

    def append(self, entry: Entry) -> None:
        """Add an entry."""
        self._places.append(len(self._store))
        self._store.append(entry)

    def append_words(self, at: int) -> None:
        """Add an entry that the pattern matches at an offset."""
        self._places.append(~at)

    def merged(self, entry: Entry) -> int:
        """Keep a member that a merge brings, and return what is in `found` for it."""
        self._store.append(entry)
        return -len(self._store)

    def member(self, found: int) -> Entry:
        """Return a member by what is in `found`."""
        return self._item(found) if found >= 0 else self._store[~found]

    def __len__(self) -> int:
        return len(self._places)

    def _item(self, index: int) -> Entry:
        place = self._places[index]
        return self._store[place] if place >= 0 else self._of_words(~place)

    def _of_words(self, at: int) -> Entry:
        content = self._store.content
        match = re.compile(self.pattern, re.ASCII).match(content, at)
        assert match is not None  # noqa: S101 - it has matched before
        style, span = NodeStyle(match["quote"] or NodeStyle.PLAIN), Span(*match.span("written"))
        value = value_of_words(match["written"])
        node = Scalar(style, span, match["text"], value)
        if content[at] == ",":
            return Entry(span.start, None, None, None, node, match.end())
        if content[at] == "-":
            return Entry(at, None, None, at + 1, node)
        name, key_span = match["name"], Span(*match.span("key"))
        key_style = NodeStyle.PLAIN if match["key"] == name else NodeStyle.DOUBLE
        key = Scalar(key_style, key_span, name, name)
        return Entry(key_span.start, key, name, key_span.end + 1, node)
