"""Numbers with a fraction and few digits, exact without `decimal`.

That module takes a fifth of the time in which all the rest is loaded that explains a finding, and
nearly every fraction in a request is as short as 0.25.
"""

from __future__ import annotations

from rosetta_spec.fast.quick import MAX_EXACT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import TypeAlias

    #: What a number in a document is read as.
    Number: TypeAlias = "int | ShortNumber | Decimal"


def is_short(text: str) -> bool:
    """Whether a decimal number, perhaps with a sign, is digits with a point between them, few."""
    whole, _, fraction = text.removeprefix("-").partition(".")
    is_plain = (whole + fraction).isdecimal() and (whole[:1] != "0" or len(whole) == 1)
    return bool(whole and fraction and is_plain and len(text) <= MAX_EXACT)


class ShortNumber:
    """What the `Decimal` of a short number is, as far as it goes.

    It compares, hashes and is written as that would be; whoever reckons with it asks for `exact`.
    A float keeps so few digits apart, in their order.
    """

    __slots__ = ("nearest", "text")

    def __init__(self, text: str) -> None:
        """Take a text for which `is_short` is true."""
        self.text = text
        #: The float that is nearest to it.
        self.nearest = float(text)

    @property
    def exact(self) -> Decimal:
        """The same number as a `Decimal`."""
        from decimal import Decimal  # noqa: PLC0415 - see above

        return Decimal(self.text)

    def is_integer(self) -> bool:
        """Whether nothing but zeros follow the point."""
        return self.nearest.is_integer()

    def as_integer_ratio(self) -> tuple[int, int]:
        """Return two integers of which it is the exact quotient."""
        return self.exact.as_integer_ratio()

    def __eq__(self, other: object) -> bool:
        return self._is("__eq__", other)

    def __lt__(self, other: Number) -> bool:
        return self._is("__lt__", other)

    def __le__(self, other: Number) -> bool:
        return self._is("__le__", other)

    def __gt__(self, other: Number) -> bool:
        return self._is("__gt__", other)

    def __ge__(self, other: Number) -> bool:
        return self._is("__ge__", other)

    def _is(self, how: str, other: object) -> bool:
        if isinstance(other, ShortNumber):
            other = other.nearest
        # A float is one of ours, which is meant as it is printed.
        if isinstance(other, int | float):
            answer: bool = getattr(self.nearest, how)(other)
            return answer
        return getattr(self.exact, how)(other) if hasattr(other, "as_tuple") else NotImplemented

    def __hash__(self) -> int:
        return hash(self.exact)

    def __bool__(self) -> bool:
        return self.nearest != 0

    def __float__(self) -> float:
        return self.nearest

    def __int__(self) -> int:
        return int(self.nearest)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ShortNumber({self.text!r})"
