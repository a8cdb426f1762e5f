"""How a document is written: each value and entry with all that stands around it in the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rosetta_spec.text import Span

#: How a value can be written, besides the quote or the `|` or `>` with which it starts. A pair is
#: an object without brackets, `[key: value]`.
NOTHING, PLAIN, ALIAS, FLOW, PAIR, BLOCK = "nothing", "plain", "alias", "flow", "pair", "block"
SINGLE, DOUBLE = "'", '"'
LITERAL, FOLDED = "|", ">"

FLOW_STYLES = (FLOW, PAIR)
SCALAR_BLOCKS = (LITERAL, FOLDED)


class Tag(NamedTuple):
    """A tag at `span`; `name` is None where only directives know what it stands for."""

    name: str | None
    span: Span


class Written(NamedTuple):
    """A value or key: `span` is that of its node, `start` that of its anchor or tag, if any.

    `place` is where whatever comes before it ends: its anchor or tag, or a colon or dash; a value
    that is written as nothing has its empty span there. `text` is that of a scalar, or the name of
    an alias. `is_shared` says that an alias stands for it.
    """

    style: str
    span: Span
    start: int
    place: int
    text: str = ""
    tag: Tag | None = None
    is_shared: bool = False
    is_array: bool = False
    entries: tuple[Entry, ...] = ()

    @property
    def is_tied(self) -> bool:
        """Whether it is an alias or shared, or something inside it is."""
        return (
            self.style == ALIAS
            or self.is_shared
            or any(part.is_tied for entry in self.entries for part in entry.parts)
        )

    @property
    def last(self) -> Written:
        """The value with which it ends, which is no collection of a block."""
        return self.entries[-1].value.last if self.style == BLOCK else self


class Entry(NamedTuple):
    """A member, or an item, which has no key.

    `start` is that of its key with anchor and tag, of its `?`, or of the dash of an item. `mark` is
    the offset after its colon or dash, None where it has none, and `comma` that of the comma after
    it. `name` is None where the key is no string.
    """

    start: int
    key: Written | None
    name: str | None
    mark: int | None
    value: Written
    comma: int | None = None

    @property
    def end(self) -> int:
        """Where it ends; what keeps blank lines has them after that."""
        return self.value.span.end

    @property
    def parts(self) -> Iterator[Written]:
        """What it is made of."""
        if self.key:
            yield self.key
        yield self.value


class Layout(NamedTuple):
    """A document's root, and the comments in and around it, in the order of the text."""

    root: Written
    comments: tuple[Span, ...] = ()
