"""Explain YAML syntax errors in plain words: a table from what ruamel's parser says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import shown
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import BOM, Span

#: What ruamel says of something that belongs to nothing above it, and what our part of its scanner
#: says of a tab that indents, and of a blank row that does.
STRAY = "expected <block end>"
TAB = "found a tab that indents"
INDENTED_BLANK = "found a blank row with more spaces than the text"

_BLANKS = " \t\r\n"
_CLOSERS = {"[": "]", "{": "}"}
#: The longest key outside flow mappings, in characters (YAML 1.2.2, section 7.4).
LONGEST_KEY = 1024

_match_word = re.compile(r"[^ \t\r\n]*+").match
_match_word_in_flow = re.compile(r"[^ \t\r\n,\[\]{}]*+").match
_match_indent_with_tab = re.compile(r" *+(?:[-?] *+)*+\t").match
_has_colon = re.compile(r":(?:[ \t]|\Z)").search
_is_marker = re.compile(r"(?:---|\.\.\.)(?:[ \t]|\Z)").match
_starts_block_line = re.compile(r"[^\[\]{},\"']*:(?:[ \t]|\Z)|- ").match


class FatalError(Exception):
    """Ends the reading of a document; `problem` says why."""

    def __init__(self, span: Span, cause: str, remedy: str, *, name: str = "syntax") -> None:
        super().__init__(cause)
        self.problem = SyntaxProblem(name, ROOT, span, cause, remedy)


def too_deep(span: Span) -> FatalError:
    """Report a collection that is nested too deep."""
    cause = f"more than {MAX_NESTING} objects and lists are inside each other here"
    return FatalError(span, cause, "write it with less nesting", name="too-large")


def is_control(char: str) -> bool:
    """Whether a character is a control character, which YAML has nowhere."""
    return char < " "


def forbidden_character(content: str, at: int) -> FatalError:
    """Report a character that YAML does not allow at the offset `at`."""
    char = content[at]
    span = Span(at, at + 1)
    if char == BOM:
        return FatalError(span, "a byte order mark stands inside the document", "remove it")
    code = f"U+{ord(char):04X}"
    if is_control(char):
        remedy = f"remove it, or write it as \\x{ord(char):02x} between double quotes"
    else:
        remedy = "remove it, or put double quotes around the value"
    return FatalError(span, f"the invisible character {code} is not allowed here", remedy)


def tab_indents(at: int) -> FatalError:
    """Report a tab that indents a line."""
    cause = "a tab indents this line, and YAML counts only spaces"
    return FatalError(Span(at, at + 1), cause, "indent it with spaces")


class ErrorPlace(NamedTuple):
    """Where the parser stopped: at the offset `at`, with what it said as the `problem`.

    `context` is what it was reading, `key` where what should be a key starts, if it is about one;
    `opened` are the offsets of the first characters of the collections around, outermost first.
    """

    content: str
    problem: str
    at: int
    context: str = ""
    key: int | None = None
    opened: tuple[int, ...] = ()

    @property
    def first(self) -> int:
        """Where that starts which the parser was reading."""
        return self.at if self.key is None else self.key

    @property
    def char(self) -> str:
        """The character here, "" at the end of the text."""
        return self.content[self.at : self.at + 1]

    @property
    def span(self) -> Span:
        """The word that starts here."""
        match = _match_word(self.content, self.at)
        return Span(self.at, match.end() if match else self.at)

    @property
    def here(self) -> Span:
        """The one character here."""
        return Span(self.at, min(self.at + 1, len(self.content)))

    @property
    def before(self) -> str:
        """The part of the line before."""
        return self.content[self.line_start(self.at) : self.at]

    @property
    def bracket(self) -> int | None:
        """The innermost bracket that is open."""
        innermost = self.opened[-1] if self.opened else len(self.content)
        return innermost if self.content[innermost : innermost + 1] in ("[", "{") else None

    def line_start(self, at: int) -> int:
        """Give the offset of the first character of the line that `at` is in."""
        return max(self.content.rfind("\n", 0, at), self.content.rfind("\r", 0, at)) + 1

    def line_from(self, at: int, *, with_blanks: bool = False) -> Span:
        """Span from `at` to the end of its line, by default without the blanks there."""
        match = re.compile(r"[^\r\n]*").match(self.content, at)
        line = match[0] if match else ""
        return Span(at, at + len(line if with_blanks else line.rstrip(_BLANKS)))


def explain(error: ErrorPlace) -> FatalError:
    """Put what the parser said into words, at the place that has to change."""
    said = f"{error.context}: {error.problem}"
    for part, explainer in _EXPLAINERS.items():
        if part in said:
            tab = _match_indent_with_tab(error.before)
            if tab and explainer in _ABOUT_INDENT:
                return tab_indents(error.line_start(error.at) + tab.end() - 1)
            return explainer(error)
    # Ruamel crashed: over the digits of a version, or of an escape that is no character.
    if error.content[error.line_start(error.at) :].startswith("%"):
        return _directive(error)
    if error.content.startswith("\\U", error.at - 2):
        return _wrong_code(error)
    return FatalError(
        error.span, "this is not valid YAML", "compare it with the lines above, or quote the value"
    )


def _no_token(error: ErrorPlace) -> FatalError:
    char = shown(error.char)
    if char == "#":
        return FatalError(
            error.here,
            "a comment needs a blank before its #",
            "put one there, or quote the value if the # belongs to it",
        )
    if char in ("|", ">"):
        cause = f"a block of text with {char} cannot stand between brackets"
        return FatalError(error.here, cause, "put quotes around the text instead")
    cause = f"a value without quotes cannot start with {char}"
    return FatalError(error.here, cause, "put quotes around it")


def _no_colon(error: ErrorPlace) -> FatalError:
    start = error.first
    line = error.line_from(start)
    text = error.content[slice(*line)]
    if len(text) > LONGEST_KEY:
        return _long_key(error, start)
    if text.startswith("*") and ":" in text:
        cause = f"the colon belongs to the name of the alias {shown(text.split()[0])}"
        return FatalError(line, cause, "put a blank between alias and colon")
    if re.search(r"[^ ]:[^ /]", text):
        cause = f"no blank follows the colon in {shown(text)}"
        return FatalError(line, cause, "put a blank after the colon")
    cause = f"no colon follows {shown(text)}"
    remedy = "write key: value, or indent the line if it continues the value above"
    return FatalError(line, cause, remedy)


def _long_key(error: ErrorPlace, start: int) -> FatalError:
    cause = f"a key is longer than {LONGEST_KEY} characters"
    return FatalError(Span(start, error.at), cause, "write ? and a blank before it, or shorten it")


def _colon(error: ErrorPlace) -> FatalError:
    before = error.before
    if len(before) > LONGEST_KEY and not _has_colon(before):
        return _long_key(error, error.at - len(before.lstrip(_BLANKS)))
    if before.startswith("---"):
        cause = "a key cannot stand on the line of ---"
        return FatalError(error.here, cause, "put it on the next line")
    if _has_colon(before):
        cause = "this colon makes a key of what stands before it, inside a value"
        return FatalError(
            error.here, cause, "put quotes around the value that the colon belongs to"
        )
    start = error.line_start(error.at)
    above = error.content[:start].rstrip(_BLANKS)
    above_start = error.line_start(len(above))
    if _has_colon(above, above_start) or not above:
        cause = "this line is indented as a part of the value above, but it has a key"
        return FatalError(error.here, cause, "indent it like the key above")
    first = above_start + len(above[above_start:]) - len(above[above_start:].lstrip(_BLANKS))
    return _no_colon(error._replace(key=first))


def _item(error: ErrorPlace) -> FatalError:
    if _has_colon(error.before):
        return FatalError(
            error.here,
            "a list cannot start on the line of its key",
            "put its items on the lines below, or quote the value if the - belongs to it",
        )
    cause = "a list item cannot start here"
    return FatalError(error.here, cause, "put each item on a line of its own")


def _question(error: ErrorPlace) -> FatalError:
    cause = "a key with ? cannot start here"
    return FatalError(error.here, cause, "put it on a line of its own, or quote the value")


def _stray(error: ErrorPlace) -> FatalError:
    """Something that belongs to nothing above it and nothing before it."""
    if error.char in ("]", "}"):
        return FatalError(error.here, f"no bracket is open that {error.char} closes", "remove it")
    if error.before.strip(_BLANKS):
        return _stray_on_line(error)
    if error.char == "%":
        cause = "a line that starts with % is a directive, which stands before a document"
        remedy = "put quotes around the text, or a line with ... above the directive"
        return FatalError(error.span, cause, remedy)
    if "block collection" in error.context:
        cause = "this line is no item of the list above"
        return FatalError(error.span, cause, "start it with - or indent it differently")
    if error.content.startswith("-", error.at):
        cause = "a list item stands among keys"
        return FatalError(error.span, cause, "put it below the key that it belongs to")
    cause = "the indentation of this line fits no line above"
    return FatalError(error.span, cause, "indent it like the lines that it belongs to")


def _stray_on_line(error: ErrorPlace) -> FatalError:
    last = error.before.rstrip(_BLANKS)[-1]
    if error.before.startswith("..."):
        cause = "only a comment can follow ... on its line"
        return FatalError(error.span, cause, "put this on the next line")
    if error.char == ",":
        cause = "no comma belongs after a value outside brackets"
        return FatalError(error.here, cause, "remove it, or quote the whole value")
    if last in "'\"":
        cause = "text follows the closing quote"
        remedy = "put all of the value between the quotes"
        remedy += ", and write '' for a ' inside it" if last == "'" else ""
        return FatalError(error.span, cause, remedy)
    word = error.before.split()[-1]
    if word.startswith("*") and word.endswith(":"):
        cause = f"the colon belongs to the name of the alias {shown(word)}"
        start = error.line_start(error.at) + error.before.rindex(word)
        return FatalError(
            Span(start, start + len(word)), cause, "put a blank between alias and colon"
        )
    if last in "]}":
        cause = "text follows the closing bracket"
        return FatalError(error.span, cause, "remove it, or put quotes around the whole value")
    return FatalError(error.span, *_AFTER_PROPERTY.get(error.char, _AFTER_VALUE))


#: What is wrong with an alias or a property at a place that has one already, by first character.
_AFTER_PROPERTY = {
    "*": ("an alias cannot have an anchor or a tag", "remove what stands before it"),
    "&": ("a value has at most one anchor", "remove one, or put quotes around the value"),
    "!": ("a value has at most one tag", "remove one, or put quotes around the value"),
}
_AFTER_VALUE = (
    "this cannot follow what stands before it on the line",
    "put quotes around the whole value",
)


def _no_value(error: ErrorPlace) -> FatalError:
    if error.bracket is not None:
        return _in_brackets(error, error.bracket)
    if error.char in ("]", "}", ","):
        cause = f"a value without quotes cannot start with {error.char}"
        return FatalError(error.here, cause, "put quotes around it")
    return _stray(error)


def _no_comma(error: ErrorPlace) -> FatalError:
    return _in_brackets(error, error.opened[-1])


def _in_brackets(error: ErrorPlace, bracket: int) -> FatalError:
    opener = error.content[bracket]
    closer = _CLOSERS[opener]
    if not error.char or _is_unclosed(error, bracket):
        cause = f"this {opener} is never closed"
        return FatalError(Span(bracket, bracket + 1), cause, f"write {closer} at its end")
    if error.char in ("]", "}"):
        cause = f"{error.char} cannot close the bracket {opener}"
        return FatalError(error.here, cause, f"write {closer}")
    if error.char == ",":
        return FatalError(error.here, "no value stands before this comma", "remove it")
    if error.char == "-":
        cause = "between brackets a list has commas and no dashes"
        return FatalError(error.here, cause, "remove the -, and put commas between the items")
    cause = f"a comma or the closing {closer} is missing before this"
    return FatalError(error.span if error.char != ":" else error.here, cause, "write it")


def _is_unclosed(error: ErrorPlace, bracket: int) -> bool:
    """Whether the line looks like one of block YAML, no further right than the bracket's."""
    start = error.line_start(error.at)
    opening = error.line_start(bracket)
    line, first = (error.content[slice(*error.line_from(at))] for at in (start, opening))
    indent, first_indent = (len(text) - len(text.lstrip(" ")) for text in (line, first))
    if _is_marker(line):
        return True
    if start == opening or indent > first_indent or not _starts_block_line(line, indent):
        return False
    starts_line = bracket == opening + first_indent
    closer = _CLOSERS[error.content[bracket]]
    return not (starts_line and closer in error.content[error.at :])


def _unclosed_quote(error: ErrorPlace) -> FatalError:
    quote = error.content[error.first]
    remedy = f"write {quote} at the end of the string"
    remedy += ", and '' for a ' inside it" if quote == "'" else ""
    return FatalError(Span(error.first, error.first + 1), "this quote is never closed", remedy)


def _unknown_escape(error: ErrorPlace) -> FatalError:
    span = Span(error.at - 1, error.at + 1)
    escape = shown(error.content[slice(*span)])
    remedy = "write \\\\ for a backslash, or use single quotes"
    return FatalError(span, f"{escape} is no escape that YAML has", remedy)


def _wrong_code(error: ErrorPlace) -> FatalError:
    letter = error.content[error.at - 1]
    length = {"x": 2, "u": 4, "U": 8}[letter]
    digits = error.content[error.at : error.at + length].partition('"')[0]
    span = Span(error.at - 2, error.at + len(digits))
    remedy = f"\\{letter} takes {length} hexadecimal digits; a backslash is \\\\"
    if len(digits) == length and not digits.strip("0123456789abcdefABCDEF"):
        remedy = "the last character is \\U0010FFFF"
    return FatalError(span, f"{shown(error.content[slice(*span)])} is no character", remedy)


def _block_header(error: ErrorPlace) -> FatalError:
    line = error.line_from(error.first)
    cause = f"only an indentation from 1 to 9 and + or - can follow {error.content[error.first]}"
    remedy = "put the text on the next line, or quote the value"
    return FatalError(Span(line.start + 1, line.end), cause, remedy)


def _indented_blank(error: ErrorPlace) -> FatalError:
    cause = "this blank line has more spaces than the text below it"
    return FatalError(error.line_from(error.at, with_blanks=True), cause, "remove its spaces")


def _no_name(error: ErrorPlace) -> FatalError:
    span = Span(error.first, error.first + 1)
    cause = f"a name has to follow {error.content[error.first]}"
    return FatalError(span, cause, "write it, or put quotes around the value")


def _tag(error: ErrorPlace) -> FatalError:
    word = _match_word_in_flow(error.content, error.first)
    span = Span(error.first, word.end() if word else error.first)
    cause = "a tag cannot be written like this"
    return FatalError(span, cause, "remove it, or quote the value if the ! is text")


def _directive(error: ErrorPlace) -> FatalError:
    if "document start" in error.problem:
        cause = "after directives a document starts with ---"
        remedy = "put a line with --- above, or quote text with a % first"
        return FatalError(error.span, cause, remedy)
    line = error.line_from(error.line_start(error.at))
    cause = "this is no directive of YAML, or it repeats one"
    return FatalError(line, cause, "write %YAML 1.2, or remove it, or quote text with a % first")


def _tag_handle(error: ErrorPlace) -> FatalError:
    cause = f"the tag {shown(error.content[slice(*error.span)])} is declared nowhere"
    return FatalError(error.span, cause, "remove it, or quote the value if the ! belongs to it")


#: Our words for what the parser says, as "context: problem": the first part that is in it counts.
_EXPLAINERS: dict[str, Callable[[ErrorPlace], FatalError]] = {
    TAB: lambda error: tab_indents(error.at),
    "found unexpected": _unclosed_quote,
    "unknown escape": _unknown_escape,
    "expected escape": _wrong_code,
    INDENTED_BLANK: _indented_blank,
    "a block scalar: ": _block_header,
    "directive: ": _directive,
    "an alias: ": _no_name,
    "an anchor: ": _no_name,
    "tag: ": _tag,
    "cannot start any token": _no_token,
    "could not find expected ':'": _no_colon,
    "mapping values are not allowed": _colon,
    "sequence entries are not allowed": _item,
    "mapping keys are not allowed": _question,
    STRAY: _stray,
    "after document end marker": _stray,
    "expected the node content": _no_value,
    "expected ',' or": _no_comma,
    "undefined tag handle": _tag_handle,
    "duplicate": _directive,
    "incompatible": _directive,
    "expected '<document start>'": _directive,
}

#: Those of errors that a tab for indentation may be the reason of.
_ABOUT_INDENT = frozenset({_no_colon, _colon, _item, _question, _stray})
