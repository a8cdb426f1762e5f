"""Whether a string is a readable time, as the request schema's pattern says it, without `re`.

To load that takes half as long as to start Python, and a time that nobody can read is a common
mistake. A law holds both to the same.
"""

from __future__ import annotations

from rosetta_spec.fast.predicates import is_in_calendar

_DATE_LENGTH = len("YYYY-MM-DD")
_OFFSET_LENGTH = len("+HH:MM")
_CLOCK_LENGTHS = (len("HH:MM"), len("HH:MM:SS"))
_MAX_FRACTION = 6


def is_readable_time(text: str) -> bool:
    """Whether a text, blanks around it left aside, is a date, or one with a time of day."""
    text = text.strip()
    date, clock = text[:_DATE_LENGTH], text[_DATE_LENGTH:]
    if len(date) < _DATE_LENGTH or date[4::3] != "--":
        return False
    numbers = [date[:4], date[5:7], date[8:]]
    if not all(map(_is_digits, numbers)) or not is_in_calendar(*map(int, numbers)):
        return False
    return not clock or (clock[0] in "T " and _is_clock(clock[1:]))


def _is_clock(text: str) -> bool:
    """Whether a text is a time of day, with a UTC offset or without one."""
    if text.endswith("Z"):
        text = text[:-1]
    elif text[-_OFFSET_LENGTH : 1 - _OFFSET_LENGTH] in ("+", "-"):
        if not _is_time_of_day(text[1 - _OFFSET_LENGTH :]):
            return False
        text = text[:-_OFFSET_LENGTH]
    whole, point, fraction = text.partition(".")
    if point and not (
        len(whole) == _CLOCK_LENGTHS[-1] and len(fraction) <= _MAX_FRACTION and _is_digits(fraction)
    ):
        return False
    return len(whole) in _CLOCK_LENGTHS and _is_time_of_day(whole)


def _is_time_of_day(text: str) -> bool:
    """Whether a text is `HH:MM` or `HH:MM:SS`, each part in its bounds."""
    hour, *others = text.split(":")
    return (
        all(len(part) == 2 and _is_digits(part) for part in (hour, *others))  # noqa: PLR2004
        and int(hour) < 24  # noqa: PLR2004 - as a day has
        and all(int(part) < 60 for part in others)  # noqa: PLR2004 - as an hour and a minute have
    )


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
