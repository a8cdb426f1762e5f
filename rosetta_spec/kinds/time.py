"""A readable time as the rules compare it."""

from __future__ import annotations

from datetime import datetime


def read_time(text: str) -> datetime:
    """Read a time of the readable form; aware when it has an offset, naive when not.

    A date alone is its midnight. The text has no blanks around it.

    Raises:
        ValueError: it is not a time.
    """
    return datetime.fromisoformat(text)
