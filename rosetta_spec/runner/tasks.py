"""A run of `check`: options, files, the tasks that it is divided into, and their results."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BufferedIOBase
from itertools import chain
from typing import Any, NamedTuple, Self

from rosetta_spec.config.settings import Configuration, Overrides, Settings
from rosetta_spec.diagnostic import MAX_SHOWN, Detail, Diagnostic
from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.checker import FILE_WEIGHT, Checker, FilesTask, Task, stream_tasks
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.repeats import RepeatFinder
from rosetta_spec.engine.tally import FAIL_ON, Tally
from rosetta_spec.fast.formats import JSONL, format_by_name
from rosetta_spec.files.content import decompressed, name_inside, open_file
from rosetta_spec.files.discovery import STDIN, Source, find_sources
from rosetta_spec.files.names import identities
from rosetta_spec.reporters import detail_for
from rosetta_spec.reporters.outputs import Output
from rosetta_spec.spec.ruleset import Rule

COLORS = ("auto", "always", "never")


class CheckOptions(NamedTuple):
    """The arguments of `check` and their defaults.

    `overrides` are those that take precedence over configuration files. `jobs` is the number of
    processes, None for the number of cores. `baseline` is a path. `today` is not an argument:
    it is the day of the run, as `YYYY-MM-DD` in UTC.
    """

    paths: tuple[str, ...] = ()
    output_format: str = "text"
    outputs: tuple[Output, ...] = ()
    input_format: str | None = None
    stdin_filename: str | None = None
    no_ignores: bool = False
    baseline: str | None = None
    write_baseline: bool = False
    statistics: bool = False
    color: str = "auto"
    jobs: int | None = None
    today: str = ""
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    is_quiet: bool = False
    overrides: Overrides = Overrides()

    @property
    def formats(self) -> tuple[str, ...]:
        """The format of each report, that on standard output first."""
        return (self.output_format, *(output.format for output in self.outputs))

    @classmethod
    def of(cls, **values: Any) -> Self:  # noqa: ANN401 - the fields, and those of `Overrides`
        """Make them from the options that click has parsed."""
        names = values.keys() & set(Overrides._fields)
        overrides = Overrides(**{name: values.pop(name) for name in names})
        return cls(**values, overrides=overrides)


#: Files in one task: enough that handing them over costs little beside checking them.
_FILES = 64


class ConfiguredSources(NamedTuple):
    """The files of a run, all settings that apply to them, and the files that set them.

    `wrong` are the problems of configuration files and rulesets that cannot be used, each with the
    files that are not checked because of it. `fails_without_files` is the setting by
    which a run without any file fails, or "".
    """

    sources: list[Source]
    settings: tuple[Settings, ...]
    config_files: tuple[str, ...]
    wrong: Mapping[str, list[Source]] = {}
    fails_without_files: str = ""


def configured_sources(
    options: CheckOptions, warn: Callable[[str], None], *, is_tolerant: bool = False
) -> ConfiguredSources:
    """Find the files of a run and the settings that apply to them.

    Raises:
        SelectionError: the options name an unknown rule.
        WrongFileError: a configuration file, or a ruleset that it names, cannot be used; if
            `is_tolerant`, only that of `--config`.
    """
    configuration = Configuration(options.overrides, is_tolerant=is_tolerant)
    paths = options.paths or (".",)
    found = find_sources(paths, warn, configuration)
    stdin_filename = options.stdin_filename or STDIN
    sources = configuration.with_settings(found, stdin_filename)
    named = [stdin_filename if path == STDIN else path for path in paths]
    configuration.store_compiled()
    return ConfiguredSources(
        sources,
        configuration.settings,
        configuration.files,
        configuration.wrong,
        "" if sources or configuration.wrong else configuration.fails_without_files(named),
    )


def tasks_of(
    sources: Sequence[Source], options: CheckOptions, checker: Callable[[int], Checker]
) -> Iterator[Task]:
    """Divide a run into tasks, in the order of its report, and find what is repeated in it.

    `checker` returns the checker for an index of settings.
    """
    indices = sorted({source.settings_index for source in sources})
    rules = chain.from_iterable(checker(index).rules for index in indices)
    finder = RepeatFinder(rules, is_alone=len(sources) == 1)
    for task in _divided(sources, options):
        yield task.with_repeats(finder, checker(task.settings_index).sendable)


def _divided(sources: Iterable[Source], options: CheckOptions) -> Iterator[Task]:
    waiting: list[tuple[str, str, str | None]] = []
    waiting_index = 0
    for source in sources:
        format_ = format_of_source(source.name, options)
        is_stream = source.path is None or source.content is not None or format_ == JSONL
        is_other = source.settings_index != waiting_index
        if waiting and (len(waiting) == _FILES or is_stream or is_other):
            yield FilesTask(tuple(waiting), waiting_index)
            waiting = []
        waiting_index = source.settings_index
        if source.path is not None and not is_stream:
            waiting.append((source.name, source.path, format_))
            continue
        for task in stream_tasks(partial(_opened, source), source.name, format_):
            yield task._replace(settings_index=source.settings_index)
    if waiting:
        yield FilesTask(tuple(waiting), waiting_index)


def _opened(source: Source) -> BufferedIOBase:
    if source.path is not None and source.content is None:
        return open_file(source.path)
    return decompressed(source.content or sys.stdin.buffer, source.name)  # type: ignore[arg-type]


def total_weight(sources: Iterable[Source], options: CheckOptions) -> int:
    """Add up the weights of the tasks of a run; 0 if they are unknown until all is read."""
    total = 0
    for source in sources:
        if source.path is None or name_inside(source.path) != source.path:
            return 0
        if format_of_source(source.name, options) != JSONL:
            total += FILE_WEIGHT
        else:
            with suppress(OSError, ValueError):
                total += os.stat(source.path).st_size
    return total


def format_of_source(name: str, options: CheckOptions) -> str | None:
    """Return the format of a file by its name, unless the options name one."""
    return options.input_format or format_by_name(name_inside(name))


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

    `detail` is what is needed of each diagnostic, by default what the reports need. With a
    baseline, one worker has to perform all tasks, in order.
    """

    def __init__(
        self,
        options: CheckOptions,
        settings: tuple[Settings, ...] = (Settings(),),
        baseline: Baseline | None = None,
        detail: Detail | None = None,
    ) -> None:
        self.options = options
        self.settings = settings
        self.baseline = baseline
        self._detail = detail or detail_for(options.formats)._replace(max_findings=MAX_SHOWN)
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
        checker = self.checker(task.settings_index)
        for filename, report in task.reports(checker):
            if self.baseline:
                self.baseline.note_checked(filename, checker.is_selected)
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
            settings = self.settings[index]
            detail = self._detail._replace(identity_of=identities())
            if self.baseline:
                detail = detail._replace(has_fingerprints=True)
            self._checkers[index] = Checker(
                settings.rules,
                detail=detail,
                ruleset=settings.ruleset,
                ignores=not self.options.no_ignores,
                today=self.options.today,
                baseline=self.baseline,
            )
        return self._checkers[index]


def checked_documents(
    found: ConfiguredSources, options: CheckOptions, tally: Tally, detail: Detail
) -> Iterator[tuple[str, DocumentReport]]:
    """Check files for commands that do more with a request than report what was found.

    Yields the name of the file and the report of each document, with the document. `tally` counts
    the files. `detail` is what the command needs of each diagnostic.

    Raises:
        DefectError: a rule failed.
    """
    worker = Worker(options, found.settings, detail=detail._replace(has_documents=True))
    for task in tasks_of(found.sources, options, worker.checker):
        tally.files += task.files
        yield from task.reports(worker.checker(task.settings_index))


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
