"""Where a setting stands, for whoever asks why it holds."""

from __future__ import annotations

from rosetta_spec.record import NamedTuple


class Origin(NamedTuple):
    """The setting called `key`, an option of the call."""

    key: str
