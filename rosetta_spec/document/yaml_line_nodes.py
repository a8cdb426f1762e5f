"""Nodes with exact spans from what the quick reader of YAML reads."""

from __future__ import annotations

from rosetta_spec.document.numbers import number_of
from rosetta_spec.document.tree import Array, Member, Object, Scalar
from rosetta_spec.fast.yaml_lines import read_marked_lines
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.document.tree import Node
    from rosetta_spec.document.values import Json
    from rosetta_spec.fast.yaml_lines import Mark


def read_yaml_nodes(content: str) -> list[Node]:
    """Read the roots of all documents of a text that has no byte order mark.

    Raises:
        Declined: the quick reader does not surely understand all of it.
    """
    values, marks = read_marked_lines(content, number_of)
    places = iter(marks)
    return [_node(value, places) for value in values]


def _node(value: Json, places: Iterator[Mark]) -> Node:
    start, end = next(places)
    if isinstance(value, dict):
        members = {key: _member(item, places) for key, item in value.items()}
        end = _end_of([member.value for member in members.values()]) if end is None else end
        return Object(members, Span(start, end))
    if isinstance(value, list):
        items = [_node(item, places) for item in value]
        end = _end_of(items) if end is None else end
        return Array(items, Span(start, end))
    return Scalar(value, Span(start, start if end is None else end))


def _member(value: Json, places: Iterator[Mark]) -> Member:
    start, end = next(places)
    return Member(Span(start, start if end is None else end), _node(value, places))


def _end_of(nodes: list[Node]) -> int:
    """Give the end of a block collection, which is never empty."""
    return nodes[-1].span.end
