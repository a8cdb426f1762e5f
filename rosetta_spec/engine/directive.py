"""What a comment asks for: `# rosetta-spec: ignore[RS201, ignored-setting] until=2026-12-31`."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from rosetta_spec.fast.formats import SUPPRESSION
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal, TypeAlias

    #: What is wrong with a directive, whatever the rules: its verb is misspelt, it names no rule,
    #: its list is not closed, its day is none, or stands behind the reason.
    Fault: TypeAlias = Literal["", "verb", "none", "open", "until", "late"]

#: What a directive can ask for: silence on a row, and in the whole file.
ON_A_ROW, IN_THE_FILE = "ignore", "ignore-file"
_VERBS = (ON_A_ROW, IN_THE_FILE)

#: One may follow other words in a comment; then it starts at a `#` of its own.
_starts_in = re.compile(rf"(?<![^ \t])#++[ \t]*+{SUPPRESSION}").finditer
_match_verb = re.compile(r"[ \t]*+([\w-]++)[ \t]*+").match
_match_list = re.compile(r"\[([^\]]*+)(\]?)").match
_names_in = re.compile(r"[^, \t](?:[^,]*[^, \t])?").finditer
_match_until = re.compile(r"[ \t]*+(until(?:=([^ \t]*+)|[ \t]*+[=:][ \t]*+[^ \t]*+))").match
_find_late = re.compile(r"(?<![^ \t])until=[0-9][^ \t]*+").search
_is_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII).fullmatch


class Name(NamedTuple):
    """A rule that a directive lists, by its code or name."""

    text: str
    span: Span


class Directive(NamedTuple):
    """A part of a comment that asks for silence, from its `#` to its last character.

    `verb` is what it was meant to ask for, `written` what it says instead of that, or as its day.
    `until` is the last day that it is in force, as `YYYY-MM-DD`, "" without one.
    """

    span: Span
    verb: str
    names: tuple[Name, ...] = ()
    until: str = ""
    fault: Fault = ""
    written: str = ""


def directives_in(content: str, comment: Span) -> Iterator[Directive]:
    """Yield the directives in a comment, which has no blanks at its end; prose is none."""
    text = content[comment.start : comment.end]
    starts = list(_starts_in(text))
    bounds = [*(match.start() for match in starts), len(text)]
    for match, (start, end) in zip(starts, pairwise(bounds), strict=True):
        directive = _read(text[start:end].rstrip(), len(match[0]), comment.start + start)
        if directive:
            yield directive


def _read(text: str, at: int, start: int) -> Directive | None:
    """Read what stands behind `at` in the text of a directive at `start`; None if it is prose."""
    span = Span(start, start + len(text))
    word = _match_verb(text, at)
    verb = word and _verb_meant(word[1])
    if not (word and verb):
        return None
    if verb != word[1]:
        return Directive(span, verb, fault="verb", written=word[1])
    listed = _match_list(text, word.end())
    names = tuple(_names(listed[1], start + listed.start(1))) if listed else ()
    if listed and names and not listed[2]:
        return Directive(span, verb, fault="open")
    if not (listed and names):
        return Directive(span, verb, fault="none")
    until, fault, written = _until(text[listed.end() :])
    return Directive(span, verb, names, until, fault, written)


def _verb_meant(word: str) -> str | None:
    if word in _VERBS:
        return word
    is_longer = word.lower().startswith(ON_A_ROW)
    return nearest_name(word.lower(), _VERBS) or (ON_A_ROW if is_longer else None)


def _names(text: str, start: int) -> Iterator[Name]:
    for match in _names_in(text):
        yield Name(match[0], Span(start + match.start(), start + match.end()))


def _until(rest: str) -> tuple[str, Fault, str]:
    """Read the day behind a list; without a right one, what is wrong, and what is written."""
    match = _match_until(rest)
    if match and not is_day(match[2] or ""):
        return "", "until", match[1]
    late = _find_late(rest, match.end() if match else 0)
    if late:
        return "", "late", late[0]
    return match[2] if match else "", "", ""


def is_day(text: str) -> bool:
    """Whether a text is a date of the calendar, as `YYYY-MM-DD`."""
    if not _is_day(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
