"""Events of ruamel.yaml's parser, with the spans that they lack: all that a tree is made of."""

import re
from bisect import bisect_right
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
    Node,
    NodeStyle,
    Object,
    Scalar,
    Tag,
)
from rosetta_spec.document.yaml_errors import STRAY, YamlErrorPlace, explain, forbidden_character
from rosetta_spec.document.yaml_scanner import QUOTES, Loader
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import BOM, Span, Spans, long_property

_KINDS: dict[type[events.Event], type[Node]] = {
    events.AliasEvent: Alias,
    events.ScalarEvent: Scalar,
    events.SequenceStartEvent: Array,
    events.MappingStartEvent: Object,
}
_SIGNS = (tokens.FlowEntryToken, tokens.BlockEntryToken, tokens.KeyToken, tokens.ValueToken)
_WEIGHTLESS = (
    tokens.BlockEndToken,
    tokens.BlockMappingStartToken,
    tokens.BlockSequenceStartToken,
    tokens.StreamEndToken,
)
_DOCUMENT_ENDS = (tokens.DocumentStartToken, tokens.DocumentEndToken, tokens.StreamEndToken)

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


class Event(NamedTuple):
    """A scalar, an alias, the start of a list or an object, or the end of one.

    `kind` is the class of the node, None at an end. `text` is that of a scalar, or the name of an
    alias. `span` is that of a scalar or an alias; of a collection it is the first character.
    `comma`, `dash`, `question` and `colon` are the signs before it; where a key needs no `?`, its
    span is empty.
    """

    kind: type[Node] | None
    style: NodeStyle
    text: str
    span: Span
    tag: Tag | None
    anchor: Anchor | None
    comma: Span | None
    dash: Span | None
    question: Span | None
    colon: Span | None


class EventReader:
    """Reads the events of a text.

    `comments` are those passed so far. `start` is where the document starts that is being read,
    None between documents. `end` is the end of the last token that has text.

    The methods that read raise a `FatalError` at the first place that is no YAML.
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
        self.end = self._passed = at
        self._quoted = Spans()

    def next_document(self) -> int | None:
        """Go to the next document, and return where it starts; None if there is none."""
        self.start = None
        while not isinstance(event := self._step()[0], events.StreamEndEvent):
            if isinstance(event, events.DocumentStartEvent):
                self.start = event.start_mark.index
                return self.start
        if error := self._forbidden_before(len(self.content)):
            raise error
        return None

    def end_document(self) -> int:
        """Check what follows a document, and return where that starts."""
        token = self._guarded(self._loader.scanner.peek_token)
        end: int = token.start_mark.index
        if not isinstance(token, _DOCUMENT_ENDS):
            raise self.first_of(explain(YamlErrorPlace(self.content, end, STRAY)))
        marker_end = token.end_mark.index
        is_marker = isinstance(token, tokens.DocumentEndToken)
        if is_marker and not re.compile(_REST).match(self.content, marker_end):
            raise self.first_of(explain(YamlErrorPlace(self.content, marker_end + 1, STRAY)))
        if error := self._forbidden_before(end):
            raise error
        self._note_comments(self._passed, end)
        self._passed = max(self._passed, end)
        return end

    def next(self) -> Event:
        """Read the next event of a document."""
        event, taken = self._step()
        spans: dict[type[tokens.Token], Span] = {}
        for token in taken:
            spans.setdefault(type(token), Span(token.start_mark.index, token.end_mark.index))
        tag_span, anchor_span = spans.get(tokens.TagToken), spans.get(tokens.AnchorToken)
        tag = Tag(event.tag, tag_span) if tag_span else None
        anchor = Anchor(self._original(event.anchor), anchor_span, ROOT) if anchor_span else None
        comma, dash, question, colon = map(spans.get, _SIGNS)
        kind, style, text = _KINDS.get(type(event)), NodeStyle.NOTHING, ""
        span = spans.get(tokens.ScalarToken) or spans.get(tokens.AliasToken)
        if kind is Scalar:
            text = self._original(event.value)
            if span:
                style = NodeStyle(taken[-1].style or NodeStyle.PLAIN)
            else:
                sign = dash or colon or question
                mark = sign.end if sign and sign.start < sign.end else None
                span = self._place_of_nothing(event, mark, tag, anchor)
        elif kind is Alias:
            style, text = NodeStyle.ALIAS, self._original(event.anchor)
        elif kind:
            opening = self._loader.scanner.peek_token()
            start = opening.start_mark.index
            span = Span(start, start + 1)
            style = NodeStyle.FLOW if event.flow_style else NodeStyle.BLOCK
            is_pair = not isinstance(opening, tokens.FlowMappingStartToken)
            if kind is Object and event.flow_style and is_pair:
                style = NodeStyle.PAIR
        place = span or Span(self.end, self.end)
        return Event(kind, style, text, place, tag, anchor, comma, dash, question, colon)

    def _place_of_nothing(
        self,
        event: Any,  # noqa: ANN401 - untyped in ruamel
        mark: int | None,
        tag: Tag | None,
        anchor: Anchor | None,
    ) -> Span:
        """Return where a value is that is written as nothing; `mark` is the end of its sign."""
        at = self.end
        if tag or anchor:
            # Without a comment between them it is in front of its tag.
            start = min(part.span.start for part in (tag, anchor) if part)
            is_behind = mark is not None and not self.content[mark:start].strip()
            at = mark if mark is not None and is_behind else at
        elif event.start_mark.index != at:
            colon = self._loader.scanner.peek_token()
            at = colon.start_mark.index if isinstance(colon, tokens.ValueToken) else at
        return Span(at, at)

    def may_be_alias(self, name: str) -> bool:
        """Whether there may be an alias with a name in the text, which may have many anchors."""
        return name.partition("*")[0] in self._alias_names

    @long_property
    def _alias_names(self) -> set[str]:
        """What is after each asterisk, up to the next one."""
        return set(re.findall(r"\*([^ \t\r\n,\[\]{}*]*+)", self.content))

    def before_words(self, *, is_member: bool) -> tuple[int, int] | None:
        """Return where the next entry starts, and its column, if it may be some words."""
        return self._loader.before_member() if is_member else self._loader.before_item()

    def pass_words(self, start: int, end: int, after: int) -> None:
        """Pass entries from `start` to `end`; what follows them, at `after`, is like `start`."""
        self._note_comments(self._passed, start)
        self._passed = self.end = end
        self._loader.go_to(after)

    def _step(self) -> tuple[Any, list[Any]]:
        """Let ruamel read an event; return it with its tokens."""
        event = self._guarded(self._loader.parser.state)
        scanner = self._loader.scanner
        taken, scanner.taken = scanner.taken, []
        for token in taken:
            self._pass(token)
        if isinstance(event, (events.DocumentEndEvent, events.StreamStartEvent)):
            # Ruamel expects one `...` at most.
            while self._guarded(scanner.check_token, tokens.DocumentEndToken):
                self._pass(scanner.get_token())
                scanner.taken = []
        return event, taken

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
        raise self.first_of(fatal)

    def _error_at(self, at: int, said: str, key: int | None = None) -> FatalError:
        opened = tuple(mark.index for mark in self._loader.parser.marks)
        return explain(YamlErrorPlace(self.content, at, said, key, opened))

    def first_of(self, error: FatalError) -> FatalError:
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
        if not isinstance(token, _WEIGHTLESS):
            self.end = end
        if self._restricted and getattr(token, "style", None) in QUOTES:
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
