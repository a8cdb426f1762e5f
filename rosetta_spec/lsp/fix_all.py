"""All safe fixes of a text at once, as the smallest edits that lead from it to the fixed one."""

from __future__ import annotations

from difflib import SequenceMatcher
from io import BytesIO
from itertools import accumulate

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import JSONL
from rosetta_spec.fixes.edits import TextEdit
from rosetta_spec.text import BOM, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rosetta_spec.engine.checker import Checker
    from rosetta_spec.lsp.open_text import OpenText

#: So many rows are compared one by one; with more of them it takes too long, if they are alike.
_MANY = 2000


def fixed(text: OpenText, checker: Checker) -> str:
    """Return a text with all safe fixes applied, without a byte order mark."""
    fixer = Fixer(checker, [Applicability.SAFE])
    data, name = text.data, text.path or text.uri
    if text.named_format == JSONL:
        after = b"".join(piece for _, piece in fixer.fix_lines(BytesIO(data), name))
    else:
        after = fixer.fix_file(data, name, text.named_format)
    return after.decode(errors="surrogatepass").removeprefix(BOM)


def edits_between(before: str, after: str) -> Iterator[TextEdit]:
    """Yield what has to be written where, in order."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head, tail = _same_ends(old, new)
    starts = list(accumulate(map(len, old), initial=0))
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) > _MANY:
        yield from _trimmed("".join(old), "".join(new), starts[head])
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, stop, start_after, stop_after in matcher.get_opcodes():
        if tag != "equal":
            was, now = "".join(old[start:stop]), "".join(new[start_after:stop_after])
            yield from _trimmed(was, now, starts[head + start])


def _trimmed(before: str, after: str, at: int) -> Iterator[TextEdit]:
    """Yield the edit of one stretch, which is not the same, without what is at its ends."""
    head, tail = _same_ends(before, after)
    span = Span(at + head, at + len(before) - tail)
    yield TextEdit(span, after[head : len(after) - tail])


def _same_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Count what is the same at the start and, of the rest, at the end."""
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    rest = shorter - head
    return head, next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)
