"""What a journal says when it is asked for leave to send a request."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from rosetta_spec.submit.attempt import Attempt


class Leave(NamedTuple):
    """The request may be sent, as the attempt of this number, started at this time."""

    number: int
    started: int


class Known(NamedTuple):
    """The request is not to be sent: this attempt has created its package, or may have."""

    attempt: Attempt


class Busy(NamedTuple):
    """The request is being sent by this attempt, of this process or another."""

    attempt: Attempt


class Wishes(NamedTuple):
    """What the call says of requests that were sent by an earlier run.

    With `again`, those whose package was created are sent once more; with `retry_unknown`, those
    of which nobody knows.
    """

    again: bool = False
    retry_unknown: bool = False


Claim: TypeAlias = "Leave | Known | Busy"
