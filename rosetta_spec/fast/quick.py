"""What the quick readers share: they read what they surely understand, and decline the rest.

They use nothing that is not built in, so that a process that needs no more starts at once.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from rosetta_spec.document.numbers import Number

    #: Reads a number that has a fraction and perhaps an exponent.
    ReadFraction: TypeAlias = Callable[[str], float | Number | str]

    #: Reads a number that has neither.
    ReadWhole: TypeAlias = Callable[[str], Number | str]

#: Decimals of so many characters differ as floats where they differ at all: a binary64 keeps 15
#: digits apart. Source: IEEE 754, and `sys.float_info.dig`.
MAX_EXACT = 16


#: How a comment that silences findings begins. Quick readers leave texts that have it to the full
#: one, which knows what a comment is.
SUPPRESSION = "rosetta-spec:"


class Declined(Exception):  # noqa: N818 - it is no error: another reader will look
    """A text that a quick reader does not surely understand."""


def short_fraction(text: str) -> float:
    """Read a fraction whose float compares as the decimal does with others as short.

    Raises:
        Declined: it has more digits than a float keeps apart, or an exponent.
    """
    if len(text) > MAX_EXACT or "e" in text or "E" in text:
        raise Declined
    return float(text)
