"""Run `check`: read, check, write the reports, and return the exit status."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from stat import S_ISREG
from typing import TextIO

from rosetta_spec.cli import FINDINGS, USAGE_ERROR, terminal
from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.engine.baseline import (
    Baseline,
    BaselineEntry,
    baseline_text,
    entries_of,
    too_many_findings,
)
from rosetta_spec.engine.diagnostics import FingerprintCounter
from rosetta_spec.engine.tally import Tally
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.formats import MAX_BYTES, counted
from rosetta_spec.files.content import file_identity, read_whole, replace_file, without_waiting
from rosetta_spec.files.discovery import STDIN, Source, shown_name
from rosetta_spec.files.names import Host, identities, leads_outside, real_path, root_above
from rosetta_spec.kinds.documents import RunKind
from rosetta_spec.reporters import REPORTERS, omission, reporter_of
from rosetta_spec.reporters.outputs import STDOUT, Output, Outputs
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import summary_line
from rosetta_spec.runner.tasks import (
    CheckOptions,
    ConfiguredSources,
    TaskResult,
    Worker,
    configured_sources,
    results_of,
    tasks_of,
    total_weight,
)

#: The environment variable with the file that GitHub Actions shows as summary of the job.
_JOB_SUMMARY = "GITHUB_STEP_SUMMARY"

#: The descriptor of standard output.
_STDOUT = 1

#: The environment variables with the folder that a CI host names files from.
_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def run_check(options: CheckOptions, stdin: terminal.FilteredInput) -> int:
    """Run `check` and return its exit status.

    Raises:
        OutputError: a report cannot be written to its file.
        SelectionError: the options name an unknown rule.
        WrongFileError: the configuration file of `--config`, or a baseline, cannot be used.
        DefectError, WorkerDiedError: it could not be finished.
    """
    if options.diff:
        # There is no report on standard output.
        options = options._replace(output_format="concise")
    else:
        options = with_annotations(options, os.environ)
    found = configured_sources(options, terminal.warn, is_tolerant=True)
    status = report_problems(found)
    if found.wrong and not found.sources:
        return status
    return max(_run(options, found, stdin), status)


def _run(options: CheckOptions, found: ConfiguredSources, stdin: terminal.FilteredInput) -> int:
    sources = found.sources
    worker = Worker(options._replace(today=today()), found.settings, _read_baseline(options))
    # A report that cannot be written is an error before a file is changed.
    governed = chain(sources, *found.wrong.values())
    paths = [*found.config_files, options.baseline, *(source.path for source in governed)]
    used: list[str | int] = [*filter(None, paths), *_regular_streams()]
    with Outputs(options.outputs, used) as outputs:
        if not (options.fix or options.diff):
            if options.unsafe_fixes:
                terminal.warn("--unsafe-fixes has no effect without --fix or --diff")
            return _check_and_report(worker, found, outputs, sys.stdout)
        from rosetta_spec.cli.fix import FixPass  # noqa: PLC0415

        fixes = FixPass(worker, sources, stdin)
        fixed = fixes.run()
        # Standard output has the diff, or the fixed text of standard input.
        output = sys.stderr if options.diff or STDIN in options.paths else sys.stdout
        checked = _check_and_report(worker, found._replace(sources=fixed), outputs, output)
        return max(checked, fixes.status)


def _regular_streams() -> Iterator[int]:
    """Yield the descriptors of the standard streams that are files."""
    for descriptor in range(3):
        with suppress(OSError):
            if S_ISREG(os.fstat(descriptor).st_mode):
                yield descriptor


def _check_and_report(
    worker: Worker, found: ConfiguredSources, outputs: Outputs, output: TextIO
) -> int:
    """Check, write every report, and return the exit status."""
    options, sources = worker.options, found.sources
    # Of a rule with several severities, the first one is described.
    checked = {(rule.code, rule.name): rule for rule in reversed(worker.rules)}
    tally = Tally(checked=checked, host=host_of(os.environ), is_partial=bool(found.wrong))
    tasks = tasks_of(sources, options, worker.checker)
    jobs = 1 if worker.baseline else options.jobs or _count_cores()
    results = results_of(worker, tasks, jobs, sources)
    with terminal.Progress(lambda: total_weight(sources, options)) as progress:
        diagnostics = outputs.keep(_diagnostics(results, tally, progress))
        for text in _report(diagnostics, tally, options):
            progress.write(output, text)
    errors = outputs.write_reports(tally, output, Style(is_quiet=options.is_quiet))
    output.flush()
    for error in errors:
        sys.stderr.write(f"error: {safe(str(error))}\n")
    _warn_of_omissions(tally, options)
    if options.statistics:
        sys.stderr.write(statistics_of(tally))
    if worker.baseline:
        _finish_baseline(worker.baseline, worker, sources)
    if errors or not tally.is_complete:
        return USAGE_ERROR
    return FINDINGS if tally.failing and not options.write_baseline else 0


def _warn_of_omissions(tally: Tally, options: CheckOptions) -> None:
    """Warn of findings that a report leaves out, unless the report says so itself."""
    for name in dict.fromkeys(options.formats):
        text = omission(name, tally, f" of the {name} report")
        if text and not REPORTERS[name].has_counts:
            terminal.warn(text)
    for name in sorted(tally.touched) if "gitlab" in options.formats else ():
        if tally.host.name_of(name) is None:
            terminal.warn(
                f"{name} is left out of the gitlab report: it is outside {tally.host.root}"
            )


def _diagnostics(
    results: Iterable[TaskResult], tally: Tally, progress: terminal.Progress
) -> Iterator[Diagnostic]:
    """Yield the findings of results, with their final fingerprints, and add up the counts."""
    fingerprints = FingerprintCounter()
    for result in results:
        tally.add(result.tally)
        progress.add(result.weight, result.tally.documents)
        yield from map(fingerprints.counted, result.diagnostics)


def _report(
    diagnostics: Iterable[Diagnostic], tally: Tally, options: CheckOptions
) -> Iterator[str]:
    """Yield the report on standard output; after a diff only a summary of what is left."""
    if not options.diff:
        report = reporter_of(options.output_format)
        style = terminal.style_of_stdout(options.color)._replace(is_quiet=options.is_quiet)
        yield from report(diagnostics, tally, style)
        return
    for _ in diagnostics:
        continue
    if tally.failing and not options.is_quiet:
        yield f"{summary_line(tally, Style())}\n"


def _count_cores() -> int:
    """Count the cores that this process may use, or all, on systems that do not limit them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_baseline(options: CheckOptions) -> Baseline | None:
    """Read the baseline; one that is to be written may be missing."""
    path = options.baseline
    if path is None:
        return None
    name = shown_name(path)
    if leads_outside(path):
        cause = "a link leads outside the repository"
        raise WrongFileError(name, None, cause, "name the file itself")
    entries: Iterable[BaselineEntry] = ()
    try:
        with open(path, "rb", opener=without_waiting) as stream:
            data = read_whole(stream)
        entries = entries_of(data, name)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        is_missing = isinstance(error, FileNotFoundError)
        if not (is_missing and options.write_baseline):
            cause, remedy = why_unreadable(error, "baseline")
            remedy = "check the path, or write it with --write-baseline" if is_missing else remedy
            raise WrongFileError(name, None, cause, remedy) from error
    return Baseline(entries, is_new=options.write_baseline, identity_of=identities(), filename=name)


def _finish_baseline(baseline: Baseline, worker: Worker, sources: Iterable[Source]) -> None:
    """Rewrite a baseline if the options say so, and report the entries that no longer occur."""
    options = worker.options
    path = str(options.baseline)
    name = shown_name(path)
    here = root_above(real_path("."))
    searched = [each for each in map(real_path, options.paths or (".",)) if os.path.isdir(each)]
    rules = () if here in searched else worker.rules
    repeated = {rule.code for rule in rules if isinstance(rule.kind, RunKind)}
    gone = baseline.gone(_loss_test(here, searched, sources), repeated)
    removed = "--write-baseline removes it"
    if options.write_baseline:
        _write_baseline(path, baseline, baseline.rewritten(gone))
        removed = "removed"
    for entry in gone:
        place = f"{entry.code} at {entry.pointer}" if entry.pointer else entry.code
        terminal.warn(f"gone: {place} in {entry.filename}; {removed} from {name}")


def _write_baseline(path: str, baseline: Baseline, entries: Sequence[BaselineEntry]) -> None:
    name, text = shown_name(path), baseline_text(entries).encode()
    if len(text) > MAX_BYTES:
        raise too_many_findings(name)
    try:
        replace_file(path, [text])
    except OSError as error:
        cause = f"this baseline cannot be written: {(error.strerror or '').lower()}"
        raise WrongFileError(name, None, cause, "check its folder") from error
    new = sum(entry.fingerprint not in baseline.by_fingerprint for entry in entries)
    findings = counted(len(entries), "finding")
    kept = len(entries) - new
    sys.stderr.write(safe(f"Wrote {findings} to {name}: {new} new, {kept} kept.") + "\n")


def _loss_test(
    here: str, folders: Iterable[str], sources: Iterable[Source]
) -> Callable[[str], bool]:
    """Return a function from the identity of a file to whether `folders` no longer have it.

    `here` is the root of the current folder. Folders of another repository say nothing about the
    files of this one, and a file that is in another repository of the run is not lost.
    """
    searched = tuple(os.path.join(each, "") for each in folders if root_above(each) == here)
    folders_of_files = {os.path.dirname(real_path(each.path)) for each in sources if each.path}
    roots = {here, *map(root_above, folders_of_files)}

    def has_lost(filename: str) -> bool:
        # Such a name does not say where the file would be.
        if filename == STDIN or "\ufffd" in filename:
            return False
        path = os.path.normpath(os.path.join(here, filename))
        return path.startswith(searched) and not any(
            os.path.lexists(os.path.join(root, filename)) for root in roots
        )

    return has_lost


def host_of(environment: Mapping[str, str]) -> Host:
    """Return how the host of a CI job names files: from its checkout, else from the repository."""
    for variable in _CHECKOUTS:
        folder = environment.get(variable, "")
        # In a container, a checkout of its host may not exist.
        if os.path.isabs(folder) and os.path.isdir(folder):
            return Host(real_path(folder))
    return Host(root_above(real_path(".")))


def list_files(options: CheckOptions) -> int:
    """Write the names of the files that a run would read, and return its exit status."""
    found = configured_sources(options, terminal.warn, is_tolerant=True)
    status = report_problems(found)
    sys.stdout.writelines(f"{safe(source.name)}\n" for source in found.sources)
    return status


def report_problems(found: ConfiguredSources) -> int:
    """Write what is wrong with configuration files and rulesets, or that there has to be a file.

    Where other files are left, those that are not checked are named.

    Returns:
        The exit status: 2 if there is a problem, else 0.
    """
    for problem, sources in sorted(found.wrong.items()):
        sys.stderr.write(f"error: {safe(problem)}\n")
        for source in sources if found.sources else ():
            sys.stderr.write(f"  not checked: {safe(source.name)}\n")
    if found.fails_without_files:
        sys.stderr.write(f"error: no file was read, and {found.fails_without_files} forbids that\n")
    return USAGE_ERROR if found.wrong or found.fails_without_files else 0


def with_annotations(options: CheckOptions, environment: Mapping[str, str]) -> CheckOptions:
    """Inside GitHub Actions, add annotations after a report for people, and a summary of the job.

    The summary is added if a Markdown report is wanted, and standard output does not go there. In a
    container, it may have no folder.
    """
    if environment.get("GITHUB_ACTIONS") != "true":
        return options
    outputs = list(options.outputs)
    wanted = {file_identity(output.path) for output in outputs if output.format == "markdown"}
    summary = environment.get(_JOB_SUMMARY)
    if wanted and summary and os.path.isdir(os.path.dirname(os.path.abspath(summary))):
        file = file_identity(summary)
        if file in wanted:
            outputs = [output for output in outputs if file_identity(output.path) != file]
        if file in wanted or file != file_identity(_STDOUT):
            outputs.append(Output("markdown", summary, is_added=True))
    if REPORTERS[options.output_format].is_for_people:
        outputs.append(Output("github", STDOUT))
    return options._replace(outputs=tuple(outputs))


def today() -> str:
    """Return the day in UTC, so that a suppression expires everywhere at the same time."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def statistics_of(tally: Tally) -> str:
    """Count the findings of each rule, the most frequent first, and those that are suppressed."""
    counts = {rule: tally.rules[rule] for rule in (*tally.rules, *tally.suppressed)}
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = len(str(rows[0][1])) if rows else 0
    text = ""
    for (code, name), count in rows:
        suppressed = tally.suppressed[code, name]
        more = f"  (and {suppressed} suppressed)" if suppressed else ""
        text += f"{count:>{width}}  {code}  {name}{more}\n"
    return text
