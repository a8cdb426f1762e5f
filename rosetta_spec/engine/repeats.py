"""Find documents of a run that have the same body."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import islice
from typing import NamedTuple, TypeAlias

from rosetta_spec.document.lines import Block
from rosetta_spec.document.reader import read_documents, read_line
from rosetta_spec.document.tree import Document, Earlier
from rosetta_spec.document.values import Json, canonical_json
from rosetta_spec.fast.formats import JSON, Declined
from rosetta_spec.fast.reader import read_line_value
from rosetta_spec.request.schema import EDITOR_KEY
from rosetta_spec.text import Location

#: By file name and number of a document: the first one with the same body.
Repeats: TypeAlias = Mapping[tuple[str, int], Earlier]

NO_REPEATS: Repeats = {}

#: So many documents of a run are compared.
_MOST_DOCUMENTS = 10_000

_DIGEST_SIZE = 16


class _First(NamedTuple):
    """The first document with a body, and where it starts."""

    filename: str
    document: int
    start: Location


class RepeatFinder:
    """Compares the documents of a run, which come in the order of its report.

    `is_alone` says that the run has one file.
    """

    def __init__(self, *, is_alone: bool = False) -> None:
        self._is_alone = is_alone
        self._count = 0
        self._first: dict[bytes, _First] = {}

    def in_file(self, read: Callable[[], bytes], filename: str, format_: str | None) -> Repeats:
        """Find the documents of a JSON or YAML file that came before; `read` may be called later.

        Raises:
            OSError, ValueError: it cannot be read.
        """
        if self._count >= _MOST_DOCUMENTS or (self._is_alone and format_ == JSON):
            return {}
        data = read()
        if self._is_alone and b"\n---" not in data:
            return {}

        found: dict[tuple[str, int], Earlier] = {}
        documents = read_documents(data, format_, lambda *_: True)
        for each in islice(documents, _MOST_DOCUMENTS - self._count):
            if not each.problems:
                self._compare(found, _First(filename, each.number, _start(each)), each.value)
        return found

    def in_lines(self, block: Block, filename: str) -> Repeats:
        """Find the documents in some lines of JSON Lines that came before."""
        found: dict[tuple[str, int], Earlier] = {}
        for line, row, number in block.lines() if self._count < _MOST_DOCUMENTS else ():
            try:
                value = read_line_value(line)
            except Declined:
                document = read_line(line, row, number)
                value = None if document.problems else document.value
            start = Location(row, 1 if line.startswith(b"{") else _first_column(line))
            self._compare(found, _First(filename, number, start), value)
        return found

    def _compare(self, found: dict[tuple[str, int], Earlier], here: _First, value: Json) -> None:
        self._count += 1
        if self._count > _MOST_DOCUMENTS or not isinstance(value, dict):
            return
        body = {key: member for key, member in value.items() if key != EDITOR_KEY}
        first = self._first.setdefault(_digest(body), here)
        if first is not here:
            is_in_same_file = first.filename == here.filename
            earlier = Earlier(*first, is_in_same_file)
            found[here.filename, here.document] = earlier


def _start(document: Document) -> Location:
    start = document.start if document.is_plain else document.places.start(()).span.start
    return document.text.location(start)


def _first_column(line: bytes) -> int:
    text = line.decode(errors="replace").removeprefix("\ufeff")
    return len(text) - len(text.lstrip()) + 1


def _digest(value: Json) -> bytes:
    text = canonical_json(value, _number).encode(errors="surrogatepass")
    return hashlib.blake2b(text, digest_size=_DIGEST_SIZE).digest()


def _number(number: float | Decimal) -> str:
    """Write a number so that equal numbers, however they are spelled, give equal texts."""
    sign, digits, exponent = Decimal(str(number)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    trimmed = text.rstrip("0")
    return f"{'-' * sign}{trimmed}e{int(exponent) + len(text) - len(trimmed)}" if trimmed else "0"
