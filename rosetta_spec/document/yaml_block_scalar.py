"""Literal and folded YAML scalars (`|` and `>`): where they end, and their text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from rosetta_spec.document.yaml_fault import FatalError
from rosetta_spec.text import Span

_match_header = re.compile(
    r"[|>](?:([+-]?)([1-9]?)|([1-9])([+-]))"
    r"(?=([ \t]*+(?:(?<=[ \t])(#[^\r\n]*+))?(?:\r\n?|\n|\Z)))"
).match

#: The spaces of a line, what else is in it, and its line break.
_lines_from = re.compile(r"( *+)([^\r\n]*+)(\r\n?|\n|\Z)").finditer
_match_marker = re.compile(r"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)").match

_KEEP, _STRIP = "+", "-"


class BlockScalar(NamedTuple):
    """The text, the offset after the last character of content, and where that one's line starts.

    The line is None where there is no content; then the scalar ends with its header. `comment` is
    the one behind the header, if any.
    """

    value: str
    end: int
    last_line: int | None
    comment: Span | None


def read_block_scalar(content: str, start: int, indent: int) -> BlockScalar:
    """Read the scalar whose `|` or `>` is at `start`, inside a collection indented by `indent`.

    Outside all collections `indent` is -1.
    """
    header = _match_header(content, start)
    if header is None:
        raise _wrong_header(content, start)
    first = header.end(5)
    digit, chomp = header[2] or header[3], header[1] or header[4]
    depth = max(indent, 0) + int(digit) if digit else _detected_depth(content, first, indent + 1)
    lines = _Lines(depth)
    lines.read(content, first)
    end = lines.end or header.end()
    comment = Span(*header.span(6)) if header[6] else None
    return BlockScalar(lines.text(content[start], chomp), end, lines.last_line, comment)


def _detected_depth(content: str, at: int, least: int) -> int:
    """Find how far the first line with text is indented; blank lines above may not be further.

    Without such a line it is the longest of the blank ones that counts.
    """
    widest = Span(at, at)
    width = depth = 0
    for line in _lines_from(content, at):
        depth = len(line[1])
        if line[2]:
            break
        if depth > width:
            widest, width = Span(*line.span(1)), depth
    has_text = line[2] and depth >= least and not _match_marker(content, line.start())
    if has_text and depth < width:
        cause = "this blank line has more spaces than the text below it"
        raise FatalError(widest, cause, "remove its spaces")
    return depth if has_text else max(width, least)


class _Lines:
    """The lines of content of a scalar, those indented by `depth` or more.

    Each of `lines` is a text and the number of blank lines below it; `above` are the blank lines
    above the first one, `is_closed` says that the last one ends in a line break. `end` and
    `last_line` are those of a `BlockScalar`, without content 0 and None.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.lines: list[tuple[str, int]] = []
        self.above = 0
        self.is_closed = False
        self.end = 0
        self.last_line: int | None = None

    def read(self, content: str, at: int) -> None:
        for line in _lines_from(content, at):
            spaces, rest, line_break = line.groups()
            if not rest and len(spaces) <= self.depth:
                self._add_blank(len(line_break[:1]))
            elif len(spaces) < self.depth or _match_marker(content, line.start()):
                return
            else:
                self.lines.append((spaces[self.depth :] + rest, 0))
                self.end, self.last_line = line.end(2), line.start()
                self.is_closed = bool(line_break)

    def _add_blank(self, count: int) -> None:
        """Note a blank line; the end of the text is none."""
        if self.lines:
            text, blanks = self.lines[-1]
            self.lines[-1] = text, blanks + count
        else:
            self.above += count

    def text(self, style: str, chomp: str) -> str:
        """Join the lines, folded for `>`, and end them as `chomp` says."""
        if not self.lines:
            return "\n" * self.above if chomp == _KEEP else ""
        pieces = ["\n" * self.above]
        for (text, blanks), (below, _) in pairwise(self.lines):
            is_folded = style == ">" and text[0] not in " \t" and below[0] not in " \t"
            pieces += [text, ("\n" * blanks or " ") if is_folded else "\n" * (blanks + 1)]
        text, blanks = self.lines[-1]
        kept = 0 if chomp == _STRIP else 1 + blanks if chomp == _KEEP else 1
        return "".join([*pieces, text, "\n" * kept if self.is_closed else ""])


def _wrong_header(content: str, start: int) -> FatalError:
    line = next(_lines_from(content, start))
    return FatalError(
        Span(start + 1, line.end(2)),
        f"only an indentation from 1 to 9 and + or - can follow {content[start]}",
        "put the text on the next line, or quote the value",
    )
