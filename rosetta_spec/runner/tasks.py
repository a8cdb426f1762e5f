"""A run of `check`: its options, its files, and the tasks that it is divided into."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BufferedIOBase
from itertools import chain
from stat import S_ISREG
from typing import Any, NamedTuple, TypeAlias

from rosetta_spec.config.settings import Configuration, Overrides, Settings
from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.document.tree import Earlier
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.repeats import NO_REPEATS, RepeatFinder, Repeats
from rosetta_spec.fast.formats import JSONL, format_by_name
from rosetta_spec.files.discovery import STDIN, Source, find_sources
from rosetta_spec.files.reading import decompressed, name_inside, open_file, read_file, read_whole
from rosetta_spec.kinds.documents import Sendable
from rosetta_spec.reporters.outputs import Output

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
    def of(cls, **values: Any) -> CheckOptions:  # noqa: ANN401 - the fields, and those of `Overrides`
        """Make them of what click has parsed."""
        names = values.keys() & set(Overrides._fields)
        overrides = Overrides(**{name: values.pop(name) for name in names})
        return cls(**values, overrides=overrides)


Task: TypeAlias = "Files | Lines | Unreadable"

#: Files in one task: enough that handing them over costs little beside checking them.
_FILES = 64

#: The weight of a file, in bytes of JSON Lines: most are small, and opening one takes time.
FILE_WEIGHT = 4 * 1024


class Files(NamedTuple):
    """Some whole files, each a name, a path or the content, and a format.

    `settings_index`, of every task, is an index into the settings of the run; `repeats` are the
    earlier documents of the run that its documents repeat.
    """

    sources: tuple[tuple[str, str | bytes, str | None], ...]
    settings_index: int = 0
    repeats: Repeats = NO_REPEATS

    @property
    def weight(self) -> int:
        """About how much work it is, in bytes of JSON Lines."""
        return len(self.sources) * FILE_WEIGHT

    @property
    def files(self) -> int:
        """How many files begin in this task."""
        return len(self.sources)

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Check the files; yield the report of each document with the name of its file."""
        for name, source, format_ in self.sources:
            try:
                data = source if isinstance(source, bytes) else read_file(source)
            except (OSError, ValueError) as error:
                yield name, checker.unreadable(error, name)
                continue
            for report in checker.check_file(data, name, format_, self.repeats):
                yield name, report


class Lines(NamedTuple):
    """Some lines of a JSON Lines file; `files` is 1 for the first ones."""

    block: Block
    filename: str
    files: int
    settings_index: int = 0
    repeats: Repeats = NO_REPEATS

    @property
    def weight(self) -> int:
        """The number of bytes."""
        return len(self.block.data)

    @property
    def documents(self) -> int:
        """The number of documents in the file up to the last of these lines."""
        return self.block.number + self.block.count_documents()

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Check the lines."""
        for report in checker.check_lines(self.block, self.filename, self.repeats):
            yield self.filename, report


class Unreadable(NamedTuple):
    """A file that cannot be read after its first `number` documents.

    Without an `error` it is a JSON Lines file without a document.
    """

    filename: str
    error: OSError | ValueError | None
    number: int
    files: int
    settings_index: int = 0
    weight: int = 0

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Report the problem."""
        if self.error is None:
            yield self.filename, checker.without_documents(self.filename)
        else:
            yield self.filename, checker.unreadable(self.error, self.filename, self.number)


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
    sources: Sequence[Source],
    options: CheckOptions,
    checker: Callable[[int], Checker],
) -> Iterator[Task]:
    """Divide a run into tasks, in the order of its report, and find what is repeated in it.

    `checker` returns the checker for an index of settings.
    """
    indices = sorted({source.settings_index for source in sources})
    rules = chain.from_iterable(checker(index).rules for index in indices)
    finder = RepeatFinder(rules, is_alone=len(sources) == 1)
    for task in _divided(sources, options):
        if isinstance(task, Unreadable):
            yield task
        else:
            repeats = _repeats_in(task, finder, checker(task.settings_index).sendable)
            yield task._replace(repeats=repeats)


def _repeats_in(task: Files | Lines, finder: RepeatFinder, sendable: Sendable) -> Repeats:
    if isinstance(task, Lines):
        return finder.in_lines(task.block, task.filename, sendable)
    found: dict[tuple[str, int], tuple[Earlier, ...]] = {}
    for name, source, format_ in task.sources:
        if isinstance(source, bytes):
            found.update(finder.in_file(partial(bytes, source), name, format_, sendable))
            continue
        # What cannot be read is reported when it is checked, and a pipe can be read only once.
        with suppress(OSError, ValueError):
            if S_ISREG(os.stat(source).st_mode):
                found.update(finder.in_file(partial(read_file, source), name, format_, sendable))
    return found


def _divided(sources: Iterable[Source], options: CheckOptions) -> Iterator[Task]:
    waiting: list[tuple[str, str, str | None]] = []
    waiting_index = 0
    for source in sources:
        format_ = format_of_source(source.name, options)
        is_stream = source.path is None or source.content is not None or format_ == JSONL
        is_other = source.settings_index != waiting_index
        if waiting and (len(waiting) == _FILES or is_stream or is_other):
            yield Files(tuple(waiting), waiting_index)
            waiting = []
        waiting_index = source.settings_index
        if source.path is not None and not is_stream:
            waiting.append((source.name, source.path, format_))
            continue
        for task in _stream_tasks(source, format_):
            yield task._replace(settings_index=source.settings_index)
    if waiting:
        yield Files(tuple(waiting), waiting_index)


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


def _stream_tasks(source: Source, format_: str | None) -> Iterator[Task]:
    task: Lines | None = None
    error: OSError | ValueError | None = None
    try:
        with _opened(source) as stream:
            if format_ != JSONL:
                yield Files(((source.name, read_whole(stream), format_),))
                return
            for block in blocks_of(stream):
                task = Lines(block, source.name, files=int(task is None))
                yield task
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as caught:
        error = caught
    documents = task.documents if task else 0
    if error or not documents:
        yield Unreadable(source.name, error, documents, files=int(task is None))
