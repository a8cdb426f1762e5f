"""The tokens of a YAML text: ruamel's scanner, with its reading of characters replaced by ours.

Ruamel decides where collections, keys and values are. What the characters of scalars, tags,
directives, comments and blanks mean is read here, strictly as YAML 1.2 says and with exact ends.
Every mark is a plain offset.
"""

from __future__ import annotations

import re

from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEndToken,
    DirectiveToken,
    FlowEntryToken,
    FlowMappingEndToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    KeyToken,
    ScalarToken,
    StreamEndToken,
    TagToken,
)

from rosetta_spec.document.yaml_block_scalar import read_block_scalar
from rosetta_spec.document.yaml_cursor import END
from rosetta_spec.document.yaml_fault import tab_indents
from rosetta_spec.document.yaml_plain import read_plain
from rosetta_spec.document.yaml_quoted import read_quoted
from rosetta_spec.document.yaml_tags import read_directive, read_tag
from rosetta_spec.text import BOM, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from ruamel.yaml.scanner import SimpleKey
    from ruamel.yaml.tokens import Token

    from rosetta_spec.document.yaml_cursor import Cursor

_BREAK_OR_END = "\r\n" + END
_BLANK_OR_END = " \t" + _BREAK_OR_END
_FLOW_INDICATORS = ",[]{}"
_FLOW_OR_END = _BLANK_OR_END + _FLOW_INDICATORS

#: Of all keys but those of flow mappings.
_LONGEST_KEY = 1024

_match_blanks = re.compile(r"([ ]*+)(\t?)[ \t]*+").match
_match_line_break = re.compile(r"\r\n?|\n").match
_match_comment = re.compile(r"#[^\r\n]*+").match
_match_name = re.compile(r"[&*]([^ \t\r\n,\[\]{}]++)").match
_match_bom = re.compile(rf"{BOM}(---(?=[ \t\r\n]|\Z))?").match

_QUOTES = "'\""
_WEIGHTLESS = (BlockEndToken, StreamEndToken)
_PROPERTIES = (AnchorToken, TagToken)
#: After these an entry of a flow list starts.
_ENTRY_STARTS = (FlowSequenceStartToken, FlowEntryToken)


class TokenScanner(Scanner):
    """Gives tokens on demand.

    `start` is that of the last token that was taken, `end` too, but only of a token with text;
    `anchor` is the span of the last anchor that was taken.
    """

    reader: Any = None

    def __init__(self, loader: object, cursor: Cursor) -> None:
        self.reader = self.cursor = cursor
        self.content = cursor.content
        self.start = self.end = cursor.index
        self.anchor = Span(0, 0)
        self._taken: Token | None = None
        #: How many tokens there were when the last document ended.
        self.closed_at = 1
        super().__init__(loader)

    @property
    def fetched(self) -> int:
        """How many tokens there were so far."""
        return self.tokens_taken + len(self.tokens)

    def get_token(self) -> object:
        """Take the next token."""
        token: Any = super().get_token()
        self._taken = token
        self.start = token.start_mark
        if not isinstance(token, _WEIGHTLESS):
            self.end = token.end_mark
        if isinstance(token, AnchorToken):
            self.anchor = Span(self.start, self.end)
        return token

    def check_token(self, *choices: type[Token]) -> bool:
        """Say whether the next token is of one of these types."""
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and isinstance(self.tokens[0], choices)

    # Possible keys: the dictionary is in the order of the text, so that the first ones are the
    # oldest, and a look at these is enough.

    def need_more_tokens(self) -> bool:
        """Say whether the next token is still unknown, or may be a key."""
        if not self.tokens:
            return not self.done
        self.stale_possible_simple_keys()
        for key in self.possible_simple_keys.values():
            return bool(key.token_number == self.tokens_taken)
        return False

    def stale_possible_simple_keys(self) -> None:
        """Forget what can no longer be a key."""
        while self.possible_simple_keys:
            level, key = next(iter(self.possible_simple_keys.items()))
            if not self._is_stale(key):
                return
            if key.required:
                raise ScannerError(None, key.mark, "could not find expected ':'", self.cursor.index)
            del self.possible_simple_keys[level]

    def _is_stale(self, key: SimpleKey) -> bool:
        """Say whether it is too late for a `:` that would make `key` a key.

        In a flow mapping the `:` is free to stand on a later line, and so is a key after its anchor
        or tag.
        """
        if key.line == self.cursor.line and self.cursor.index - key.index <= _LONGEST_KEY:
            return False
        *before, last = self.tokens[key.token_number - self.tokens_taken :]
        is_one_node = isinstance(last, (ScalarToken, *_PROPERTIES)) and all(
            isinstance(token, _PROPERTIES) for token in before
        )
        return not (self.flow_context[-1:] == ["{"] and is_one_node)

    # What a character starts.

    def check_key(self) -> bool:
        """Say whether a `?` here asks for a key."""
        return self.cursor.peek(1) in _BLANK_OR_END

    def check_value(self) -> bool:
        """Say whether a `:` here asks for a value."""
        after = self.cursor.peek(1)
        if after in _BLANK_OR_END:
            return True
        return bool(self.flow_level) and (after in _FLOW_INDICATORS or self._follows_json())

    def _follows_json(self) -> bool:
        """Say whether the token before is such that a `:` needs no blank after it."""
        last = self.tokens[-1] if self.tokens else None
        if isinstance(last, ScalarToken):
            return last.style is not None and last.style in _QUOTES
        return isinstance(last, (FlowMappingEndToken, FlowSequenceEndToken))

    def fetch_value(self) -> None:
        """Read a `:`; one with which an entry of a flow list starts has a key that is nothing."""
        last = self.tokens[-1] if self.tokens else self._taken
        if self.flow_context[-1:] == ["["] and isinstance(last, _ENTRY_STARTS):
            start: Any = self.cursor.index
            self.tokens.append(KeyToken(start, start))
        super().fetch_value()

    def check_plain(self) -> bool:
        """Say whether a scalar without quotes can start here."""
        char = self.cursor.peek()
        if char in "-?:":
            return self.cursor.peek(1) not in (_FLOW_OR_END if self.flow_level else _BLANK_OR_END)
        return char not in ",[]{}#&*!|>'\"%@`"

    def fetch_document_end(self) -> None:
        """Read `...`."""
        super().fetch_document_end()
        self.closed_at = self.fetched

    # What lies between tokens.

    def scan_to_next_token(self) -> None:
        """Skip blanks, comments and line breaks."""
        while True:
            self._skip_bom()
            self._skip_blanks()
            line_break = _match_line_break(self.content, self.cursor.index)
            if line_break is None:
                return
            self.cursor.move(line_break.end(), line_break.end())
            if not self.flow_level:
                self.allow_simple_key = True

    def _skip_bom(self) -> None:
        """Skip a byte order mark where a document can start."""
        match = _match_bom(self.content, self.cursor.index)
        if match and not self.cursor.column and (match[1] or self.fetched == self.closed_at):
            self.cursor.jump(match.start() + 1)
            self.cursor.start_line()

    def _skip_blanks(self) -> None:
        """Skip blanks and a comment; where a tab was, no block collection starts on the line."""
        start = self.cursor.index
        match = _match_blanks(self.content, start)
        end = match.end() if match else start
        starts_line = start == self.cursor.line
        if end > start or starts_line:
            comment = _match_comment(self.content, end)
            if comment:
                end = comment.end()
                self.cursor.note_comment(Span(*comment.span()))
        has_more = self.cursor.buffer[end] not in _BREAK_OR_END
        if match and match[2] and has_more and not self.flow_level:
            if starts_line and len(match[1]) <= self.indent:
                raise tab_indents(match.start(2))
            self.allow_simple_key = False
        self.cursor.move(end)

    # Tokens that are more than one character.

    def scan_plain(self) -> ScalarToken:
        """Read a scalar without quotes."""
        start = self.cursor.index
        plain = read_plain(self.content, start, self.indent + 1, flow=bool(self.flow_level))
        self.cursor.move(plain.end, plain.last_line)
        return ScalarToken(plain.value, plain=True, start_mark=start, end_mark=plain.end)

    def scan_flow_scalar(self, style: str) -> ScalarToken:
        """Read a quoted scalar."""
        start = self.cursor.index
        value, end = read_quoted(self.content, start)
        self.cursor.jump(end)
        return ScalarToken(value, plain=False, start_mark=start, end_mark=end, style=style)

    def fetch_block_scalar(self, style: str) -> None:
        """Read a literal or folded scalar."""
        self.allow_simple_key = True
        self.remove_possible_simple_key()
        start = self.cursor.index
        scalar = read_block_scalar(self.content, start, self.indent)
        self.cursor.move(scalar.end, scalar.last_line)
        # Without content the scalar ends before the comment, which is then still to be passed.
        if scalar.comment and scalar.last_line is not None:
            self.cursor.note_comment(scalar.comment)
        self.tokens.append(
            ScalarToken(
                scalar.value, plain=False, start_mark=start, end_mark=scalar.end, style=style
            )
        )

    def fetch_alias(self) -> None:
        """Read an alias."""
        self._fetch_name(AliasToken)

    def fetch_anchor(self) -> None:
        """Read an anchor."""
        self._fetch_name(AnchorToken)

    def _fetch_name(self, token: type[AliasToken | AnchorToken]) -> None:
        self.save_possible_simple_key()
        self.allow_simple_key = False
        start = self.cursor.index
        match = _match_name(self.content, start)
        if match is None:
            self._stop_at(start)
        self.cursor.move(match.end())
        self.tokens.append(token(match[1], start, match.end()))

    def scan_tag(self) -> TagToken:
        """Read a tag."""
        start = self.cursor.index
        tag = read_tag(self.content, start, flow=bool(self.flow_level))
        self.cursor.move(tag.end)
        return TagToken((tag.handle, tag.suffix), start, tag.end)

    def scan_directive(self) -> DirectiveToken:
        """Read a directive, with the rest of its line."""
        start = self.cursor.index
        directive = read_directive(self.content, start)
        self.cursor.move(directive.end)
        if directive.comment:
            self.cursor.note_comment(directive.comment)
        return DirectiveToken(directive.name, directive.value, start, directive.end)

    def _stop_at(self, start: int) -> NoReturn:
        problem = f"found character {self.content[start]!r} that cannot start any token"
        raise ScannerError(None, None, problem, start)
