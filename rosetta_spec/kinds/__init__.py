"""The kinds, check types of the rule language, by the names that rules files use."""

from __future__ import annotations

from rosetta_spec.kinds.comparison import AtMost, Disjoint, Ordered, SameClock, Unique
from rosetta_spec.kinds.keys import (
    AnyOf,
    Exclusive,
    IgnoredUnless,
    RequiredWhen,
    RequiredWithSeveral,
    SetWhen,
    Together,
)
from rosetta_spec.kinds.kind import Kind
from rosetta_spec.kinds.schema import (
    Bounds,
    Empty,
    Fraction,
    Misplaced,
    Placeholder,
    Quoted,
    Required,
    Unknown,
    Unlisted,
    Unquoted,
    UnreadableTime,
    WrongType,
)
from rosetta_spec.kinds.text import Reading, Repeated, UnknownSuppression, UnusedSuppression
from rosetta_spec.kinds.values import Forbidden, Fragment, MaxBytes, Trimmed, WrittenAs

_ALL: tuple[type[Kind], ...] = (
    *(IgnoredUnless, RequiredWhen, SetWhen),
    *(Disjoint, Unique),
    *(Misplaced, Required, Unknown),
    *(AtMost, Ordered, SameClock),
    *(AnyOf, Exclusive, RequiredWithSeveral, Together),
    *(Bounds, Empty, Fraction, Placeholder, Quoted, Unlisted, Unquoted, UnreadableTime, WrongType),
    *(Reading, Repeated, UnknownSuppression, UnusedSuppression),
    *(Forbidden, Fragment, MaxBytes, Trimmed, WrittenAs),
)

KINDS = {kind.name: kind for kind in _ALL}
