"""How text is laid out on a terminal: what is seen of it, and how wide that is."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from rosetta_spec.reporters.style import INVISIBLE, safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

TAB_STOP = 4

#: Emoji that are drawn as one, the zero-width joiners among them; viramas may have one as well.
_EMOJI = (
    "[\u2194\u2195\u2620\u2640\u2642\u2695\u2696\u26a7\u26d3\u2708\u2764\u27a1\u2b1b"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6c5\U0001f90c-\U0001f9ff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff]?"
)
#: The first of the characters that join the one before them (Unicode block 0300-036F).
_COMBINING = "\u0300"

#: CJK unified ideographs, the first and last of the block.
_IDEOGRAPHS = ("\u4e00", "\u9fff")

_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"

_UNSAFE = (
    f"(?P<joined>{_EMOJI}(?:\u200d{_EMOJI})+)|[\x00-\x1f{INVISIBLE}]"
    f"|(?<![{_VIRAMAS}])\u200d|(?<![^\x00-\x7f{INVISIBLE}])\u200c"
)


class Row(NamedTuple):
    """A row of text as a terminal shows it, by code point.

    The first code point of a grapheme has all of the grapheme's glyphs as its piece, the others
    have none, so that any slice of `pieces` can be shown. `columns` says where each code point
    begins, from 0; inside a grapheme that is where the grapheme ends. One more closes the row.
    """

    pieces: Sequence[str]
    columns: Sequence[int]


def replaced(text: str) -> str:
    """Replace what `safe` in `rosetta_spec.reporters.style` has found to be unsafe."""
    # Nearly all text is safe, and does not pay for a slow import.
    import re  # noqa: PLC0415

    return re.sub(_UNSAFE, _replacement, text)


def width_of(text: str) -> int:
    """Count the columns that safe `text` takes."""
    if text.isascii() or _is_narrow(text):
        return len(text)
    if _is_narrow_or_wide(text):
        return sum(map(_width_of_plain, text))
    from wcwidth import wcswidth  # noqa: PLC0415 - a slow import, for other scripts only

    return max(wcswidth(text), 0)


def lay_out(text: str) -> Row:
    """Make a row safe, expand its tabs, and find the column of each of its code points."""
    if text.isprintable() and (text.isascii() or _is_narrow(text)):
        return Row(text, range(len(text) + 1))
    if _is_narrow_or_wide(text):
        return Row(text, list(accumulate(map(_width_of_plain, text), initial=0)))
    pieces: list[str] = []
    columns = [0]
    for cluster in _graphemes(text):
        glyphs = _glyphs(cluster, columns[-1])
        pieces += [glyphs, *[""] * (len(cluster) - 1)]
        columns += [columns[-1] + width_of(glyphs)] * len(cluster)
    return Row(pieces, columns)


def _is_narrow(text: str) -> bool:
    """Whether every character is one of Europe's letters and signs, each one column."""
    return text.isprintable() and max(text, default="") < _COMBINING


def _is_narrow_or_wide(text: str) -> bool:
    """Whether every other character is an ideograph, two columns and joined with nothing."""
    return text.isprintable() and all(
        char < _COMBINING or _IDEOGRAPHS[0] <= char <= _IDEOGRAPHS[1] for char in text
    )


def _width_of_plain(char: str) -> int:
    return 1 if char < _COMBINING else 2


def _replacement(match: re.Match[str]) -> str:
    if match["joined"]:
        return match[0]
    code = ord(match[0])
    if code < ord(" "):
        return chr(0x2400 + code)  # the block of control pictures, in the order of the controls
    return "\N{SYMBOL FOR DELETE}" if match[0] == "\x7f" else f"<U+{code:04X}>"


def _graphemes(text: str) -> Iterable[str]:
    """Split the text into what is seen as one character each, an unsafe one being a base."""
    import re  # noqa: PLC0415 - as above

    stand_in = re.sub(_UNSAFE, lambda match: match["joined"] or "?", text)
    if stand_in.isascii():
        return text
    from wcwidth import iter_graphemes  # noqa: PLC0415 - as above

    clusters: list[str] = []
    start = 0
    for cluster in iter_graphemes(stand_in):
        clusters.append(text[start : start + len(cluster)])
        start += len(cluster)
    return clusters


def _glyphs(cluster: str, column: int) -> str:
    if cluster[0] == "\t":
        return " " * (TAB_STOP - column % TAB_STOP) + safe(cluster[1:])
    return safe(cluster)
