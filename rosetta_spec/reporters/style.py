"""What a terminal may be shown: colours, links, and text that is safe."""

from __future__ import annotations

from typing import NamedTuple

#: What is seen by nobody and can still change what is seen: C1 controls, soft hyphen, marks and
#: overrides of direction, zero-width blanks, line and paragraph separators, tags, byte order
#: marks, lone surrogates. A range of a regular expression's character class.
INVISIBLE = (
    "\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
)

#: Select graphic rendition, by what is painted. Source: ECMA-48, section 8.3.117.
_INKS = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;32",
    "related": "1;36",
    "aside": "1;34",
    "strong": "1",
}


class Style(NamedTuple):
    """What the terminal can do; `width` is in columns."""

    color: bool = False
    links: bool = False
    width: int = 100

    def paint(self, ink: str, text: str) -> str:
        """Colour `text`; without an ink, or where there is no colour, it stays as it is."""
        if not (self.color and ink):
            return text
        return f"\x1b[{_INKS[ink]}m{text}\x1b[0m"

    def link(self, url: str, text: str) -> str:
        """Make `text` lead to `url` (OSC 8)."""
        if not self.links:
            return text
        return f"\x1b]8;;{safe(url)}\x1b\\{text}\x1b]8;;\x1b\\"


def safe(text: str) -> str:
    """Replace what could move the cursor, hide or reorder text, or forge a line."""
    if text.isascii() and text.isprintable():
        return text
    # Most text needs no replacement, and no pattern to find what to replace.
    from rosetta_spec.reporters.terminal import replaced  # noqa: PLC0415

    return replaced(text)
