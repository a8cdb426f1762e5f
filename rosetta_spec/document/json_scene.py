"""The place where a JSON text goes wrong, as those who explain it look at it."""

from __future__ import annotations

import re
from typing import NamedTuple

from rosetta_spec.document.quoting import shown
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from rosetta_spec.document.json_reader import Fault
    from rosetta_spec.pointer import Pointer

BLANKS = " \t\n\r"
CLOSERS = {"{": "}", "[": "]"}

#: What people see as one thing: a string, a quoted or bare word, or else a single character.
_VISIBLE_THING = r""" "[^"\r\n]*+"? | '[^'\r\n]*+' | [^\s,:\[\]{}"']++ | . """


class Mistake(NamedTuple):
    """The part of a `Problem` that has to be found out."""

    span: Span
    cause: str
    remedy: str
    related: tuple[tuple[Pointer, Span, str], ...] = ()


class Scene:
    """The place where a text goes wrong, and what an explanation may look at.

    `char` is the character at fault, `last` the last one before it that is not blank, at offset
    `before`; each is "" where there is none. `bracket` is the innermost open one, "" outside all.
    """

    def __init__(self, content: str, fault: Fault) -> None:
        self.content = content
        self.at = fault.span.start
        self.wanted = fault.wanted
        self.opened = fault.opened
        self.other = fault.other or Span(-1, -1)
        self.char = content[self.at : self.at + 1]
        self.before = len(content[: self.at].rstrip(BLANKS)) - 1
        self.last = content[self.before] if self.before >= 0 else ""
        self.bracket = content[self.opened[-1]] if self.opened else ""

    @property
    def here(self) -> Span:
        """The character at fault."""
        return Span(self.at, self.at + len(self.char))

    @property
    def token(self) -> Span:
        """What stands at the fault, as people see it."""
        return self.find(_VISIBLE_THING) or self.here

    def find(self, pattern: str, at: int | None = None) -> Span | None:
        """Locate what the verbose `pattern` matches at the fault, or at `at`."""
        matched = re.compile(pattern, re.VERBOSE).match(self.content, self.at if at is None else at)
        return Span(*matched.span()) if matched else None

    def source(self, span: Span) -> str:
        """Return the text of `span` as it stands."""
        return self.content[span.start : span.end]

    def quote(self, span: Span) -> str:
        """Return the text of `span` as a message shows it."""
        return shown(self.source(span))

    def on_its_row(self, span: Span) -> Span:
        """Cut `span` at the end of the row that it starts in."""
        row = re.compile(r"[^\r\n]*").match(self.content, span.start, span.end)
        return Span(*row.span()) if row else span

    def next_after(self, end: int) -> str:
        """Return the first character from `end` on that is not blank, "" if there is none."""
        return self.content[end:].lstrip(BLANKS)[:1]


Explainer: TypeAlias = "Callable[[Scene], Mistake | None]"
