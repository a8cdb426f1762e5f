"""What every request carries, whoever sends it."""

from __future__ import annotations

from rosetta_spec.version import __version__

HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": f"rosetta-spec/{__version__}",
    "Connection": "close",
}
