"""The simplest string that has a match of a regular expression."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable

from rosetta_spec.strategies.suggestions import matching_texts


@cache
def texts_with(pattern: str) -> tuple[str, ...]:
    """Return the simplest string with a match of a regular expression, none if it is rare."""
    # What is drawn first is the simplest; to shorten it further would take seconds.
    quick = settings(
        max_examples=100,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        return (find(matching_texts(pattern), lambda _: True, settings=quick),)
    except (NoSuchExample, Unsatisfiable):
        return ()
