"""Parse YAML with ruamel.yaml into trees: its events, with the spans that they lack."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from ruamel.yaml import events, tokens
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from rosetta_spec.document.syntax_errors import FatalError
from rosetta_spec.document.tree import (
    BLOCK_SCALARS,
    Alias,
    Anchor,
    Array,
    Entry,
    Node,
    NodeStyle,
    Object,
    Scalar,
    Tag,
)
from rosetta_spec.document.values import Json
from rosetta_spec.document.yaml_errors import (
    STRAY,
    YamlErrorPlace,
    explain,
    forbidden_character,
    too_deep,
)
from rosetta_spec.document.yaml_nodes import (
    Anchored,
    PackedEntries,
    PackedNode,
    PackedPart,
    Words,
    name_of,
    new_collection,
    new_scalar,
)
from rosetta_spec.document.yaml_scalars import scalar_value
from rosetta_spec.document.yaml_scanner import QUOTES, Loader
from rosetta_spec.fast.formats import MAX_ALIAS_NODES, MAX_NESTING
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import BOM, Span, Spans

_WEIGHTLESS = (
    tokens.BlockEndToken,
    tokens.BlockMappingStartToken,
    tokens.BlockSequenceStartToken,
    tokens.StreamEndToken,
)
_DOCUMENT_ENDS = (tokens.DocumentStartToken, tokens.DocumentEndToken, tokens.StreamEndToken)

#: When a collection contains this many nodes, its entries so far are packed.
_MANY = 200
#: Words are not looked for among so many entries, the first ones of a collection.
_FEW = 10
#: The number of packed parts that are kept as plain data, those that were used last.
_RECENT = 30
#: The maximum number of entries that are kept as words together.
_MOST_WORDS = 1000

#: Exceptions of bugs in ruamel, which occur only in invalid texts.
_CRASHES = (AssertionError, AttributeError, LookupError, ValueError, OverflowError, YAMLError)

#: Characters that are ordinary in YAML 1.2; ruamel takes them for line breaks.
_OLD_BREAKS = "\x85\u2028\u2029"
#: Characters that are allowed only between quotes, and those that are allowed nowhere.
_QUOTED_ONLY = "\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff"
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f"
_RESTRICTED = f"[{_QUOTED_ONLY}{_CONTROL}]"
_SPECIAL = f"[{_OLD_BREAKS}{_QUOTED_ONLY}{_CONTROL}]"
#: Private characters, to replace special ones while ruamel looks at the text, and then surrogates,
#: which UTF-8 lacks, but ruamel does not allow in the names of anchors.
_PRIVATE = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE), range(0xD800, 0xE000))
_ESCAPES = r"\\u([0-9A-Fa-f]{4})|\\U000([0-9A-Fa-f]{5})"

_COMMENT = rf"(?<![^ \t\r\n{BOM}])#[^\r\n]*+"
_WORDS = r"(?P<written>(?P<quote>\"?)(?P<text>[0-9A-Za-z_][\w./-]*+(?:[ ]++[\w./-]++)*+)(?P=quote))"
#: The dash before an item that is some words, if another dash follows in its column.
_BLOCK_WORDS = r"-[ ]+WORDS\r?\n[ ]{COLUMN}(?=-[ ])"
#: The comma before an item that is some words, if another comma follows.
_FLOW_WORDS = r",[ ]*+(?:\r?\n[ ]*+)?WORDS(?=,)"
#: The end of the row before a member whose value is some words, if another key may follow.
_MEMBER_WORDS = (
    r"\r?\n[ ]{COLUMN}(?P<key>(\"?)(?P<name>[A-Za-z_][\w-]{0,100}+)\2):[ ]+WORDS"
    r"(?=\r?\n[ ]{COLUMN}\w)"
)
#: What may follow `...` in its row.
_REST = r"[ \t]*+(?:(?<=[ \t])#[^\r\n]*+)?(?=[\r\n]|\Z)"
_ROW_START = r"(?:\A|(?<=[\r\n]))"
#: Blank rows and comments, each perhaps after a byte order mark, as far as they follow each other.
#: They are between documents if they are `after` or `before` what is there.
#: Source: YAML 1.2.2, section 9.2.
_BLANK_ROWS = (
    rf"{_ROW_START}(?P<after>\.\.\.{_REST}(?:\r\n?|\n)|\A)?"
    r"(?:MARK?+[ \t]*+(?:#[^\r\n]*+)?(?:\r\n?|\n))*+MARK?+"
    r"(?=(?P<before>---(?:[ \t\r\n]|\Z)|[ \t]*+(?:#[^\r\n]*+)?\Z)?)"
)


class Parsed(NamedTuple):
    """A document: `start` is the offset of its `---` or first token, `end` that of what follows.

    One that `is_cut` has too many aliases, and was read up to the first of these at `end`.
    `undefined` is the first alias without an anchor.
    """

    root: Node
    start: int
    end: int
    is_cut: bool = False
    undefined: Span | None = None


class YamlParser:
    """Parses the documents of a text.

    `comments` are those passed so far. `start` is where the document starts that is being parsed,
    None between documents.
    """

    def __init__(self, content: str) -> None:
        self.content = content
        self.comments = Spans()
        printable, self._originals = _printable(content)
        # Offsets of characters that are not allowed everywhere, the next one last.
        restricted = re.finditer(_RESTRICTED, content) if self._originals else ()
        self._restricted = [
            match.start() for match in restricted if printable[match.start()] != BOM
        ][::-1]
        self._loader = Loader(content, printable)

    def restart(self, at: int) -> None:
        """Go to the start of a row where a document can start."""
        self._loader.restart(at)
        while self._restricted and self._restricted[-1] < at:
            self._restricted.pop()
        self.start: int | None = None
        self._depth = 0
        #: The tokens taken with the last event, and the end of the last token that has text.
        #: `_lead_end` is the end of the one before if the last one is a scalar or an alias.
        self._tokens: list[tokens.Token] = []
        self._end = self._lead_end = self._passed = at
        self._quoted = Spans()
        self._forget_document()

    def _forget_document(self) -> None:
        #: The nodes of the document by their anchors.
        self._anchors: dict[str, Anchored] = {}
        self._undefined: Span | None = None
        #: The least number of values that aliases stand for so far.
        self._borrowed = 0
        #: How many nodes were read, those that are packed counted as one.
        self._loose = 0
        self._rows_of = lru_cache(_RECENT)(PackedPart.rows)

    def documents(self) -> Iterator[Parsed]:
        """Yield the documents from here on; after one that is cut, restart the parser.

        Raises:
            FatalError: at the first place that is no YAML, or is nested too deep.
        """
        while not isinstance(event := self._next_event(), events.StreamEndEvent):
            if isinstance(event, events.DocumentStartEvent):
                self.start = event.start_mark.index
                self._forget_document()
                root = self._node(self._next_event(), None)
                if isinstance(root, Scalar) and root.style == NodeStyle.NOTHING:
                    root.span = Span(self.start, self.start)
                is_cut = self._is_full
                self._anchors = {}
                end = self._end if is_cut else self._next_document()
                yield Parsed(root, self.start, end, is_cut, self._undefined)
                self.start = None
        error = self._forbidden_before(len(self.content))
        if error:
            raise error

    def _next_document(self) -> int:
        """Check what follows a document, and return where that starts."""
        token = self._guarded(self._loader.scanner.peek_token)
        end: int = token.start_mark.index
        if not isinstance(token, _DOCUMENT_ENDS):
            raise self._first_of(explain(YamlErrorPlace(self.content, end, STRAY)))
        marker_end = token.end_mark.index
        is_marker = isinstance(token, tokens.DocumentEndToken)
        if is_marker and not re.compile(_REST).match(self.content, marker_end):
            raise self._first_of(explain(YamlErrorPlace(self.content, marker_end + 1, STRAY)))
        error = self._forbidden_before(end)
        if error:
            raise error
        self._note_comments(self._passed, end)
        self._passed = max(self._passed, end)
        return end

    def _next_event(self) -> events.Event:
        event: events.Event = self._guarded(self._loader.parser.state)
        scanner = self._loader.scanner
        self._tokens, scanner.taken = scanner.taken, []
        for token in self._tokens:
            self._pass(token)
        if isinstance(event, (events.DocumentEndEvent, events.StreamStartEvent)):
            # Ruamel expects one `...` at most.
            while self._guarded(scanner.check_token, tokens.DocumentEndToken):
                self._pass(scanner.get_token())
                scanner.taken = []
        return event

    def _guarded(self, step: Any, *arguments: Any) -> Any:  # noqa: ANN401 - untyped in ruamel
        """Let ruamel do a step and convert its error."""
        try:
            return step(*arguments)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            key = error.context_mark.index if error.context_mark else None
            fatal = self._error_at(mark.index, f"{error.context}: {error.problem}", key)
        except _CRASHES:
            fatal = self._error_at(self._loader.reader.index, "crashed")
        raise self._first_of(fatal)

    def _error_at(self, at: int, said: str, key: int | None = None) -> FatalError:
        opened = tuple(mark.index for mark in self._loader.parser.marks)
        return explain(YamlErrorPlace(self.content, at, said, key, opened))

    def _first_of(self, error: FatalError) -> FatalError:
        """Prefer a forbidden character where one is: the parser may have stumbled over it."""
        span = error.problem.span
        scanner = self._loader.scanner
        for token in chain(scanner.taken, scanner.tokens):
            self._pass(token)
        self._note_comments(self._passed, span.start)
        end = min(max(span.end, span.start + 1), len(self.content))
        return self._forbidden_before(end) or error

    def _forbidden_before(self, end: int) -> FatalError | None:
        while self._restricted and self._restricted[-1] < end:
            at = self._restricted.pop()
            index = bisect_right(self._quoted, (at,)) - 1
            is_quoted = index >= 0 and at < self._quoted[index].end
            # A control character is allowed nowhere.
            if self.content[at] < " " or not is_quoted:
                return forbidden_character(self.content, at)
        return None

    def _pass(self, token: tokens.Token) -> None:
        start, end = token.start_mark.index, token.end_mark.index
        self._note_comments(self._passed, start)
        self._lead_end = self._end
        if not isinstance(token, _WEIGHTLESS):
            self._end = end
        if not isinstance(token, (tokens.ScalarToken, tokens.AliasToken)):
            self._lead_end = self._end
        elif self._restricted and getattr(token, "style", None) in QUOTES:
            self._quoted.append(Span(start, end))
        self._passed = max(self._passed, end)
        if isinstance(token, tokens.ScalarToken) and token.style in BLOCK_SCALARS:
            header = re.compile(r"[^\r\n]*+").match(self.content, start)
            header_end = header.end() if header else start
            self._note_comments(start, header_end)
            # The scalar may end before the comment, if no row follows.
            self._passed = max(self._passed, header_end)

    def _note_comments(self, start: int, end: int) -> None:
        if self.content.find("#", start, end) >= 0:
            for match in re.compile(_COMMENT).finditer(self.content, start, end):
                self.comments.append(Span(match.start(), match.start() + len(match[0].rstrip())))

    # Nodes. Each method takes the event with which its node starts, after the tokens of the event.

    def _node(self, event: Any, mark: int | None) -> Node:  # noqa: ANN401 - untyped in ruamel
        """Read a node; `mark` is the offset after the colon or dash before it."""
        self._loose += 1
        lead_end = self._lead_end
        tag_span, anchor_span = self._span_of(tokens.TagToken), self._span_of(tokens.AnchorToken)
        tag = Tag(event.tag, tag_span) if tag_span else None
        anchor = Anchor(self._original(event.anchor), anchor_span, ROOT) if anchor_span else None
        if isinstance(event, events.AliasEvent):
            return self._alias(self._original(event.anchor), lead_end)
        if anchor:
            self._anchors[anchor.name] = anchor
        if isinstance(event, events.ScalarEvent):
            node: Node = self._scalar(event, mark, tag, anchor)
        else:
            node = self._collection(event, lead_end, tag)
        node.anchor = anchor
        # Inside it there may be the same anchor again, which is then the latest.
        if anchor and self._anchors[anchor.name] is anchor:
            self._anchors[anchor.name] = node
        return node

    def _alias(self, name: str, lead_end: int) -> Alias:
        alias = Alias(NodeStyle.ALIAS, self._last_span(), lead_end, name=name)
        self._borrowed += 1
        found = self._anchors.get(name)
        if found is None:
            self._undefined = self._undefined or alias.span
        elif isinstance(found, Anchor):
            found.uses += 1
        else:
            if isinstance(found, PackedNode):
                found = self._anchors[name] = found.node()
            alias.target = found
            alias.anchored.uses += 1
        return alias

    def _collection(
        self,
        event: Any,  # noqa: ANN401 - untyped in ruamel
        lead_end: int,
        tag: Tag | None,
    ) -> Array | Object:
        opening = self._loader.scanner.peek_token()
        start: int = opening.start_mark.index
        if self._depth == MAX_NESTING:
            raise too_deep(Span(start, start + 1))
        self._depth += 1
        style = NodeStyle.FLOW if event.flow_style else NodeStyle.BLOCK
        is_object = isinstance(event, events.MappingStartEvent)
        if (
            is_object
            and style == NodeStyle.FLOW
            and not isinstance(opening, tokens.FlowMappingStartToken)
        ):
            style = NodeStyle.PAIR
        entries = self._entries(self._member if is_object else self._item)
        self._depth -= 1
        span = Span(start, self._end)
        return new_collection(style, span, lead_end, tag, entries, is_object=is_object)

    def _scalar(
        self,
        event: Any,  # noqa: ANN401 - untyped in ruamel
        mark: int | None,
        tag: Tag | None,
        anchor: Anchor | None,
    ) -> Scalar:
        text = self._original(event.value)
        last = self._tokens[-1] if self._tokens else None
        if isinstance(last, tokens.ScalarToken):
            style = NodeStyle(last.style or NodeStyle.PLAIN)
            return new_scalar(style, self._last_span(), self._lead_end, tag, text)
        node = new_scalar(NodeStyle.NOTHING, Span(self._end, self._end), self._end, tag)
        at = self._end
        if tag or anchor:
            # Without a comment between them it is in front of its tag.
            start = min(part.span.start for part in (tag, anchor) if part)
            is_behind = mark is not None and not self.content[mark:start].strip()
            at = mark if mark is not None and is_behind else at
        elif event.start_mark.index != at:
            colon = self._loader.scanner.peek_token()
            at = colon.start_mark.index if isinstance(colon, tokens.ValueToken) else at
        node.span = Span(at, at)
        return node

    def _entries(self, read: Callable[[Any], Entry]) -> Sequence[Entry]:
        """Read the entries of a collection, each of which starts with an event."""
        entries: list[Entry] = []
        packed = PackedEntries(self._rows_of)
        before = self._loose
        while not self._is_full and not isinstance(
            event := self._next_entry(entries), events.CollectionEndEvent
        ):
            # The last comma is known now.
            if entries and self._loose - before >= _MANY:
                packed.add(entries, self._anchors)
                entries = []
                self._loose = before
            entries.append(read(event))
            words = self._words(entries) if packed or len(entries) > _FEW else ()
            if 2 * len(words) >= _MANY:
                packed.add(entries, self._anchors)
                packed.add_part(words)
                entries = []
                self._loose = before
            else:
                self._loose += len(words)
                entries += words
        if not packed:
            return entries
        if entries:
            packed.add(entries, self._anchors)
        self._loose = before
        return packed

    def _words(self, entries: list[Entry]) -> Sequence[Entry]:
        """Read the next entries whose values are some words; `entries` are those before them.

        Ruamel, which takes most of the time, goes on after them.
        """
        is_member = entries[-1].key is not None
        place = self._loader.before_member() if is_member else self._loader.before_item()
        if place is None:
            return ()
        start, column = place
        is_flow = self.content.startswith(",", start)
        pattern = _FLOW_WORDS if is_flow else _MEMBER_WORDS if is_member else _BLOCK_WORDS
        pattern = pattern.replace("WORDS", _WORDS).replace("COLUMN", str(column))
        match_words = re.compile(pattern, re.ASCII).match
        words = Words(self.content, match_words)
        known: dict[str, Json] = {}
        at = start
        while len(words) < _MOST_WORDS and (match := match_words(self.content, at)):
            if is_member and not words.add_name(match):
                break
            written = match["written"]
            if written not in known:
                known[written] = scalar_value(match["text"], None, is_plain=not match["quote"])
            words.append(at, known[written])
            end, at = match.end("written"), match.end()
        if words:
            self._note_comments(self._passed, start)
            self._passed = self._end = end
            if is_flow:
                entries[-1] = entries[-1]._replace(comma=start)
            self._loader.go_to(at)
        return words

    def _item(self, event: Any) -> Entry:  # noqa: ANN401 - untyped in ruamel
        dash = self._span_of(tokens.BlockEntryToken)
        node = self._node(event, dash.end if dash else None)
        start, mark = dash or (node.start, None)
        return Entry(start, None, None, mark, node)

    def _member(self, event: Any) -> Entry:  # noqa: ANN401 - untyped in ruamel
        question = self._span_of(tokens.KeyToken)
        is_explicit = question is not None and question.start < question.end
        key = self._node(event, question.end if question and is_explicit else None)
        start = question.start if question else key.start
        if self._is_full:
            return Entry(start, key, None, None, key)
        event = self._next_event()
        colon = self._span_of(tokens.ValueToken)
        mark = colon.end if colon else None
        return Entry(start, key, name_of(key), mark, self._node(event, mark))

    @property
    def _is_full(self) -> bool:
        """Whether aliases certainly stand for too many values; the rest need not be read."""
        return self._borrowed > MAX_ALIAS_NODES

    def _next_entry(self, entries: list[Entry]) -> events.Event:
        """Read the event with which an entry starts, and add the comma before it to the last."""
        event = self._next_event()
        comma = self._span_of(tokens.FlowEntryToken)
        if comma and entries:
            entries[-1] = entries[-1]._replace(comma=comma.start)
        return event

    def _span_of(self, kind: type[tokens.Token]) -> Span | None:
        for token in self._tokens:
            if type(token) is kind:
                return Span(token.start_mark.index, token.end_mark.index)
        return None

    def _last_span(self) -> Span:
        token = self._tokens[-1]
        return Span(token.start_mark.index, token.end_mark.index)

    def _original(self, text: str) -> str:
        return text.translate(self._originals) if self._originals else text


def _printable(content: str) -> tuple[str, dict[int, str]]:
    """Replace special characters by private ones, and return how to restore them."""
    text = content.replace("\n", "").replace("\r", "").replace("\t", "")
    # Nearly all texts are printable, which is known without compiling a pattern.
    if text.isprintable() or not re.search(_SPECIAL, content):
        return content, {}
    present = set(content)
    # Ruamel reads escapes, so that the characters they stand for come back from it, too.
    escapes = (match[1] or match[2] for match in re.finditer(_ESCAPES, content))
    taken = present.union(chr(int(code, 16)) for code in escapes)
    special = re.findall(_SPECIAL, "".join(sorted(present)))
    free = (char for char in map(chr, chain(*_PRIVATE)) if char not in taken)
    stand_ins = dict(zip(special, free, strict=False))
    printable = content.translate(str.maketrans(stand_ins))
    if mark := stand_ins.get(BOM):
        rows = _BLANK_ROWS.replace("MARK", mark)
        printable = re.sub(rows, lambda rows: _with_marks(rows, mark), printable)
    return printable, {ord(stand_in): char for char, stand_in in stand_ins.items()}


def _with_marks(rows: re.Match[str], stand_in: str) -> str:
    """Restore the byte order marks at the starts of rows if these are between documents."""
    is_between = rows["after"] is not None or rows["before"] is not None
    return re.sub(rf"{_ROW_START}{stand_in}", BOM, rows[0]) if is_between else rows[0]
