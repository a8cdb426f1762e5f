"""The kinds, check types of the rule language, by the names that rules files use."""

from __future__ import annotations

from rosetta_spec.kinds.conditions import IgnoredUnless, RequiredWhen, SetWhen
from rosetta_spec.kinds.items import Disjoint, Unique
from rosetta_spec.kinds.keys import Misplaced, Required, Unknown
from rosetta_spec.kinds.kind import Kind
from rosetta_spec.kinds.order import Ordered, SameClock
from rosetta_spec.kinds.presence import AnyOf, Exclusive, RequiredWithSeveral, Together
from rosetta_spec.kinds.shape import (
    Bounds,
    Empty,
    Fraction,
    Quoted,
    Unlisted,
    Unquoted,
    UnreadableTime,
    WrongType,
)
from rosetta_spec.kinds.text import Reading, UnknownSuppression, UnusedSuppression
from rosetta_spec.kinds.values import Forbidden, Fragment, MaxBytes, Trimmed, WrittenAs

KINDS: dict[str, type[Kind]] = {
    "any-of": AnyOf,
    "bounds": Bounds,
    "disjoint": Disjoint,
    "empty": Empty,
    "exclusive": Exclusive,
    "forbidden": Forbidden,
    "fraction": Fraction,
    "ignored-unless": IgnoredUnless,
    "max-bytes": MaxBytes,
    "misplaced": Misplaced,
    "ordered": Ordered,
    "quoted": Quoted,
    "reading": Reading,
    "required": Required,
    "required-when": RequiredWhen,
    "required-with-several": RequiredWithSeveral,
    "same-clock": SameClock,
    "schema": Fragment,
    "set-when": SetWhen,
    "together": Together,
    "trimmed": Trimmed,
    "type": WrongType,
    "unique": Unique,
    "unknown": Unknown,
    "unknown-suppression": UnknownSuppression,
    "unlisted": Unlisted,
    "unquoted": Unquoted,
    "unreadable-time": UnreadableTime,
    "unused-suppression": UnusedSuppression,
    "written-as": WrittenAs,
}
