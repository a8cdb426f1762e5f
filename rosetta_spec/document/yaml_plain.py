"""Plain YAML scalars, those without quotes: where they end, and their text with lines folded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

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


def read_plain(content: str, start: int, indent: int, *, flow: bool) -> Plain | None:
    """Read the plain scalar at `start`; further lines have `indent` spaces or more in block YAML.

    None where the character at `start` cannot stand in a plain scalar.
    """
    match_line = _match_flow_line if flow else _match_block_line
    match = match_line(content, start)
    if match is None:
        return None
    lines = [match[0]]
    end = match.end()
    last_line = None
    while breaks := _match_breaks(content, end):
        line = breaks.start(1)
        too_far_left = not flow and len(breaks[1]) < indent
        match = match_line(content, breaks.end())
        if match is None or too_far_left or _match_marker(content, line):
            break
        lines += ["\n" * (len(_count_breaks(breaks[0])) - 1) or " ", match[0]]
        end = match.end()
        last_line = line
    return Plain("".join(lines), end, last_line)
