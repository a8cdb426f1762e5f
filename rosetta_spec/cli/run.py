"""Do what a call of `check` asks for: read, check, write the report, and give the exit status."""

from __future__ import annotations

import os
import sys
import time

from rosetta_spec.cli.exit_status import USAGE_ERROR
from rosetta_spec.cli.output import StandardOutput, style_of_stdout
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters import FOR_PEOPLE, WITH_FINGERPRINTS, reporter_of
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.runner.call import STDOUT, Output
from rosetta_spec.runner.settled import settled_sources
from rosetta_spec.runner.task import tasks_of
from rosetta_spec.runner.worker import Worker, outcomes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import BufferedIOBase

    from rosetta_spec.cli.progress import Progress
    from rosetta_spec.engine.baseline import Baseline
    from rosetta_spec.engine.fingerprint import Repeats
    from rosetta_spec.files.sources import Source
    from rosetta_spec.runner.call import Call
    from rosetta_spec.runner.outputs import OutputError, Outputs
    from rosetta_spec.runner.worker import Finding, Outcome


def run_check(call: Call) -> int:
    """Run `check` and return its exit status.

    Raises:
        OutputError: a report cannot be written where it was asked for.
        SelectionError: the call names a rule that there is not.
        WrongFileError: a configuration file, a ruleset or a baseline cannot be used.
        DefectError, WorkerDiedError: it could not be brought to its end.
    """
    call = call if call.diff else with_annotations(call, os.environ)
    style = style_of_stdout(call.color)
    sources, settings = settled_sources(call, _warn)
    worker = Worker(call._replace(today=today()), style, settings, _baseline(call))
    # A report that cannot be written is told before a file is changed.
    outputs = _outputs(call, sources)
    if not (call.fix or call.diff):
        if call.unsafe_fixes:
            _warn("--unsafe-fixes has no effect without --fix or --diff")
        return _report(worker, sources, outputs, _open_stdin, StandardOutput())
    # Most runs change nothing.
    from rosetta_spec.cli.fix import FixPass  # noqa: PLC0415

    fixes = FixPass(worker, _progress(sources, call, "fixing"))
    if call.diff:
        open_stdin = fixes.show(sources, _open_stdin, style)
    else:
        open_stdin = fixes.fix(sources, _open_stdin)
    # Where a diff or the fixed text of standard input has been written, a report has no place.
    output = StandardOutput("stderr" if call.diff or fixes.has_written_stdin else "stdout")
    return max(_report(worker, sources, outputs, open_stdin, output), fixes.status)


def _report(
    worker: Worker,
    sources: list[Source],
    outputs: Outputs | None,
    open_stdin: Callable[[], BufferedIOBase],
    output: StandardOutput,
) -> int:
    """Check, write every report, and return the exit status."""
    call = worker.call
    progress = _progress(sources, call)
    output.before = progress.hide if progress else None
    tally = Tally()
    tasks = tasks_of(sources, call, open_stdin)
    jobs = 1 if worker.baseline else call.jobs or _cores()
    outcomes = outcomes_of(worker, tasks, jobs, sources)
    findings = _texts(_findings(outcomes, tally, progress), call)
    texts = outputs.keep(findings) if outputs else (first for (first,) in findings)
    errors: list[OutputError] = []
    try:
        for piece in _pieces(texts, tally, worker):
            output.write(piece)
        if outputs:
            errors = outputs.write(tally, output.write)
        output.flush()
    finally:
        if progress:
            progress.hide()
        if outputs:
            outputs.close()
    for error in errors:
        sys.stderr.write(f"error: {safe(str(error))}\n")
    if call.statistics:
        sys.stderr.write(statistics_of(tally))
    if worker.baseline:
        _settle(worker.baseline, call)
    return USAGE_ERROR if errors else exit_status(tally, call)


def _pieces(texts: Iterable[str], tally: Tally, worker: Worker) -> Iterator[str]:
    """Yield the report on standard output; of a diff, how much there is that fails."""
    if not worker.call.diff:
        yield from reporter_of(worker.call.output_format).assemble(texts, tally, worker.style)
        return
    for _ in texts:
        continue
    if tally.failing:
        # Hardly any call asks for a diff.
        from rosetta_spec.reporters.text import summary_line  # noqa: PLC0415

        yield f"{summary_line(tally, Style())}\n"


def _cores() -> int:
    """Count the cores that this process may use, or where nobody tells, those that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _baseline(call: Call) -> Baseline | None:
    if call.baseline is None:
        return None
    # Most repositories have none.
    from rosetta_spec.cli.baseline import open_baseline  # noqa: PLC0415

    return open_baseline(call.baseline, is_new=call.write_baseline)


def _settle(baseline: Baseline, call: Call) -> None:
    """Write the baseline of a run, or tell what of it has gone."""
    from rosetta_spec.cli.baseline import tell_gone, write_baseline  # noqa: PLC0415 - as above

    path = str(call.baseline)
    if call.write_baseline:
        write_baseline(path, baseline)
    else:
        tell_gone(path, baseline, _warn)


def with_annotations(call: Call, environment: Mapping[str, str]) -> Call:
    """Let annotations follow a report for people inside GitHub Actions, which shows them."""
    is_inside = environment.get("GITHUB_ACTIONS") == "true"
    if not is_inside or call.output_format not in FOR_PEOPLE:
        return call
    return call._replace(outputs=(*call.outputs, Output("github", STDOUT)))


def _outputs(call: Call, sources: Iterable[Source]) -> Outputs | None:
    if not call.outputs:
        return None
    # Most runs write one report.
    from rosetta_spec.runner.outputs import Outputs  # noqa: PLC0415

    return Outputs(call.outputs, sources)


def _progress(sources: Iterable[Source], call: Call, doing: str = "") -> Progress | None:
    """Show how far a run has come, if standard error is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    # Hooks and CI have no terminal.
    from rosetta_spec.cli.progress import Progress  # noqa: PLC0415

    return Progress(sources, call, doing)


def today() -> str:
    """Tell the day in UTC, so that a suppression runs out everywhere at once."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def _open_stdin() -> BufferedIOBase:
    return sys.stdin.buffer  # type: ignore[return-value]


def _findings(
    outcomes: Iterable[Outcome], tally: Tally, progress: Progress | None
) -> Iterator[Finding]:
    """Yield the findings of outcomes while adding up their counts."""
    for outcome in outcomes:
        tally.add(outcome.tally)
        if progress:
            progress.add(outcome.weight, outcome.tally.documents)
        yield from outcome.findings


def _texts(findings: Iterable[Finding], call: Call) -> Iterator[tuple[str, ...]]:
    """Yield the texts of findings, the fingerprints of those that repeat with their counter."""
    shown = [name in WITH_FINGERPRINTS for name in call.formats]
    if not any(shown):
        for finding in findings:
            yield finding.texts
        return
    repeats: Repeats | None = None
    for texts, fingerprint, filename in findings:
        if repeats is None:
            # Its hash function is a slow import.
            from rosetta_spec.engine.fingerprint import Repeats  # noqa: PLC0415

            repeats = Repeats()
        counted = repeats.counted(fingerprint, filename)
        yield tuple(
            text.replace(fingerprint, counted) if is_shown else text
            for text, is_shown in zip(texts, shown, strict=True)
        )


def exit_status(tally: Tally, call: Call) -> int:
    """Return 2 when a file could not be read, 1 when a finding is grave enough, else 0.

    Whoever writes a baseline has seen the findings.
    """
    if tally.has_unreadable:
        return 2
    return int(tally.failing > 0 and not call.write_baseline)


def statistics_of(tally: Tally) -> str:
    """Count the findings of each rule, the most frequent first, and those that were silenced."""
    counts = {rule: tally.rules.get(rule, 0) for rule in (*tally.rules, *tally.silenced)}
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = len(str(rows[0][1])) if rows else 0
    return "".join(
        f"{count:>{width}}  {code}  {name}{_silenced(tally.silenced.get((code, name)))}\n"
        for (code, name), count in rows
    )


def _silenced(count: int | None) -> str:
    return f"  (and {count} suppressed)" if count else ""


def _warn(message: str) -> None:
    sys.stderr.write(f"warning: {safe(message)}\n")
