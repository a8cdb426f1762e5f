"""What ends the reading of a YAML document: one exception, raised with its final words."""

from __future__ import annotations

import re

from rosetta_spec.document.tree import Problem
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import BOM, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.pointer import Pointer

#: Not in YAML text at all: control characters.
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f"

#: Nowhere but between quotes. U+0085 is an ordinary character; a byte order mark has its own rule.
_QUOTED_ONLY = "\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff"

find_control = re.compile(f"[{_CONTROL}]").search
find_unquotable = re.compile(f"[{_CONTROL}{_QUOTED_ONLY}]").search


class FatalError(Exception):
    """Nothing more can be said of the document; `problem` says why."""

    def __init__(
        self,
        span: Span,
        cause: str,
        remedy: str,
        *,
        name: str = "syntax",
        related: tuple[tuple[Pointer, Span, str], ...] = (),
    ) -> None:
        super().__init__(cause)
        self.problem = Problem(name, ROOT, span, cause, remedy, related)


def shown(source: str) -> str:
    """Quote a piece of source in a message, as messages about JSON do."""
    # Most texts are right and do not pay for loading what explains the wrong ones.
    from rosetta_spec.document.json_errors import shown as quoted  # noqa: PLC0415

    return quoted(source)


def forbidden_character(content: str, at: int) -> FatalError:
    """Say that YAML does not allow the character at the offset `at`."""
    char = content[at]
    span = Span(at, at + 1)
    if char == BOM:
        return FatalError(span, "a byte order mark stands inside the document", "remove it")
    code = f"U+{ord(char):04X}"
    if find_control(char):
        remedy = f"remove it, or write it as \\x{ord(char):02x} between double quotes"
    else:
        remedy = "remove it, or put double quotes around the value"
    return FatalError(span, f"the invisible character {code} is not allowed here", remedy)


def tab_indents(at: int) -> FatalError:
    """Say that the tab at `at` does what only spaces can do."""
    cause = "a tab indents this line, and YAML counts only spaces"
    return FatalError(Span(at, at + 1), cause, "indent it with spaces")
