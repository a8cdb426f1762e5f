"""A place in a YAML text, and the guard over characters that may not stand where they do."""

from __future__ import annotations

from collections import deque

from rosetta_spec.document.yaml_fault import find_unquotable, forbidden_character
from rosetta_spec.text import Span

#: What ruamel takes for the end of the text; the text itself is not to have it.
END = "\0"

#: Ruamel takes these for line breaks, as YAML 1.1 did; they are ordinary characters.
_OLD_BREAKS = "\x85\u2028\u2029"


class Cursor:
    """A place in the text, which `line` starts the line of; what ruamel calls a reader.

    `buffer` is the text as ruamel is to see it: of the same length, and ending in `END`s. The
    comments that were passed wait in order until somebody takes them.
    """

    #: Ruamel asks for it, and leaves it alone.
    encoding = None

    __slots__ = ("_comments", "buffer", "content", "forbidden", "index", "line")

    def __init__(self, content: str) -> None:
        self.content = content
        self.buffer = _without_old_breaks(content.replace(END, "\1")) + 4 * END
        self.index = self.line = 0
        self._comments: deque[Span] = deque()
        self.forbidden = self._next_forbidden()

    @property
    def column(self) -> int:
        """How far from the start of its line the place is, 0 there."""
        return self.index - self.line

    def peek(self, ahead: int = 0) -> str:
        """Give the character here or `ahead` of here."""
        return self.buffer[self.index + ahead]

    def prefix(self, length: int = 1) -> str:
        """Give the next characters."""
        return self.buffer[self.index : self.index + length]

    def forward(self, length: int = 1) -> None:
        """Go on by so many characters, none of them a line break."""
        self.move(self.index + length)

    def move(self, end: int, line: int | None = None) -> None:
        """Go on to `end`, perhaps on a new line, over characters that stand in no quotes."""
        if end > self.forbidden:
            raise forbidden_character(self.content, self.forbidden)
        self.index = end
        if line is not None:
            self.line = line

    def restart(self, at: int) -> None:
        """Go to the start of the line at `at`, perhaps back over no more than a marker."""
        self.index = self.line = at
        if at > self.forbidden:
            self.forbidden = self._next_forbidden()

    def start_line(self) -> None:
        """Take the place for the start of a line, as it is after a byte order mark."""
        self.line = self.index

    def jump(self, end: int) -> None:
        """Go on to `end` over characters that may stand where they do."""
        last_break = max(
            self.content.rfind("\n", self.index, end), self.content.rfind("\r", self.index, end)
        )
        self.index = end
        self.line = max(self.line, last_break + 1)
        if end > self.forbidden:
            self.forbidden = self._next_forbidden()

    def note_comment(self, comment: Span) -> None:
        """Keep a comment, without the blanks at its end."""
        text = self.content[comment.start : comment.end]
        self._comments.append(Span(comment.start, comment.start + len(text.rstrip())))

    def take_comments(self, end: int) -> tuple[Span, ...]:
        """Take the comments before an offset that nobody has taken yet."""
        taken: list[Span] = []
        while self._comments and self._comments[0].start < end:
            taken.append(self._comments.popleft())
        return tuple(taken)

    def get_mark(self) -> int:
        """Give the place, as ruamel wants it in tokens and errors."""
        return self.index

    def _next_forbidden(self) -> int:
        match = find_unquotable(self.content, self.index)
        return match.start() if match else len(self.content)


def _without_old_breaks(content: str) -> str:
    """Replace them by private characters that the text does not have."""
    if content.isascii() or not any(char in content for char in _OLD_BREAKS):
        return content
    taken = set(content)
    free = (code for code in range(0xE000, 0xF900) if chr(code) not in taken)
    return content.translate(dict(zip(map(ord, _OLD_BREAKS), free, strict=False)))
