"""Compose a document of YAML (1.2, core schema) from its events: its tree, value and problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

from rosetta_spec.document.syntax_errors import FatalError
from rosetta_spec.document.tree import (
    FLOW_STYLES,
    Alias,
    Anchor,
    Array,
    Entry,
    Node,
    NodeStyle,
    Object,
    Problems,
    Scalar,
    SyntaxProblem,
    repeated_key,
)
from rosetta_spec.document.values import UNUSABLE, Json, clipped
from rosetta_spec.document.yaml_entries import (
    EntryStore,
    StoredEntries,
    value_of_words,
    words_from,
    words_pattern,
)
from rosetta_spec.document.yaml_errors import too_deep
from rosetta_spec.document.yaml_events import Event, EventReader
from rosetta_spec.document.yaml_scalars import MERGE_KEY, NotJsonError, scalar_value, tag_problem
from rosetta_spec.fast.formats import MAX_ALIAS_NODES, MAX_NESTING
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import Span, Spans

#: Words are not looked for among so many entries, the first ones of a collection.
_FEW = 10
#: The maximum number of values of words that are shared; of collections; of characters of one.
_MAX_WORDS = 1000
_MAX_SHARED = 100_000
_LONGEST_SHARED = 100


class _Anchored:
    """What an anchor is in front of.

    `node` is None while it is being read, and the index of its entry once that is in the store.
    `size` is the number of values in it, aliases expanded, and `height` that of the containers
    inside each other.
    """

    __slots__ = ("anchor", "height", "node", "size", "value")

    def __init__(self, anchor: Anchor) -> None:
        self.anchor = anchor
        self.node: Node | int | None = None
        self.value: Json = UNUSABLE
        self.size = 0
        self.height = 0


class _Merge:
    """The value of a merge key that is being read.

    `depth` is the number of containers around what it brings. `aliases` were counted as merges:
    each with what it refers to, and its pointer if nothing is merged after all. `anchors` are those
    inside it.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.anchors: list[Anchor] = []
        self.aliases: list[tuple[Alias, _Anchored, Pointer]] = []


class _Collection:
    """A collection that is being read: its entries and their values.

    `depth` is the number of containers around its entries. `keys` are the spans of its keys, which
    would take long to find in its entries. `firsts` are the indices of the first members of names
    that are repeated. `merge` is set if the items of a list may be merged.
    """

    def __init__(
        self, pointer: Pointer, depth: int, entries: StoredEntries, merge: _Merge | None
    ) -> None:
        self.pointer = pointer
        self.depth = depth
        self.entries = entries
        self.values: list[Json] = []
        self.keys = Spans()
        self.firsts: dict[str, int] = {}
        self.merge = merge


class Composer:
    """Composes one document, in one pass over its events.

    What no rule looks at, such as a value with a foreign tag, is read all the same: its anchors and
    fatal problems count. `depth` is everywhere the number of containers around a value.
    """

    def __init__(self, events: EventReader) -> None:
        self.problems = Problems()
        #: The first alias without an anchor, which counts if the rest of the document is YAML.
        self.undefined: FatalError | None = None
        self._events = events
        self._store = EntryStore(events.content)
        #: The latest anchors by their names.
        self._anchors: dict[str, _Anchored] = {}
        #: The merges that are being read, each inside the one before.
        self._merges: list[_Merge] = []
        #: How many values there are so far, aliases expanded; how many aliases and merges brought.
        self._size = self._borrowed = 0
        #: The largest depth in the anchored value that is being read.
        self._deepest = 0
        #: Equal texts share a value, to save memory.
        self._value_of = lru_cache(_MAX_WORDS)(value_of_words)
        self._shared: dict[str, Json] = {}

    def root(self) -> tuple[Node, Json]:
        """Read the root of the document, and its value.

        Raises:
            FatalError: at the first place that is no YAML, or exceeds a limit.
        """
        event = self._events.next()
        if event.style == NodeStyle.NOTHING and self._events.start is not None:
            event = event._replace(span=Span(self._events.start, self._events.start))
        return self._node(event, (), 0)

    def _node(
        self, event: Event, pointer: Pointer, depth: int, merge: _Merge | None = None
    ) -> tuple[Node, Json]:
        """Read a node and its value."""
        if event.kind is Alias:
            return self._alias(event, pointer, depth, merge)
        anchor = event.anchor
        if anchor is None or not self._events.may_be_alias(anchor.name):
            return self._plain_node(event, pointer, depth, merge)
        anchor.pointer = pointer
        anchored = self._anchors[anchor.name] = _Anchored(anchor)
        if self._merges:
            self._merges[-1].anchors.append(anchor)
        size, deepest = self._size, self._deepest
        self._deepest = depth
        node, value = self._plain_node(event, pointer, depth, merge)
        anchored.node, anchored.value = node, value
        anchored.size, anchored.height = self._size - size, self._deepest - depth
        self._deepest = max(deepest, self._deepest)
        return node, value

    def _plain_node(
        self, event: Event, pointer: Pointer, depth: int, merge: _Merge | None
    ) -> tuple[Node, Json]:
        """Read a scalar or a collection."""
        if event.kind is Scalar:
            return self._scalar(event, pointer)
        if depth == MAX_NESTING:
            raise too_deep(event.span)
        self._size += 1
        self._deepest = max(self._deepest, depth + 1)
        size, problems = self._size, len(self.problems)
        entries = StoredEntries(self._store)
        collection = _Collection(pointer, depth + 1, entries, merge)
        is_object = event.kind is Object
        self._read_entries(collection, self._member if is_object else self._item)
        value = self._object(collection) if is_object else collection.values
        span = Span(event.span.start, self._events.end)
        error = tag_problem(event.tag and event.tag.name, "map" if is_object else "seq")
        if error:
            self.problems.forget(problems)
            self._reject(error, pointer, span)
            self._size, value = size, UNUSABLE
        elif event.style in FLOW_STYLES and span.end - span.start <= _LONGEST_SHARED:
            value = self._shared_value(self._events.content[slice(*span)], value)
        kind = Object if is_object else Array
        node = kind(event.style, span, entries)
        node.tag, node.anchor, node.is_usable = event.tag, event.anchor, error is None
        return node, value

    def _scalar(self, event: Event, pointer: Pointer) -> tuple[Node, Json]:
        self._size += 1
        value: Json = UNUSABLE
        is_plain = event.style in (NodeStyle.PLAIN, NodeStyle.NOTHING)
        try:
            value = scalar_value(event.text, event.tag and event.tag.name, is_plain=is_plain)
        except NotJsonError as error:
            self._reject(error, pointer, event.span)
        node = Scalar(event.style, event.span, event.text, value)
        node.tag, node.anchor = event.tag, event.anchor
        return node, value

    def _shared_value(self, text: str, value: Json) -> Json:
        """Return the value of an equal text that was read before, to save memory."""
        # What an alias means depends on what is before it.
        if "*" in text or len(self._shared) == _MAX_SHARED:
            return self._shared.get(text, value)
        return self._shared.setdefault(text, value)

    def _reject(
        self, error: NotJsonError, pointer: Pointer, span: Span, anchor: Anchor | None = None
    ) -> None:
        """Report a value that is not JSON, perhaps because of what is at an anchor."""
        related = ((anchor.pointer, anchor.span, anchor.label),) if anchor else ()
        problem = SyntaxProblem("not-json", pointer, span, error.cause, error.remedy, related)
        self.problems.append(problem)

    # Entries.

    def _read_entries(
        self, collection: _Collection, read: Callable[[Event, _Collection], Entry]
    ) -> None:
        last: Entry | None = None
        while True:
            event = self._events.next()
            # The comma after an entry is known now.
            if last:
                self._add(collection, last, event.comma and event.comma.start)
            if event.kind is None:
                return
            last = read(event, collection)
            if len(collection.entries) >= _FEW and self._read_words(collection, last):
                last = None

    def _add(self, collection: _Collection, entry: Entry, comma: int | None) -> None:
        for node in entry.parts:
            anchored = node.anchor and self._anchors.get(node.anchor.name)
            if anchored and anchored.node is node:
                anchored.node = len(self._store)
        collection.entries.append(entry._replace(comma=comma))

    def _read_words(self, collection: _Collection, last: Entry) -> bool:
        """Read the entries after `last` whose values are words, if there are some.

        Ruamel, which takes most of the time, goes on after them.
        """
        content, entries = self._events.content, collection.entries
        is_member = last.key is not None
        place = self._events.before_words(is_member=is_member)
        if place is None:
            return False
        start, column = place
        is_flow = content.startswith(",", start)
        pattern = words_pattern(column, is_member=is_member, is_flow=is_flow)
        matches = words_from(content, start, pattern, is_member=is_member)
        first = next(matches, None)
        if first is None:
            return False
        self._add(collection, last, start if is_flow else None)
        count = len(entries)
        entries.pattern = pattern
        for match in chain((first,), matches):
            if is_member:
                self._name(collection, match["name"], Span(*match.span("key")))
            entries.append_words(match.start())
            collection.values.append(self._value_of(match["written"]))
        self._size += len(entries) - count
        self._events.pass_words(start, match.end("written"), match.end())
        return True

    def _item(self, event: Event, collection: _Collection) -> Entry:
        pointer = (*collection.pointer, len(collection.entries))
        merge = collection.merge if event.kind is Alias else None
        node, value = self._node(event, pointer, collection.depth, merge)
        collection.values.append(value)
        start = event.dash.start if event.dash else node.start
        return Entry(start, None, None, event.dash and event.dash.end, node)

    def _member(self, event: Event, collection: _Collection) -> Entry:
        pointer, depth = collection.pointer, collection.depth
        key, name = self._key(event, collection)
        start = event.question.start if event.question else key.start
        event = self._events.next()
        if name is None:
            node, _, _ = self._unseen_node(event, pointer, depth)
            value = UNUSABLE
        elif _is_merge_key(key):
            node, value = self._merge(event, (*pointer, name), depth)
        else:
            node, value = self._node(event, (*pointer, name), depth)
        collection.values.append(value)
        return Entry(start, key, name, event.colon and event.colon.end, node)

    def _key(self, event: Event, collection: _Collection) -> tuple[Node, str | None]:
        """Read a key and its name; if it is not a string, it has none, a problem of its object."""
        pointer, depth = collection.pointer, collection.depth
        anchor: Anchor | None = None
        problem: SyntaxProblem | None = None
        key: Node
        if event.kind is Alias:
            key, anchored = self._found(event)
            value, anchor = anchored.value, anchored.anchor
            self._borrow(1, event.span, depth)
        else:
            key, value, problem = self._unseen_node(event, (*pointer, event.text), depth)
        if isinstance(value, str):
            self._name(collection, value, key.span, anchor)
            return key, value
        collection.keys.append(key.span)
        self._reject(_wrong_key(key, problem), pointer, key.span)
        return key, None

    def _unseen_node(
        self, event: Event, pointer: Pointer, depth: int
    ) -> tuple[Node, Json, SyntaxProblem | None]:
        """Read a node that is not in the value of the document; return also its first problem."""
        count, size, deepest = len(self.problems), self._size, self._deepest
        node, value = self._node(event, pointer, depth)
        problem = self.problems[count] if len(self.problems) > count else None
        self.problems.forget(count)
        self._size, self._deepest = size, deepest
        return node, value, problem

    def _name(
        self,
        collection: _Collection,
        name: str,
        span: Span,
        anchor: Anchor | None = None,
    ) -> None:
        """Note the name of the next member, and report it if it is repeated."""
        found = collection.entries.found
        earlier = found.pop(name, None)
        found[name] = len(collection.values)
        collection.keys.append(span)
        if earlier is not None:
            first = collection.keys[collection.firsts.setdefault(name, earlier)]
            place, shown = (*collection.pointer, name), clipped(name)
            self.problems.append(repeated_key(shown, place, span, first, anchor))

    # Aliases.

    def _found(self, event: Event) -> tuple[Alias, _Anchored]:
        """Return an alias, and what it refers to."""
        alias = Alias(event.span, event.text)
        anchored = self._anchors.get(alias.name)
        if anchored is None:
            self.undefined = self.undefined or _undefined(alias)
            # It is read like an alias inside the value that it refers to.
            anchored = _Anchored(Anchor(alias.name, alias.span, ROOT))
        anchor, node = anchored.anchor, anchored.node
        anchor.uses += 1
        self._store.anchors[anchor.span.start] = anchor
        self._store.aliases[alias.span.start] = alias
        if isinstance(node, int):
            parts = self._store[node].parts
            node = next(part for part in parts if part.anchor and part.anchor.span == anchor.span)
            node.anchor, anchored.node = anchor, node
        alias.target = node
        return alias, anchored

    def _alias(
        self, event: Event, pointer: Pointer, depth: int, merge: _Merge | None
    ) -> tuple[Node, Json]:
        alias, anchored = self._found(event)
        if alias.target is None:
            cause = f"*{clipped(alias.name)} is inside the value that it refers to"
            error = NotJsonError(cause, "write the value out")
            self._reject(error, pointer, alias.span, anchored.anchor)
            self._size += 1
            self._borrow(1, alias.span, depth)
            return alias, UNUSABLE
        size, value = anchored.size, anchored.value
        self._size += size
        if merge and _can_merge(value):
            merge.aliases.append((alias, anchored, pointer))
            self._borrow(max(1, size - 1), alias.span, merge.depth - 1 + anchored.height)
        else:
            self._borrow(size, alias.span, depth + anchored.height)
            self._report_losses(alias, value, pointer)
        return alias, value

    def _borrow(self, size: int, span: Span, deepest: int) -> None:
        """Count what the alias at `span` brings: values, and containers around the innermost one.

        Raises:
            FatalError: it is too much, or too deep.
        """
        self._borrowed += size
        self._deepest = max(self._deepest, deepest)
        if self._borrowed > MAX_ALIAS_NODES:
            cause = f"aliases and merges add up to more than {MAX_ALIAS_NODES:,} values"
            remedy = "write fewer aliases, or split the document"
            error = FatalError(span, cause, remedy, name="too-large")
            raise self._events.first_of(self.undefined or error)
        if deepest > MAX_NESTING:
            raise self._events.first_of(self.undefined or too_deep(span))

    def _report_losses(self, alias: Alias, value: Json, pointer: Pointer) -> None:
        """Report what in the `value`, which `alias` brought to `pointer`, is not JSON."""
        for below in _losses_in(value):
            cause = f"*{clipped(alias.name)} refers to something that JSON cannot represent"
            error = NotJsonError(cause, "fix it at the anchor")
            self._reject(error, (*pointer, *below), alias.span, alias.anchored)

    # Merges.

    def _merge(self, event: Event, place: Pointer, depth: int) -> tuple[Node, Json]:
        """Read the value of a merge key at `place`.

        Whether the items of a list are merged is known at its end.
        """
        merge, problems, size = _Merge(depth), len(self.problems), self._size
        self._merges.append(merge)
        error = tag_problem(event.tag and event.tag.name, "map")
        is_object = event.kind is Object and error is None
        node, value = self._node(event, place[:-1] if is_object else place, depth, merge)
        self._merges.pop()
        if self._merges:
            self._merges[-1].anchors += merge.anchors
        if _can_merge(value):
            if self._merges:
                # It is merged once more, by each merge around this one.
                self._borrow(self._size - size, event.span, depth)
            is_list = isinstance(node, Array)
            # Neither the merged objects nor their list become values.
            self._size -= 1 + is_list * len(node.entries)
            if is_list:
                self._lift(node, place, merge, problems)
            return node, value
        for alias, anchored, pointer in merge.aliases:
            size, height = anchored.size, anchored.height
            self._borrow(size - max(1, size - 1), alias.span, depth + 1 + height)
            self._report_losses(alias, anchored.value, pointer)
        return node, value

    def _lift(self, merged: Node, place: Pointer, merge: _Merge, problems: int) -> None:
        """Give what is inside a merged list the pointers that it has in the object.

        It was read with pointers from `place` on, each with an index. Before it there were so many
        problems.
        """

        def lifted(pointer: Pointer, span: Span) -> Pointer:
            is_inside = span.start >= merged.start
            return (*place[:-1], *pointer[len(place) + 1 :]) if is_inside else pointer

        def changed(problem: SyntaxProblem) -> SyntaxProblem:
            pointer = lifted(problem.pointer, problem.span)
            related = ((lifted(at, span), span, label) for at, span, label in problem.related)
            return problem._replace(pointer=pointer, related=tuple(related))

        self.problems.change(problems, changed)
        for anchor in merge.anchors:
            anchor.pointer = lifted(anchor.pointer, anchor.span)

    def _object(self, collection: _Collection) -> Json:
        """Return the value of an object; what a merge brings is a part of it, and a member."""
        entries, values = collection.entries, collection.values
        found = entries.found
        value = {name: values[at] for name, at in found.items()}
        at = found.get(MERGE_KEY)
        if at is None or not _is_merge_key(entries[at].key):
            return value
        merged, merged_value = entries[at].value, values[at]
        can_merge = _can_merge(merged_value)
        if can_merge or merged_value is UNUSABLE:
            # A merge of what is not JSON is reported; its key does not belong to the request.
            del found[MERGE_KEY], value[MERGE_KEY]
        if not can_merge:
            return value
        for name, entry, item in _merged_members(merged, merged_value):
            if name not in found:
                found[name], value[name] = entries.merged(entry), item
        entries.found = dict(sorted(found.items(), key=lambda each: _text_place(each[1], entries)))
        parts = merged.parts if isinstance(merged, Array) else [merged]
        aliases = {part.span.start for part in parts if isinstance(part, Alias)}
        for name, at in entries.found.items():
            via = entries.member(at).via if aliases and at < 0 else None
            if via and via.span.start in aliases:
                self._report_losses(via, value[name], (*collection.pointer, name))
        return {name: value[name] for name in entries.found}


def _text_place(found: int, entries: StoredEntries) -> int:
    """Return the offset of the key of a member, or of the alias that brings it."""
    entry = entries.member(found)
    if entry.via:
        return entry.via.span.start
    return entry.key.span.start if entry.key else entry.start


def _is_merge_key(key: Node | None) -> bool:
    """Whether a key asks for a merge, if its value can be merged: a quoted one does not."""
    return key is not None and (key.text, key.style, key.tag) == (MERGE_KEY, NodeStyle.PLAIN, None)


def _can_merge(value: Json) -> bool:
    """Whether a value is an object or a list of objects."""
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, dict) for item in items)


def _merged_members(
    node: Node, value: Json, via: Alias | None = None
) -> Iterator[tuple[str, Entry, Json]]:
    """Yield all that a merge brings, those that win first, with the alias in the merge itself."""
    if isinstance(node, Alias) and node.target:
        yield from _merged_members(node.target, value, via or node)
    elif isinstance(node, Object):
        for name, member in node.members.items():
            yield name, member._replace(via=via) if via else member, value[name]
    else:
        for entry, item in zip(node.entries, value, strict=True):
            yield from _merged_members(entry.value, item, via)


def _losses_in(value: Json) -> Iterator[Pointer]:
    if value is UNUSABLE:
        yield ()
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from ((index, *pointer) for pointer in _losses_in(item))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from ((name, *pointer) for pointer in _losses_in(item))


def _wrong_key(key: Node, problem: SyntaxProblem | None) -> NotJsonError:
    """Explain why `key` cannot be one; `problem` is the first one of it as a value."""
    if isinstance(key, Array | Object):
        remedy = "write a string"
        if [entry.value.style for entry in key.entries if entry.key] == [NodeStyle.NOTHING]:
            remedy += ", or a value in place of {{ ... }}"
        return NotJsonError("an object or a list cannot be a key", remedy)
    if problem:
        return NotJsonError(problem.cause, problem.remedy)
    if isinstance(key, Alias):
        return NotJsonError(f"*{clipped(key.name)} is not a string", "write the key out")
    if not key.text:
        return NotJsonError("there is no key before this colon", "write one")
    return NotJsonError(f"the key {clipped(key.text)} is not a string", "put quotes around it")


def _undefined(alias: Alias) -> FatalError:
    name = clipped(alias.name)
    if alias.name.endswith(":"):
        remedy = "put a space between the alias and the colon"
    else:
        remedy = f"write &{name} before the value that it refers to, or quote it if it is text"
    return FatalError(alias.span, f"there is no anchor &{name} above this alias", remedy)
