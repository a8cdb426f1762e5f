"""Explain what is wrong in a JSON text, where exactly, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from rosetta_spec.document.numbers import JSON_NUMBER
from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import as_string, char_called, shown
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.fast.json_value import BLANKS
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import Span

#: What the grammar expects where a text is wrong; "end" is the end of the text.
Wanted: TypeAlias = Literal["value", "key", "colon", "comma", "end"]

_CLOSERS = {"{": "}", "[": "]"}

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


_Explainer: TypeAlias = Callable[[SyntaxErrorPlace], Explanation | None]


# Curly, low, angle and full-width quotes, as word processors and keyboards of many languages write.
_DOUBLE = "\u201c\u201d\u201e\u201f\uff02\u00ab\u00bb"
_SINGLE = "\u2018\u2019\u201a\u201b"
_QUOTED = rf"""
    ' (?: [^'\\\r\n]++ | \\[^\r\n] )*+ ' | `[^`\r\n]*+`
    | [{_DOUBLE}] [^{_DOUBLE}"\r\n]*+ [{_DOUBLE}"] | [{_SINGLE}] [^{_SINGLE}'\r\n]*+ [{_SINGLE}']
    | ['`{_DOUBLE}{_SINGLE}]
"""


def _wrong_quotes(error: SyntaxErrorPlace) -> Explanation | None:
    found = error.find(_QUOTED) if error.wanted in {"key", "value"} else None
    if not found:
        return None
    # A printed dict: its first key has such quotes, and a word in it is of Python alone.
    is_first = error.char == "'" and not error.content[: error.at].strip("[{" + BLANKS)
    if is_first and re.search(r"\b(?:True|False|None)\b", error.content):
        return Explanation(found, "this is a Python dict, not JSON", "write it with json.dumps")
    if found.end == found.start + 1:
        return Explanation(found, f"{error.char} begins no string in JSON", 'write " in its place')
    kind = {"'": "single quotes", "`": "backquotes"}.get(error.char, "typographic quotes")
    what = "keys" if error.wanted == "key" else "strings"
    cause = f"{what} need double quotes, and {error.quote(found)} has {kind}"
    inside = error.source(found)[1:-1].replace(r"\'", "'")
    if inside.startswith(("{", "[")):
        return Explanation(found, cause, "delete the quotes around it")
    return Explanation(found, cause, f"write {as_string(inside)}")


#: What was meant as a value and has no quotes; it may hold blanks.
_BARE_TEXT = r""" [^\s,\[\]{}"'] [^,\[\]{}"\r\n]*+ """

#: A longer one is not looked at for what else it may have been meant to be.
_LONGEST_SPELLING = 100


def _decimal_comma(error: SyntaxErrorPlace) -> Explanation | None:
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


def _bare_key(error: SyntaxErrorPlace) -> Explanation | None:
    found = error.find(r"""[^\s:=,{}\[\]"']++""") if error.wanted == "key" else None
    if not found:
        return None
    remedy = f"write {as_string(error.source(found))}"
    return Explanation(found, f"keys need double quotes, and {error.quote(found)} has none", remedy)


def _bare_value(error: SyntaxErrorPlace) -> Explanation | None:
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


def _broken_string(error: SyntaxErrorPlace) -> Explanation | None:
    if error.char != '"' or error.wanted not in {"key", "value"}:
        return None
    parts = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|[\\\x00-\x1f]')
    stops = (at.start() for at in parts.finditer(error.content, error.at + 1) if len(at[0]) == 1)
    stop = next(stops, len(error.content))
    char = error.content[stop : stop + 1]
    if char == "\\":
        return _wrong_escape(error, stop)
    if char in {"", "\n", "\r"}:
        remedy = r'add the closing ", and write a line break inside a string as \n'
        return Explanation(Span(error.at, stop), "this string is not closed", remedy)
    escape = r"\t" if char == "\t" else shown(char)
    name = "tab" if char == "\t" else char_called(char)
    return Explanation(Span(stop, stop + 1), f"a raw {name} in a string", f"write it as {escape}")


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


def _torn_string(error: SyntaxErrorPlace) -> Explanation | None:
    found = error.find(r"""[^\s,:;=/#\[\]{}"']++""")
    if not found or error.other.end != error.at or error.content[error.other.start] != '"':
        return None
    cause = f"{error.quote(found)} follows the end of the string {error.quote(error.other)}"
    return Explanation(
        found, cause, r"add the quote that is missing, or write one in a string as \""
    )


_CONTAINERS = {"{": "object", "[": "array"}


def _early_end(error: SyntaxErrorPlace) -> Explanation | None:
    if error.char:
        return None
    if not error.opened:
        return Explanation(error.here, "there is no text", "write a request between { and }")
    start = error.opened[-1]
    closers = "".join(_CLOSERS[error.content[at]] for at in reversed(error.opened))
    cause = f"this {error.bracket} is never closed"
    remedy = f"add {shown(closers)} at the end"
    if error.last in ",:":
        remedy = f'write what is missing after the last "{error.last}", and {remedy}'
    return Explanation(Span(start, start + 1), cause, remedy)


def _wrong_closer(error: SyntaxErrorPlace) -> Explanation | None:
    if error.char not in {"}", "]"}:
        return None
    if not error.opened:
        remedy = "delete it, or add the bracket that it closes"
        return Explanation(error.here, f"this {error.char} closes nothing", remedy)
    start = error.opened[-1]
    closer = _CLOSERS[error.bracket]
    cause = f"this {error.char} cannot close the {_CONTAINERS[error.bracket]} that is open"
    remedy = f"write {closer} in its place, or add the missing {closer} before it"
    return Explanation(error.here, cause, remedy, ((ROOT, Span(start, start + 1), "opened here"),))


def _text_after_end(error: SyntaxErrorPlace) -> Explanation:
    if error.char not in {"{", "["}:
        cause = f"{error.quote(error.token)} follows the end of the document"
        return Explanation(error.token, cause, "delete it and all after it")
    cause = f"a second document begins with this {error.char}"
    is_on_next_row = "\n" in error.content[error.other.end : error.at]
    remedy = "write each into a file of its own, or each in a row of a file that ends in .jsonl"
    if is_on_next_row:
        remedy = "if each row is a document, give the file the ending .jsonl"
    return Explanation(error.here, cause, remedy)


def _foreign(
    error: SyntaxErrorPlace, patterns: Iterable[tuple[str, str, str]] | None = None
) -> Explanation | None:
    # An opening brace was read as that of an object, and the second one is at fault.
    start = error.at - 1 if error.last == "{" and error.wanted == "key" else error.at
    for pattern, cause, remedy in patterns or _FOREIGN:
        found = error.find(pattern, start) or error.find(pattern)
        if found:
            found = error.on_its_row(found)
            return Explanation(found, cause.format(error.quote(found)), remedy)
    return None


#: Pattern, cause and remedy of what is never in JSON outside a string.
_FOREIGN = (
    (r"```[^\r\n]*", "{} is Markdown, not JSON", "delete this row and the other one like it"),
    (
        r'\\+"',
        "{} is a quote from inside another string",
        "take the backslashes out of the whole text",
    ),
    (
        r"(?: // | [#] ) [^\r\n]* | /\* (?s:.*?) (?: \*/ | \Z )",
        "JSON has no comments",
        "delete it, or write the request as YAML",
    ),
    (
        r"""\{\{-?[ \t]*[\w.$][^{}\r\n]*\}\} | \{%[^\r\n}]*%\} | \$\{[^{}\r\n]*\} | \$\w+
        | <[^<>"\r\n]+>""",
        "{} is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        r"\.{3,} | …",
        "{} stands for something that was left out",
        "write it out, or delete the dots",
    ),
)


def _punctuation(error: SyntaxErrorPlace) -> Explanation | None:
    remedy = _PUNCTUATION.get(error.char)
    if not remedy:
        return None
    if error.char == ";" and error.next_after(error.at + 1) in {"", "}", "]"}:
        remedy = "delete it"
    return Explanation(error.here, f'JSON has no "{error.char}"', remedy)


_PUNCTUATION = {
    ";": 'write ","',
    "=": 'write ":" between a key and its value, else nothing',
    "(": "write a list between [ and ]",
    ")": "write a list between [ and ]",
}


def _invisible(error: SyntaxErrorPlace) -> Explanation | None:
    if error.char.isprintable() and not error.char.isspace():
        return None
    remedy = "write a normal space, or nothing" if error.char.isspace() else "delete it"
    return Explanation(error.here, f"a {char_called(error.char)} outside a string", remedy)


def _look_alike(error: SyntaxErrorPlace) -> Explanation | None:
    meant = unicodedata.normalize("NFKC", error.char)
    if meant == error.char or meant not in {",", ":", "{", "}", "[", "]"}:
        return None
    return Explanation(error.here, f'"{error.char}" only looks like "{meant}"', f'write "{meant}"')


def _other_format(error: SyntaxErrorPlace) -> Explanation | None:
    if error.wanted != "value" or error.last:
        return None
    return _foreign(error, _FORMATS) or _yaml(error)


_FORMATS = (
    (
        r"(?i:<!doctype|<html|<head|<body) [^>]* >?",
        "this is HTML, not JSON",
        "save the JSON itself, since a page in its place is often a login or an error",
    ),
    (r"<\?xml [^>]* >?", "this is XML, not JSON", "write the request as JSON or YAML"),
    (
        r"curl\b [^\r\n]*",
        "this is a curl command, not JSON",
        "keep only the JSON that it sends, without the quotes around it",
    ),
)

_YAML_ROW = re.compile(r"---(?:[ \t\r]|$)|%YAML|-[ ]|[^\s\"'{}\[\],:#<][^:\r\n]*:(?:[ \t\r]|$)")


def _yaml(error: SyntaxErrorPlace) -> Explanation | None:
    rows = re.compile(r"^[ \t]*+([^#\s].*)", re.MULTILINE)
    row = rows.search(error.content, error.at)
    if not row or not _YAML_ROW.match(row[1]):
        return None
    found = error.on_its_row(Span(*row.span(1)))
    remedy = "give the file the ending .yaml, or use --input-format yaml"
    return Explanation(found, "this is YAML, not JSON", remedy)


_PARTS = {"{": "member", "[": "item"}


def _stray_comma(error: SyntaxErrorPlace) -> Explanation | None:
    if error.char != "," or error.wanted not in {"key", "value", "end"} or error.last == ":":
        return None
    if error.wanted == "end":
        return Explanation(
            error.here, "a comma after the document", "delete it and what follows it"
        )
    if error.last == ",":
        return Explanation(error.here, "two commas in a row", "delete one")
    return Explanation(error.here, "a comma with nothing before it", "delete it")


def _comma_at_end(error: SyntaxErrorPlace) -> Explanation | None:
    if error.last != "," or error.char != _CLOSERS.get(error.bracket):
        return None
    cause = f"a comma after the last {_PARTS[error.bracket]}"
    return Explanation(Span(error.before, error.before + 1), cause, "delete it")


def _missing_value(error: SyntaxErrorPlace) -> Explanation | None:
    if error.char not in {",", "}", "]"}:
        return None
    if error.wanted == "colon":
        key = error.quote(error.other)
        return Explanation(error.other, f"key {key} has no value", 'write ":" and a value after it')
    if error.wanted == "value" and error.last == ":":
        span = Span(error.before, error.before + 1)
        return Explanation(span, "no value after this colon", "write one, or delete the key")
    return None


def _wrong_colon(error: SyntaxErrorPlace) -> Explanation | None:
    found = error.find(r"=>|->|=") if error.wanted == "colon" else None
    if not found:
        return None
    return Explanation(found, f'"{error.quote(found)}" after a key', 'write ":"')


def _stray_colon(error: SyntaxErrorPlace) -> Explanation | None:
    if error.char != ":" or error.find(r"(?<=[0-9]):[0-9]"):
        return None
    if error.wanted == "value" and error.last == ":":
        return Explanation(error.here, "two colons in a row", "delete one")
    if error.wanted == "end":
        remedy = "write { before the first key and } at the end, or name the file .yaml"
        return Explanation(error.here, "a key outside an object", remedy)
    if error.wanted == "comma" and error.bracket == "[":
        return Explanation(
            error.here, "a key in an array", "put the key and its value between { and }"
        )
    if error.wanted == "comma":
        cause = f"{error.quote(error.other)} is the value of the key before it, and no key"
        remedy = "write that value before it, or put it and the rest between { and }"
        return Explanation(error.on_its_row(error.other), cause, remedy)
    return Explanation(error.here, "a colon without a key", 'write a key such as "key" before it')


def _missing_colon(error: SyntaxErrorPlace) -> Explanation:
    found, key = error.quote(error.token), error.quote(error.other)
    cause = f"key {key} and {found} have no colon between them"
    return Explanation(error.token, cause, 'write ":" before the second')


def _missing_comma(error: SyntaxErrorPlace) -> Explanation:
    span = error.token
    found = error.quote(span)
    is_key = error.next_after(span.end) == ":"
    if error.bracket == "{" and not is_key:
        remedy = "delete one, or put both between [ and ]"
        return Explanation(span, f"{found} is a second value of one key", remedy)
    part = "key" if is_key else "value"
    return Explanation(span, f"a comma is missing before this {part}", 'write "," before it')


def explain(
    content: str, at: int, wanted: Wanted, opened: Sequence[int], other: Span | None
) -> Explanation:
    """Explain a syntax error at an offset of `content`.

    `wanted` is what the grammar expects there, `opened` are the offsets of the open brackets,
    outermost first, and `other` is the key or value just before.
    """
    error = SyntaxErrorPlace(content, at, wanted, opened, other)
    explanations = (explainer(error) for explainer in _EXPLAINERS)
    found = next((explanation for explanation in explanations if explanation), None)
    return found or _LAST_RESORTS.get(wanted, _misplaced)(error)


def lone_surrogate(content: str, pointer: Pointer, span: Span) -> SyntaxProblem:
    """Report a string that has half of a character in it."""
    string = shown(content[slice(*span)])
    cause = f"{string} holds half of a character, a lone surrogate that UTF-8 cannot carry"
    remedy = r"write the whole character, or both halves as \u escapes"
    return SyntaxProblem("not-json", pointer, span, cause, remedy)


def too_deep(content: str, span: Span) -> SyntaxProblem:
    """Report a bracket that opens one level too many."""
    bracket = content[slice(*span)]
    cause = f"this {bracket} opens level {MAX_NESTING + 1}, and at most {MAX_NESTING} are read"
    remedy = "put fewer objects and arrays into each other"
    return SyntaxProblem("too-large", ROOT, span, cause, remedy)


def _misplaced(error: SyntaxErrorPlace) -> Explanation:
    found = error.quote(error.token)
    cause = f"this {found} stands where a {error.wanted} is wanted"
    return Explanation(error.token, cause, 'write a key such as "key" and a colon before it')


#: The first that returns an explanation wins, so what is most certain comes first.
_EXPLAINERS: tuple[_Explainer, ...] = (
    _early_end,
    _look_alike,
    _other_format,
    _broken_string,
    _foreign,
    _invisible,
    _torn_string,
    _stray_comma,
    _comma_at_end,
    _missing_value,
    _wrong_closer,
    _wrong_colon,
    _punctuation,
    _stray_colon,
    _wrong_quotes,
    _decimal_comma,
    _bare_key,
    _bare_value,
)

_LAST_RESORTS = {"colon": _missing_colon, "comma": _missing_comma, "end": _text_after_end}
