"""Reading what is to be sent: the bytes that are checked are those that requests are made of."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.document.lines import blocks_of
from rosetta_spec.document.reader import read_documents, read_line
from rosetta_spec.engine.tally import Tally
from rosetta_spec.fast.formats import JSONL
from rosetta_spec.files.opening import open_file, read_whole, unpacked
from rosetta_spec.files.sources import STDIN
from rosetta_spec.reporters import detail_for
from rosetta_spec.runner.task import as_called, format_of_source
from rosetta_spec.runner.worker import checker_of
from rosetta_spec.submit.blame import unsendable
from rosetta_spec.submit.body import BodyError, body_of
from rosetta_spec.submit.request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase

    from rosetta_spec.config.settings import Settings
    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.engine.checker import Checker, DocumentReport
    from rosetta_spec.files.sources import Source
    from rosetta_spec.runner.call import Call

#: What must not be sent, whatever a configuration says of exit statuses.
_BLOCKING = ("error",)

#: What the report of what speaks against sending needs.
_DETAIL = detail_for(["text"])


class Reading(NamedTuple):
    """All that was read: requests, in the order of reports, and what was found in them.

    Where an error was found, `tally.failing` counts it, and nothing is to be sent. `places` are
    the file name and number of every document, also of those that are no requests.
    """

    places: list[tuple[str, int]]
    requests: list[Request]
    diagnostics: list[Diagnostic]
    tally: Tally


def read_requests(
    sources: Iterable[Source],
    settings: tuple[Settings, ...],
    call: Call,
    open_stdin: Callable[[], BufferedIOBase],
) -> Reading:
    """Read and check every document of some files.

    Raises:
        DefectError: a rule failed.
    """
    reading = Reading([], [], [], Tally())
    checkers = [checker_of(call, each, _DETAIL) for each in settings]
    for source in as_called(sources, call.stdin_filename or STDIN):
        reading.tally.files += 1
        for document, report in _file(checkers[source.settings], source, call, open_stdin):
            _add(reading, source.name, document, report)
    return reading


def _add(
    reading: Reading, filename: str, document: AnyDocument | None, report: DocumentReport
) -> None:
    diagnostics = list(report.diagnostics)
    has_error = any(each.severity.value in _BLOCKING for each in diagnostics)
    if document is not None and not has_error:
        try:
            reading.requests.append(Request(filename, document, body_of(document)))
        except BodyError as error:
            diagnostics.append(unsendable(document, filename, str(error)))
    reading.places.append((filename, report.number))
    reading.diagnostics.extend(diagnostics)
    reading.tally.documents += 1
    reading.tally.count(diagnostics, _BLOCKING)
    reading.tally.count_silenced(report.silenced)


def _file(
    checker: Checker, source: Source, call: Call, open_stdin: Callable[[], BufferedIOBase]
) -> Iterator[tuple[AnyDocument | None, DocumentReport]]:
    """Read and check a file; if it cannot be read, or not to its end, that is the last report."""
    documents = 0
    try:
        with _opened(source, open_stdin) as stream:
            for found in _stream(checker, source, call, stream):
                yield found
                documents += 1
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        yield None, checker.unreadable(error, source.name, documents)


def _opened(source: Source, open_stdin: Callable[[], BufferedIOBase]) -> BufferedIOBase:
    if source.path is None:
        return unpacked(open_stdin(), source.name)
    return open_file(source.path)


def _stream(
    checker: Checker, source: Source, call: Call, stream: BufferedIOBase
) -> Iterator[tuple[AnyDocument | None, DocumentReport]]:
    format_ = format_of_source(source.name, call)
    if format_ != JSONL:
        data = read_whole(stream)
        reports = checker.check_file(data, source.name, format_)
        yield from zip(read_documents(data, format_), reports, strict=True)
        return
    is_empty = True
    for block in blocks_of(stream):
        reports = checker.check_lines(block, source.name)
        documents = (read_line(*line) for line in block.lines())
        for found in zip(documents, reports, strict=True):
            is_empty = False
            yield found
    if is_empty:
        yield None, checker.without_documents(source.name)
