"""The nodes of a document with their exact spans, and how to locate them by pointer."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fast.formats import JSON
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from rosetta_spec.document.numbers import Number
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.text import Text


class Scalar(NamedTuple):
    """A string, number, boolean or null.

    A number is an `int` where its text has no fraction and no exponent and at most 4,300 digits,
    else a `Decimal`; never a `float`, so that it is exact.
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
        return UNUSABLE if self.root is None else plain(self.root)

    @property
    def places(self) -> Places:
        """Where its values and keys stand; there is a root."""
        assert self.root is not None  # noqa: S101 - pointers come of values that were read
        return Places(self.root)


class Located(NamedTuple):
    """Where a value or key is written.

    What stands behind an alias is shown at the outermost one: `alias` is it, `span` is then its
    span in the text, and `written` the span of the value or key behind it.
    """

    span: Span
    alias: Alias | None
    written: Span


class _Walk:
    """Follows a pointer from the root down, and remembers the first alias on the way."""

    def __init__(self, root: Node) -> None:
        self.node = root
        self.alias: Alias | None = None
        self._through_alias()

    def member(self, token: str | int) -> Member | None:
        """Return the member or item that `token` leads to, None where there is none."""
        if isinstance(self.node, Object) and isinstance(token, str):
            return self.node.members.get(token)
        if isinstance(self.node, Array) and isinstance(token, int) and token < len(self.node.items):
            return Member(self.node.items[token].span, self.node.items[token])
        return None

    def enter(self, member: Member) -> None:
        self.alias = self.alias or member.via
        self.node = member.value
        self._through_alias()

    def _through_alias(self) -> None:
        while isinstance(self.node, Alias):
            self.alias = self.alias or self.node
            self.node = self.node.target

    def located(self, written: Span) -> Located:
        return Located(self.alias.span if self.alias else written, self.alias, written)


class Places:
    """Finds values and keys below a node by their pointers."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def value(self, pointer: Pointer) -> Located:
        """Find the value at `pointer`; where there is none, the nearest object or list above it."""
        walk = _Walk(self._root)
        for token in pointer:
            member = walk.member(token)
            if member is None:
                break
            walk.enter(member)
        return walk.located(walk.node.span)

    def key(self, pointer: Pointer) -> Located:
        """Find the key of the member at `pointer`; of an item, the item; of the root, its start."""
        walk = _Walk(self._root)
        member: Member | None = None
        for token in pointer:
            if member is not None:
                walk.enter(member)
            member = walk.member(token)
            if member is None:
                break
        if member is None:
            return self.start(pointer)
        walk.alias = walk.alias or member.via
        return walk.located(member.key)

    def start(self, pointer: Pointer) -> Located:
        """Find the first character of the value at `pointer`."""
        found = self.value(pointer)
        if found.alias:
            return found
        start = found.span.start
        return found._replace(span=Span(start, min(start + 1, found.span.end)))


def plain(node: Node) -> Json:
    """Turn a node into plain JSON, every alias written out, `UNUSABLE` for what JSON lacks."""
    while isinstance(node, Alias):
        node = node.target
    if isinstance(node, Array):
        return [plain(item) for item in node.items]
    if isinstance(node, Object):
        return {key: plain(member.value) for key, member in node.members.items()}
    return UNUSABLE if isinstance(node, NotJson) else node.value
