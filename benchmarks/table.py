"""The report: Markdown that reads well in a terminal too."""

from __future__ import annotations

import os
import platform
import textwrap
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from contenders import BARE, OURS, PLAIN
from goals import MIB
from peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contenders import Contenders
    from goals import Results, Verdict
    from measurement import Timing
    from scenarios import Case, Scenario

_TITLES: Mapping[Scenario, str] = {
    "one-file": "One file",
    "many-files": "A folder of files",
    "lines": "JSON Lines",
}

_ABOUT: Mapping[Scenario, str] = {
    "one-file": (
        "What a person or a hook waits for after each change. The invalid file has one mistake, a "
        "samplingRatio of 20; our report of it is the text with the line and a mark under it. The "
        "commands are set against a Python that does nothing, in the environment of ours."
    ),
    "many-files": (
        "A repository of requests that differ in what they hold. Where it says 10 % invalid, one "
        "in ten is broken, in one of many ways. Commands that take a folder are given the folder, "
        "the others the names of all files; `rosetta-spec` is called with `--jobs 1`, and with "
        "`--jobs 2`, which is what it does by itself where there are two cores."
    ),
    "lines": (
        "An export of many requests, one on each line. `rosetta-spec` is called with `--jobs 1`; "
        "its report of what is invalid has the line, cut to what is around the mistake, and each "
        "fix, tried and read again. With `--format concise` a finding is one row with its place, "
        "as those of the scripts are, and says whether `--fix` mends it. The rules of a team are "
        "five more, of as many kinds. check-jsonschema and ajv-cli read no JSON Lines, and a "
        "script with the jsonschema library would take minutes."
    ),
}

_ABOUT_ALL = (
    "Written by `python benchmarks/run.py --write docs/performance.md`, which installs all that it "
    "measures: our command from a wheel of this repository, and the peers listed here. Each peer "
    "is given the same schema of our rules, which `rosetta-spec schema --bundle` prints, and does "
    "the same work, but for what the text under the tables says. That schema has words for people "
    "and editors in it, which take validators time: where it says `plain schema`, they are given "
    "what is left without any of these. Within a run every command is run once, each time "
    "beginning with another one, and a ratio is the median of the ratios of the runs, so that "
    "whatever else the machine did slowed both alike. What the commands print is dropped. The peak "
    "memory is that of the largest process; below 10 MiB nothing can be told."
)

_ALL_LEAVE_OUT = (
    "What the peers leave out: All leave out what JSON Schema cannot say, which is that one time "
    "or position comes before another, and every warning. All but jsonvet pass over a key that "
    "stands twice in JSON, and jsonvet and ajv script read no YAML. The scripts tell no place in a "
    "file or line, and end at the first text that does not parse; those in Python read YAML with "
    "libyaml, and pass over a key that stands twice there too."
)


def report(
    cases: Sequence[Case],
    results: Results,
    contenders: Contenders,
    missing: Mapping[str, str],
    verdicts: Sequence[Verdict],
) -> str:
    """Write everything that was measured."""
    parts = [_head(contenders, missing)]
    for scenario, group in groupby(cases, key=lambda case: case.scenario):
        parts.append(_section(scenario, list(group), results))
    if verdicts:
        parts.append("## Goals\n\n" + goals_table(verdicts))
    return "\n".join(parts)


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


def goals_table(verdicts: Iterable[Verdict]) -> str:
    """Write goals with what was measured for them."""
    rows = [
        (
            verdict.goal.what,
            f"{verdict.goal.most:g} {verdict.goal.unit}",
            "" if verdict.measured is None else f"{verdict.measured:.2f} {verdict.goal.unit}",
            verdict.word,
        )
        for verdict in verdicts
    ]
    return markdown(("goal", "at most", "measured", "verdict"), rows)


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
    """Say what was measured, where and when."""
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
    """Say what the machine is."""
    memory = f"{_memory() / (1 << 30):.0f} GiB of memory"
    return f"{_processor()}, {os.cpu_count()} cores, {memory}, {platform.system()}"


def _section(scenario: Scenario, cases: Sequence[Case], results: Results) -> str:
    """Write the tables of a scenario, and what the peers in them leave out."""
    tables = "\n".join(titled_table(case, results[case.name]) for case in cases)
    present = {name for case in cases for name in results[case.name]}
    sentences = [
        f"{peer.name} {peer.leaves_out}." for peer in PEERS if peer.name + PLAIN in present
    ]
    left_out = " ".join((_ALL_LEAVE_OUT, *sentences))
    return f"## {_TITLES[scenario]}\n\n{wrap(_ABOUT[scenario])}\n\n{tables}\n{wrap(left_out)}\n"


def wrap(text: str) -> str:
    """Fill the lines of a paragraph."""
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _processor() -> str:
    """Return the processor's own name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
