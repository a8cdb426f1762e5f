"""Anchors and aliases of one YAML document, and how large it would be if written out."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.tree import Alias, Array, NotJson, Object
from rosetta_spec.document.yaml_fault import FatalError, shown
from rosetta_spec.fast.formats import MAX_ALIAS_NODES, MAX_NESTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.document.tree import Node
    from rosetta_spec.document.yaml_parser import Step
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.text import Span


class Anchored(NamedTuple):
    """What an anchor names; `node` is None until its end was read.

    `size` counts the values and `height` the containers inside each other, all written out.
    """

    node: Node | None
    span: Span
    pointer: Pointer
    size: int = 0
    height: int = 0


class Extent:
    """How large the document is so far, every alias written out.

    `size` counts the values, `borrowed` those of them that aliases and merges stand for; `deepest`
    is how many containers are around the innermost value since it was last set back.
    """

    __slots__ = ("borrowed", "deepest", "size")

    def __init__(self) -> None:
        self.size = self.borrowed = self.deepest = 0

    def enter(self, span: Span, depth: int) -> None:
        """Count the container that starts at `span`, with `depth` more around it."""
        self.size += 1
        self.deepest = max(self.deepest, depth + 1)
        if depth == MAX_NESTING:
            raise _too_deep(span)

    def borrow(self, anchored: Anchored, span: Span, depth: int, *, is_merge: bool = False) -> None:
        """Count what the alias at `span` stands for; a merge leaves the container itself out."""
        self.size += anchored.size
        self.borrowed += anchored.size - is_merge
        if self.borrowed > MAX_ALIAS_NODES:
            cause = f"aliases and merges stand for more than {MAX_ALIAS_NODES:,} values"
            remedy = "write fewer aliases, or split the document"
            raise FatalError(span, cause, remedy, name="too-large")
        depth += anchored.height - is_merge
        self.deepest = max(self.deepest, depth)
        if depth > MAX_NESTING:
            raise _too_deep(span)


def _too_deep(span: Span) -> FatalError:
    cause = f"more than {MAX_NESTING} objects and lists are inside each other here"
    return FatalError(span, cause, "write it with less nesting", name="too-large")


def undefined(alias: Step) -> FatalError:
    """Say that no anchor above has the name of `alias`."""
    name = shown(alias.value)
    if alias.value.endswith(":"):
        remedy = "put a blank between the alias and the colon"
    else:
        remedy = f"write &{name} before the value that it stands for, or quote it if it is text"
    return FatalError(alias.span, f"no anchor &{name} stands above this alias", remedy)


def target_of(node: Node | None) -> Node | None:
    """Give what an alias stands for, of any other node the node itself."""
    return node.target if isinstance(node, Alias) else node


def losses_in(node: Node) -> Iterator[Pointer]:
    """Yield the pointers, relative to `node`, of the values in it that are not JSON."""
    node = node.target if isinstance(node, Alias) else node
    if isinstance(node, NotJson):
        yield ()
    elif isinstance(node, Array):
        for index, item in enumerate(node.items):
            for pointer in losses_in(item):
                yield (index, *pointer)
    elif isinstance(node, Object):
        for key, member in node.members.items():
            for pointer in losses_in(member.value):
                yield (key, *pointer)
