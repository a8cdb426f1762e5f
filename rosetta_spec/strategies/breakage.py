"""A request that is broken on purpose, beside the valid one that it was."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.values import Json
from rosetta_spec.pointer import Pointer


class Breakage(NamedTuple):
    """A valid request and the same broken by one rule.

    `broken` is data, or the bytes of a file, or the path of one; `pointer` is where the rule has
    to report it.
    """

    valid: Json
    broken: Json
    pointer: Pointer
