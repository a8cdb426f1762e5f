"""Directives in comments, such as `# rosetta-spec: ignore[RS201, ignored-setting]`."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import Literal, NamedTuple, TypeAlias

from rosetta_spec.fast.formats import SUPPRESSION, SUPPRESSION_VERBS
from rosetta_spec.fast.predicates import is_in_calendar
from rosetta_spec.request.wording import nearest_name
from rosetta_spec.text import Span

#: What is wrong with a directive, whatever the rules: it has no list of rules, its list is not
#: closed, its day is not one, or comes after the reason; it is written in another form, perhaps
#: with another verb, or after other text.
Problem: TypeAlias = Literal["", "none", "open", "until", "late", "form", "prose"]

#: Problems of comments that are not directives but were probably meant as such.
NEAR_MISSES: frozenset[Problem] = frozenset(("none", "form", "prose"))

#: The verbs: suppress findings on a row, or in the whole file.
ON_A_ROW, IN_THE_FILE = "ignore", "ignore-file"
_VERBS = (ON_A_ROW, IN_THE_FILE)

#: Only the first names of a directive are read; no ruleset has as many rules.
_MAX_NAMES = 10_000

# Patterns are compiled when they are used, which most runs do not.

#: A comment, or what follows ` #` inside one: a directive ends where the next part starts.
_PART = r"(?<![^ \t])#"
_START = rf"#++[ \t]*+({SUPPRESSION}[ \t]*+:[ \t]*+([\w-]++))[ \t]*+"
_LIST = r"\[([^\]]*+)(\]?)"
_NAME = r"[^, \t](?:[^,]*[^, \t])?"
_UNTIL = r"[ \t]*+(until=([^ \t]*+)|(?i:until)[ \t]*+[=:][ \t]*+[^ \t]*+)"
_LATE_UNTIL = r"(?<![^ \t])(?i:until)=[0-9][^ \t]*+"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_REST = r"[ \t]*+(\r\n?|\n|\Z)"

#: What was probably meant as a directive: our name and a verb of ours or of another linter, also
#: with the blanks and the colon of another keyboard.
_BLANKS = r"[ \t\u00a0\u3000]*+"
_NEAR_MISS = (
    rf"(?ai)(?<![\w-]){SUPPRESSION}{_BLANKS}[:\uff1a]?{_BLANKS}"
    rf"((?:{'|'.join(SUPPRESSION_VERBS)})(?![^\W_])[\w-]*+)"
)
_CODE = r"(?a)\b[A-Z]{2,8}[0-9]{3}\b"


class Name(NamedTuple):
    """A rule that a directive lists, by its code or name."""

    text: str
    span: Span


class Directive(NamedTuple):
    """A part of a comment that suppresses findings, from its `#` to its last character.

    After other text it starts with our name. With a problem, `verb` and `names` are those that are
    probably meant, and `written` is the text of the wrong form or day. `until` is the last day that
    it is in force, as `YYYY-MM-DD`, or "".
    """

    span: Span
    verb: str
    names: tuple[Name, ...] = ()
    until: str = ""
    problem: Problem = ""
    written: str = ""

    def moved(self, by: int) -> "Directive":
        """Return the same directive further on in a text."""
        names = tuple(Name(name.text, _moved(name.span, by)) for name in self.names)
        return self._replace(span=_moved(self.span, by), names=names)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def directives_in(content: str, comment: Span) -> Iterator[Directive]:
    """Yield the directives in a comment, and what was probably meant as one, in order."""
    for start, part in parts_of(content, comment):
        for directive in directives_of(part):
            yield directive.moved(start)


def parts_of(content: str, comment: Span) -> Iterator[tuple[int, str]]:
    """Yield the parts of a comment that each can be a directive: the offset and the text."""
    text = content[comment.start : comment.end]
    # There may be millions.
    starts = (match.start() for match in re.finditer(_PART, text))
    for start, end in pairwise(chain(starts, (len(text),))):
        yield comment.start + start, text[start:end].rstrip()


def directives_of(part: str) -> Iterator[Directive]:
    """Yield the directive of a part of a comment, and the first near miss after it.

    Their spans are in the text of the part.
    """
    directive, end = _directive(part)
    if directive:
        yield directive
    if directive is None or not directive.problem:
        near_miss = re.compile(_NEAR_MISS).search(part, end)
        if near_miss:
            yield _near_miss(part, near_miss)


def _directive(text: str) -> tuple[Directive | None, int]:
    """Read the directive at the start of a text, if there is one, and where its list ends."""
    span = Span(0, len(text))
    opening = re.match(_START, text)
    verb = opening and _meant_verb(opening[2])
    if not (opening and verb):
        return None, 0
    listed, names = _names_after(text, opening.end())
    if verb != opening[2]:
        return Directive(span, verb, names, problem="form", written=opening[1]), 0
    if not (listed and names):
        return Directive(span, verb, names, problem="none"), 0
    if not listed[2]:
        return Directive(span, verb, problem="open"), 0
    until, problem, written = _until(text[listed.end() :])
    return Directive(span, verb, names, until, problem, written), listed.end()


def _near_miss(text: str, match: re.Match[str]) -> Directive:
    verb = _meant_verb(match[1]) or ON_A_ROW
    _, names = _names_after(text, match.end())
    is_first = not text[: match.start()].strip("# \t\u00a0\u3000")
    span = Span(0 if is_first else match.start(), len(text))
    problem: Problem = "form" if is_first else "prose"
    return Directive(span, verb, names, problem=problem, written=match[0])


def _meant_verb(word: str) -> str | None:
    if word in _VERBS:
        return word
    is_other = word.lower().startswith(SUPPRESSION_VERBS)
    nearest = ON_A_ROW if is_other else nearest_name(word.lower(), _VERBS)
    return IN_THE_FILE if nearest and "file" in word.lower() else nearest


def _names_after(text: str, at: int) -> tuple[re.Match[str] | None, tuple[Name, ...]]:
    """Return the list at a place, if there is one, and its rules, or else the codes after it."""
    listed = re.compile(rf"[ \t]*+{_LIST}").match(text, at)
    if listed:
        found = re.compile(_NAME).finditer(text, *listed.span(1))
    else:
        found = re.compile(_CODE).finditer(text, at)
    names = (Name(match[0], Span(*match.span())) for match in found)
    return listed, tuple(islice(names, _MAX_NAMES))


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
    return bool(re.fullmatch(_DAY, text)) and is_in_calendar(*map(int, text.split("-")))


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
    before = after = 0
    while span.start > before and content[span.start - before - 1] in " \t":
        before += 1
    start = span.start - before
    is_first = not start or content[start - 1] in "\r\n\ufeff"
    rest = re.compile(_REST).match(content, span.end)
    if rest:
        return Span(start, rest.end() if is_first else rest.start(1))
    # Something else follows in the same comment.
    while is_first and content[span.end + after] in " \t":
        after += 1
    return Span(span.start if is_first else start, span.end + after)
