"""Read YAML as people write requests: blocks of one-line values; what is rarer is declined.

Whatever is read here is what the full reader of YAML reads, and it has no problem there. Of a text
that has one, and of every text that is not surely understood, this reader says nothing.
"""

from __future__ import annotations

from rosetta_spec.document.quick import Declined, short_fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from rosetta_spec.document.plain import Json
    from rosetta_spec.document.quick import ReadFraction

    #: Where a key or a value starts and ends; a block collection ends (None) with what is in it.
    Mark: TypeAlias = tuple[int, int | None]

_MAX_NESTING = 20
_MAX_KEY = 1000
_MAX_DIGITS = 600

_WORDS = {
    **dict.fromkeys(("~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_starts_word = frozenset(_LETTERS).__contains__

#: All characters of numbers, but for those of base 8 and 16 and the special ones.
_NUMERIC = "0123456789+-.eE"
_starts_number = frozenset("0123456789+-.").__contains__

#: Characters that mean nothing in a plain scalar, in a flow collection too, unless it starts so.
_SAFE = _LETTERS + "0123456789-./+ "

#: What a plain scalar cannot start with, or only where one has to look further.
_starts_other = frozenset("-?:,[]{}#&*!|>'\"%@`").__contains__

#: What a line is without content, and what may follow a dash that starts an item.
_is_nothing = frozenset(("", "#", "\r")).__contains__
_is_blank = frozenset(("", " ", "\r")).__contains__

_ESCAPES = {
    **dict(zip("0abtnvfre", "\0\a\b\t\n\v\f\r\x1b", strict=True)),
    **dict(zip('"/ ', '"/ ', strict=True)),
}
_CODES = {"x": 2, "u": 4, "U": 8}
_HEXADECIMAL = "0123456789abcdefABCDEF"

#: How comments that silence a rule begin; others read these.
_SUPPRESSION = "rosetta-spec:"


def read_yaml_lines(content: str, read_fraction: ReadFraction = short_fraction) -> list[Json]:
    """Read the plain values of all documents of a text without a byte order mark.

    Raises:
        Declined: one of them is no object, has a problem, or is written in a rarer way.
    """
    if _is_printable(content):
        return _Lines(content, read_fraction, None).read()
    return read_marked_lines(content, read_fraction)[0]


def read_marked_lines(content: str, read_fraction: ReadFraction) -> tuple[list[Json], list[Mark]]:
    """Read values as `read_yaml_lines` does, and mark every value and every key before its value.

    The marks are in the order of the text, a collection before what is in it.
    """
    marks: list[Mark] = []
    is_printable = _is_printable(content)
    values = _Lines(content, read_fraction, marks).read()
    if not is_printable and not _is_printable(_without_quoted(content, marks)):
        raise Declined
    return values, marks


def _is_printable(content: str) -> bool:
    """Say whether there are only characters that may stand everywhere, so no tab either.

    Raises:
        Declined: there are some that may stand nowhere, or a comment that silences a rule.
    """
    rest = content.replace("\r\n", "").replace("\n", "")
    if _SUPPRESSION in rest:
        raise Declined
    if rest.isprintable():
        return True
    for char in set(rest):
        if (char < " " and char != "\t") or "\ud800" <= char <= "\udfff":
            raise Declined
    return False


def _without_quoted(content: str, marks: list[Mark]) -> str:
    parts = []
    at = 0
    for start, end in marks:
        if end is not None and content[start:end][:1] in ("'", '"'):
            parts.append(content[at:start])
            at = end
    return "".join((*parts, content[at:]))


class _UnclosedError(Declined):
    """The text ends within a flow collection or between quotes; with more lines it may not."""


class _Lines:
    """Reads a text; where `marks` is a list, it is filled."""

    __slots__ = ("ends", "lines", "marks", "read_fraction", "rows")

    def __init__(self, content: str, read_fraction: ReadFraction, marks: list[Mark] | None) -> None:
        self.read_fraction = read_fraction
        self.marks = marks
        self.lines = content.split("\n")
        self.rows = enumerate(self.lines)
        self.ends: list[int] = []
        if marks is not None:
            end = -1
            for line in self.lines:
                end += 1 + len(line)
                self.ends.append(end)

    # The one loop over lines keeps its state in local variables: it is run for nearly every file.

    def read(self) -> list[Json]:  # noqa: C901, PLR0912, PLR0915 - calls would double its time
        marks = self.marks
        roots: list[Json] = [None]
        has_marker = False
        #: The collection that lines belong to, its column, and those around it.
        block: Json = roots
        indent = -1
        levels: list[tuple[int, Json]] = []
        #: Where the last value is in `block`, and whether it may follow on the next lines.
        slot: str | int = -1
        waits = True
        if marks is not None:
            marks.append((0, 0))
        for number, line in self.rows:
            body = line.lstrip(" ")
            first = body[:1]
            if _is_nothing(first):
                continue
            column = len(line) - len(body)
            is_item = first == "-"
            if is_item or column != indent or type(block) is list:
                if is_item and not _is_blank(body[1:2]):
                    if column or body.rstrip() != "---" or (has_marker and block is roots and waits):
                        raise Declined
                    if block is not roots or not waits:
                        roots.append(None)
                        if marks is not None:
                            marks.append((0, 0))
                    has_marker = waits = True
                    block, indent, levels, slot = roots, -1, [], -1
                    continue
                if column > indent:
                    if not waits:
                        raise Declined
                else:
                    if column < indent:
                        waits = False
                        while column < indent:
                            indent, block = levels.pop()
                        if column != indent:
                            raise Declined
                    if not is_item:
                        waits = False
                        if type(block) is list:
                            # A list may stand at the column of its key.
                            indent, block = levels.pop()
                            if column != indent:
                                raise Declined
                    elif type(block) is list:
                        waits = False
                    elif not waits:
                        raise Declined
                if waits:
                    if block is roots:
                        if first == "{":
                            roots[-1] = self._flow_value(body, number)
                            waits = False
                            continue
                        if is_item:
                            raise Declined
                    below: Json = [] if is_item else {}
                    levels.append((indent, block))
                    block[slot] = block = below
                    indent = column
                    if len(levels) > _MAX_NESTING:
                        raise Declined
                    if marks is not None:
                        marks[-1] = (self.ends[number] - len(body), None)
