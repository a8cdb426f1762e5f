"""Directives in comments, such as `# rosetta-spec: ignore[RS201, ignored-setting]`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from rosetta_spec.fast.formats import SUPPRESSION
from rosetta_spec.request.wording import nearest_name
from rosetta_spec.text import Span

#: What is wrong with a directive, whatever the rules: its verb is misspelt, it lists no rule, its
#: list is not closed, its day is not one, or comes after the reason.
Problem: TypeAlias = Literal["", "verb", "none", "open", "until", "late"]

#: The verbs: suppress findings on a row, or in the whole file.
ON_A_ROW, IN_THE_FILE = "ignore", "ignore-file"
_VERBS = (ON_A_ROW, IN_THE_FILE)

# Patterns are compiled when they are used, which most runs do not.

#: A directive starts at a `#` of its own, perhaps after other words of the comment.
_START = rf"(?<![^ \t])#++[ \t]*+{SUPPRESSION}"
_VERB = r"[ \t]*+([\w-]++)[ \t]*+"
_LIST = r"\[([^\]]*+)(\]?)"
_NAME = r"[^, \t](?:[^,]*[^, \t])?"
_UNTIL = r"[ \t]*+(until(?:=([^ \t]*+)|[ \t]*+[=:][ \t]*+[^ \t]*+))"
_LATE_UNTIL = r"(?<![^ \t])until=[0-9][^ \t]*+"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_REST = r"[ \t]*+(\r\n?|\n|\Z)"


class Name(NamedTuple):
    """A rule that a directive lists, by its code or name."""

    text: str
    span: Span


class Directive(NamedTuple):
    """A part of a comment that suppresses findings, from its `#` to its last character.

    With a problem, `verb` is the one that is probably meant, and `written` is the text of the
    wrong verb or day. `until` is the last day that it is in force, as `YYYY-MM-DD`, or "".
    """

    span: Span
    verb: str
    names: tuple[Name, ...] = ()
    until: str = ""
    problem: Problem = ""
    written: str = ""


def directives_in(content: str, comment: Span) -> Iterator[Directive]:
    """Yield the directives in a comment, which has no whitespace at its end; prose is none."""
    text = content[comment.start : comment.end]
    starts = list(re.finditer(_START, text))
    bounds = [*(match.start() for match in starts), len(text)]
    for match, (start, end) in zip(starts, pairwise(bounds), strict=True):
        directive = _directive(text[start:end].rstrip(), len(match[0]), comment.start + start)
        if directive:
            yield directive


def _directive(text: str, at: int, start: int) -> Directive | None:
    """Read the text of a directive at `start`, whose verb is at `at`; None if it is prose."""
    span = Span(start, start + len(text))
    word = re.compile(_VERB).match(text, at)
    verb = word and _meant_verb(word[1])
    if not (word and verb):
        return None
    if verb != word[1]:
        return Directive(span, verb, problem="verb", written=word[1])
    listed = re.compile(_LIST).match(text, word.end())
    names = tuple(_names(listed[1], start + listed.start(1))) if listed else ()
    if listed and names and not listed[2]:
        return Directive(span, verb, problem="open")
    if not (listed and names):
        return Directive(span, verb, problem="none")
    until, problem, written = _until(text[listed.end() :])
    return Directive(span, verb, names, until, problem, written)


def _meant_verb(word: str) -> str | None:
    if word in _VERBS:
        return word
    is_longer = word.lower().startswith(ON_A_ROW)
    return nearest_name(word.lower(), _VERBS) or (ON_A_ROW if is_longer else None)


def _names(text: str, start: int) -> Iterator[Name]:
    for match in re.finditer(_NAME, text):
        yield Name(match[0], Span(start + match.start(), start + match.end()))


def _until(rest: str) -> tuple[str, Problem, str]:
    """Read the day after a list: the day, or a problem and the text that has it."""
    match = re.match(_UNTIL, rest)
    if match and not is_day(match[2] or ""):
        return "", "until", match[1]
    late = re.compile(_LATE_UNTIL).search(rest, match.end() if match else 0)
    if late:
        return "", "late", late[0]
    return match[2] if match else "", "", ""


def is_day(text: str) -> bool:
    """Whether a text is a date of the calendar, as `YYYY-MM-DD`."""
    if not re.fullmatch(_DAY, text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def removal(
    content: str, directive: Directive, unused: Collection[str]
) -> tuple[tuple[Span, str], ...]:
    """Return the edits that remove names from a directive's list: spans, and their new texts.

    If no name is left, the directive goes with the blanks before it, or the whole line if nothing
    else is on it.
    """
    kept = [index for index, name in enumerate(directive.names) if name.text not in unused]
    if kept:
        spans = tuple(_spans_in_list(directive.names, unused, kept[-1]))
    else:
        spans = (_whole_span(content, directive.span),)
    return tuple((span, "") for span in spans)


def _spans_in_list(names: Sequence[Name], unused: Collection[str], last: int) -> Iterator[Span]:
    """Yield the spans to remove: up to the next name before `last`, and all after it."""
    for name, following in pairwise(names[: last + 1]):
        if name.text in unused:
            yield Span(name.span.start, following.span.start)
    if names[last] is not names[-1]:
        yield Span(names[last].span.end, names[-1].span.end)


def _whole_span(content: str, span: Span) -> Span:
    rest = re.compile(_REST).match(content, span.end)
    start = span.start
    while start and content[start - 1] in " \t":
        start -= 1
    if rest is None:
        # Another directive follows in the same comment.
        return Span(start, span.end)
    is_alone = not start or content[start - 1] in "\r\n"
    return Span(start, rest.end() if is_alone else rest.start(1))
