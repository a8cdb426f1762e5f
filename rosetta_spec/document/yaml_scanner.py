"""Ruamel's scanner of YAML, with the few methods in which it does not follow YAML 1.2 replaced.

Replaced are: tabs between tokens and in plain scalars, long keys in flow mappings, tags between
brackets, `?` and `:` in plain scalars, blank rows before a block scalar.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, NoReturn

from ruamel.yaml import tokens
from ruamel.yaml.error import StringMark
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner, ScannerError, SimpleKey

from rosetta_spec.document.yaml_errors import INDENTED_BLANK, LONGEST_KEY, TAB
from rosetta_spec.document.yaml_scalars import is_marker_at, read_plain
from rosetta_spec.text import BOM

#: The styles of scalars in quotes.
QUOTES = ("'", '"')
_BLANK_OR_END = " \t\r\n\0"
_FLOW_INDICATORS = ",[]{}"
#: Whitespace between tokens: spaces, and whether a tab follows them.
_match_gap = re.compile(rf"{BOM}?([ ]*+)(\t?)[ \t]*+").match
_COMMENT = rf"(?<![^ \t\r\n{BOM}])#[^\r\n\0]*+"
#: Blank rows, and the spaces of the row after them.
_LEADING = r"((?:[ ]*(?:\r\n?|\n))*+)([ ]*)"
_URI = r"(?:[0-9A-Za-z\-#;/?:@&=+$_.~*'()]|%[0-9a-fA-F]{2})"
_TAG = rf"!<((?:{_URI}|[!,\[\]])++)>|(!(?:[0-9A-Za-z\-]*!)?)({_URI}++)|(!)(?!!)"
_HEADER = r"(?:([+-]?)([1-9]?)|([1-9])([+-]))(?:[ \t]+(?:#[^\r\n\0]*+)?)?(?=[\r\n\0])"


class _Reader(Reader):
    def check_printable(self, data: str) -> None:
        """Accept each character: the parser reports those that YAML does not allow."""

    def forward(self, length: int = 1) -> None:
        """Go on by some characters. Ruamel looks at each of them."""
        passed = self.buffer[self.pointer : self.pointer + length]
        if "\n" in passed or "\r" in passed or BOM in passed:
            super().forward(length)
        else:
            self.pointer += length
            self.index += length
            self.column += length


class YamlScanner(Scanner):
    """Ruamel's scanner, which remembers the tokens that its parser has taken."""

    #: Ruamel looks it up for each character.
    reader: Any = None

    def __init__(self, loader: Loader) -> None:
        self.content = loader.content
        self.reader = loader.reader
        self.taken: list[tokens.Token] = []
        self.line_end = 0
        super().__init__(loader)

    def get_token(self) -> Any:  # noqa: ANN401 - tokens are untyped in ruamel
        """Take the next token."""
        token = super().get_token()
        # A document may start with millions of directives.
        if not isinstance(token, tokens.DirectiveToken):
            self.taken.append(token)
        return token

    def _stop(
        self, problem: str, context: str | None = None, start: StringMark | None = None
    ) -> NoReturn:
        raise ScannerError(context, start, problem, self.reader.get_mark())

    def stale_possible_simple_keys(self) -> None:
        """Forget what can no longer be a key; the keys are in the order of the text."""
        while self.possible_simple_keys:
            level, key = next(iter(self.possible_simple_keys.items()))
            if not self._is_stale(key):
                return
            if key.required:
                self._stop("could not find expected ':'", None, key.mark)
            del self.possible_simple_keys[level]

    def _is_stale(self, key: SimpleKey) -> bool:
        """Whether it is too late for a `:` that would make `key` a key.

        In a flow mapping a scalar of any length may be one, and the `:` may be in a later
        row. Source: YAML 1.2.2, section 7.4.2.
        """
        if key.line == self.reader.line and self.reader.index - key.index <= LONGEST_KEY:
            return False
        *before, last = self.tokens[key.token_number - self.tokens_taken :]
        properties = (tokens.AnchorToken, tokens.TagToken)
        # A value has at most one of each.
        is_one_node = len(before) <= len(properties) and (
            isinstance(last, (tokens.ScalarToken, *properties))
            and all(isinstance(token, properties) for token in before)
        )
        return not (self.flow_context[-1:] == ["{"] and is_one_node)

    def check_key(self) -> bool:
        """Whether a `?` here asks for a key."""
        return self.reader.peek(1) in _BLANK_OR_END

    def check_value(self) -> bool:
        """Whether a `:` here asks for a value."""
        after = self.reader.peek(1)
        if after in _BLANK_OR_END or not self.flow_level:
            return after in _BLANK_OR_END
        last = self.tokens[-1] if self.tokens else None
        is_quoted = isinstance(last, tokens.ScalarToken) and last.style in QUOTES
        is_json = is_quoted or isinstance(
            last, (tokens.FlowMappingEndToken, tokens.FlowSequenceEndToken)
        )
        return is_json or after in _FLOW_INDICATORS

    def fetch_value(self) -> None:
        """Take a `:`; in a list it may follow nothing, which is an empty key."""
        last = (self.tokens or self.taken or [None])[-1]
        is_first = isinstance(last, (tokens.FlowSequenceStartToken, tokens.FlowEntryToken))
        if is_first and self.flow_context[-1:] == ["["]:
            mark = self.reader.get_mark()
            self.tokens.append(tokens.KeyToken(mark, mark))
        super().fetch_value()

    def check_plain(self) -> bool:
        """Whether a scalar without quotes can start here."""
        char, after = self.reader.peek(), self.reader.peek(1)
        if char in "-?:":
            return after not in _BLANK_OR_END + (_FLOW_INDICATORS if self.flow_level else "")
        return char not in ",[]{}#&*!|>'\"%@`\t"

    def scan_to_next_token(self) -> None:
        """Skip whitespace, comments and line breaks.

        After a tab no block collection can start in the row.
        """
        while True:
            start, is_row_start = self.reader.index, self.reader.column == 0
            gap = _match_gap(self.reader.buffer, start)
            assert gap is not None  # noqa: S101 - it matches nothing, too
            end = gap.end()
            if self.reader.buffer[end] == "#":
                comment = re.compile(_COMMENT).match(self.reader.buffer, end)
                end = comment.end() if comment else end
            if gap[2] and not self.flow_level and self.content[end : end + 1] not in "\r\n":
                if is_row_start and len(gap[1]) <= self.indent:
                    self.reader.forward(len(gap[1]))
                    self._stop(TAB)
                self.allow_simple_key = False
            self.reader.forward(end - start)
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> tokens.ScalarToken:
        """Read a scalar without quotes, in which tabs are ordinary whitespace."""
        mark = self.reader.get_mark()
        value, end = read_plain(self.content, mark.index, self.indent + 1, flow=self.flow_level > 0)
        self.reader.forward(end - mark.index)
        return tokens.ScalarToken(
            value, plain=True, start_mark=mark, end_mark=self.reader.get_mark()
        )

    def scan_tag(self) -> tokens.TagToken:
        """Read a tag, which ends at whitespace, and between brackets also at these and commas."""
        mark = self.reader.get_mark()
        match = re.compile(_TAG).match(self.reader.buffer, mark.index)
        ends = _BLANK_OR_END + (_FLOW_INDICATORS if self.flow_level else "")
        if match is None or self.reader.buffer[match.end()] not in ends:
            self._stop("found no tag", "while scanning a tag", mark)
        verbatim, handle, suffix, bare = match.groups()
        self.reader.forward(len(match[0]))
        return tokens.TagToken((handle, verbatim or suffix or bare), mark, self.reader.get_mark())

    def scan_block_scalar(self, style: str, rt: bool | None = False) -> tokens.ScalarToken:  # noqa: FBT001, FBT002 - as in ruamel
        """Read a scalar whose token ends with its last row that is not blank."""
        start = self.reader.index
        token: tokens.ScalarToken = super().scan_block_scalar(style, rt)
        if token.value.strip("\n"):
            text = self.content[self.line_end - 2 : self.line_end]
            end = self.line_end - (1 if text.endswith(("\r", "\n")) else 0)
            end -= text == "\r\n"
        else:
            header = re.compile(r"[|>][0-9+-]*+").match(self.content, start)
            end = header.end() if header else start + 1
        token.end_mark.index = end
        return token

    def scan_block_scalar_indicators(self, start_mark: Any) -> tuple[bool | None, int | None]:  # noqa: ANN401 - untyped in ruamel
        """Read what follows `|` or `>` in its row, a comment included."""
        header = re.compile(_HEADER).match(self.reader.buffer, self.reader.index)
        if header is None:
            self._stop("found no header", "while scanning a block scalar", start_mark)
        self.reader.forward(len(header[0]))
        chomping, increment = header[1] or header[4], header[2] or header[3]
        return {"+": True, "-": False}.get(chomping), int(increment) if increment else None

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, Any]:
        """Skip blank rows before the text of a block scalar; they may be indented less than it."""
        leading = re.compile(_LEADING).match(self.content, self.reader.index)
        assert leading is not None  # noqa: S101 - it matches nothing, too
        count, widest = 0, None
        for row in re.finditer(r"([ ]*)(?:\r\n?|\n)", leading[1]):
            count += 1
            widest = row if widest is None or len(row[1]) > len(widest[1]) else widest
        depth, width = len(leading[2]), len(widest[1]) if widest else 0
        is_marker = not depth and is_marker_at(self.content, leading.end())
        is_text = self.content[leading.end() : leading.end() + 1] not in "\r\n" and not is_marker
        if widest and depth < width and is_text and depth > self.indent:
            self.reader.forward(widest.start())
            self._stop(INDENTED_BLANK)
        self.reader.forward(leading.end(1) - leading.start())
        end_mark = self.reader.get_mark()
        self.reader.forward(depth)
        return ["\n" * count] if count else [], max(depth, width, is_marker), end_mark

    def scan_block_scalar_breaks(self, indent: int) -> Any:  # noqa: ANN401 - untyped in ruamel
        """Skip blank rows, after a row of a block scalar."""
        self.line_end = self.reader.index
        return super().scan_block_scalar_breaks(indent)


class Loader:
    """What ruamel's reader, scanner and parser look up on each other, with YAML 1.2 as version."""

    typ = "safe"
    comment_handling = None
    processing_version = (1, 2)

    def __init__(self, content: str, printable: str) -> None:
        self.content = content
        self.resolver = self
        self.doc_infos = [SimpleNamespace(tags=[])]
        self.reader = _Reader(printable, self)

    def restart(self, at: int) -> None:
        """Go to the start of a row where a document can start."""
        self.reader.pointer = self.reader.index = at
        self.reader.column = 0
        self.scanner = YamlScanner(self)
        self.parser = Parser(self)

    def before_item(self) -> tuple[int, int] | None:
        """Return the offset and column of the dash or comma before an item of a list.

        It must be the next token, the last one that is read, and between no brackets of a key.
        """
        scanner, ahead = self.scanner, self.scanner.tokens
        kind = tokens.FlowEntryToken if scanner.flow_level else tokens.BlockEntryToken
        if len(ahead) == 1 and type(ahead[0]) is kind and not scanner.possible_simple_keys:
            return ahead[0].start_mark.index, ahead[0].start_mark.column
        return None

    def before_member(self) -> tuple[int, int] | None:
        """Return the offset where the value of a member in block style ends, and its column."""
        scanner = self.scanner
        is_ready = not (scanner.tokens or scanner.flow_level or scanner.possible_simple_keys)
        return (self.reader.index, scanner.indent) if is_ready else None

    def go_to(self, at: int) -> None:
        """Go on at an offset after that of `before_item` or `before_member`, with a like token."""
        reader, ahead = self.reader, self.scanner.tokens
        start = ahead[0].start_mark if ahead else reader.get_mark()
        rows = self.content.count("\n", start.index, at)
        row_start = self.content.rfind("\n", start.index, at) + 1
        reader.pointer = reader.index = at
        reader.line = start.line + rows
        reader.column = at - row_start if rows else start.column + at - start.index
        if ahead:
            mark = reader.get_mark()
            reader.forward()
            self.scanner.tokens = [type(ahead[0])(mark, reader.get_mark())]
