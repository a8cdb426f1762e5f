"""Explain scalars and keys that are not spelled as in JSON: quotes, words, numbers, escapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from rosetta_spec.document.numbers import JSON_NUMBER
from rosetta_spec.document.values import as_string, char_called, shown
from rosetta_spec.fast.json_value import BLANKS
from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Span

#: What the grammar expects where a text is wrong; "end" is the end of the text.
Wanted: TypeAlias = Literal["value", "key", "colon", "comma", "end"]

CLOSERS = {"{": "}", "[": "]"}

#: What people see as one thing: a string, a quoted or bare word, or else a single character.
_VISIBLE_THING = r""" "[^"\r\n]*+"? | '[^'\r\n]*+' | [^\s,:\[\]{}"']++ | . """


class Explanation(NamedTuple):
    """What is wrong at `span`, what to do about it, and related places."""

    span: Span
    cause: str
    remedy: str
    related: tuple[tuple[Pointer, Span, str], ...] = ()


class SyntaxErrorPlace:
    """The place where a text stops being JSON, and what an explanation may look at.

    `char` is the unexpected character, `last` the last one before it that is no whitespace, at
    offset `before`; each is "" where there is none. `bracket` is the innermost open one, or "".
    """

    def __init__(
        self, content: str, at: int, wanted: Wanted, opened: Sequence[int], other: Span | None
    ) -> None:
        self.content = content
        self.at = at
        self.wanted = wanted
        self.opened = opened
        self.other = other or Span(-1, -1)
        self.char = content[at : at + 1]
        self.before = len(content[:at].rstrip(BLANKS)) - 1
        self.last = content[self.before] if self.before >= 0 else ""
        self.bracket = content[opened[-1]] if opened else ""

    @property
    def here(self) -> Span:
        """The unexpected character."""
        return Span(self.at, self.at + len(self.char))

    @property
    def token(self) -> Span:
        """The unexpected token, as people see it."""
        return self.find(_VISIBLE_THING) or self.here

    def find(self, pattern: str, at: int | None = None) -> Span | None:
        """Locate what the verbose `pattern` matches at the error, or at `at`."""
        matched = re.compile(pattern, re.VERBOSE).match(self.content, self.at if at is None else at)
        return Span(*matched.span()) if matched else None

    def source(self, span: Span) -> str:
        """Return the text of `span`."""
        return self.content[span.start : span.end]

    def quote(self, span: Span) -> str:
        """Return the text of `span` as a message shows it."""
        return shown(self.source(span))

    def on_its_row(self, span: Span) -> Span:
        """Cut `span` at the end of the row that it starts in."""
        row = re.compile(r"[^\r\n]*").match(self.content, span.start, span.end)
        return Span(*row.span()) if row else span

    def next_after(self, end: int) -> str:
        """Return the first character from `end` on that is no whitespace, "" if there is none."""
        return self.content[end:].lstrip(BLANKS)[:1]


Explainer: TypeAlias = Callable[[SyntaxErrorPlace], Explanation | None]


# Curly, low, angle and full-width quotes, as word processors and keyboards of many languages write.
_DOUBLE = "\u201c\u201d\u201e\u201f\uff02\u00ab\u00bb"
_SINGLE = "\u2018\u2019\u201a\u201b"
_QUOTED = rf"""
    ' (?: [^'\\\r\n]++ | \\[^\r\n] )*+ ' | `[^`\r\n]*+`
    | [{_DOUBLE}] [^{_DOUBLE}"\r\n]*+ [{_DOUBLE}"] | [{_SINGLE}] [^{_SINGLE}'\r\n]*+ [{_SINGLE}']
    | ['`{_DOUBLE}{_SINGLE}]
"""


def wrong_quotes(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a key or string in quotes that are not those of JSON."""
    found = error.find(_QUOTED) if error.wanted in {"key", "value"} else None
    if not found:
        return None
    if _is_python(error):
        return Explanation(found, "this is a Python dict, not JSON", "write it with json.dumps")
    if found.end == found.start + 1:
        return Explanation(found, f"{error.char} begins no string in JSON", 'write " in its place')
    kind = {"'": "single quotes", "`": "backquotes"}.get(error.char, "typographic quotes")
    what = "keys" if error.wanted == "key" else "strings"
    cause = f"{what} need double quotes, and {error.quote(found)} has {kind}"
    return Explanation(found, cause, _requoted(error.source(found)[1:-1]))


def _requoted(inside: str) -> str:
    if inside.startswith(("{", "[")):
        return "delete the quotes around it"
    without_escapes = inside.replace(r"\'", "'")
    return f"write {as_string(without_escapes)}"


def _is_python(error: SyntaxErrorPlace) -> bool:
    """Detect a printed Python dict by its first key and by a word that only Python has."""
    is_first = error.char == "'" and not error.content[: error.at].strip("[{" + BLANKS)
    return is_first and re.search(r"\b(?:True|False|None)\b", error.content) is not None


#: What was meant as a value and has no quotes; it may hold blanks.
_BARE_TEXT = r""" [^\s,\[\]{}"'] [^,\[\]{}"\r\n]*+ """

#: A longer one is not looked at for what else it may have been meant to be.
_LONGEST_SPELLING = 100


def decimal_comma(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a comma inside a number: its decimal sign, or between its thousands."""
    if error.wanted != "key" or not error.char.isdecimal() or error.before != error.at - 1:
        return None
    whole = re.search(r"-?[0-9]{1,20}\Z", error.content[max(error.before - 21, 0) : error.before])
    rest = error.find(r"[0-9]++ (?: ,[0-9]{3} ){0,5}+ (?! \s*+ :)")
    if not whole or not rest:
        return None
    span = Span(error.before - len(whole[0]), rest.end)
    is_thousands = re.fullmatch(r".{1,4}(?:,[0-9]{3})+", error.source(span)) is not None
    plain = error.source(span).replace(",", "" if is_thousands else ".", -1 if is_thousands else 1)
    return Explanation(span, f"{error.quote(span)} has a comma inside", f"write {shown(plain)}")


def bare_key(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a key that has no quotes."""
    found = error.find(r"""[^\s:=,{}\[\]"']++""") if error.wanted == "key" else None
    if not found:
        return None
    remedy = f"write {as_string(error.source(found))}"
    return Explanation(found, f"keys need double quotes, and {error.quote(found)} has none", remedy)


def bare_value(error: SyntaxErrorPlace) -> Explanation | None:
    """Explain a number or word; it may begin as a right one, as 01 and trues do."""
    start = error.other.start if error.other.end == error.at else error.at
    is_bare = error.wanted == "value" or (start < error.at and error.content[start] not in '"{[')
    found = error.find(_BARE_TEXT, start) if is_bare else None
    if not found:
        return None
    text = re.split(r"[ \t](?://|#|/\*)", error.source(found), maxsplit=1)[0].rstrip()
    return Explanation(Span(start, start + len(text)), *_spelling(text))


def _spelling(text: str) -> tuple[str, str]:
    """Return cause and remedy for a value that is not spelled as in JSON."""
    for pattern, cause, remedy in _SPELLINGS if len(text) <= _LONGEST_SPELLING else ():
        matched = re.fullmatch(pattern, text, re.VERBOSE)
        if matched:
            parts = {name: shown(part) for name, part in matched.groupdict().items()}
            return f"{shown(text)} {cause}", remedy.format(text=shown(text), **parts)
    return f"{shown(text)} is not in quotes", f"write {as_string(text)}"


_FRACTION = r"(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"

#: Pattern, cause and remedy, the first that fits; a remedy may use the groups and the whole text.
_SPELLINGS = (
    (r"(?i:true)", "is not how JSON spells it", "write true"),
    (r"(?i:false)", "is not how JSON spells it", "write false"),
    (r"(?i:yes|on)", "is no value in JSON", 'write true, or "{text}" if it is a word'),
    (r"(?i:no|off)", "is no value in JSON", 'write false, or "{text}" if it is a word'),
    (r"(?i:null|none|nil)|~", "is not how JSON spells it", "write null"),
    (r"undefined", "is no value in JSON", "write null, or delete the key"),
    (r"[+-]?(?i:nan|inf|infinity)", "is no number in JSON", "write a number, or delete the key"),
    (r"(?:new[ ])?[\w.$]+\(.*", "is a function call", "write the value that it gives"),
    (rf"\+(?P<number>{JSON_NUMBER})", "begins with a plus", "write {number}"),
    (rf"--(?P<number>{JSON_NUMBER})", "begins with two minus signs", "write -{number}"),
    (r"[+-]+", "has no digits after it", "write a number, or a string in quotes"),
    (
        rf"(?P<sign>-?)0+(?P<number>(?:0|[1-9][0-9]*){_FRACTION})",
        "begins with a zero",
        'write {sign}{number}, or "{text}" if it is no number',
    ),
    (
        r"\+?(?P<sign>-?)(?P<number>\.[0-9]+(?:[eE][+-]?[0-9]+)?)",
        "has no digit before its point",
        "write {sign}0{number}",
    ),
    (
        r"(?P<number>-?(?:0|[1-9][0-9]*))\.(?P<exponent>(?:[eE][+-]?[0-9]+)?)",
        "has no digit after its point",
        "write {number}{exponent} or {number}.0{exponent}",
    ),
    (
        r"(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)[eE][+-]?",
        "has no digits in its exponent",
        "write {number}, or the digits after the e",
    ),
    (r"-?0[xX][0-9A-Fa-f]+", "is hexadecimal", "write it as a decimal number"),
    (r"-?0[bBoO][0-9]+", "is not decimal", "write it as a decimal number"),
    (
        r"(?P<first>-?[0-9]{1,20})_(?P<second>[0-9]{1,20})",
        "has an underscore in the number",
        "write {first}{second}",
    ),
    (r"-?[0-9]+(?:_[0-9]+)+", "has underscores in the number", "write the digits alone"),
    (
        rf"(?P<number>{JSON_NUMBER})[ ]?(?:[^\W\d_]+|%)",
        "is a number with a unit",
        'write {number}, or "{text}" for a string',
    ),
)


def broken_string(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a string that is not closed, or what cannot stand inside one."""
    if error.char != '"' or error.wanted not in {"key", "value"}:
        return None
    stop = _string_stop(error.content, error.at + 1)
    char = error.content[stop : stop + 1]
    if char == "\\":
        return _wrong_escape(error, stop)
    if char in {"", "\n", "\r"}:
        return _unclosed_string(error, stop)
    escape = r"\t" if char == "\t" else shown(char)
    name = "tab" if char == "\t" else char_called(char)
    return Explanation(Span(stop, stop + 1), f"a raw {name} in a string", f"write it as {escape}")


def _string_stop(content: str, at: int) -> int:
    """Return the offset of the first thing in a broken string that cannot be in one."""
    parts = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|[\\\x00-\x1f]')
    stops = (part.start() for part in parts.finditer(content, at) if len(part[0]) == 1)
    return next(stops, len(content))


def _unclosed_string(error: SyntaxErrorPlace, stop: int) -> Explanation:
    span = Span(error.at, stop)
    remedy = r'add the closing ", and write a line break inside a string as \n'
    return Explanation(span, "this string is not closed", remedy)


def _wrong_escape(error: SyntaxErrorPlace, at: int) -> Explanation:
    found = error.find(r"\\u [0-9A-Fa-f]{0,3} | \\x [0-9A-Fa-f]{2} | \\[^\r\n]? ", at)
    span = found or Span(at, at + 1)
    escape = error.source(span)
    is_path = error.find(r'"(?:[A-Za-z]:|\\\\)', error.at) is not None
    remedy = r"write the path with / or \\" if is_path else _escape_remedy(escape)
    return Explanation(span, f"{shown(escape)} is no escape in JSON", remedy)


def _escape_remedy(escape: str) -> str:
    if escape == "\\":
        return r"keep the string on one row, and write a line break in it as \n"
    if escape == r"\'":
        return "write ' alone"
    if escape.startswith(r"\u"):
        return r"write four hexadecimal digits after \u, or \\ for a backslash"
    if escape.startswith(r"\x") and escape != r"\x":
        return rf"write \u00{escape[2:]}"
    return r"write \\ for a backslash"


def torn_string(error: SyntaxErrorPlace) -> Explanation | None:
    """Explain text that clings to the end of a string: a quote too many or too few."""
    found = error.find(r"""[^\s,:;=/#\[\]{}"']++""")
    if not found or error.other.end != error.at or error.content[error.other.start] != '"':
        return None
    cause = f"{error.quote(found)} follows the end of the string {error.quote(error.other)}"
    return Explanation(
        found, cause, r"add the quote that is missing, or write one in a string as \""
    )
