"""The parts that a run is divided into, each of them done by any process, in any order."""

from __future__ import annotations

import os
from typing import NamedTuple

from rosetta_spec.fast.formats import JSONL, format_by_name
from rosetta_spec.files.opening import name_inside, open_file, read_file, read_whole, unpacked
from rosetta_spec.files.sources import STDIN, shown_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase
    from typing import TypeAlias

    from rosetta_spec.document.lines import Block
    from rosetta_spec.engine.checker import Checker, DocumentReport
    from rosetta_spec.files.sources import Source
    from rosetta_spec.runner.call import Call

    Task: TypeAlias = "Files | Data | Lines | Empty | Unreadable"

#: Files in one task: enough that handing them over costs little beside checking them.
_FILES = 64

#: What a file weighs, in bytes of JSON Lines: most are small, and opening one takes its time.
FILE_WEIGHT = 4 * 1024


class Files(NamedTuple):
    """Some whole files, each a name, a path and a format.

    `settings` of this and any other task is the number of the settings that hold for its files.
    """

    sources: tuple[tuple[str, str, str | None], ...]
    settings: int = 0

    @property
    def weight(self) -> int:
        """About how much work it is, in bytes of JSON Lines."""
        return len(self.sources) * FILE_WEIGHT

    @property
    def files(self) -> int:
        """How many files start here."""
        return len(self.sources)

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Check it; yields the report of each document with the name of its file."""
        for name, path, format_ in self.sources:
            for report in _file_reports(checker, name, path, format_):
                yield name, report


class Data(NamedTuple):
    """A whole file that was read already."""

    data: bytes
    filename: str
    format_: str | None
    files: int = 1
    settings: int = 0

    @property
    def weight(self) -> int:
        """How many bytes it is."""
        return len(self.data)

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Check it."""
        for report in checker.check_file(self.data, self.filename, self.format_):
            yield self.filename, report


class Lines(NamedTuple):
    """Some lines of a file of JSON Lines; `files` is 1 for the first ones."""

    block: Block
    filename: str
    files: int
    settings: int = 0

    @property
    def weight(self) -> int:
        """How many bytes it is."""
        return len(self.block.data)

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Check it."""
        for report in checker.check_lines(self.block, self.filename):
            yield self.filename, report


class Empty(NamedTuple):
    """A file of JSON Lines that has turned out to hold no document."""

    filename: str
    files: int
    settings: int = 0
    weight: int = 0

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Report it."""
        yield self.filename, checker.without_documents(self.filename)


class Unreadable(NamedTuple):
    """A file that cannot be read, or not further than its first `number` documents."""

    filename: str
    error: OSError | ValueError
    number: int
    files: int
    settings: int = 0
    weight: int = 0

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Report it."""
        yield self.filename, checker.unreadable(self.error, self.filename, self.number)


def tasks_of(
    sources: Iterable[Source], call: Call, open_stdin: Callable[[], BufferedIOBase]
) -> Iterator[Task]:
    """Divide a run into tasks, in the order of its report."""
    waiting: list[tuple[str, str, str | None]] = []
    theirs = 0
    for name, path, settings in as_called(sources, call.stdin_filename or STDIN):
        format_ = format_of_source(name, call)
        is_stream = path is None or format_ == JSONL
        if waiting and (len(waiting) == _FILES or is_stream or settings != theirs):
            yield Files(tuple(waiting), theirs)
            waiting = []
        theirs = settings
        if is_stream:
            for task in _stream_tasks(_opener(name, path, open_stdin), name, format_):
                yield task._replace(settings=settings) if settings else task
        else:
            waiting.append((name, str(path), format_))
    if waiting:
        yield Files(tuple(waiting), theirs)


def total_weight(sources: Iterable[Source], call: Call) -> int:
    """Add up what the tasks of a run will weigh; 0 where nobody can tell before they are done."""
    total = 0
    for source in sources:
        if source.path is None or name_inside(source.path) != source.path:
            return 0
        if format_of_source(source.name, call) == JSONL:
            total += _size_of(source.path)
        else:
            total += FILE_WEIGHT
    return total


def _size_of(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - pathlib loads slowly
    except (OSError, ValueError):
        return 0


def as_called(sources: Iterable[Source], stdin_filename: str) -> list[Source]:
    """Call standard input what findings call it, and put it where that name belongs."""
    name = shown_name(stdin_filename)
    called = [each if each.path is not None else each._replace(name=name) for each in sources]
    return sorted(called, key=lambda source: source.name)


def format_of_source(name: str, call: Call) -> str | None:
    """Return the format of a file by its name, unless the call says otherwise."""
    return call.input_format or format_by_name(name_inside(name))


def _opener(
    name: str, path: str | None, open_stdin: Callable[[], BufferedIOBase]
) -> Callable[[], BufferedIOBase]:
    return lambda: unpacked(open_stdin(), name) if path is None else open_file(path)


def _stream_tasks(
    open_stream: Callable[[], BufferedIOBase], filename: str, format_: str | None
) -> Iterator[Task]:
    # Only JSON Lines need it.
    from rosetta_spec.document.lines import blocks_of  # noqa: PLC0415

    task: Lines | None = None
    try:
        with open_stream() as stream:
            if format_ != JSONL:
                yield Data(read_whole(stream), filename, format_)
                return
            for block in blocks_of(stream):
                task = Lines(block, filename, files=int(task is None))
                yield task
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        yield Unreadable(filename, error, _documents_to(task), files=int(task is None))
    else:
        if not _documents_to(task):
            yield Empty(filename, files=int(task is None))


def _documents_to(task: Lines | None) -> int:
    """Count the documents of a file up to the end of one of its tasks."""
    return task.block.number + task.block.count_documents() if task else 0


def _file_reports(
    checker: Checker, name: str, path: str, format_: str | None
) -> Iterator[DocumentReport]:
    try:
        data = read_file(path)
    except (OSError, ValueError) as error:
        yield checker.unreadable(error, name)
    else:
        yield from checker.check_file(data, name, format_)
