"""A document's text by rows, and the comments that stay when something around them goes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rosetta_spec.fast.formats import JSON
from rosetta_spec.fixes.edits import TextEdit
from rosetta_spec.fixes.layout import SCALAR_BLOCKS, Layout, Written
from rosetta_spec.text import BOM, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.reader import AnyDocument


BLANKS = " \t"
BREAKS = "\r\n"


class Source:
    """A text with its layout; an offset in a row stands for the row.

    `carried` are stretches that move elsewhere with their comments, by the start of their entry.
    """

    def __init__(self, document: AnyDocument, layout: Layout) -> None:
        self.content = document.text.content
        self.is_json = document.format_ == JSON
        self.starts = document.text.row_starts
        self.root = layout.root
        self._comments = layout.comments
        self.carried: dict[int, Span] = {}

    def row_start(self, at: int) -> int:
        """Give the offset of the first character of the row; a byte order mark is none."""
        start = self.starts[bisect_right(self.starts, at) - 1]
        return start + self.content.startswith(BOM, start)

    def next_row(self, at: int) -> int:
        """Give the offset after the row's line break, or the end of the text."""
        index = bisect_right(self.starts, at)
        return self.starts[index] if index < len(self.starts) else len(self.content)

    def row_end(self, at: int) -> int:
        """Give the offset before the row's line break."""
        end = self.next_row(at)
        start = self.row_start(at)
        while end > start and self.content[end - 1] in BREAKS:
            end -= 1
        return end

    def line_break(self, at: int) -> str:
        """Give the row's line break; where it has none, that of the row before, or LF."""
        end = self.next_row(at)
        found = self.content[self.row_end(at) : end]
        above = self.row_start(at) - 1
        return found or (self.line_break(above) if above >= 0 else "\n")

    def starts_row(self, at: int) -> bool:
        """Whether nothing but blanks is before it in its row."""
        return not self.content[self.row_start(at) : at].strip(BLANKS)

    def indent(self, at: int) -> str:
        """Give the blanks with which the row starts."""
        row = self.content[self.row_start(at) : self.row_end(at)]
        return row[: len(row) - len(row.lstrip(BLANKS))]

    def column(self, at: int) -> int:
        """Give the number of characters before it in its row."""
        return at - self.row_start(at)

    def after_blanks(self, at: int) -> int:
        """Give the offset of the next character that is no blank."""
        while self.content[at : at + 1] in tuple(BLANKS):
            at += 1
        return at

    def before_blanks(self, at: int) -> int:
        """Give the offset after the last character before it that is no blank."""
        while at and self.content[at - 1] in BLANKS:
            at -= 1
        return at

    def spans_of_comments(self, start: int, end: int) -> Sequence[Span]:
        """Return the spans of the comments that start between two offsets."""
        first = bisect_left(self._comments, Span(start, 0))
        return self._comments[first : bisect_left(self._comments, Span(end, 0))]

    def has_comment_at(self, start: int) -> bool:
        """Whether a comment starts at an offset."""
        return bool(self.spans_of_comments(start, start + 1))

    def comments_in(self, start: int, end: int) -> list[str]:
        """Return the comments that stay, of those between two offsets."""
        return [
            self.content[comment.start : comment.end]
            for comment in self.spans_of_comments(start, end)
            if not any(span.start <= comment.start < span.end for span in self.carried.values())
        ]

    def header(self, scalar: Written) -> str:
        """Give the `|` or `>` of a block scalar with what says how to read it."""
        row = self.content[scalar.span.start : self.row_end(scalar.span.start)]
        return row.partition("#")[0]

    def needs_break(self, at: int) -> bool:
        """Whether a line break, blank rows aside, ends a block scalar there and counts in it."""
        scalar = _scalar_to(self.root, len(self.content[:at].rstrip()))
        return scalar is not None and "-" not in self.header(scalar)

    def carved(self, start: int, end: int, indent: str, content: str = "") -> TextEdit:
        """Put `content` in the place of a stretch, and the comments in it on rows after that.

        Where nothing is left of a row, it goes too.
        """
        kept = self.comments_in(start, end)
        after = self.after_blanks(end)
        is_last = after == self.row_end(after)
        if not kept and not content:
            return self._cut(start, end)
        if not kept:
            return TextEdit(Span(start, end), content)
        glue = self.line_break(start) + indent
        if content:
            content += " "
        elif not self.starts_row(start) and not self._has_comment_beside(start):
            start, content = self.before_blanks(start), glue
        elif self.content[start - 1 : start] not in ("", *BLANKS, *BREAKS):
            content = " "
        text = content + glue.join(kept) + ("" if is_last else glue)
        return TextEdit(Span(start, after), text)

    def _has_comment_beside(self, at: int) -> bool:
        """Whether a comment that stays is in the row."""
        return bool(self.comments_in(self.row_start(at), self.row_end(at)))

    def _cut(self, start: int, end: int) -> TextEdit:
        """Take a stretch away, and the blanks or the whole row that it leaves."""
        after = self.after_blanks(end)
        if self.content[after : after + 1] == "#" and not self.starts_row(start):
            return TextEdit(Span(start, end), "")
        if after < self.row_end(after):
            return TextEdit(Span(start, after), "")
        if self.starts_row(start):
            return TextEdit(Span(self.row_start(start), self.next_row(after)), "")
        return TextEdit(Span(self.before_blanks(start), end), "")


def _scalar_to(written: Written, end: int) -> Written | None:
    """Find the block scalar with such an end in what is written."""
    if written.style in SCALAR_BLOCKS and written.span.end == end:
        return written
    parts = (part for entry in written.entries for part in entry.parts)
    return next(filter(None, (_scalar_to(part, end) for part in parts)), None)
