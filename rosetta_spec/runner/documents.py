"""Documents with what was found in them, for commands that do more with a request than report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BufferedIOBase
from typing import NamedTuple

from rosetta_spec.config.configuration import Settings
from rosetta_spec.document.reader import read_documents, read_line
from rosetta_spec.document.tree import Document
from rosetta_spec.engine.checker import DocumentReport
from rosetta_spec.engine.tally import Tally
from rosetta_spec.files.discovery import Source
from rosetta_spec.files.reading import read_file
from rosetta_spec.reporters import detail_for
from rosetta_spec.runner.tasks import CheckOptions, Data, Files, Lines, Task, Unreadable, tasks_of
from rosetta_spec.runner.worker import checker_of


class CheckedDocument(NamedTuple):
    """A document, None where a file could not be read, and what a text report shows of it."""

    filename: str
    document: Document | None
    report: DocumentReport


def checked_documents(
    sources: Sequence[Source],
    settings: tuple[Settings, ...],
    options: CheckOptions,
    open_stdin: Callable[[], BufferedIOBase],
    tally: Tally,
) -> Iterator[CheckedDocument]:
    """Check every document of some files, which are read once; `tally` counts the files.

    Raises:
        DefectError: a rule failed.
    """
    detail = detail_for(["text"])
    checkers = [checker_of(options, each, detail) for each in settings]
    for task in tasks_of(sources, options, open_stdin):
        tally.files += task.files
        for part in _read_files(task):
            reports = part.reports(checkers[task.settings])
            for document, (filename, report) in zip(_documents(part), reports, strict=True):
                yield CheckedDocument(filename, document, report)


def _read_files(task: Task) -> Iterator[Data | Lines | Unreadable]:
    """Read the files of a task once, for the check and for the body."""
    if not isinstance(task, Files):
        yield task
        return
    for name, path, format_ in task.sources:
        try:
            yield Data(read_file(path), name, format_, repeats=task.repeats)
        # A path that contains a NUL raises ValueError.
        except (OSError, ValueError) as error:
            yield Unreadable(name, error, number=0, files=1)


def _documents(part: Data | Lines | Unreadable) -> Iterable[Document | None]:
    if isinstance(part, Data):
        return read_documents(part.data, part.format_)
    if isinstance(part, Lines):
        return (read_line(*line) for line in part.block.lines())
    return [None]
