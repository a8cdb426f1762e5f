"""Find earlier documents of a run that matter to later ones."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias

from rosetta_spec.document.lines import Block
from rosetta_spec.document.reader import read_documents, read_line
from rosetta_spec.document.tree import Document, Earlier
from rosetta_spec.document.values import Json
from rosetta_spec.document.yaml_scalars import find_marker
from rosetta_spec.fast.formats import JSON, Declined
from rosetta_spec.fast.json_value import read_line_value
from rosetta_spec.kinds.documents import RunKind, Sendable
from rosetta_spec.request.schema import EDITOR_KEY
from rosetta_spec.spec.ruleset import Rule
from rosetta_spec.text import Location

#: The earlier documents that matter to a document, by its file name and number.
Repeats: TypeAlias = Mapping[tuple[str, int], tuple[Earlier, ...]]

NO_REPEATS: Repeats = {}

#: The maximum number of documents of a run that are compared.
_MAX_DOCUMENTS = 10_000

#: The number of a document in its file, and the row and column where it starts.
_Start: TypeAlias = tuple[int, int, int]


class RepeatFinder:
    """Compares the documents of a run, which come in the order of its report.

    `rules` are all that are selected for any of them. `is_alone` says that the run has one file.
    """

    def __init__(self, rules: Iterable[Rule], *, is_alone: bool = False) -> None:
        kinds = {rule.code: rule.kind for rule in rules if isinstance(rule.kind, RunKind)}
        self._comparisons = {code: kind.comparison() for code, kind in kinds.items()}
        self._is_alone = is_alone
        #: The file and the start of each document.
        self._starts: list[tuple[str, _Start]] = []

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
        if self._is_alone and not find_marker(data.decode(errors="replace")):
            return {}
        documents = read_documents(data, format_, lambda *_: True)
        first = islice(documents, _MAX_DOCUMENTS - len(self._starts))
        values = (((each.number, *_start(each)), each.value) for each in first if not each.problems)
        return self._compared(values, filename, sendable)

    def in_lines(self, block: Block, filename: str, sendable: Sendable) -> Repeats:
        """Find what came before the documents in some lines of JSON Lines."""
        if self._is_done:
            return {}
        return self._compared(self._in_block(block), filename, sendable)

    def _in_block(self, block: Block) -> Iterator[tuple[_Start, Json]]:
        for line, row, number in islice(block.lines(), _MAX_DOCUMENTS - len(self._starts)):
            try:
                value = read_line_value(line)
            except Declined:
                document = read_line(line, row, number)
                value = None if document.problems else document.value
            yield (number, row, 1 if line.startswith(b"{") else _first_column(line)), value

    def _compared(
        self, documents: Iterable[tuple[_Start, Json]], filename: str, sendable: Sendable
    ) -> Repeats:
        found: defaultdict[tuple[str, int], tuple[Earlier, ...]] = defaultdict(tuple)
        for start, value in documents:
            nth = len(self._starts)
            self._starts.append((filename, start))
            if not isinstance(value, dict) or not isinstance(value.get(EDITOR_KEY, ""), str):
                continue
            body = value
            if EDITOR_KEY in value:
                body = {key: member for key, member in value.items() if key != EDITOR_KEY}
            for code, compare in self._comparisons.items():
                if match := compare(nth, body, sendable):
                    name, (number, *place) = self._starts[match.earlier]
                    where = (name, number, Location(*place), name == filename)
                    first = Earlier(code, *where, match.case, match.facts)
                    found[filename, start[0]] += (first,)
        return found


def _start(document: Document) -> Location:
    start = document.start if document.is_plain else document.locator.start(()).span.start
    return document.text.location(start)


def _first_column(line: bytes) -> int:
    text = line.decode(errors="replace").removeprefix("\ufeff")
    return len(text) - len(text.lstrip()) + 1
