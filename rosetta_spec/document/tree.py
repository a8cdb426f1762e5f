"""The tree of a document: one for JSON and YAML, for diagnostics, fixes and the language server.

What the tree guarantees:

- Every span is half-open, in 0-based code points of the document's `Text`. The text of a span
  parses to the value of its node. Quotes and brackets are inside a span; a key, an anchor, a tag,
  and the whitespace and comments around a value are not. A value written as nothing has an empty
  span directly after its colon or dash.
- A collection has its entries in the order of the text, repeated keys and `<<` included. Each entry
  knows the offsets of its colon or dash and of the comma after it.
- Nodes of JSON and YAML differ only in what JSON lacks: block styles, anchors, aliases, tags.
- A document with a root has valid syntax. A value that JSON cannot represent is in the tree, and
  its `value` is `UNUSABLE`.
- Nodes are compared by identity.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias, TypeVar

from rosetta_spec.document.packed import Packed
from rosetta_spec.document.values import UNUSABLE, Json, clipped
from rosetta_spec.fast.formats import JSON
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import LazySequence, Location, Span, Text

_T = TypeVar("_T")


class NodeStyle(StrEnum):
    """How a value is written; a `PAIR` is an object without brackets in a list: `[key: value]`."""

    NOTHING = "nothing"
    PLAIN = "plain"
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"
    ALIAS = "alias"
    FLOW = "flow"
    PAIR = "pair"
    BLOCK = "block"


#: Styles of collections between brackets, and of scalars in a block of rows.
FLOW_STYLES = frozenset({NodeStyle.FLOW, NodeStyle.PAIR})
BLOCK_SCALARS = frozenset({NodeStyle.LITERAL, NodeStyle.FOLDED})


class Tag(NamedTuple):
    """A tag at `span`; its `name` is resolved: `tag:yaml.org,2002:str` for `!!str`."""

    name: str
    span: Span


class Anchor:
    """An anchor `&name` at `span`, in front of the value at `pointer`.

    `uses` counts the aliases that refer to it.
    """

    __slots__ = ("name", "pointer", "span", "uses")

    def __init__(self, name: str, span: Span, pointer: Pointer) -> None:
        self.name = name
        self.span = span
        self.pointer = pointer
        self.uses = 0

    @property
    def label(self) -> str:
        """What a finding says about its place."""
        return f"anchor {clipped(self.name)} is here"


class _NodeBase:
    """What all nodes have."""

    __slots__ = ("anchor", "span", "style", "tag")

    def __init__(self, style: NodeStyle, span: Span) -> None:
        self.style = style
        self.span = span
        self.tag: Tag | None = None
        self.anchor: Anchor | None = None

    @property
    def start(self) -> int:
        """The offset where the node starts, its anchor and tag included."""
        starts = [part.span.start for part in (self.tag, self.anchor) if part]
        return min(starts, default=self.span.start)

    @property
    def parts(self) -> Iterator["Node"]:
        """The keys and values inside it."""
        yield from ()

    @property
    def text(self) -> str:
        """The text of a scalar, or the name of an alias."""
        return ""

    @property
    def entries(self) -> Sequence["Entry"]:
        """The entries of a collection."""
        return ()

    @property
    def last(self) -> "Node":
        """The last value inside it that is not a block collection, or itself."""
        assert isinstance(self, Node)  # noqa: S101 - for type checkers
        return self.entries[-1].value.last if self.style == NodeStyle.BLOCK else self

    @property
    def is_shared(self) -> bool:
        """Whether an alias refers to it."""
        return self.anchor is not None and self.anchor.uses > 0

    @property
    def has_alias(self) -> bool:
        """Whether it is an alias or shared, or something inside it is."""
        has_alias = self.style == NodeStyle.ALIAS or self.is_shared
        return has_alias or any(part.has_alias for part in self.parts)


class Scalar(_NodeBase):
    """A string, number, boolean or null.

    `text` is what is written, without quotes, escapes and folded lines; `value` is what it means:
    a number is an `int` or a `Decimal`, a string has no lone surrogate.
    """

    __slots__ = ("text", "value")
    text: str

    def __init__(self, style: NodeStyle, span: Span, text: str, value: Json) -> None:
        super().__init__(style, span)
        self.text = text
        self.value = value


class Alias(_NodeBase):
    """A YAML alias `*name`, and the node that it refers to.

    An alias inside the value that it refers to has no target.
    """

    __slots__ = ("name", "target")

    def __init__(self, span: Span, name: str) -> None:
        super().__init__(NodeStyle.ALIAS, span)
        self.name = name
        self.target: Node | None = None

    @property
    def anchored(self) -> Anchor:
        """The anchor that it refers to."""
        assert self.target is not None  # noqa: S101 - callers have found something behind it
        assert self.target.anchor is not None  # noqa: S101 - which is how it was found
        return self.target.anchor


class Entry(NamedTuple):
    """A member of an object, or an item of an array, which has no key.

    `start` is the offset of the key with its anchor and tag, of its `?`, or of the dash of an item.
    `mark` is the offset after its colon or dash, None where it has none; `comma` is the offset of
    the comma after it. `name` is None if the key is not a string. `via` is the alias of a merge
    (`<<: *name`) that brought a member from another object.
    """

    start: int
    key: "Node | None"
    name: str | None
    mark: int | None
    value: "Node"
    comma: int | None = None
    via: Alias | None = None

    @property
    def end(self) -> int:
        """The offset where its value ends."""
        return self.value.span.end

    @property
    def lead_end(self) -> int:
        """The offset after what precedes the value: an anchor or tag, or a colon, dash or key.

        If nothing precedes an item, it is its start.
        """
        parts: list[Tag | Anchor | Node | None] = [self.value.tag, self.value.anchor]
        if self.key and self.mark is None:
            parts += [self.key, self.key.tag, self.key.anchor]
        return max([self.mark or self.start, *(part.span.end for part in parts if part)])

    @property
    def parts(self) -> Iterator["Node"]:
        """Its key, if it has one, and its value."""
        if self.key:
            yield self.key
        yield self.value


class Entries(LazySequence[Entry]):
    """The entries of a collection, in the order of the text.

    `found` are the members of an object by their names: the index of the entry that counts, which
    is the last one of a repeated key; it is negative if a merge (`<<`) brings the member.
    """

    found: Mapping[str, int]

    def member(self, found: int) -> Entry:
        """Return a member by what is in `found`."""
        return self._item(found)


class Members(Mapping[str, Entry]):
    """The members of an object that count, by their names."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def __getitem__(self, name: str) -> Entry:
        return self._entries.member(self._entries.found[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries.found)

    def __len__(self) -> int:
        return len(self._entries.found)


class Collection(_NodeBase):
    """An array or object; it `is_usable` unless a tag makes it something else."""

    __slots__ = ("entries", "is_usable")
    entries: Entries

    def __init__(self, style: NodeStyle, span: Span, entries: Entries) -> None:
        super().__init__(style, span)
        self.entries = entries
        self.is_usable = True

    @property
    def parts(self) -> Iterator["Node"]:
        """The keys and values inside it."""
        for entry in self.entries:
            yield from entry.parts


class Array(Collection):
    """A list of items, brackets (or the dashes of block YAML) inside its span."""

    __slots__ = ()


class Object(Collection):
    """An object: its entries as they are written, and the members that count."""

    __slots__ = ()

    @property
    def members(self) -> Members:
        """Its members that count, in the order of the text."""
        return Members(self.entries)


Node: TypeAlias = Scalar | Alias | Array | Object


def last_by_name(named: Iterable[tuple[str | None, _T]]) -> dict[str, _T]:
    """Return members by name, the last one of a repeated key, in the order of the text."""
    members: dict[str, _T] = {}
    for name, member in named:
        if name is not None:
            members.pop(name, None)
            members[name] = member
    return members


class SyntaxProblem(NamedTuple):
    """What a reader rejects, in facts; a rule of kind `reading` gives it code and severity.

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


def repeated_key(
    key: str, pointer: Pointer, span: Span, first: Span, anchor: Anchor | None = None
) -> SyntaxProblem:
    """Report a key, as a message shows it, that its object already has at `first`.

    If the key is written as an alias, `anchor` is the anchor of that.
    """
    cause = f"key {key} is already set in this object"
    related: tuple[tuple[Pointer, Span, str], ...] = ((pointer, first, "first set here"),)
    if anchor:
        related += ((anchor.pointer, anchor.span, anchor.label),)
    remedy = "keep only one; the last one counts"
    return SyntaxProblem("duplicate-key", pointer, span, cause, remedy, related)


#: Names of problems; after a fatal one nothing else is reported of the document.
FATAL_PROBLEMS = frozenset({"unreadable", "syntax", "not-an-object", "not-utf8", "too-large"})
PROBLEMS = FATAL_PROBLEMS | {"duplicate-key", "not-json"}


class Problems(Packed[SyntaxProblem]):
    """Problems in the order in which they were added."""

    def finished(self) -> Sequence[SyntaxProblem]:
        """Return the problems, as a tuple unless there are very many."""
        return self if self._parts else tuple(self._last)


class Earlier(NamedTuple):
    """The start of a document with which a later one breaks the rule with `code`.

    `case` and `facts` are those of the violation.
    """

    code: str
    filename: str
    document: int
    location: Location
    is_in_same_file: bool
    case: str = ""
    facts: Mapping[str, str] = {}


class Document(NamedTuple):
    """One request as it was read; `number` counts from 0 in its file.

    `root` is None in two cases: a fatal problem ended the reading, and `value` is `UNUSABLE`; or
    only the value was read (`is_plain`), because it has no problem. The document starts at or after
    the offset `start`, which in a YAML stream is not before the end of the previous document.
    `comments` are those of a YAML text, each from its `#` to its last character that is not
    whitespace: in the first document from the start of the text, in others from their `---`.
    `earlier` are the documents that came before it in the run and matter to it.
    """

    text: Text
    number: int
    root: Node | None
    problems: Sequence[SyntaxProblem] = ()
    value: Json = UNUSABLE
    format_: str = JSON
    start: int = 0
    comments: Sequence[Span] = ()
    earlier: tuple[Earlier, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether only its value was read, with fractions as floats; it begins at `start`."""
        return self.root is None and not self.problems

    @property
    def locator(self) -> "Locator":
        """Where its values and keys are; it has a root."""
        assert self.root is not None  # noqa: S101 - pointers are those of values that were read
        return Locator(self.root)


class Located(NamedTuple):
    """Where a value or key is written.

    `written` is the span of the value or key itself. If it is behind aliases, `alias` is the
    outermost one, `span`, where diagnostics show it, is the span of that alias, and `below` is its
    pointer from the value that the alias refers to.
    """

    span: Span
    alias: Alias | None
    written: Span
    below: Pointer = ROOT


class Locator:
    """Finds values and keys below a node by their pointers."""

    def __init__(self, root: Node) -> None:
        self._root = root
        #: What is at the pointer of the last object or list, since many places in it may follow.
        self._above: tuple[Pointer, Node, Alias | None, int] = (ROOT, *_behind(root, None), 0)

    def value(self, pointer: Pointer) -> Located:
        """Find the value at `pointer`; where there is none, the nearest object or list above it."""
        _, node, alias, below = self._walk(pointer)
        return _located(node.span, alias, below)

    def key(self, pointer: Pointer) -> Located:
        """Find the key of the member at `pointer`; of an item, the item; of the root, its start."""
        entry, _, alias, below = self._walk(pointer[:-1], pointer[-1:])
        if entry is None:
            return self.start(pointer)
        alias = alias or entry.via
        key = entry.key or entry.value
        if isinstance(key, Alias) and key.target and not alias:
            return Located(key.span, key, key.target.span)
        return _located(key.span, alias, (*below, *pointer[-1:]))

    def start(self, pointer: Pointer) -> Located:
        """Find the first character of the value at `pointer`."""
        found = self.value(pointer)
        if found.alias:
            return found
        start = found.span.start
        return found._replace(span=Span(start, min(start + 1, found.span.end)))

    def _walk(
        self, pointer: Pointer, last: Pointer = ()
    ) -> tuple[Entry | None, Node, Alias | None, Pointer]:
        """Follow a pointer.

        Returns:
            The entry of `last` there, the node, the first alias, and the pointer from its target.
        """
        above, node, alias, depth = self._above
        if pointer[:-1] != above:
            above, (node, alias), depth = ROOT, _behind(self._root, None), 0
        for nth, token in enumerate(pointer[len(above) :], len(above)):
            if nth == len(pointer) - 1:
                self._above = pointer[:-1], node, alias, depth
            entry = _entry(node, token)
            if entry is None:
                return None, node, alias, pointer[depth:nth]
            if alias is None:
                depth = nth if entry.via else nth + 1
            node, alias = _behind(entry.value, alias or entry.via)
        return (_entry(node, last[0]) if last else None), node, alias, pointer[depth:]


def _entry(node: Node, token: str | int) -> Entry | None:
    if isinstance(node, Object) and isinstance(token, str):
        return node.members.get(token)
    if isinstance(node, Array) and isinstance(token, int) and token < len(node.entries):
        return node.entries[token]
    return None


def _behind(node: Node, alias: Alias | None) -> tuple[Node, Alias | None]:
    while isinstance(node, Alias) and node.target is not None:
        alias = alias or node
        node = node.target
    return node, alias


def _located(written: Span, alias: Alias | None, below: Pointer) -> Located:
    return Located(alias.span if alias else written, alias, written, below)
