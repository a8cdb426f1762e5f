"""Check documents: the acceptor clears most of them, and the engine checks the others."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property, partial
from io import BufferedIOBase
from typing import NamedTuple, Self, TypeAlias

from rosetta_spec.diagnostic import FULL_DETAIL, Detail
from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.document.reader import (
    read_documents,
    read_line,
    unreadable,
    why_unreadable,
    without_documents,
)
from rosetta_spec.document.tree import Document, Earlier
from rosetta_spec.document.values import Json
from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.engine import Engine
from rosetta_spec.engine.repeats import NO_REPEATS, RepeatFinder, Repeats
from rosetta_spec.engine.suppressions import check_with_suppressions
from rosetta_spec.fast.formats import JSONL, Declined, may_suppress
from rosetta_spec.fast.json_value import read_line_value
from rosetta_spec.files.content import read_file, read_whole
from rosetta_spec.kinds.documents import Sendable
from rosetta_spec.spec.acceptor_generator import Accepts, acceptor_of
from rosetta_spec.spec.ruleset import Rule, Ruleset, RuleViolation, builtin_ruleset


class Checker:
    """Checks documents with some rules, by default all built-in ones.

    Diagnostics are sorted within each document, and contain what `detail` says. Their fingerprints
    are not counted yet (see `FingerprintCounter`): findings that repeat in a file share one.

    Comments in YAML files suppress findings, unless `ignores` is false. They may name the
    rules of `ruleset`, by default the built-in ones and `rules`. `today` is the day in UTC as
    `YYYY-MM-DD`, on which suppressions may have expired; without it none has.

    `baseline` counts the fingerprints, and suppresses the findings that it contains.

    Every method raises `DefectError` if a rule fails.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self,
        rules: Iterable[Rule] | None = None,
        *,
        detail: Detail = FULL_DETAIL,
        ignores: bool = True,
        ruleset: Ruleset | None = None,
        today: str = "",
        baseline: Baseline | None = None,
    ) -> None:
        self.baseline = baseline
        self._ignores = ignores
        self._ruleset = ruleset
        self._today = today
        self.rules = builtin_ruleset().default_rules if rules is None else tuple(rules)
        accepts = acceptor_of(self.rules)
        self._engine = Engine(self.rules, detail=detail, accepts=accepts, baseline=baseline)
        # What the acceptor clears is not read into a document.
        self._accepts: Accepts = (lambda _: False) if detail.has_documents else accepts

    def is_selected(self, code: str) -> bool:
        """Whether a rule is checked."""
        return code in self._engine.codes

    def check_stream(
        self, open_stream: Callable[[], BufferedIOBase], filename: str, format_: str | None
    ) -> Iterator[DocumentReport]:
        """Check a binary stream; of JSON Lines only one block at a time is in memory.

        If it cannot be opened, or read to its end, the last report says so.
        """
        finder = RepeatFinder(self.rules, is_alone=True)
        for task in stream_tasks(open_stream, filename, format_):
            for _, report in task.with_repeats(finder, self.sendable).reports(self):
                yield report

    def check_file(
        self, data: bytes, filename: str, format_: str | None, repeats: Repeats | None = None
    ) -> Iterator[DocumentReport]:
        """Check the documents of a whole file, JSON or YAML.

        `repeats` are the documents that came before; by default, those of the same file.
        """
        if repeats is None:
            finder = RepeatFinder(self.rules, is_alone=True)
            repeats = finder.in_file(lambda: data, filename, format_, self.sendable)

        def is_enough(number: int, value: Json) -> bool:
            return (filename, number) not in repeats and self._accepts(value)

        def read() -> Iterator[Document]:
            for each in read_documents(data, format_, is_enough):
                yield each._replace(earlier=repeats.get((filename, each.number), ()))

        if self._ignores and may_suppress(data.decode(errors="replace")):
            yield from check_with_suppressions(
                self._engine, read, filename, self._all_rules, self._today
            )
        else:
            for document in read():
                yield self.check_document(document, filename)

    def sendable(self, value: Json) -> Json:
        """Return the normalized value, `UNUSABLE` if it has an error.

        Which rules are selected makes no difference.
        """
        return self._full_engine.sendable(value)

    @cached_property
    def _full_engine(self) -> Engine:
        """An engine with all rules, also those not selected, with their severities here."""
        here = {rule.code: rule for rule in self.rules}
        rules = tuple(here.get(rule.code, rule) for rule in self._all_rules.rules)
        return Engine(rules, accepts=acceptor_of(rules))

    @cached_property
    def _all_rules(self) -> Ruleset:
        if self._ruleset:
            return self._ruleset
        ours = builtin_ruleset()
        return ours.with_rules(rule for rule in self.rules if not ours.find(rule.code))

    def violations_in(self, value: Json) -> list[RuleViolation]:
        """Return the violations in a value without a text."""
        return list(self._engine.violations_in(value))

    def check_lines(
        self, block: Block, filename: str, repeats: Repeats = NO_REPEATS
    ) -> Iterator[DocumentReport]:
        """Check the documents of some lines of JSON Lines; `repeats` are those that came before."""
        accepts = self._accepts
        for line, row, number in block.lines():
            try:
                is_accepted = accepts(read_line_value(line))
            except Declined:
                is_accepted = False
            earlier = repeats.get((filename, number), ()) if repeats else ()
            if is_accepted and not earlier:
                yield DocumentReport(number, ())
            else:
                document = read_line(line, row, number)._replace(earlier=earlier)
                yield self.check_document(document, filename)

    def check_document(self, document: Document, filename: str) -> DocumentReport:
        """Check a document, without suppressions; a plain one was accepted when it was read."""
        return self._engine.check(document, filename)


#: The weight of a file, in bytes of JSON Lines: most are small, and opening one takes time.
FILE_WEIGHT = 4 * 1024


class FilesTask(NamedTuple):
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

    def with_repeats(self, finder: RepeatFinder, sendable: Sendable) -> Self:
        """Return the task with what is repeated in it."""
        found: dict[tuple[str, int], tuple[Earlier, ...]] = {}
        for name, source, format_ in self.sources:
            if isinstance(source, bytes):
                found.update(finder.in_file(partial(bytes, source), name, format_, sendable))
                continue
            # What cannot be read is reported when it is checked, and a pipe can be read only once.
            with suppress(OSError, ValueError):
                if os.path.isfile(source):
                    found.update(
                        finder.in_file(partial(read_file, source), name, format_, sendable)
                    )
        return self._replace(repeats=found)

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Check the files; yield the report of each document with the name of its file."""
        for name, source, format_ in self.sources:
            try:
                data = source if isinstance(source, bytes) else read_file(source)
            except (OSError, ValueError) as error:
                yield from UnreadableTask(name, error).reports(checker)
                continue
            for report in checker.check_file(data, name, format_, self.repeats):
                yield name, report


class LinesTask(NamedTuple):
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

    def with_repeats(self, finder: RepeatFinder, sendable: Sendable) -> Self:
        """Return the task with what is repeated in it."""
        return self._replace(repeats=finder.in_lines(self.block, self.filename, sendable))

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Check the lines."""
        for report in checker.check_lines(self.block, self.filename, self.repeats):
            yield self.filename, report


class UnreadableTask(NamedTuple):
    """A file that cannot be read after its first `number` documents.

    Without an `error` it is a JSON Lines file without a document.
    """

    filename: str
    error: OSError | ValueError | None
    number: int = 0
    files: int = 1
    settings_index: int = 0
    weight: int = 0

    def with_repeats(self, _finder: RepeatFinder, _sendable: Sendable) -> Self:
        """Return the task; nothing is repeated in it."""
        return self

    def reports(self, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        """Report the problem."""
        document = without_documents()
        if self.error:
            document = unreadable(*why_unreadable(self.error))._replace(number=self.number)
        report = checker.check_document(document, self.filename)
        yield self.filename, report._replace(document=None) if self.error else report


#: A part of a run, small enough for one process.
Task: TypeAlias = FilesTask | LinesTask | UnreadableTask


def stream_tasks(
    open_stream: Callable[[], BufferedIOBase], filename: str, format_: str | None
) -> Iterator[Task]:
    """Divide a file into blocks of lines, or read all of it; the last task may have an error."""
    task: LinesTask | None = None
    error: OSError | ValueError | None = None
    try:
        with open_stream() as stream:
            if format_ != JSONL:
                yield FilesTask(((filename, read_whole(stream), format_),))
                return
            for block in blocks_of(stream):
                task = LinesTask(block, filename, files=int(task is None))
                yield task
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as caught:
        error = caught
    documents = task.block.number + task.block.count_documents() if task else 0
    if error or not documents:
        yield UnreadableTask(filename, error, documents, files=int(task is None))
