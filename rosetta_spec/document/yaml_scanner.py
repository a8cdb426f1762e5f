"""The tokens of a YAML text: ruamel's scanner, with its reading of characters replaced by ours.

Ruamel decides where collections, keys and values are. What the characters of scalars, tags,
directives, comments and blanks mean is read here, strictly as YAML 1.2 says and with exact ends.
Every mark is a plain offset.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEndToken,
    DirectiveToken,
    FlowMappingEndToken,
    FlowSequenceEndToken,
    ScalarToken,
    StreamEndToken,
    TagToken,
)

from rosetta_spec.document.yaml_block_scalar import read_block_scalar
from rosetta_spec.document.yaml_fault import (
    FatalError,
    find_unquotable,
    forbidden_character,
    tab_indents,
)
from rosetta_spec.document.yaml_plain import read_plain
from rosetta_spec.document.yaml_quoted import read_quoted
from rosetta_spec.text import BOM, Span

if TYPE_CHECKING:
    from ruamel.yaml.scanner import SimpleKey
    from ruamel.yaml.tokens import Token

#: What ruamel reads at the end of the text; the text itself is not to have it.
_END = "\0"
_BLANK_OR_END = " \t\r\n\0"
_FLOW_INDICATORS = ",[]{}"
_FLOW_OR_END = _BLANK_OR_END + _FLOW_INDICATORS

#: Of all keys but those of flow mappings.
_LONGEST_KEY = 1024

#: Ruamel takes these for line breaks, as YAML 1.1 did; they are ordinary characters.
_OLD_BREAKS = "\x85\u2028\u2029"

_match_blanks = re.compile(r"([ ]*+)(\t?)[ \t]*+").match
_match_line_break = re.compile(r"\r\n?|\n").match
_match_comment = re.compile(r"#[^\r\n]*+").match
_match_name = re.compile(r"[&*]([^ \t\r\n,\[\]{}]++)").match
_match_bom = re.compile(rf"{BOM}(---(?=[ \t\r\n]|\Z))?").match

_URI = r"(?:[0-9A-Za-z\-#;/?:@&=+$_.!~*'(),\[\]]|%[0-9a-fA-F]{2})"
_TAG = r"(?:[0-9A-Za-z\-#;/?:@&=+$_.~*'()]|%[0-9a-fA-F]{2})"
_HANDLE = r"!(?:[0-9A-Za-z\-]*!)?"
_match_tag = re.compile(rf"!<({_URI}++)>|({_HANDLE})({_TAG}++)|(!)(?!!)").match

_NOTHING = r"[ \t]*+(?:(?<=[ \t])#[^\r\n]*+)?(?=[\r\n]|\Z)"
_match_directive = re.compile(r"%([^ \t\r\n]++)[^\r\n]*+").match
_match_version = re.compile(rf"%YAML[ \t]++([0-9]++)\.([0-9]++){_NOTHING}").match
_match_handle = re.compile(rf"%TAG[ \t]++({_HANDLE})[ \t]++({_URI}++){_NOTHING}").match

_QUOTES = "'\""
_WEIGHTLESS = (BlockEndToken, StreamEndToken)


class Cursor:
    """A place in the text, which `line` starts the line of; what ruamel calls a reader.

    `buffer` is the text as ruamel is to see it: of the same length, and ending in `_END`s.
    """

    encoding = None

    def __init__(self, content: str, start: int) -> None:
        self.content = content
        self.buffer = _without_old_breaks(content.replace(_END, "\1")) + 4 * _END
        self.index = self.line = start
        self.forbidden = self._next_forbidden()

    @property
    def column(self) -> int:
        return self.index - self.line

    def peek(self, ahead: int = 0) -> str:
        return self.buffer[self.index + ahead]

    def prefix(self, length: int = 1) -> str:
        return self.buffer[self.index : self.index + length]

    def forward(self, length: int = 1) -> None:
        self.move(self.index + length)

    def move(self, end: int, line: int | None = None) -> None:
        """Go on to `end`, perhaps on a new line, over characters that stand in no quotes."""
        if end > self.forbidden:
            raise forbidden_character(self.content, self.forbidden)
        self.index = end
        if line is not None:
            self.line = line

    def jump(self, end: int) -> None:
        """Go on to `end` over characters that may stand where they do."""
        last_break = max(
            self.content.rfind("\n", self.index, end), self.content.rfind("\r", self.index, end)
        )
        self.index = end
        self.line = max(self.line, last_break + 1)
        if end > self.forbidden:
            self.forbidden = self._next_forbidden()

    def get_mark(self) -> int:
        return self.index

    def _next_forbidden(self) -> int:
        match = find_unquotable(self.content, self.index)
        return match.start() if match else len(self.content)


def _without_old_breaks(content: str) -> str:
    """Replace them by private characters that the text does not have."""
    if content.isascii() or not any(char in content for char in _OLD_BREAKS):
        return content
    taken = set(content)
    free = (code for code in range(0xE000, 0xF900) if chr(code) not in taken)
    return content.translate(dict(zip(map(ord, _OLD_BREAKS), free, strict=False)))


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
        #: How many tokens there were when the last document ended.
        self.closed_at = 1
        super().__init__(loader)

    @property
    def scanner_processing_version(self) -> tuple[int, int]:
        """Whatever a %YAML directive says."""
        return (1, 2)

    @property
    def fetched(self) -> int:
        """How many tokens there were so far."""
        return self.tokens_taken + len(self.tokens)

    def get_token(self) -> Token:
        token: Token = super().get_token()
        self.start = token.start_mark
        if not isinstance(token, _WEIGHTLESS):
            self.end = token.end_mark
        if isinstance(token, AnchorToken):
            self.anchor = Span(token.start_mark, token.end_mark)
        return token

    # Possible keys: the dictionary is in the order of the text, so that the first ones are the
    # oldest, and a look at these is enough.

    def next_possible_simple_key(self) -> int | None:
        for key in self.possible_simple_keys.values():
            number: int = key.token_number
            return number
        return None

    def stale_possible_simple_keys(self) -> None:
        while self.possible_simple_keys:
            level, key = next(iter(self.possible_simple_keys.items()))
            if not self._is_stale(key):
                return
            if key.required:
                raise ScannerError(None, key.mark, "could not find expected ':'", self.cursor.index)
            del self.possible_simple_keys[level]

    def _is_stale(self, key: SimpleKey) -> bool:
        """Say whether it is too late for a `:` that would make `key` a key.

        In a flow mapping the `:` is free to stand on a later line.
        """
        if key.line == self.cursor.line and self.cursor.index - key.index <= _LONGEST_KEY:
            return False
        is_last = key.token_number == self.fetched - 1
        in_mapping = self.flow_context[-1:] == ["{"]
        return not (in_mapping and is_last and isinstance(self.tokens[-1], ScalarToken))

    # What a character starts.

    def check_key(self) -> bool:
        return self.cursor.peek(1) in _BLANK_OR_END

    def check_value(self) -> bool:
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

    def check_plain(self) -> bool:
        char = self.cursor.peek()
        if char in "-?:":
            return self.cursor.peek(1) not in (_FLOW_OR_END if self.flow_level else _BLANK_OR_END)
        return char not in ",[]{}#&*!|>'\"%@`"

    def fetch_document_end(self) -> None:
        super().fetch_document_end()
        self.closed_at = self.fetched

    # What lies between tokens.

    def scan_to_next_token(self) -> None:
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
            self.cursor.line = self.cursor.index

    def _skip_blanks(self) -> None:
        """Skip blanks and a comment; where a tab was, no block collection starts on the line."""
        start = self.cursor.index
        match = _match_blanks(self.content, start)
        end = match.end() if match else start
        starts_line = start == self.cursor.line
        if end > start or starts_line:
            comment = _match_comment(self.content, end)
            end = comment.end() if comment else end
        has_more = self.cursor.buffer[end] not in "\r\n\0"
        if match and match[2] and has_more and not self.flow_level:
            if starts_line and len(match[1]) <= self.indent:
                raise tab_indents(match.start(2))
            self.allow_simple_key = False
        self.cursor.move(end)

    # Tokens that are more than one character.

    def scan_plain(self) -> ScalarToken:
        start = self.cursor.index
        plain = read_plain(self.content, start, self.indent + 1, flow=bool(self.flow_level))
        if plain is None:
            self._stop_at(start)
        self.cursor.move(plain.end, plain.last_line)
        return ScalarToken(plain.value, plain=True, start_mark=start, end_mark=plain.end)

    def scan_flow_scalar(self, style: str) -> ScalarToken:
        start = self.cursor.index
        value, end = read_quoted(self.content, start)
        self.cursor.jump(end)
        return ScalarToken(value, plain=False, start_mark=start, end_mark=end, style=style)

    def fetch_block_scalar(self, style: str) -> None:
        self.allow_simple_key = True
        self.remove_possible_simple_key()
        start = self.cursor.index
        value, end, line = read_block_scalar(self.content, start, self.indent)
        self.cursor.move(end, line)
        self.tokens.append(
            ScalarToken(value, plain=False, start_mark=start, end_mark=end, style=style)
        )

    def fetch_alias(self) -> None:
        self._fetch_name(AliasToken)

    def fetch_anchor(self) -> None:
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
        start = self.cursor.index
        match = _match_tag(self.content, start)
        after = match and self.cursor.buffer[match.end()]
        if match is None or after not in (_FLOW_OR_END if self.flow_level else _BLANK_OR_END):
            raise _wrong_tag(self.content, start)
        self.cursor.move(match.end())
        verbatim, handle, suffix, bare = match.groups()
        return TagToken((handle, verbatim or suffix or bare), start, match.end())

    def scan_directive(self) -> DirectiveToken:
        start = self.cursor.index
        match = _match_directive(self.content, start)
        if match is None:
            self._stop_at(start)
        self.cursor.move(match.end())
        value = _directive_value(self.content, start, match)
        return DirectiveToken(match[1], value, start, match.end())

    def _stop_at(self, start: int) -> NoReturn:
        problem = f"found character {self.content[start]!r} that cannot start any token"
        raise ScannerError(None, None, problem, start)


def _directive_value(
    content: str, start: int, directive: re.Match[str]
) -> tuple[int | str, int | str] | None:
    """Give the version or the handle and its prefix; YAML wants other directives ignored."""
    if directive[1] == "YAML":
        version = _match_version(content, start)
        if version is None:
            raise FatalError(Span(*directive.span()), "this names no version", "write %YAML 1.2")
        return (int(version[1][:9]), int(version[2][:9]))
    if directive[1] == "TAG":
        handle = _match_handle(content, start)
        if handle is None:
            cause = "a %TAG directive is a handle and a prefix"
            raise FatalError(Span(*directive.span()), cause, "write %TAG !name! prefix")
        return (handle[1], handle[2])
    return None


def _wrong_tag(content: str, start: int) -> FatalError:
    match = re.compile(r"[^ \t\r\n,\[\]{}]++").match(content, start)
    end = match.end() if match else start + 1
    cause = "a tag cannot be written like this"
    return FatalError(Span(start, end), cause, "remove it, or quote the value if the ! is text")
