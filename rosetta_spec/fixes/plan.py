"""What is to be done about a finding."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.diagnostic import DroppedFix, Fix


class Plan(NamedTuple):
    """The fixes of a finding, each of them proven, and those that were not right."""

    fixes: tuple[Fix, ...]
    dropped: tuple[DroppedFix, ...]


NO_PLAN = Plan((), ())
