"""How a YAML document is written, by its tokens."""

from __future__ import annotations

from typing import Any, NamedTuple

from ruamel.yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEndToken,
    BlockEntryToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    DirectiveToken,
    DocumentEndToken,
    DocumentStartToken,
    FlowEntryToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    KeyToken,
    ScalarToken,
    StreamEndToken,
    StreamStartToken,
    TagToken,
    ValueToken,
)

from rosetta_spec.document.yaml_cursor import Cursor
from rosetta_spec.document.yaml_parser import StepParser
from rosetta_spec.document.yaml_scalars import NotJsonError, scalar_value
from rosetta_spec.fixes.layout import (
    ALIAS,
    BLOCK,
    DOUBLE,
    FLOW,
    NOTHING,
    PAIR,
    PLAIN,
    SCALAR_BLOCKS,
    SINGLE,
    Entry,
    Layout,
    Tag,
    Written,
)
from rosetta_spec.text import Span

_CORE = "tag:yaml.org,2002:"

_OPENINGS = (FlowSequenceStartToken, FlowMappingStartToken)
_CLOSINGS = (FlowSequenceEndToken, FlowMappingEndToken)
_WEIGHTLESS = (BlockEndToken, BlockMappingStartToken, BlockSequenceStartToken)
_ENDS = (StreamEndToken, DocumentStartToken, DocumentEndToken)


def yaml_layout(content: str, start: int) -> Layout:
    """Lay out the document of a YAML text that is the first one after `start`."""
    cursor = Cursor(content)
    cursor.restart(start)
    tokens = _tokens(cursor)
    root = _Reader(tokens).value()
    return Layout(root, cursor.take_comments(tokens[-1].start_mark))


def _tokens(cursor: Cursor) -> list[Any]:
    """Give the tokens of a document, and the one after its end."""
    scanner = StepParser(cursor).scanner
    tokens = [scanner.get_token()]
    while scanner.check_token(DirectiveToken, DocumentEndToken):
        tokens.append(scanner.get_token())
    if scanner.check_token(DocumentStartToken):
        tokens.append(scanner.get_token())
    while not scanner.check_token(*_ENDS):
        tokens.append(scanner.get_token())
    return [*tokens, scanner.peek_token()]


class _Properties(NamedTuple):
    """What stands before a value: where it begins, its tag, and whether aliases stand for it."""

    start: int | None
    end: int
    tag: Tag | None
    is_shared: bool


class _Reader:
    """Goes through the tokens of a document; `end` is that of the last one with text."""

    def __init__(self, tokens: list[Any]) -> None:
        self.tokens = iter(tokens)
        self.token = next(self.tokens)
        self.end = 0
        self.aliases = {token.value for token in tokens if isinstance(token, AliasToken)}
        self.has_handles = any(isinstance(t, DirectiveToken) and t.name == "TAG" for t in tokens)
        while isinstance(self.token, (StreamStartToken, DirectiveToken, DocumentEndToken)):
            self.take()
        if isinstance(self.token, DocumentStartToken):
            self.take()

    def take(self) -> Any:  # noqa: ANN401 - ruamel's tokens are of many types
        token = self.token
        self.token = next(self.tokens)
        if not isinstance(token, _WEIGHTLESS):
            self.end = token.end_mark
        return token

    def is_next(self, *kinds: type) -> bool:
        return isinstance(self.token, kinds)

    def value(self, *, with_dashes: bool = True) -> Written:
        """Read the value that is next, if one is."""
        properties = self._properties()
        if self.is_next(ScalarToken, AliasToken):
            return self._scalar(properties)
        if self.is_next(*_OPENINGS):
            return self._flow(properties)
        if self.is_next(BlockMappingStartToken, BlockSequenceStartToken):
            return self._block(properties)
        if with_dashes and self.is_next(BlockEntryToken):
            return self._dashes(properties)
        return self._written(NOTHING, (self.end, self.end), properties)

    def _properties(self) -> _Properties:
        start, tag, is_shared = None, None, False
        while self.is_next(AnchorToken, TagToken):
            token = self.take()
            start = token.start_mark if start is None else start
            if isinstance(token, AnchorToken):
                is_shared = token.value in self.aliases
            else:
                tag = Tag(self._tag_name(*token.value), Span(token.start_mark, token.end_mark))
        return _Properties(start, self.end, tag, is_shared)

    def _tag_name(self, handle: str | None, suffix: str) -> str | None:
        if handle is None:
            return suffix
        return _CORE + suffix if handle == "!!" and not self.has_handles else None

    def _written(
        self, style: str, span: tuple[int, int], properties: _Properties, text: str = ""
    ) -> Written:
        start, place, tag, is_shared = properties
        start = span[0] if start is None else start
        return Written(style, Span(*span), start, place, text, tag, is_shared)

    def _scalar(self, properties: _Properties) -> Written:
        token = self.take()
        style = ALIAS if isinstance(token, AliasToken) else token.style or PLAIN
        span = (token.start_mark, token.end_mark)
        return self._written(style, span, properties, token.value)

    def _block(self, properties: _Properties) -> Written:
        is_array = isinstance(self.take(), BlockSequenceStartToken)
        entries = self._items() if is_array else self._members()
        self.take()
        return self._collection(BLOCK, entries, properties)

    def _dashes(self, properties: _Properties) -> Written:
        """Read a list in the column of its key, of which no token says where it starts and ends."""
        return self._collection(BLOCK, self._items(), properties)

    def _collection(self, style: str, entries: list[Entry], properties: _Properties) -> Written:
        """Make a collection that starts and ends with its entries."""
        span = entries[0].start, entries[-1].end
        whole = self._written(style, span, properties)
        return whole._replace(is_array=entries[0].key is None, entries=tuple(entries))

    def _items(self) -> list[Entry]:
        items = []
        while self.is_next(BlockEntryToken):
            dash = self.take()
            value = self.value(with_dashes=False)
            items.append(Entry(dash.start_mark, None, None, dash.end_mark, value))
        return items

    def _members(self) -> list[Entry]:
        members = []
        while not self.is_next(BlockEndToken):
            members.append(self._member())
        return members

    def _member(self) -> Entry:
        """Read a member; of its key, colon and value one or the other may be missing."""
        start = self.token.start_mark
        if self.is_next(KeyToken):
            self.take()
        key = self.value()
        if self.is_next(ValueToken):
            mark = self.take().end_mark
            return Entry(start, key, _name(key), mark, self.value())
        nothing = Written(NOTHING, Span(self.end, self.end), self.end, self.end)
        return Entry(start, key, _name(key), None, nothing)

    def _flow(self, properties: _Properties) -> Written:
        opening = self.take()
        is_array = isinstance(opening, FlowSequenceStartToken)
        entries = []
        while not self.is_next(*_CLOSINGS):
            entry = self._item() if is_array else self._member()
            if self.is_next(FlowEntryToken):
                entry = entry._replace(comma=self.take().start_mark)
            entries.append(entry)
        span = opening.start_mark, self.take().end_mark
        whole = self._written(FLOW, span, properties)
        return whole._replace(is_array=is_array, entries=tuple(entries))

    def _item(self) -> Entry:
        start = self.token.start_mark
        if self.is_next(KeyToken, ValueToken):
            pair = self._member()
            plain = _Properties(None, start, None, is_shared=False)
            value = self._collection(PAIR, [pair], plain)
        else:
            value = self.value()
        return Entry(start, None, None, None, value)


def _name(key: Written) -> str | None:
    """Give the string that a key is, None where it is none."""
    if key.style not in (PLAIN, SINGLE, DOUBLE, *SCALAR_BLOCKS):
        return None
    tag = key.tag.name if key.tag else None
    try:
        name = scalar_value(key.text, tag, is_plain=key.style == PLAIN)
    except NotJsonError:
        return None
    return name if isinstance(name, str) else None
