"""Tables of messages about syntax errors, for JSON and YAML."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TypeAlias, TypeVar

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import as_string, clipped
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import Span


class FatalError(Exception):
    """Ends the reading of a document; `problem` says why."""

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
        self.problem = SyntaxProblem(name, ROOT, span, cause, remedy, related)


class ErrorPlace:
    """The place at the offset `at` where a text is wrong.

    `context` has what a table may ask about it, `starts` the offsets at which a table may look, and
    `words` what a message may say.
    """

    def __init__(self, content: str, at: int, *context: str) -> None:
        self.content = content
        self.at = at
        self.context = context
        self.char = content[at : at + 1]
        self.here = Span(at, at + len(self.char))
        self.starts: Mapping[str, int] = {"at": at}
        self.words: Mapping[str, str] = {}

    def match(self, pattern: str, at: int | None = None) -> re.Match[str] | None:
        """Match a verbose pattern at the error, or at `at`."""
        return re.compile(pattern, re.VERBOSE).match(self.content, self.at if at is None else at)

    def find(self, pattern: str, at: int | None = None) -> Span | None:
        """Locate what a verbose pattern matches at the error, or at `at`."""
        matched = self.match(pattern, at)
        return Span(*matched.span()) if matched else None

    def source(self, span: Span) -> str:
        """Return the text of `span`."""
        return self.content[span.start : span.end]

    def quote(self, span: Span) -> str:
        """Return the text of `span` as a message shows it."""
        return clipped(self.source(span))

    def on_its_row(self, span: Span) -> Span:
        """Cut `span` at the end of the row that it starts in."""
        row = re.compile(r"[^\r\n]*").match(self.content, span.start, span.end)
        return Span(*row.span()) if row else span


#: Brackets, and those that close them.
CLOSERS = {"{": "}", "[": "]"}

_Place = TypeVar("_Place", bound=ErrorPlace)
Explainer: TypeAlias = Callable[[_Place], FatalError | None]


def messages(filename: str, table: str, parts: Mapping[str, str]) -> Explainer[ErrorPlace]:
    """Return the explainer of a table in a file beside this one, below a row `# table: about it`.

    It has rows `pattern`, `context ~ pattern` and `context ~ pattern ~ start`. Indented below each
    is its message: cause and remedy. It may use the `text` that is shown, the same as a `string`,
    groups of the pattern, and words of the place. Upper-case names in a pattern mean `parts`. The
    first row counts whose pattern matches at the offset called `start`, if each pattern of
    `context` is found in a part of the context of the error.
    """

    @cache
    def rows() -> list[tuple[str, ...]]:
        return [_row(entry, parts) for entry in re.split(r"\n(?! )", _tables(filename)[table])]

    return lambda error: next(filter(None, (_message(error, *row) for row in rows())), None)


@cache
def _tables(filename: str) -> dict[str, str]:
    path = os.path.join(os.path.dirname(__file__), filename)
    with open(path, encoding="utf-8") as stream:
        _, *parts = re.split(r"^# (\w+):.*\n", stream.read(), flags=re.MULTILINE)
    return {name: table.strip("\n") for name, table in zip(parts[::2], parts[1::2], strict=True)}


def _row(entry: str, parts: Mapping[str, str]) -> tuple[str, ...]:
    head, *message = entry.split("\n")
    fields = re.sub("|".join(parts), lambda name: parts[name[0]], head).split(" ~ ")
    context = fields.pop(0) if len(fields) > 1 else "."
    return " ".join(map(str.strip, message)), context, *fields


def _message(
    error: ErrorPlace, message: str, context: str, pattern: str, start: str = "at"
) -> FatalError | None:
    contexts = zip(context.split(" / "), error.context, strict=False)
    if not all(re.search(*each) for each in contexts):
        return None
    matched = error.match(pattern, error.starts[start])
    if matched is None:
        return None
    words = {
        "text": clipped(matched[0]),
        "string": as_string(matched[0]),
        **error.words,
        **{name: clipped(part) for name, part in matched.groupdict().items()},
    }
    cause, remedy = (part.format(**words) for part in message.split("; ", 1))
    return FatalError(error.on_its_row(Span(*matched.span())), cause, remedy)


def first_of(explainers: Iterable[Explainer[_Place]], error: _Place) -> FatalError:
    """Return the first explanation; there always is one."""
    return next(filter(None, (explainer(error) for explainer in explainers)))


#: Why a string with a lone surrogate is rejected, and what to write instead.
LONE_SURROGATE = "{} contains half of a character, a lone surrogate that UTF-8 cannot encode"
LONE_SURROGATE_REMEDY = r"write the whole character, or both halves as \u escapes"


#: The first row of a curl command, as a verbose pattern. What follows the name is what a command
#: has, and no word of a text.
CURL = r"""
    (?:\$[ ]+)? (?:[^\s"'(]*[/\\])? curl(?:\.exe)? [ \t]+
    (?= -{1,2}\w | \^?['"]?(?:https?://|\$) | [\\^`][ \t]*[\r\n] ) [^\r\n]*
"""

_CONFLICT = r"(?m)^(?:<{7}|>{7}|\|{7})(?:[ ][^\r\n]*+)?(?=[\r\n]|\Z)|^={7}(?=[\r\n]|\Z)"


def conflict(error: ErrorPlace) -> FatalError | None:
    """Report a merge conflict that git left: its first marker, if the error is at one or below."""
    row = re.compile(r"[^\r\n]*").match(error.content, error.at)
    end = row.end() if row else error.at
    marker = re.compile(_CONFLICT).search(error.content, 0, end)
    if marker is None or not (marker[0][0] == "<" or marker.start() <= error.at <= marker.end()):
        return None
    return _conflict_at(marker)


def _conflict_at(marker: re.Match[str]) -> FatalError:
    cause = f"{clipped(marker[0])} is a conflict marker of git, so a merge was not finished"
    remedy = "keep one of the versions, and delete the lines with <<<<<<<, ======= and >>>>>>>"
    return FatalError(Span(*marker.span()), cause, remedy)


def lfs_pointer(content: str) -> FatalError | None:
    """Report the text that git has in place of a large file."""
    found = re.match(r"\s*(version https://git-lfs\.github\.com/spec/[^\r\n]*)", content)
    cause = "this is a Git LFS pointer, not the file itself"
    remedy = "run `git lfs pull` to get the file; in CI, check out with LFS"
    return FatalError(Span(*found.span(1)), cause, remedy) if found else None


def not_a_request(content: str, span: Span) -> FatalError | None:
    """Report a text that YAML reads as one value at `span`, if it is something well known."""
    if pointer := lfs_pointer(content):
        return pointer
    marker = re.compile(_CONFLICT).search(content, *span)
    if marker and marker.start() == span.start:
        return _conflict_at(marker)
    if colon := re.compile(r"\w{1,50}+\uff1a[^\s]{0,50}+").search(content, *span):
        cause = f"the colon in {clipped(colon[0])} is U+FF1A and only looks like one"
        return FatalError(Span(*colon.span()), cause, "write : and a space")
    return None


def curl_in(content: str) -> Span | None:
    """Locate the first row of a text that is a curl command."""
    # Nearly all texts are known not to be one without compiling the pattern.
    found = "curl" in content and re.match(rf"(?x)\s*({CURL})", content)
    return Span(*found.span(1)) if found else None
