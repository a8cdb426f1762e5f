"""What has to go from a text so that a suppression names no rule that it does not silence."""

from __future__ import annotations

import re
from itertools import pairwise

from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from rosetta_spec.engine.directive import Directive, Name

_match_rest = re.compile(r"[ \t]*+(\r\n?|\n|\Z)").match


def removal(
    content: str, directive: Directive, unused: Collection[str]
) -> tuple[tuple[Span, str], ...]:
    """Return the edits that remove names from a directive's list: spans, and what is put there.

    If none is left, the directive goes with the blanks before it, and if nothing else is on its
    row, that goes with its line break.
    """
    kept = [index for index, name in enumerate(directive.names) if name.text not in unused]
    if kept:
        spans = tuple(_in_list(directive.names, unused, kept[-1]))
    else:
        spans = (_whole(content, directive.span),)
    return tuple((span, "") for span in spans)


def _in_list(names: Sequence[Name], unused: Collection[str], last: int) -> Iterator[Span]:
    """Yield what goes: up to the next name before the last one that stays, and all behind that."""
    for name, following in pairwise(names[: last + 1]):
        if name.text in unused:
            yield Span(name.span.start, following.span.start)
    if names[last] is not names[-1]:
        yield Span(names[last].span.end, names[-1].span.end)


def _whole(content: str, span: Span) -> Span:
    rest = _match_rest(content, span.end)
    start = span.start
    while start and content[start - 1] in " \t":
        start -= 1
    if rest is None:
        # Another directive follows in the same comment.
        return Span(start, span.end)
    is_alone = not start or content[start - 1] in "\r\n"
    return Span(start, rest.end() if is_alone else rest.start(1))
