"""Explain YAML syntax errors in plain words: a table from what ruamel's parser says."""

import re

from rosetta_spec.document.syntax_errors import (
    CLOSERS,
    ErrorPlace,
    Explainer,
    FatalError,
    conflict,
    first_of,
    messages,
)
from rosetta_spec.document.values import clipped
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.text import BOM, Span

#: What ruamel says of something that belongs to nothing above it, and what our part of its scanner
#: says of a tab that indents, and of a blank row that does.
STRAY = "expected <block end>"
TAB = "found a tab that indents"
INDENTED_BLANK = "found a blank row with more spaces than the text"

_BLANKS = " \t\r\n"
#: The longest key outside flow mappings, in characters (YAML 1.2.2, section 7.4).
LONGEST_KEY = 1024


def too_deep(span: Span) -> FatalError:
    """Report a collection that is nested too deep."""
    cause = f"objects and lists are nested more than {MAX_NESTING} levels deep here"
    return FatalError(span, cause, "use fewer levels of objects and lists", name="too-large")


def forbidden_character(content: str, at: int) -> FatalError:
    """Report a character that YAML does not allow at the offset `at`."""
    char = content[at]
    span = Span(at, at + 1)
    if char == BOM:
        return FatalError(span, "there is a byte order mark inside the document", "remove it")
    code = f"U+{ord(char):04X}"
    if char < " ":
        remedy = f"remove it, or write it as \\x{ord(char):02x} between double quotes"
    else:
        remedy = "remove it, or put double quotes around the value"
    return FatalError(span, f"the invisible character {code} is not allowed here", remedy)


class YamlErrorPlace(ErrorPlace):
    """Where the parser stopped, and what it said.

    `key` is the offset of what should be a key, if it is about one; `opened` are the offsets
    of the first characters of the collections around, outermost first. The context for tables is
    what the parser said, with notes in brackets, and the line before.
    """

    def __init__(
        self,
        content: str,
        at: int,
        said: str,
        key: int | None = None,
        opened: tuple[int, ...] = (),
    ) -> None:
        line = _line_start(content, at)
        before = content[line:at]
        above = content[:line].rstrip(_BLANKS)
        above_line = _line_start(content, len(above))
        tab = re.match(r" *+(?:[-?] *+)*+\t", before)
        innermost = opened[-1] if opened else at
        bracket = content[innermost : innermost + 1] if opened else ""
        is_unclosed = bracket in CLOSERS and _is_unclosed(content, at, innermost)
        notes = {
            "[tab]": tab is not None,
            "[brackets]": bracket in CLOSERS,
            "[unclosed]": is_unclosed,
            "[below key]": not above or _has_colon(above[above_line:]),
            "[long]": len(before) > LONGEST_KEY and not _has_colon(before),
        }
        said = " ".join([said, *(note for note in notes if notes[note])])
        super().__init__(content, at, said, before)
        first = at if key is None else key
        if "mapping values" in said:
            first = above_line + _indent(above[above_line:], _BLANKS)
        word = before.split()[-1] if before.strip() else ""
        self.starts = {
            "at": at,
            "line": line,
            "tab": line + (tab.end() - 1 if tab else 0),
            "first": first,
            "after first": first + 1,
            "long": line + _indent(before, _BLANKS),
            "word": line + before.rfind(word),
            "escape": max(at - 1, 0),
            "code": max(at - 2, 0),
            "bracket": innermost,
        }
        self.words = {
            "first": clipped(content[first : first + 1]),
            "bracket": bracket,
            "closer": CLOSERS.get(bracket, ""),
        }


def explain(error: YamlErrorPlace) -> FatalError:
    """Put what the parser said into words, at the place that has to change."""
    return first_of(_EXPLAINERS, error)


def _line_start(content: str, at: int) -> int:
    return max(content.rfind("\n", 0, at), content.rfind("\r", 0, at)) + 1


def _has_colon(line: str) -> bool:
    return re.search(r":(?:[ \t]|\Z)", line) is not None


def _indent(line: str, blanks: str = " ") -> int:
    return len(line) - len(line.lstrip(blanks))


def _is_unclosed(content: str, at: int, bracket: int) -> bool:
    """Whether the line looks like one of block YAML, no further right than the bracket's."""
    starts = _line_start(content, at), _line_start(content, bracket)
    line, first = (re.split("[\r\n]", content[start:], maxsplit=1)[0] for start in starts)
    indent = _indent(line)
    if at == len(content) or re.match(r"(?:---|\.\.\.)(?:[ \t]|\Z)", line):
        return True
    is_inside = starts[0] == starts[1] or indent > _indent(first)
    if is_inside or not re.match(r"[^\[\]{},\"']*:(?:[ \t]|\Z)|- ", line[indent:]):
        return False
    starts_line = bracket == starts[1] + _indent(first)
    return not (starts_line and CLOSERS[content[bracket]] in content[at:])


def _long_key(error: YamlErrorPlace) -> FatalError | None:
    said, _ = error.context
    start = error.starts["long"]
    if "could not find" in said:
        start = error.starts["first"]
        if not error.match(rf"[^\r\n]{{{LONGEST_KEY}}} [^\r\n]*[^ \t\r\n]", start):
            return None
    elif not ("mapping values" in said and "[long]" in said):
        return None
    cause = f"a key is longer than {LONGEST_KEY} characters"
    return FatalError(Span(start, error.at), cause, "write ? and a space before it, or shorten it")


_PARTS = {
    "CHAR": "(?s:.)",
    "WORD": r"[^ \t\r\n]*+",
    "LINE": r"(?:[^\r\n]*[^ \t\r\n])?",
    "STRAY": "block end|end marker|node content",
}

_MESSAGES = messages(
    r"""
found a tab ~ CHAR
    this line is indented with a tab, and YAML allows only spaces; indent it with spaces
found unexpected ~ ' ~ first
    this quote is never closed; write ' at the end of the string, and '' for a ' inside it
found unexpected ~ " ~ first
    this quote is never closed; write " at the end of the string
unknown escape ~ CHARCHAR ~ escape
    {text} is not an escape in YAML; write \\ for a backslash, or use single quotes
found a blank row ~ [^\r\n]*
    this blank line has more spaces than the text below it; remove its spaces
a block scalar: ~ LINE ~ after first
    only an indentation from 1 to 9 and + or - can follow {first};
    put the text on the next line, or quote the value
directive: |duplicate|incompatible|crashed ~ %LINE ~ line
    this is not a YAML directive, or it repeats one;
    write %YAML 1.2, or remove it, or quote text with a % first
an (alias|anchor): ~ CHAR ~ first
    {text} must be followed by a name; write it, or put quotes around the value
a tag: ~ [^ \t\r\n,\[\]{}]*+ ~ first
    a tag cannot be written like this; remove it, or quote the value if the ! is text
cannot start any token ~ [#]
    a comment needs a space before its #;
    add one, or quote the value if the # belongs to it
cannot start any token ~ [|>]
    a block of text with {text} is not possible between brackets;
    put quotes around the text instead
cannot start any token ~ CHAR
    a value without quotes cannot start with {text}; put quotes around it
(could not find|not allowed|block end|end marker).*\[tab\] ~ CHAR ~ tab
    this line is indented with a tab, and YAML allows only spaces; indent it with spaces
mapping values / ^--- ~ CHAR
    a key cannot be on the line of ---; put it on the next line
mapping values / :(?:[ \t]|$) ~ CHAR
    this colon makes the text before it a key, inside a value;
    put quotes around the value that the colon belongs to
mapping values.*\[below key\] ~ CHAR
    this line is indented as part of the value above, but it has a key;
    indent it like the key above
could not find|mapping values ~ (?=\*[^\r\n]*:) (?P<alias>WORD) LINE ~ first
    the colon belongs to the name of the alias {alias}; put a space between alias and colon
could not find|mapping values ~ (?=[^\r\n]*\uFF1A) LINE ~ first
    the colon in {text} is U+FF1A and only looks like one; write : and a space
could not find|mapping values ~ (?=[^\r\n]*[^ \r\n]:[^ /\r\n]) LINE ~ first
    there is no space after the colon in {text}; add one
could not find|mapping values ~ LINE ~ first
    there is no colon after {text};
    write key: value, or indent the line if it continues the value above
sequence entries / :(?:[ \t]|$) ~ CHAR
    a list cannot start on the line of its key;
    put its items on the lines below, or quote the value if the - belongs to it
sequence entries ~ CHAR
    a list item cannot start here; put each item on a line of its own
mapping keys ~ CHAR
    a key with ? cannot start here; put it on a line of its own, or quote the value
(node content|expected ',').*\[unclosed\] ~ CHAR ~ bracket
    this {bracket} is never closed; write {closer} at its end
(node content|expected ',').*\[brackets\] ~ [\]}]
    {text} cannot close the bracket {bracket}; write {closer}
(node content|expected ',').*\[brackets\] ~ ,
    there is no value before this comma; remove it
(node content|expected ',').*\[brackets\] ~ -
    a list between brackets has commas, not dashes;
    remove the -, and put commas between the items
(node content|expected ',').*\[brackets\] ~ :|WORD
    a comma or the closing {closer} is missing before this; write it
node content ~ [\]},]
    a value without quotes cannot start with {text}; put quotes around it
(block end|end marker) ~ [\]}]
    {text} does not close an open bracket; remove it
STRAY / ^\.\.\. ~ WORD
    only a comment can follow ... on its line; put this on the next line
STRAY / [^ \t] ~ ,
    a comma does not belong after a value outside brackets; remove it, or quote the whole value
STRAY / '[ \t]*$ ~ WORD
    text follows the closing quote;
    put all of the value between the quotes, and write '' for a ' inside it
STRAY / "[ \t]*$ ~ WORD
    text follows the closing quote; put all of the value between the quotes
STRAY / (^|[ \t])\*[^ \t]*:[ \t]*$ ~ WORD ~ word
    the colon belongs to the name of the alias {text}; put a space between alias and colon
STRAY / [\]}][ \t]*$ ~ WORD
    text follows the closing bracket; remove it, or put quotes around the whole value
STRAY / [^ \t] ~ \*WORD
    an alias cannot have an anchor or a tag; remove what is before it
STRAY / [^ \t] ~ &WORD
    a value has at most one anchor; remove one, or put quotes around the value
STRAY / [^ \t] ~ !WORD
    a value has at most one tag; remove one, or put quotes around the value
STRAY / [^ \t] ~ WORD
    this cannot follow what is before it on the line; put quotes around the whole value
STRAY ~ %WORD
    a line that starts with % is a directive, which belongs before a document;
    put quotes around the text, or a line with ... above the directive
block collection.*(STRAY) ~ WORD
    this line is not an item of the list above; start it with - or indent it differently
STRAY ~ -WORD
    a list item cannot be between keys; put it below the key that it belongs to
STRAY ~ WORD
    the indentation of this line matches no line above; indent it like the lines that it belongs to
undefined tag handle ~ WORD
    the tag {text} is not declared; remove it, or quote the value if the ! belongs to it
<document start> ~ WORD
    after directives, a document starts with ---;
    put a line with --- above, or quote text with a % first
expected escape|crashed ~ \\x[^"\r\n]{0,2} ~ code
    {text} is not a character; \x takes 2 hexadecimal digits; a backslash is \\
expected escape|crashed ~ \\u[^"\r\n]{0,4} ~ code
    {text} is not a character; \u takes 4 hexadecimal digits; a backslash is \\
expected escape|crashed ~ \\U[0-9A-Fa-f]{8} ~ code
    {text} is not a character; the last character is \U0010FFFF
expected escape|crashed ~ \\U[^"\r\n]{0,8} ~ code
    {text} is not a character; \U takes 8 hexadecimal digits; a backslash is \\
WORD
    this is not valid YAML; compare it with the lines above, or quote the value
""",
    _PARTS,
)

#: The first that returns an explanation wins.
_EXPLAINERS: tuple[Explainer[YamlErrorPlace], ...] = (conflict, _long_key, _MESSAGES)
