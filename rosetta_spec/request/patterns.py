"""The patterns of the specification, met without `re`, whose import takes half a bare start."""

from __future__ import annotations

from rosetta_spec.fast.predicates import is_written_time, matches
from rosetta_spec.request.readable_time import is_readable_time
from rosetta_spec.request.schema import WHITE_SPACE, schema_at

#: Something that is no white space, as the request schema says of a string that is not blank.
NOT_BLANK = f"[^{WHITE_SPACE}]"

#: The form of a time that the API shows, as its rule has it.
WRITTEN_TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"


def is_time_pattern(pattern: str) -> bool:
    """Whether every time that is written as documented has a match of the pattern."""
    return pattern == WRITTEN_TIME or _is_of_readable_times(pattern)


def _is_of_readable_times(pattern: str) -> bool:
    """Whether it is the pattern of all times that can be read, as the request schema has it."""
    readable: str = (schema_at(("subCondition", "startTime")) or {})["pattern"]
    return pattern == readable


def has_match(pattern: str, text: str) -> bool:
    """Whether a regular expression is found in a string."""
    if pattern == NOT_BLANK:
        return text.strip() != ""
    if is_time_pattern(pattern) and is_written_time(text):
        return True
    return is_readable_time(text) if _is_of_readable_times(pattern) else matches(pattern, text)
