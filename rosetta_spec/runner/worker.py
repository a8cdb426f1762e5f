"""The worker: checks the tasks of a run and counts what it finds."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rosetta_spec.config.settings import Settings
from rosetta_spec.diagnostic import MAX_SHOWN, Detail, Diagnostic
from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.checker import FILE_WEIGHT, Checker, Task
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.tally import FAIL_ON, Tally
from rosetta_spec.files.discovery import Source
from rosetta_spec.files.names import identities
from rosetta_spec.reporters import detail_for
from rosetta_spec.runner.tasks import CheckOptions, ConfiguredSources, tasks_of, total_weight
from rosetta_spec.spec.ruleset import Rule

#: A run of fewer bytes is over before other processes have started; forked ones start faster.
_SMALL = (1 if sys.platform == "linux" else 8) * 1024 * 1024

#: The findings in one part of the result of a task; a file may have millions of documents.
_MANY = 10_000


class TaskResult(NamedTuple):
    """The result of a task or a part of it."""

    diagnostics: list[Diagnostic]
    tally: Tally
    weight: int


class Worker:
    """Performs the tasks of a run; `settings` are those of all its files.

    With a baseline, one worker has to perform all tasks, in order.
    """

    def __init__(
        self,
        options: CheckOptions,
        settings: tuple[Settings, ...] = (Settings(),),
        baseline: Baseline | None = None,
    ) -> None:
        self.options = options
        self.settings = settings
        self.baseline = baseline
        self._checkers: dict[int, Checker] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Worker, (self.options, self.settings)

    def parts(self, task: Task) -> Iterator[TaskResult]:
        """Check a task and yield its result in parts of about `_MANY` findings.

        Raises:
            DefectError: a rule failed.
        """
        diagnostics: list[Diagnostic] = []
        tally = Tally(files=task.files)
        failing = FAIL_ON[self.settings[task.settings_index].fail_on]
        for report in self._reports(task):
            tally.count_document(report, failing)
            diagnostics += report.diagnostics
            if len(diagnostics) >= _MANY:
                yield TaskResult(diagnostics, tally, 0)
                diagnostics, tally = [], Tally()
        yield TaskResult(diagnostics, tally, task.weight)

    @property
    def rules(self) -> list[Rule]:
        """The rules that are checked in any file; one with several severities is repeated."""
        checkers = map(self.checker, range(len(self.settings)))
        return [rule for checker in checkers for rule in checker.rules]

    def checker(self, index: int) -> Checker:
        """Return the checker for the files with the settings at an index."""
        if index not in self._checkers:
            detail = detail_for(self.options.formats)._replace(max_findings=MAX_SHOWN)
            if self.baseline:
                detail = detail._replace(has_fingerprints=True)
            settings = self.settings[index]
            self._checkers[index] = checker_of(self.options, settings, detail, self.baseline)
        return self._checkers[index]

    def _reports(self, task: Task) -> Iterator[DocumentReport]:
        checker = self.checker(task.settings_index)
        for filename, report in task.reports(checker):
            if self.baseline:
                yield self.baseline.suppress(filename, report, checker.is_selected)
            else:
                yield report


def checker_of(
    options: CheckOptions, settings: Settings, detail: Detail, baseline: Baseline | None = None
) -> Checker:
    """Return the checker for the files to which some settings apply."""
    return Checker(
        settings.rules,
        detail=detail._replace(identity_of=identities()),
        ruleset=settings.ruleset,
        ignores=not options.no_ignores,
        today=options.today,
        baseline=baseline,
    )


def checked_documents(
    found: ConfiguredSources, options: CheckOptions, tally: Tally, detail: Detail
) -> Iterator[tuple[str, DocumentReport]]:
    """Check files for commands that do more with a request than report what was found.

    Yields the name of the file and the report of each document, with the document. `tally` counts
    the files. `detail` is what the command needs of each diagnostic.

    Raises:
        DefectError: a rule failed.
    """
    detail = detail._replace(has_documents=True)
    checkers = [checker_of(options, each, detail) for each in found.settings]
    for task in tasks_of(found.sources, options, checkers.__getitem__):
        tally.files += task.files
        yield from task.reports(checkers[task.settings_index])


def results_of(
    worker: Worker, tasks: Iterator[Task], jobs: int, sources: Sequence[Source] = ()
) -> Iterator[TaskResult]:
    """Yield the results of tasks in order; a large run uses `jobs` processes.

    `sources` are the files of the tasks; most runs are known to be large by their sizes.

    Raises:
        DefectError: a rule failed.
        WorkerDiedError: a process died.
    """
    weight = 0
    known = max(
        len(sources) * FILE_WEIGHT, total_weight(sources, worker.options) if jobs > 1 else 0
    )
    for task in tasks:
        # After the first task, forked processes inherit what it has loaded.
        yield from worker.parts(task)
        weight += task.weight
        if jobs > 1 and max(known, weight) >= _SMALL:
            # Small runs finish before this is imported.
            from rosetta_spec.runner.processes import in_processes  # noqa: PLC0415

            yield from in_processes(worker.parts, tasks, jobs)
