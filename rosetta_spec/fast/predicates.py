"""Predicates that generated acceptors call; each is false when in doubt.

Values are those of a quick reader or of the engine. Only `matches`, which our own acceptor does not
need, imports more than builtins.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.fast.formats import Json

#: Times that were found to have the documented form: many are repeated in an archive.
_written_times: set[str] = set()
_MAX_TIMES = 4096
#: The searches for regular expressions, by pattern.
_searches: dict[str, Callable[[str], bool]] = {}
#: Items that are compared pairwise if they cannot be hashed.
_MAX_COMPARED = 100
_WRITTEN_LENGTH = len("YYYY-MM-DD HH:MM:SS")
_PLACEHOLDERS = frozenset({"TODO", "TBD", "FIXME", "CHANGEME", "XXX"})
_BRACKETS = (("<", ">"), ("${", "}"), ("{{", "}}"))
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_written_time(text: str) -> bool:
    """Whether a string is `YYYY-MM-DD HH:MM:SS` and in the calendar."""
    if text in _written_times:
        return True
    # Two digits are between the marks. `datetime` takes longer to load than this takes.
    if len(text) != _WRITTEN_LENGTH or text[4::3] != "-- ::" or not text.isascii():
        return False
    numbers = [text[:4], *(text[at : at + 2] for at in range(5, _WRITTEN_LENGTH, 3))]
    if not "".join(numbers).isdecimal() or not is_in_calendar(*map(int, numbers)):
        return False
    if len(_written_times) >= _MAX_TIMES:
        _written_times.clear()
    _written_times.add(text)
    return True


def is_in_calendar(  # noqa: PLR0913, PLR0917 - the parts of a time
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> bool:
    """Whether a date and a time of day exist."""
    if not (year >= 1 <= month <= 12 and hour < 24 and minute < 60 and second < 60):  # noqa: PLR2004
        return False
    is_leap_day = (month, day) == (2, 29) and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month - 1] or is_leap_day


def is_filled_in(text: str) -> bool:
    """Whether a string is not a placeholder such as `<name>`, `${NAME}`, `{{ name }}` or `TODO`."""
    if text.strip().upper() in _PLACEHOLDERS:
        return False
    if "<" not in text and "{" not in text:
        return True
    for line in text.replace("\r", "\n").split("\n"):
        for opening, closing in _BRACKETS:
            start = line.find(opening)
            # There is at least one character between the brackets.
            if 0 <= start < line.rfind(closing) - len(opening):
                return False
    return True


def times_in_order(low: Json, high: Json) -> bool:
    """Whether one of two times is absent, or the first is before the second."""
    if low is None or high is None:
        return True
    return same_clock(low, high) and bool(low < high)


def same_clock(one: Json, other: Json) -> bool:
    """Whether one of two times is absent, or both have no UTC offset."""
    if one is None or other is None:
        return True
    return type(one) is type(other) is str and is_written_time(one) and is_written_time(other)


def numbers_in_order(low: Json, high: Json) -> bool:
    """Whether one of two numbers is absent, or the first is below the second."""
    if low is None or high is None:
        return True
    return is_number(low) and is_number(high) and bool(low < high)


def spans_are_within(  # noqa: PLR0913, PLR0917 - generated code calls it
    ranges: list[Json],
    low: str,
    high: str,
    is_of_times: bool,  # noqa: FBT001
    least: int,
    most: int | None,
) -> bool:
    """Whether objects are ranges in order whose lengths, in seconds or numbers, have such a sum."""
    total = 0
    for each in ranges:
        first: Json = each.get(low) if type(each) is dict else None
        last: Json = each.get(high) if type(each) is dict else None
        if is_of_times and type(first) is type(last) is str:
            is_usable = is_written_time(first) and is_written_time(last)
            first, last = (_seconds(first), _seconds(last)) if is_usable else (None, None)
        # A sum with a float would be rounded.
        if not (type(first) is type(last) is int and first <= last):
            return False
        total += last - first
    return least <= total and (most is None or total <= most)


def _seconds(time: str) -> int:
    """Return the seconds from some day to a time in the documented form."""
    year, month, day = int(time[:4]), int(time[5:7]), int(time[8:10])
    # Years begin in March, so that a leap day is the last one.
    if month < 3:  # noqa: PLR2004
        year, month = year - 1, month + 12
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day
    return ((days * 24 + int(time[11:13])) * 60 + int(time[14:16])) * 60 + int(time[17:])


def is_at_most(value: Json, limit: Json) -> bool:
    """Whether one of two numbers is absent, or the first is not above the second."""
    if value is None or limit is None:
        return True
    return is_number(value) and is_number(limit) and bool(value <= limit)


def is_number(value: Json) -> bool:
    """Whether a value is a number that compares as it was written."""
    return type(value) is int or type(value) is float


def have_no_overlap(ranges: list[Json], low: str, high: str) -> bool:
    """Whether objects are ranges in order, of which none shares a position with another."""
    ends: list[tuple[Json, Json]] = []
    for each in ranges:
        if type(each) is not dict:
            return False
        first: Json = each.get(low)
        last: Json = each.get(high)
        if not (is_number(first) and is_number(last) and first < last):
            return False
        ends.append((first, last))
    ends.sort()
    # `itertools.pairwise` would be an import more.
    neighbors = zip(ends, ends[1:], strict=False)
    return all(before < first for (_, before), (first, _) in neighbors)


def have_no_repeats(items: list[Json]) -> bool:
    """Whether no item is repeated; false for many items that are objects or lists."""
    # Values that are equal in JSON are equal in Python, where also 1 == true.
    try:
        return len(set(items)) == len(items)
    except TypeError:
        return len(items) <= _MAX_COMPARED and all(
            items.index(each) == at for at, each in enumerate(items)
        )


def matches(pattern: str, text: str) -> bool:
    """Whether a regular expression is found in a string."""
    if pattern not in _searches:
        from rosetta_spec.regex import compiled  # loads slowly, and is for a team's patterns only

        _searches[pattern] = compiled(pattern).is_found_in
    return _searches[pattern](text)
