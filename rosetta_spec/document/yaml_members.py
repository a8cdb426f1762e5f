"""The members of YAML objects: their names, and what merges (`<<`) bring."""

from collections.abc import Iterable, Iterator, Sequence

from rosetta_spec.document.tree import Alias, Array, Entry, Node, NodeStyle, Object, Scalar
from rosetta_spec.document.values import UNUSABLE

MERGE_KEY = "<<"


def name_of(key: Node) -> str | None:
    """Return the name of a member by its key, None if that is not a string."""
    node = key.target if isinstance(key, Alias) else key
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def members_of(entries: Sequence[Entry], names: Iterable[str | None]) -> dict[str, int | Entry]:
    """Return the members of an object: the index of an entry, or one that a merge brings."""
    found: dict[str, int | Entry] = {}
    merged: Node | None = None
    for index, name in enumerate(names):
        if name is None:
            continue
        found.pop(name, None)
        if name == MERGE_KEY:
            entry = entries[index]
            merged = entry.value if is_merge(entry) else None
            # A merge of what is not JSON is reported; its key does not belong to the request.
            if merged or (is_merge_key(entry.key) and is_unusable(entry.value)):
                continue
        found[name] = index
    if merged is None:
        return found
    for name, member in _merged_members(merged):
        found.setdefault(name, member)

    def text_place(each: tuple[str, int | Entry]) -> int:
        member = entries[each[1]] if isinstance(each[1], int) else each[1]
        if member.via:
            return member.via.span.start
        return member.key.span.start if member.key else member.start

    return dict(sorted(found.items(), key=text_place))


def is_merge(entry: Entry) -> bool:
    """Whether a member of an object is a merge key with a value that can be merged."""
    return is_merge_key(entry.key) and _can_merge(entry.value)


def is_merge_key(key: Node | None) -> bool:
    """Whether a key asks for a merge, if its value can be merged: a quoted one does not."""
    return key is not None and (key.text, key.style, key.tag) == (MERGE_KEY, NodeStyle.PLAIN, None)


def _can_merge(node: Node, *, is_item: bool = False) -> bool:
    """Whether a value is an object or a list of objects."""
    target = node.target if isinstance(node, Alias) else node
    if isinstance(target, Array) and not is_item:
        return target.is_usable and all(
            _can_merge(entry.value, is_item=True) for entry in target.entries
        )
    return isinstance(target, Object) and target.is_usable


def is_unusable(node: Node) -> bool:
    """Whether JSON has no value like that of a node; those inside it make no difference."""
    if isinstance(node, Alias):
        return node.target is None or is_unusable(node.target)
    return node.value is UNUSABLE if isinstance(node, Scalar) else not node.is_usable


def _merged_members(node: Node, via: Alias | None = None) -> Iterator[tuple[str, Entry]]:
    """Yield all that a merge brings, those that win first, with the alias in the merge itself."""
    if isinstance(node, Object):
        for name, member in node.members.items():
            yield name, member._replace(via=via) if via else member
        return
    if isinstance(node, Alias) and node.target:
        yield from _merged_members(node.target, via or node)
    for entry in node.entries:
        yield from _merged_members(entry.value, via)
