"""Find earlier documents of a run that matter to later ones."""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TypeAlias

from rosetta_spec.document.lines import Block
from rosetta_spec.document.reader import read_documents, read_line
from rosetta_spec.document.tree import Document, Earlier
from rosetta_spec.document.values import Json
from rosetta_spec.fast.formats import JSON, Declined
from rosetta_spec.fast.reader import read_line_value
from rosetta_spec.kinds.documents import RunKind, Sendable
from rosetta_spec.request.schema import EDITOR_KEY
from rosetta_spec.spec.ruleset import Rule
from rosetta_spec.text import Location

#: The earlier documents that matter to a document, by its file name and number.
Repeats: TypeAlias = Mapping[tuple[str, int], tuple[Earlier, ...]]

NO_REPEATS: Repeats = {}

#: Finds where a YAML document may end and another one start.
_find_marker = re.compile(rb"[\r\n](?:---|\.\.\.)").search

#: The maximum number of documents of a run that are compared.
_MAX_DOCUMENTS = 10_000

#: A document, by its file and number, and the row and column where it starts.
_Start: TypeAlias = tuple[str, int, int, int]


class RepeatFinder:
    """Compares the documents of a run, which come in the order of its report.

    `rules` are all that are selected for any of them. `is_alone` says that the run has one file.
    """

    def __init__(self, rules: Iterable[Rule], *, is_alone: bool = False) -> None:
        kinds = {rule.code: rule.kind for rule in rules if isinstance(rule.kind, RunKind)}
        self._comparisons = {code: kind.comparison() for code, kind in kinds.items()}
        self._is_alone = is_alone
        self._starts: list[_Start] = []

    @property
    def _is_done(self) -> bool:
        return len(self._starts) >= _MAX_DOCUMENTS or not self._comparisons

    def in_file(
        self, read: Callable[[], bytes], filename: str, format_: str | None, sendable: Sendable
    ) -> Repeats:
        """Find what came before the documents of a JSON or YAML file.

        Raises:
            OSError, ValueError: it cannot be read.
        """
        if self._is_done or (self._is_alone and format_ == JSON):
            return {}
        data = read()
        if self._is_alone and not _find_marker(data):
            return {}
        found: dict[tuple[str, int], tuple[Earlier, ...]] = {}
        documents = read_documents(data, format_, lambda *_: True)
        for each in islice(documents, _MAX_DOCUMENTS - len(self._starts)):
            if not each.problems:
                here = (filename, each.number, *_start(each))
                self._compare(found, here, each.value, sendable)
        return found

    def in_lines(self, block: Block, filename: str, sendable: Sendable) -> Repeats:
        """Find what came before the documents in some lines of JSON Lines."""
        if self._is_done:
            return {}
        found: dict[tuple[str, int], tuple[Earlier, ...]] = {}
        for line, row, number in islice(block.lines(), _MAX_DOCUMENTS - len(self._starts)):
            try:
                value = read_line_value(line)
            except Declined:
                document = read_line(line, row, number)
                value = None if document.problems else document.value
            column = 1 if line.startswith(b"{") else _first_column(line)
            self._compare(found, (filename, number, row, column), value, sendable)
        return found

    def _compare(
        self,
        found: dict[tuple[str, int], tuple[Earlier, ...]],
        here: _Start,
        value: Json,
        sendable: Sendable,
    ) -> None:
        nth = len(self._starts)
        self._starts.append(here)
        if not isinstance(value, dict):
            return
        if EDITOR_KEY in value:
            if not isinstance(value[EDITOR_KEY], str):
                return
            value = {key: member for key, member in value.items() if key != EDITOR_KEY}
        for code, compare in self._comparisons.items():
            if match := compare(nth, value, sendable):
                filename, number, *place = self._starts[match.earlier]
                first = Earlier(
                    code,
                    filename,
                    number,
                    Location(*place),
                    filename == here[0],
                    match.case,
                    match.facts,
                )
                found[here[:2]] = (*found.get(here[:2], ()), first)


def _start(document: Document) -> Location:
    start = document.start if document.is_plain else document.places.start(()).span.start
    return document.text.location(start)


def _first_column(line: bytes) -> int:
    text = line.decode(errors="replace").removeprefix("\ufeff")
    return len(text) - len(text.lstrip()) + 1
