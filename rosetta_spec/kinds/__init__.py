"""The words of the rule language; importing this package registers them all."""

from rosetta_spec.kinds import (
    any_of,
    disjoint,
    exclusive,
    fragment,
    ignored_unless,
    max_bytes,
    ordered,
    reading,
    required_when,
    required_with_several,
    same_clock,
    suppression,
    together,
    trimmed,
    unique,
    written_as,
)
from rosetta_spec.kinds.registry import KINDS
from rosetta_spec.kinds.shape import (
    bounds,
    empty,
    fraction,
    misplaced,
    quoted,
    required,
    unknown,
    unlisted,
    unquoted,
    unreadable_time,
    wrong_type,
)

__all__ = ["KINDS"]
