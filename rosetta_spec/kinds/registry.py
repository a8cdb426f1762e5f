"""The words of the rule language: where each is, what it looks at, and its class when asked."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from rosetta_spec.kinds.kind import Kind

    _KindT = TypeVar("_KindT", bound=type[Kind])

#: Kinds that speak of what a reader could not accept.
OF_READING = {
    "reading": "reading",
}

#: Kinds that speak of comments that silence findings.
OF_SUPPRESSIONS = {
    "unused-suppression": "suppression",
    "unknown-suppression": "suppression",
}

#: Kinds that speak of one mistake each, which the judge of shape has named after them.
OF_SHAPE = {
    "bounds": "shape.bounds",
    "empty": "shape.empty",
    "fraction": "shape.fraction",
    "misplaced": "shape.misplaced",
    "quoted": "shape.quoted",
    "required": "shape.required",
    "type": "shape.wrong_type",
    "unknown": "shape.unknown",
    "unlisted": "shape.unlisted",
    "unquoted": "shape.unquoted",
    "unreadable-time": "shape.unreadable_time",
}

#: Kinds that look at values.
OF_VALUES = {
    "any-of": "any_of",
    "disjoint": "disjoint",
    "exclusive": "exclusive",
    "forbidden": "forbidden",
    "ignored-unless": "ignored_unless",
    "max-bytes": "max_bytes",
    "ordered": "ordered",
    "required-when": "required_when",
    "required-with-several": "required_with_several",
    "same-clock": "same_clock",
    "schema": "fragment",
    "set-when": "set_when",
    "together": "together",
    "trimmed": "trimmed",
    "unique": "unique",
    "written-as": "written_as",
}

#: The module of each kind, below `rosetta_spec.kinds`.
HOMES = {**OF_READING, **OF_SUPPRESSIONS, **OF_SHAPE, **OF_VALUES}

_loaded: dict[str, type[Kind]] = {}


def kind(name: str) -> Callable[[_KindT], _KindT]:
    """Register a kind under the word that rules files use."""

    def register(cls: _KindT) -> _KindT:
        cls.name = name
        _loaded[name] = cls
        return cls

    return register


def kind_named(name: str) -> type[Kind]:
    """Return the kind that rules files call so, a key of `HOMES`; it is imported when needed."""
    if name not in _loaded:
        __import__(f"rosetta_spec.kinds.{HOMES[name]}")
    return _loaded[name]
