"""Reporters: each module writes one output format from a stream of diagnostics.

A reporter is a function `report(diagnostics, tally, style)` that yields the output in pieces. The
counts of `tally` are complete when the diagnostics have come to their end. The output ends with a
line break or is empty. Formats for machines ignore the style.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import NamedTuple, TypeAlias

from rosetta_spec.diagnostic import ALL_FIXES, SAFE_FIXES, Detail, Diagnostic
from rosetta_spec.engine.tally import Tally
from rosetta_spec.fast.formats import counted
from rosetta_spec.reporters.style import Style

Reporter: TypeAlias = Callable[[Iterable[Diagnostic], Tally, Style], Iterator[str]]


class Format(NamedTuple):
    """What an output format shows of each finding, besides its message and its place.

    `fixes` are the applicabilities of the fixes that it shows or counts. It holds at most
    `max_findings`; with `has_counts` it also says how many there are.
    """

    is_for_people: bool = False
    has_fingerprints: bool = False
    has_excerpts: bool = False
    has_byte_columns: bool = False
    has_counts: bool = False
    fixes: frozenset[str] = frozenset()
    max_findings: int = sys.maxsize


#: Each format is written by the module of the same name here.
REPORTERS = {
    "text": Format(is_for_people=True, has_counts=True, has_excerpts=True, fixes=ALL_FIXES),
    "concise": Format(is_for_people=True, has_counts=True, fixes=SAFE_FIXES),
    "json": Format(has_fingerprints=True, has_counts=True, fixes=ALL_FIXES),
    "jsonl": Format(has_fingerprints=True, fixes=ALL_FIXES),
    # Code scanning rejects a run with more results.
    "sarif": Format(has_fingerprints=True, fixes=ALL_FIXES, max_findings=25_000),
    "github": Format(has_counts=True),
    "gitlab": Format(has_fingerprints=True),
    "junit": Format(),
    "rdjson": Format(has_byte_columns=True, fixes=ALL_FIXES),
    "html": Format(has_excerpts=True, fixes=ALL_FIXES, max_findings=10_000),
    # GitHub takes summaries of up to 1 MiB.
    "markdown": Format(fixes=SAFE_FIXES, max_findings=500),
}


def reporter_of(name: str) -> Reporter:
    """Import and return the reporter of the format called `name`, a key of `REPORTERS`."""
    reporter: Reporter = import_module(f"{__name__}.{name}").report
    return reporter


def omission(name: str, tally: Tally, of: str = "") -> str:
    """Say how many findings a report does not hold, "" if it holds all."""
    total = tally.severities.total()
    count = total - min(total - tally.omitted, REPORTERS[name].max_findings)
    return f"{counted(count, 'finding')} left out{of}, because there are too many" if count else ""


def detail_for(names: Iterable[str]) -> Detail:
    """Return what reports in some formats need of each diagnostic."""
    formats = [REPORTERS[name] for name in names]
    return Detail(
        has_fingerprints=any(each.has_fingerprints for each in formats),
        has_excerpts=any(each.has_excerpts for each in formats),
        has_byte_columns=any(each.has_byte_columns for each in formats),
        fixes=frozenset().union(*(each.fixes for each in formats)),
    )
