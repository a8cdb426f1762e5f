"""Plain YAML scalars, those without quotes: where they end, and their text with lines folded."""

from __future__ import annotations

import re
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Matcher = Callable[[str, int], re.Match[str] | None]

_FLOW = r",\[\]{}"


def _line_matcher(more: str) -> Matcher:
    """Match what of a line belongs to a plain scalar in which the characters `more` may not be."""
    blank_or_end = rf"[ \t\r\n{more}]|\Z"
    word = rf"(?:[^ \t\r\n:#{more}]++|:(?!{blank_or_end})|(?<![ \t\r\n])#)++"
    return re.compile(rf"{word}(?:[ \t]++{word})*+").match


_match_block_line = _line_matcher("")
_match_flow_line = _line_matcher(_FLOW)

#: Line breaks, blank lines and the blanks of the next line: its spaces are in group 1.
_match_breaks = re.compile(r"[ \t]*+(?:(?:\r\n?|\n)([ ]*+)[ \t]*+)++").match
_count_breaks = re.compile(r"\r\n?|\n").findall
_match_marker = re.compile(r"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)").match


class Plain(NamedTuple):
    """A plain scalar: its text, where it ends, and where its last line starts (None: the first)."""

    value: str
    end: int
    last_line: int | None


def read_plain(content: str, start: int, indent: int, *, flow: bool) -> Plain:
    """Read the plain scalar at `start`; in block YAML, more lines have `indent` spaces or more."""
    match_line = _match_flow_line if flow else _match_block_line
    pieces: list[str] = []
    at = end = start
    line: int | None = None
    last_line = line
    glue = ""
    while match := match_line(content, at):
        pieces += [glue, match[0]]
        end, last_line = match.end(), line
        breaks = _match_breaks(content, end)
        if breaks is None or (not flow and len(breaks[1]) < indent):
            break
        line, at = breaks.start(1), breaks.end()
        if _match_marker(content, line):
            break
        glue = "\n" * (len(_count_breaks(breaks[0])) - 1) or " "
    return Plain("".join(pieces), end, last_line)
