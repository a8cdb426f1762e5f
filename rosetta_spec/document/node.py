"""What a reader makes of a text: nodes with exact spans, the same for JSON and YAML.

Every span is in offsets of the document's `Text`. Quotes are inside a span; the blanks and
comments around a value, its anchor and its tag are not.
"""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.fast.formats import JSON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from rosetta_spec.document.locate import Places
    from rosetta_spec.document.plain import Json
    from rosetta_spec.document.short_number import Number
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.text import Span, Text


class Scalar(NamedTuple):
    """A string, number, boolean or null.

    A number is an `int` where its text has no fraction and no exponent and at most 4,300 digits,
    else a `Decimal`, or a `ShortNumber`, which is as good; never a `float`, so that it is exact.
    Strings hold no lone surrogates.
    """

    value: str | Number | bool | None
    span: Span


class Array(NamedTuple):
    """A list of nodes, brackets (or the dashes of block YAML) inside its span."""

    items: list[Node]
    span: Span


class Object(NamedTuple):
    """Members by key, in the order of the text; of a repeated key, the last one."""

    members: dict[str, Member]
    span: Span


class NotJson(NamedTuple):
    """A value that JSON in UTF-8 cannot carry (rule RS006): only its place is known."""

    span: Span


class Alias(NamedTuple):
    """A YAML alias: `*name` at `span` stands for `target`.

    `anchor` is the span of `&name` itself, `anchor_pointer` the place of the anchored value.
    """

    target: Node
    span: Span
    name: str
    anchor: Span
    anchor_pointer: Pointer


class Member(NamedTuple):
    """A key and its value; `via` is the alias of a merge (`<<: *name`) that brought it, if any."""

    key: Span
    value: Node
    via: Alias | None = None


Node: TypeAlias = "Scalar | Array | Object | NotJson | Alias"


class Problem(NamedTuple):
    """What a reader could not accept, in facts; a rule of kind `reading` gives it code and words.

    `name` is one of `PROBLEMS`. `cause` and `remedy` are lower case and without a final stop:
    what is wrong at `span`, and what a person would do next. `related` are further places, each
    with a label.
    """

    name: str
    pointer: Pointer
    span: Span
    cause: str
    remedy: str
    related: tuple[tuple[Pointer, Span, str], ...] = ()


#: Names of problems; after a fatal one nothing else is said of the document.
FATAL_PROBLEMS = frozenset({"unreadable", "syntax", "not-an-object", "not-utf8", "too-large"})
PROBLEMS = FATAL_PROBLEMS | {"duplicate-key", "not-json"}


class Document(NamedTuple):
    """One request as it was read; `number` counts from 0 in its file.

    `root` is None exactly when a fatal problem ended the reading. `format_` is that of its text.
    `start` is the offset where the one before it in a YAML stream has ended. `comments` are those
    of a YAML text that was read in full, each from its `#` to its last character that is no blank:
    in the first document from the start of the text on, in another from its `---` on.
    """

    text: Text
    number: int
    root: Node | None
    problems: tuple[Problem, ...]
    format_: str = JSON
    start: int = 0
    comments: tuple[Span, ...] = ()

    @property
    def value(self) -> Json:
        """The document as plain JSON, `UNUSABLE` without a root."""
        # That module asks this one what a node is.
        from rosetta_spec.document.plain import UNUSABLE, plain  # noqa: PLC0415

        return UNUSABLE if self.root is None else plain(self.root)

    @property
    def places(self) -> Places:
        """Where its values and keys stand; there is a root."""
        from rosetta_spec.document.locate import Places  # noqa: PLC0415 - as above

        assert self.root is not None  # noqa: S101 - pointers come of values that were read
        return Places(self.root)
