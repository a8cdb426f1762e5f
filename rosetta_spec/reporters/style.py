"""What a terminal shows: colors, links, safe text, and how wide text is."""

import json
import re
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import NamedTuple

from rosetta_spec.document.values import Json, indented_json

#: Characters that are invisible and can still change what is seen: C1 controls, soft hyphen, marks
#: and overrides of direction, zero-width spaces and joiners, line and paragraph separators, tags,
#: byte order marks, lone surrogates. A range of a regular expression's character class.
INVISIBLE = (
    "\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200d-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
)

TAB_STOP = 4

#: Select graphic rendition, by its purpose. Source: ECMA-48, section 8.3.117.
_INKS = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;32",
    "related": "1;36",
    "aside": "1;34",
    "strong": "1",
}

#: A zero-width non-joiner changes only how letters before it are drawn, as in Persian.
_UNSAFE = f"[\x00-\x1f{INVISIBLE}]|(?<![^\x00-\x7f{INVISIBLE}])\u200c"

#: What CI systems read as commands in a log: `::name::` at the start of a line, perhaps after white
#: space, and `##[name]` or `##vso[name]` anywhere. Source: actions/runner, `ActionCommand.cs`.
#: Of many returns in a row, only one is tried, which keeps the time linear.
_START_COMMAND = r"(?P<before>^\s*|(?<!\s)[^\S\r]*\r\s*):(?=:)"
_HASH_COMMAND = r"#(?=#\w*\[)"

#: What is escaped in JSON: invisible characters, and the second of `##[`, which is a command in CI.
_ESCAPED = f"[{INVISIBLE}]|(?<=#)#(?=\\w*\\[)"

#: The first combining character; printable characters before it take one column each.
_COMBINING = "\u0300"


class Style(NamedTuple):
    """What the terminal can do; `width` is in columns. With `is_quiet`, there is no summary."""

    color: bool = False
    links: bool = False
    width: int = 100
    is_quiet: bool = False

    def paint(self, ink: str, text: str) -> str:
        """Color `text`; without an ink, or without colors, it stays as it is."""
        if not (self.color and ink):
            return text
        return f"\x1b[{_INKS[ink]}m{text}\x1b[0m"

    def link(self, url: str, text: str) -> str:
        """Make `text` a link to `url` (OSC 8)."""
        if not (self.links and url):
            return text
        return f"\x1b]8;;{safe(url)}\x1b\\{text}\x1b]8;;\x1b\\"


class Row(NamedTuple):
    """A row of text as a terminal shows it, by code point.

    The piece of the first code point of a grapheme has all of its glyphs and the others are empty,
    so that any slice of `pieces` can be shown. `columns` has the column in which each code point
    begins, from 0; inside a grapheme that is where the grapheme ends. One more closes the row.
    """

    pieces: Sequence[str]
    columns: Sequence[int]


def safe(text: str) -> str:
    """Replace what could move the cursor, hide or reorder text, or forge a line or a command."""
    text = without_commands(text)
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSAFE, _replacement, text)


def with_escapes(text: str) -> str:
    """Escape in JSON what is invisible, cannot be UTF-8, or starts a command in a CI log."""
    if text.isascii() and "\x7f" not in text and "##" not in text:
        return text

    def escape(found: re.Match[str]) -> str:
        return "\\u0023" if found[0] == "#" else json.dumps(found[0])[1:-1]

    return re.sub(_ESCAPED, escape, text)


def encode_indented(content: Json, indent: str = "") -> str:
    """Write JSON for reading, with `indent` before every row except the first."""
    return with_escapes(indented_json(content, indent))


def safe_lines(text: str) -> str:
    """Make every line of a text safe."""
    return "\n".join(map(safe, text.split("\n")))


def without_commands(text: str) -> str:
    """Break what a CI system would take for a command, in text that may be a line of its log."""
    if "::" in text:
        text = re.sub(_START_COMMAND, r"\g<before><U+003A>", text)
    return re.sub(_HASH_COMMAND, "<U+0023>", text) if "##" in text else text


def width_of(text: str) -> int:
    """Count the columns that safe `text` takes."""
    if _is_narrow(text):
        return len(text)
    width: int = _wcwidth().wcswidth(text)
    return max(width, 0)


def lay_out(text: str) -> Row:
    """Make a row safe, expand its tabs, and find the column of each of its code points."""
    if text.isprintable() and _is_narrow(text) and "##" not in text:
        return Row(text, range(len(text) + 1))
    commands = {match.start() for match in re.finditer(_HASH_COMMAND, text)}
    pieces: list[str] = []
    columns = [0]
    for cluster in _graphemes(text):
        glyphs = "<U+0023>" if len(pieces) in commands else safe(cluster)
        if cluster[0] == "\t":
            glyphs = " " * (TAB_STOP - columns[-1] % TAB_STOP) + safe(cluster[1:])
        pieces += [glyphs, *[""] * (len(cluster) - 1)]
        columns += [columns[-1] + width_of(glyphs)] * len(cluster)
    return Row(pieces, columns)


def _is_narrow(text: str) -> bool:
    return text.isascii() or (text.isprintable() and max(text) < _COMBINING)


def _replacement(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < ord(" "):
        return chr(0x2400 + code)  # the block of control pictures, in the order of the controls
    return "\N{SYMBOL FOR DELETE}" if match[0] == "\x7f" else f"<U+{code:04X}>"


def _graphemes(text: str) -> Iterator[str]:
    """Split the text into user-perceived characters; an unsafe character begins one."""
    stand_in = re.sub(_UNSAFE, "?", text)
    if stand_in.isascii():
        yield from text
        return
    start = 0
    for cluster in _wcwidth().iter_graphemes(stand_in):
        yield text[start : start + len(cluster)]
        start += len(cluster)


def _wcwidth() -> ModuleType:
    """Import a library that takes longer to load than Python, for rows that need its tables."""
    import wcwidth  # noqa: PLC0415

    return wcwidth
