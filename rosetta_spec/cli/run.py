"""Do what a call of `check` asks for: read, check, write the report, and give the exit status."""

from __future__ import annotations

import os
import sys

from rosetta_spec.cli.terminal import StandardOutput, style_of_stdout
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.settings import Overrides
from rosetta_spec.files import sources_of
from rosetta_spec.reporters import WITH_FINGERPRINTS, reporter_of
from rosetta_spec.reporters.style import safe
from rosetta_spec.run.task import tasks_of
from rosetta_spec.run.worker import Worker, outcomes_of
from rosetta_spec.tally import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedIOBase

    from rosetta_spec.cli.progress import Progress
    from rosetta_spec.files import Source
    from rosetta_spec.fingerprint import Repeats
    from rosetta_spec.run.call import Call
    from rosetta_spec.run.worker import Finding, Outcome


def run_check(call: Call) -> int:
    """Run `check` and return its exit status.

    Raises:
        SelectionError: the call names a rule that there is not.
        DefectError, WorkerDiedError: it could not be brought to its end.
    """
    style = style_of_stdout(call.color)
    configuration = Configuration(Overrides(call.select, call.ignore, call.fail_on))
    sources = sources_of(call.paths or (".",), _warn)
    worker = Worker(call, style, configuration.settings)
    tasks = tasks_of(sources, call, _open_stdin)
    outcomes = outcomes_of(worker, tasks, call.jobs or os.cpu_count() or 1)
    tally = Tally()
    progress = _progress(sources, call)
    findings = _texts(_findings(outcomes, tally, progress), call)
    output = StandardOutput(before=progress.hide if progress else None)
    try:
        for piece in reporter_of(call.output_format).assemble(findings, tally, style):
            output.write(piece)
        output.flush()
    finally:
        if progress:
            progress.hide()
    if call.statistics:
        sys.stderr.write(statistics_of(tally))
    return exit_status(tally)


def _progress(sources: Iterable[Source], call: Call) -> Progress | None:
    """Show how far a run has come, if standard error is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    # Hooks and CI have no terminal.
    from rosetta_spec.cli.progress import Progress  # noqa: PLC0415

    return Progress(sources, call)


def _open_stdin() -> BufferedIOBase:
    return sys.stdin.buffer  # type: ignore[return-value]


def _findings(
    outcomes: Iterable[Outcome], tally: Tally, progress: Progress | None
) -> Iterator[Finding]:
    """Yield the findings of outcomes while adding up their counts."""
    for outcome in outcomes:
        tally.add(outcome.tally)
        if progress:
            progress.add(outcome)
        yield from outcome.findings


def _texts(findings: Iterable[Finding], call: Call) -> Iterator[str]:
    """Yield findings as text, the fingerprints of those that repeat with their counter."""
    if call.output_format not in WITH_FINGERPRINTS:
        for finding in findings:
            yield finding.text
        return
    repeats: Repeats | None = None
    for text, fingerprint, filename in findings:
        if repeats is None:
            # Its hash function is a slow import.
            from rosetta_spec.fingerprint import Repeats  # noqa: PLC0415

            repeats = Repeats()
        yield text.replace(fingerprint, repeats.counted(fingerprint, filename))


def exit_status(tally: Tally) -> int:
    """Return 2 when a file could not be read, 1 when a finding is grave enough, else 0."""
    return 2 if tally.has_unreadable else int(tally.failing > 0)


def statistics_of(tally: Tally) -> str:
    """Count the findings of each rule, the most frequent first."""
    rows = sorted(tally.rules.items(), key=lambda item: (-item[1], item[0]))
    width = len(str(rows[0][1])) if rows else 0
    return "".join(f"{count:>{width}}  {code}  {name}\n" for (code, name), count in rows)


def _warn(message: str) -> None:
    sys.stderr.write(f"warning: {safe(message)}\n")
