"""Explain what is wrong in a JSON text, where exactly, and what to write instead.

Most explanations are in `json_errors.txt`.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, TypeAlias

from rosetta_spec.document.syntax_errors import (
    CLOSERS,
    CURL,
    LONE_SURROGATE,
    LONE_SURROGATE_REMEDY,
    ErrorPlace,
    Explainer,
    FatalError,
    conflict,
    first_of,
    lfs_pointer,
    messages,
)
from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import JSON_NUMBER, as_string, char_called, clipped, share_in
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.fast.json_value import BLANKS
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import BOM, Span

#: What the grammar expects where a text is wrong; "end" is the end of the text.
Wanted: TypeAlias = Literal["value", "key", "colon", "comma", "end"]


class JsonErrorPlace(ErrorPlace):
    """The place where a text stops being JSON.

    `wanted` is what the grammar expects there, `opened` are the offsets of the open brackets,
    outermost first, and `other` is the key or value just before. `last` is the last character
    before it that is not whitespace, "" if there is none, at the offset `before`. The context for
    tables is the innermost open bracket or "-", what is wanted, the last character, "row" if a row
    ends after that, and "line" in JSON Lines.
    """

    def __init__(  # noqa: PLR0913 - each is a fact about the place
        self,
        content: str,
        at: int,
        wanted: Wanted,
        opened: Sequence[int],
        other: Span | None,
        *,
        is_line: bool,
    ) -> None:
        self.is_line = is_line
        self.wanted = wanted
        self.opened = opened
        self.other = other or Span(-1, -1)
        self.before = len(content[:at].rstrip(BLANKS)) - 1
        self.last = content[self.before] if self.before >= 0 else ""
        bracket = content[opened[-1]] if opened else "-"
        is_row_start = "\n" in content[self.before + 1 : at]
        notes = f"{' row' if is_row_start else ''}{' line' if is_line else ''}"
        context = f"{bracket} {wanted} {self.last}{notes}"
        super().__init__(content, at, context)
        self.starts = {
            "at": at,
            "bracket": max(at - 1, 0),
            "last": max(self.before, 0),
            "other": max(self.other.start, 0),
        }
        self.words = {"other": self.quote(self.other)}


_CONTAINERS = {"{": "object", "[": "array"}


def _early_end(error: JsonErrorPlace) -> FatalError | None:
    if error.char or not error.opened:
        return None
    start = error.opened[-1]
    closers = "".join(CLOSERS[error.content[at]] for at in reversed(error.opened))
    cause = f"this {error.content[start]} is never closed"
    remedy = f"add {clipped(closers)} at the end"
    if error.last in ",:":
        remedy = f'write what is missing after the last "{error.last}", and {remedy}'
    if error.is_line:
        cause += " on its line"
        remedy = f"write the whole document on one line, or {remedy}"
    return FatalError(Span(start, start + 1), cause, remedy)


def _wrong_closer(error: JsonErrorPlace) -> FatalError | None:
    if error.char not in {"}", "]"} or not error.opened:
        return None
    start = error.opened[-1]
    bracket = error.content[start]
    closer = CLOSERS[bracket]
    cause = f"this {error.char} cannot close the {_CONTAINERS[bracket]} that is open"
    remedy = f"write {closer} in its place, or add the missing {closer} before it"
    related = ((ROOT, Span(start, start + 1), "opened here"),)
    return FatalError(error.here, cause, remedy, related=related)


#: Parts of patterns. A `THING` is what people see as one: a string, a quoted or bare word, or else
#: a single character. A `COLON` is not inside a time without quotes.
_PARTS = {
    "THING": r""" (?> "[^"\r\n]*+"? | '[^'\r\n]*+' | [^\s,:\[\]{}"']++ | (?s:.) ) """,
    "COLON": "(?! (?<=[0-9]):[0-9] ) :",
    "NUMBER": JSON_NUMBER,
    "WHOLE": "(?:0|[1-9][0-9]*)",
    "EXPONENT": "(?:[eE][+-]?[0-9]+)?",
    "ESCAPE": r"\\ (?: u[0-9A-Fa-f]{0,3} | x[0-9A-Fa-f]{2} | [^\r\n] )?",
    "CLOSER": r"(?= [ \t\r\n]* [,}\]] )",
    "CURL": CURL,
}


def _value_as_key(error: JsonErrorPlace) -> FatalError | None:
    if not (error.context[0].startswith("{ comma") and error.match(_PARTS["COLON"])):
        return None
    cause = f"{error.quote(error.other)} is the value of the key before it, not a key"
    remedy = "write that value before it, or put it and the rest between { and }"
    return FatalError(error.on_its_row(error.other), cause, remedy)


def _invisible(error: JsonErrorPlace) -> FatalError | None:
    if error.char.isprintable() and not error.char.isspace():
        return None
    remedy = "write a normal space, or nothing" if error.char.isspace() else "delete it"
    return FatalError(error.here, f"a {char_called(error.char)} outside a string", remedy)


def _look_alike(error: JsonErrorPlace) -> FatalError | None:
    meant = unicodedata.normalize("NFKC", error.char)
    if meant == error.char or meant not in {",", ":", "{", "}", "[", "]"}:
        return None
    return FatalError(error.here, f'"{error.char}" only looks like "{meant}"', f'write "{meant}"')


_YAML_ROW = r"---(?:[ \t\r]|$)|%YAML|-[ ]|[^\s\"'{}\[\],:#<][^:\r\n]*:(?:[ \t\r]|$)"


def _yaml(error: JsonErrorPlace) -> FatalError | None:
    rows = re.compile(r"^[ \t]*+([^#\s].*)", re.MULTILINE)
    is_start = error.context[0].startswith("- value") and error.char != BOM
    row = rows.search(error.content, error.at) if is_start else None
    if not row or not re.match(_YAML_ROW, row[1]):
        return None
    found = error.on_its_row(Span(*row.span(1)))
    remedy = "give the file the ending .yaml, or use --input-format yaml"
    return FatalError(found, "this is YAML, not JSON", remedy)


# Curly, low, angle and full-width quotes, as word processors and keyboards of many languages write.
_DOUBLE = "\u201c\u201d\u201e\u201f\uff02\u00ab\u00bb"
_SINGLE = "\u2018\u2019\u201a\u201b"
_QUOTED = rf"""
    ' (?: [^'\\\r\n]++ | \\[^\r\n] )*+ ' | `[^`\r\n]*+`
    | [{_DOUBLE}] [^{_DOUBLE}"\r\n]*+ [{_DOUBLE}"] | [{_SINGLE}] [^{_SINGLE}'\r\n]*+ [{_SINGLE}']
    | ['`{_DOUBLE}{_SINGLE}]
"""


def _wrong_quotes(error: JsonErrorPlace) -> FatalError | None:
    found = error.find(_QUOTED) if error.wanted in {"key", "value"} else None
    if not found:
        return None
    # A printed dict: its first key has such quotes, and a word in it is of Python alone.
    is_first = error.char == "'" and not error.content[: error.at].strip("[{" + BLANKS)
    if is_first and re.search(r"\b(?:True|False|None)\b", error.content):
        return FatalError(found, "this is a Python dict, not JSON", "write it with json.dumps")
    if found.end == found.start + 1:
        return FatalError(
            found, f"{error.char} does not start a string in JSON", 'write " in its place'
        )
    kind = {"'": "single quotes", "`": "backquotes"}.get(error.char, "typographic quotes")
    what = "keys" if error.wanted == "key" else "strings"
    cause = f"{what} need double quotes, and {error.quote(found)} has {kind}"
    inside = error.source(found)[1:-1].replace(r"\'", "'")
    if inside.startswith(("{", "[")):
        return FatalError(found, cause, "delete the quotes around it")
    return FatalError(found, cause, f"write {as_string(inside)}")


#: What was meant as a value and has no quotes; it may hold blanks.
_BARE_TEXT = r""" [^\s,\[\]{}"'] [^,\[\]{}"\r\n]*+ """


def _decimal_comma(error: JsonErrorPlace) -> FatalError | None:
    if error.wanted != "key" or not error.char.isdecimal() or error.before != error.at - 1:
        return None
    whole = re.search(r"-?[0-9]{1,20}\Z", error.content[max(error.before - 21, 0) : error.before])
    rest = error.find(r"[0-9]++ (?: ,[0-9]{3} ){0,5}+ (?! \s*+ :)")
    if not whole or not rest:
        return None
    span = Span(error.before - len(whole[0]), rest.end)
    is_thousands = re.fullmatch(r".{1,4}(?:,[0-9]{3})+", error.source(span)) is not None
    plain = error.source(span).replace(",", "" if is_thousands else ".", -1 if is_thousands else 1)
    return FatalError(span, f"{error.quote(span)} has a comma inside", f"write {clipped(plain)}")


def _percentage(error: JsonErrorPlace) -> FatalError | None:
    span = Span(error.other.start, error.at + 1)
    share = share_in(error.source(span)) if error.char == "%" and error.other.end > 0 else ""
    cause = f"{error.quote(span)} is a percentage, and JSON has only numbers"
    return FatalError(span, cause, f"write {share}") if share else None


_SPELLINGS = messages("json_errors.txt", "spellings", _PARTS)


def _bare_value(error: JsonErrorPlace) -> FatalError | None:
    start = error.other.start if error.other.end == error.at else error.at
    is_bare = error.wanted == "value" or (start < error.at and error.content[start] not in '"{[')
    found = error.find(_BARE_TEXT, start) if is_bare else None
    if not found:
        return None
    text = re.split(r"[ \t](?://|#|/\*)", error.source(found), maxsplit=1)[0].rstrip()
    problem = first_of([_SPELLINGS], ErrorPlace(text, 0, error.context[0])).problem
    return FatalError(Span(start, start + len(text)), problem.cause, problem.remedy)


_ESCAPES = messages("json_errors.txt", "escapes", _PARTS)


def _broken_string(error: JsonErrorPlace) -> FatalError | None:
    if error.char != '"' or error.wanted not in {"key", "value"}:
        return None
    parts = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|[\\\x00-\x1f]')
    stops = (at.start() for at in parts.finditer(error.content, error.at + 1) if len(at[0]) == 1)
    stop = next(stops, len(error.content))
    char = error.content[stop : stop + 1]
    if char == "\\":
        is_path = error.match(r'"(?:[A-Za-z]:|\\\\)') is not None
        return first_of([_ESCAPES], ErrorPlace(error.content, stop, "path" if is_path else "text"))
    if char in {"", "\n", "\r"}:
        remedy = r'add the closing ", and write a line break inside a string as \n'
        return FatalError(Span(error.at, stop), "this string is not closed", remedy)
    escape = r"\t" if char == "\t" else clipped(char)
    name = "tab" if char == "\t" else char_called(char)
    return FatalError(Span(stop, stop + 1), f"a raw {name} in a string", f"write it as {escape}")


#: The first that returns an explanation wins, so what is most certain comes first.
_EXPLAINERS: tuple[Explainer[JsonErrorPlace], ...] = (
    *(conflict, lambda error: lfs_pointer(error.content), _early_end, _look_alike, _value_as_key),
    messages("json_errors.txt", "formats", _PARTS),
    *(_yaml, _broken_string),
    messages("json_errors.txt", "foreign", _PARTS),
    _invisible,
    messages("json_errors.txt", "punctuation", _PARTS),
    *(_wrong_closer, _wrong_quotes, _decimal_comma, _percentage, _bare_value),
    messages("json_errors.txt", "misplaced", _PARTS),
)


def explain(error: JsonErrorPlace) -> FatalError:
    """Explain a syntax error."""
    return first_of(_EXPLAINERS, error)


def lone_surrogate(content: str, pointer: Pointer, span: Span) -> SyntaxProblem:
    """Report a string that has half of a character in it."""
    cause = LONE_SURROGATE.format(clipped(content[slice(*span)]))
    return SyntaxProblem("not-json", pointer, span, cause, LONE_SURROGATE_REMEDY)


def too_deep(content: str, span: Span) -> FatalError:
    """Report a bracket that opens one level too many."""
    bracket = content[slice(*span)]
    cause = f"this {bracket} opens level {MAX_NESTING + 1}, and at most {MAX_NESTING} are allowed"
    remedy = "use fewer levels of objects and arrays"
    return FatalError(span, cause, remedy, name="too-large")
