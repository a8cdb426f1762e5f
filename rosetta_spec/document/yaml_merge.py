"""Merge keys (`<<`): what can be merged, and what comes of it."""

from __future__ import annotations

from rosetta_spec.document.tree import Alias, Array, Object
from rosetta_spec.document.yaml_anchors import target_of
from rosetta_spec.document.yaml_scalars import tag_refusal
from rosetta_spec.fast.formats import MAX_NESTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.document.tree import Member, Node
    from rosetta_spec.document.yaml_anchors import Anchored
    from rosetta_spec.document.yaml_parser import Step

MERGE_KEY = "<<"


def is_merge_key(key: Step) -> bool:
    """Say whether a key asks for a merge, if its value lets it: a quoted one does not."""
    return key.kind == "scalar" and key.is_plain and key.tag is None and key.value == MERGE_KEY


def is_merge_ahead(steps: Iterator[Step], anchors: dict[str, Anchored]) -> bool:
    """Say whether the next value, the first of `steps`, is one that can be merged."""
    first = next(steps)
    if first.kind == "alias":
        return _can_merge(_node_at(first, anchors))
    if first.kind == "array" and tag_refusal(first.tag, "seq") is None:
        return _are_objects(first, steps, anchors)
    return _is_object(first)


def _are_objects(array: Step, steps: Iterator[Step], anchors: dict[str, Anchored]) -> bool:
    """Say whether all items of `array` are objects, those behind aliases too."""
    inside = {array.anchor[0]: False} if array.anchor else {}
    depth = 0
    step = next(steps)
    while depth or step.kind != "end":
        if not depth and not _is_object_item(step, inside, anchors):
            return False
        if step.anchor:
            inside[step.anchor[0]] = _is_object(step)
        depth += (step.kind in ("array", "object")) - (step.kind == "end")
        if depth > MAX_NESTING:
            return False
        step = next(steps)
    return True


def _is_object_item(step: Step, inside: dict[str, bool], anchors: dict[str, Anchored]) -> bool:
    if step.kind != "alias":
        return _is_object(step)
    if step.value in inside:
        return inside[step.value]
    return isinstance(_node_at(step, anchors), Object)


def _is_object(step: Step) -> bool:
    return step.kind == "object" and tag_refusal(step.tag, "map") is None


def _node_at(alias: Step, anchors: dict[str, Anchored]) -> Node | None:
    anchored = anchors.get(alias.value)
    return anchored.node if anchored else None


def _can_merge(node: Node | None) -> bool:
    """Say whether the node is an object, or a list of nothing else."""
    if isinstance(node, Array):
        return all(isinstance(target_of(item), Object) for item in node.items)
    return isinstance(node, Object)


def merged_members(
    node: Node, via: Alias | None = None
) -> Iterator[tuple[str, Member, Alias | None]]:
    """Yield name, member and alias of all that a merge brings, those that win first.

    The alias is the one in the merge itself, whatever is in its target, or None.
    """
    if isinstance(node, Object):
        for name, member in node.members.items():
            yield name, member._replace(via=via) if via else member, via
        return
    if isinstance(node, Alias):
        via = via or node
    for part in _parts(node):
        yield from merged_members(part, via)


def _parts(node: Node) -> list[Node]:
    if isinstance(node, Alias):
        return [node.target]
    return node.items if isinstance(node, Array) else []


def in_text_order(members: dict[str, Member]) -> dict[str, Member]:
    """Sort members by where their keys, or the aliases that brought them, are."""

    def place(item: tuple[str, Member]) -> int:
        member = item[1]
        return (member.via.span if member.via else member.key).start

    return dict(sorted(members.items(), key=place))
