"""The report, in Markdown that is also readable in a terminal."""

from __future__ import annotations

import os
import platform
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from cases import BARE, OURS, PLAIN, Case, Contenders, Scenario
from goals import MIB, Outcome, Results
from measurement import Timing
from peers import PEERS

_TITLES: Mapping[Scenario, str] = {
    "one-file": "One file",
    "settings": "One valid file in everyday use",
    "many-files": "A folder of files",
    "lines": "JSON Lines",
    "growth": "One document with many findings",
}

_ABOUT: Mapping[Scenario, str] = {
    "one-file": (
        "The time that a person or a hook waits after each change. Each invalid file has one "
        "finding; our report marks it in its line and lists its fixes, which are verified. Where "
        "only check-jsonschema is compared, the results of the other peers are similar to those "
        "for the first invalid file."
    ),
    "settings": (
        "The same valid file with a configuration file above it, with options that hooks use, with "
        "the rules of a team, and in a folder of a git repository, for which git itself is called."
    ),
    "many-files": (
        "A repository of requests with different content. In the tables with 10 % invalid files, "
        "one file in ten is broken, in one of many ways. Commands that accept a folder are given "
        "the folder, the others the names of all files; `rosetta-spec` is called with `--jobs 1`, "
        "and with `--jobs 2`, which is its default on two cores."
    ),
    "lines": (
        "An export of many requests, one on each line. `rosetta-spec` is called with `--jobs 1`; "
        "its report shows the part of the line around each finding, and each fix, which is "
        "verified. With `--format concise`, a finding is one row with its position, as in the "
        "reports of the scripts, and says whether `--fix` fixes it. The rules of a team are five "
        "additional rules of different kinds. check-jsonschema and ajv-cli do not read JSON Lines, "
        "and a script with the jsonschema library would take minutes."
    ),
    "growth": (
        "A single JSON document in which everything is wrong in the same way, with five times as "
        "many findings in the second table of each kind. The time should grow in proportion."
    ),
}

_ABOUT_ALL = (
    "Written by `python benchmarks/run.py --write docs/performance.md`, which installs everything "
    "that it measures: our command from a wheel of this repository, and the peers listed here. All "
    "peers use the same schema of our rules, the output of `rosetta-spec schema --bundle`, and do "
    "the same work, except as noted at the end. The schema contains texts for people and "
    "editors, which make validators slower; rows with `plain schema` use a schema without these "
    "texts. Each run runs every command once, in a different order. A ratio is the median of the "
    "ratios of the runs, so a busy machine slows both sides alike. The output of the commands is "
    "discarded. The peak memory is that of the largest process; values below 10 MiB cannot be "
    "measured."
)

_ALL_OMIT = (
    "None of the peers can report what JSON Schema cannot express, for "
    "example that an end time is before its start time, or report warnings. All except jsonvet "
    "accept a duplicate key in JSON; jsonvet and ajv script do not read YAML. The scripts report "
    "no position in a file or line, and stop at the first text that does not parse; those in "
    "Python read YAML with libyaml, and accept a duplicate key there too."
)


def report(
    cases: Sequence[Case],
    results: Results,
    contenders: Contenders,
    missing: Mapping[str, str],
    outcomes: Sequence[Outcome],
) -> str:
    """Write the whole report."""
    parts = [_head(contenders, missing)]
    for scenario, group in groupby(cases, key=lambda case: case.scenario):
        parts.append(_section(scenario, list(group), results))
    parts.append(_omissions(results))
    if outcomes:
        parts.append("## Goals\n\n" + goals_table(outcomes))
    return "\n".join(filter(None, parts))


def titled_table(case: Case, timings: Mapping[str, Timing]) -> str:
    """Write the timings of a case."""
    reference = BARE if BARE in timings else OURS
    runs = f"median of {case.runs}" if case.runs > 1 else "one run"
    header = ("command", runs, "quartiles", f"times {reference}", "peak memory")
    rows = [
        (
            name,
            _time(timing.median),
            " to ".join(map(_time, timing.quartiles)) if case.runs > 1 else "",
            f"{timing.ratio_to(timings[reference]):.2f}",
            f"{timing.peak / MIB:.0f} MiB",
        )
        for name, timing in timings.items()
    ]
    return f"### {case.name}\n\n{markdown(header, rows)}"


def goals_table(outcomes: Iterable[Outcome]) -> str:
    """Write the goals and what was measured for them."""
    rows = [
        (
            outcome.goal.what,
            f"{outcome.goal.most:g} {outcome.goal.unit}",
            "" if outcome.measured is None else f"{outcome.measured:.2f} {outcome.goal.unit}",
            outcome.word,
        )
        for outcome in outcomes
    ]
    return markdown(("goal", "at most", "measured", "outcome"), rows)


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; all columns but the first are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "".join(_row(row, widths) for row in (header, rule, *rows))


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = row
    cells = [first.ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
    return f"| {' | '.join(cells)} |\n"


def _head(contenders: Contenders, missing: Mapping[str, str]) -> str:
    """Write what was measured, where and when."""
    peers = [f"- {peer.name}: {peer.versions}\n" for peer in contenders.peers]
    peers += [f"- {name}: not installed ({cause})\n" for name, cause in missing.items()]
    version = contenders.ours.version_of("rosetta-spec")
    return f"""# Performance

{wrap(_ABOUT_ALL)}

- Machine: {machine()}
- Date: {datetime.now(UTC):%Y-%m-%d}
- Python {platform.python_version()}, rosetta-spec {version}
{"".join(peers)}"""


def machine() -> str:
    """Describe the machine."""
    memory = f"{_memory() / (1 << 30):.0f} GiB of memory"
    return f"{_processor()}, {os.cpu_count()} cores, {memory}, {platform.system()}"


def _section(scenario: Scenario, cases: Sequence[Case], results: Results) -> str:
    """Write the tables of a scenario."""
    tables = "\n".join(titled_table(case, results[case.name]) for case in cases)
    return f"## {_TITLES[scenario]}\n\n{wrap(_ABOUT[scenario])}\n\n{tables}"


def _omissions(results: Results) -> str:
    """Write what the peers that were measured omit, or nothing without peers."""
    present = {name for timings in results.values() for name in timings}
    omit = [f"- {peer.name} {peer.leaves_out}.\n" for peer in PEERS if peer.name + PLAIN in present]
    return f"## What the peers do not do\n\n{wrap(_ALL_OMIT)}\n\n{''.join(omit)}" if omit else ""


def wrap(text: str) -> str:
    """Wrap the lines of a paragraph."""
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _processor() -> str:
    """Return the name of the processor, if the system provides it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
