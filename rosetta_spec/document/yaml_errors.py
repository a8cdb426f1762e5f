"""Explain YAML syntax errors in plain words, with the table in `yaml_errors.txt`."""

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

_MESSAGES = messages("yaml_errors.txt", "messages", _PARTS)

#: The first that returns an explanation wins.
_EXPLAINERS: tuple[Explainer[YamlErrorPlace], ...] = (conflict, _long_key, _MESSAGES)


def explain(error: YamlErrorPlace) -> FatalError:
    """Put what the parser said into words, at the place that has to change."""
    return first_of(_EXPLAINERS, error)
