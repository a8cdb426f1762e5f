"""Quoted YAML scalars: where they end, and the string that they stand for."""

from __future__ import annotations

import re

from rosetta_spec.document.yaml_fault import FatalError, find_control, forbidden_character, shown
from rosetta_spec.text import Span

_match_quoted = re.compile(
    r"""'[^']*+(?:''[^']*+)*+'|"[^"\\]*+(?:\\.[^"\\]*+)*+\"""", re.DOTALL
).match

_BREAK = r"(?:\r\n?|\n)"
_find_marker = re.compile(r"[\r\n](?:---|\.\.\.)(?=[ \t\r\n])").search
_count_breaks = re.compile(_BREAK).findall

#: Where lines are folded. Blanks without a line break match too, so that a long run is read once.
_FOLD = rf"[ \t]*+{_BREAK}[ \t\r\n]*+|[ \t]++"
_fold_breaks = re.compile(_FOLD).sub

#: The groups are an escaped line break with the blanks after it, the digits of a code, any other.
_decode = re.compile(
    rf"\\(?:({_BREAK}[ \t\r\n]*+)|(x[0-9a-fA-F]{{2}}|u[0-9a-fA-F]{{4}}|U[0-9a-fA-F]{{8}})|(.))"
    rf"|{_FOLD}",
    re.DOTALL,
).sub

_join_surrogates = re.compile("[\ud800-\udbff][\udc00-\udfff]").sub

_ESCAPES = {
    **dict(zip("0abtnvfre", "\0\a\b\t\n\v\f\r\x1b", strict=True)),
    **dict(zip('\t "/\\', '\t "/\\', strict=True)),
    **dict(zip("N_LP", "\x85\xa0\u2028\u2029", strict=True)),
}
_DIGITS = {"x": 2, "u": 4, "U": 8}
_LAST_CODE = 0x10FFFF
_are_digits = re.compile("[0-9a-fA-F]+").fullmatch


def read_quoted(content: str, start: int) -> tuple[str, int]:
    """Give the string that the quote at `start` opens, and the offset after the closing quote.

    Half of a surrogate pair stays in the string, a pair that two escapes make becomes one
    character, as in JSON.
    """
    match = _match_quoted(content, start)
    if match is None or _find_marker(content, start, match.end()):
        raise _unclosed(content, start)
    control = find_control(content, start, match.end())
    if control:
        raise forbidden_character(content, control.start())
    body = match[0][1:-1]
    if content[start] == "'":
        return _fold_breaks(_folded, body.replace("''", "'")), match.end()
    return _unescaped(body, start + 1) if "\\" in body else _fold_breaks(_folded, body), match.end()


def _folded(match: re.Match[str]) -> str:
    """Turn one line break and the blanks around it into a blank, more into one less."""
    breaks = len(_count_breaks(match[0]))
    if not breaks:
        return match[0]
    return "\n" * (breaks - 1) or " "


def _unescaped(body: str, start: int) -> str:
    def replaced(match: re.Match[str]) -> str:
        broken, code, char = match.groups()
        if broken:
            return "\n" * (len(_count_breaks(broken)) - 1)
        if code and int(code[1:], 16) <= _LAST_CODE:
            return chr(int(code[1:], 16))
        if code or (char and char not in _ESCAPES):
            raise _wrong_escape(body, match.start(), start)
        return _ESCAPES[char] if char else _folded(match)

    return _join_surrogates(_joined, _decode(replaced, body))


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _unclosed(content: str, start: int) -> FatalError:
    quote = content[start]
    return FatalError(
        Span(start, start + 1),
        "this quote is never closed",
        f"write {quote} at the end of the string"
        + (", and '' for a ' inside it" if quote == "'" else ""),
    )


def _wrong_escape(body: str, at: int, start: int) -> FatalError:
    letter = body[at + 1]
    length = 2 + _DIGITS.get(letter, 0)
    span = Span(start + at, start + min(at + length, len(body)))
    escape = shown(body[at : at + length])
    if letter not in _DIGITS:
        remedy = "write \\\\ for a backslash, or use single quotes"
        return FatalError(span, f"{escape} is no escape that YAML has", remedy)
    if not _are_digits(body[at + 2 : at + length]) or at + length > len(body):
        remedy = f"\\{letter} takes {length - 2} hexadecimal digits; a backslash is \\\\"
    else:
        remedy = "the last character is \\U0010FFFF"
    return FatalError(span, f"{escape} is no character", remedy)
