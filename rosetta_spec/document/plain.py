"""A document's nodes as plain JSON, for whatever asks for values and not for places."""

from __future__ import annotations

from rosetta_spec.document.node import Alias, Array, NotJson, Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, TypeAlias

    from rosetta_spec.document.node import Node
    from rosetta_spec.pointer import Pointer

#: JSON as Python has it, numbers exact (`Number`), `UNUSABLE` where JSON has no such value.
Json: TypeAlias = "Any"


class Mark:
    """Stands where a value cannot stand: a name and an identity, equal to nothing else."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


#: A value that is there and that no rule can look at.
UNUSABLE: Final = Mark("UNUSABLE")

#: A member that is not there, or that no rule sees.
ABSENT: Final = Mark("ABSENT")


def value_at(value: Json, pointer: Pointer) -> Json:
    """Return the value at `pointer`, `ABSENT` where there is none."""
    for token in pointer:
        if not holds(value, token):
            return ABSENT
        value = value[token]
    return value


def holds(value: Json, token: str | int) -> bool:
    """Whether a value has a member of that key, or an item of that index."""
    if isinstance(value, list):
        return isinstance(token, int) and token < len(value)
    return isinstance(value, dict) and token in value


def plain(node: Node) -> Json:
    """Turn a node into plain JSON, every alias written out, `UNUSABLE` for what JSON lacks."""
    while isinstance(node, Alias):
        node = node.target
    if isinstance(node, Array):
        return [plain(item) for item in node.items]
    if isinstance(node, Object):
        return {key: plain(member.value) for key, member in node.members.items()}
    return UNUSABLE if isinstance(node, NotJson) else node.value
