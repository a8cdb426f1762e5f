"""A time as people read it, the same everywhere."""

from __future__ import annotations

import time


def moment(milliseconds: int) -> str:
    """Write a time in milliseconds since the epoch as `2025-03-13 20:00:00 UTC`."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(milliseconds / 1000))
