"""Read a request that is given as Python data: it is written as JSON, so that it has spans."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.numbers import number_of
from rosetta_spec.document.reader import as_request
from rosetta_spec.document.tree import Document, SyntaxProblem
from rosetta_spec.document.values import UNUSABLE, Json, indented_json
from rosetta_spec.fast.formats import MAX_BYTES, MAX_NESTING
from rosetta_spec.fast.json_value import has_surrogate
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import Span, Text


def read_data(data: Any) -> Document:  # noqa: ANN401 - any data gets an answer
    """Read a request that is Python data: mappings, sequences, strings, numbers, booleans, None.

    Anything else, NaN, infinity and keys that are no strings are finding RS006.
    """
    converter = _Converter()
    try:
        value, printable = converter.convert(data, ROOT, 0)
        content = indented_json(printable)
        if len(content) > MAX_BYTES:
            raise _too_large()
    except _TooLargeError as error:
        problem = SyntaxProblem("too-large", ROOT, Span(0, 0), str(error), "divide the request")
        return Document(Text(""), 0, None, (problem,))
    document = read_json(Text(content))
    problems = tuple(_problem(document, *each) for each in converter.rejected)
    return as_request(document._replace(value=value, problems=problems))


def _problem(document: Document, at: Pointer, key: str | None, cause: str) -> SyntaxProblem:
    places = document.places
    found = places.value(at) if key is None else places.key((*at, key))
    return SyntaxProblem("not-json", at, found.span, cause, "write a value that JSON has")


class _TooLargeError(Exception):
    """The data is nested too deep, perhaps in itself, or too large to be a request."""


def _too_large() -> _TooLargeError:
    return _TooLargeError(f"the request is larger than {MAX_BYTES} characters of JSON")


class _Converter:
    """Converts data to JSON values, and to what stands for them in a text.

    `rejected` are pointer, key if it is the key that was rejected, and cause.
    """

    def __init__(self) -> None:
        self.rejected: list[tuple[Pointer, str | None, str]] = []
        self._size = 0

    def convert(self, data: object, at: Pointer, depth: int) -> tuple[Json, Json]:
        """Return the value, `UNUSABLE` where JSON has none, and the printable value."""
        if isinstance(data, Mapping):
            return self._object(data, at, self._deeper(depth))
        if isinstance(data, Sequence) and not isinstance(data, str | bytes | bytearray):
            depth = self._deeper(depth)
            items = [self.convert(item, (*at, index), depth) for index, item in enumerate(data)]
            return [value for value, _ in items], [printable for _, printable in items]
        value = _scalar(data)
        if value is not UNUSABLE:
            self._count(len(value) if isinstance(value, str) else 1)
            return value, value
        text = str(data)
        self._count(len(text))
        self.rejected.append((at, None, f"{_quoted(text)} is nothing that JSON can carry"))
        return UNUSABLE, _printable(text)

    def _object(self, data: Mapping[Any, object], at: Pointer, depth: int) -> tuple[Json, Json]:
        values: dict[str, Json] = {}
        printables: dict[str, Json] = {}
        for key, item in data.items():
            text = str(key)
            self._count(len(text))
            if isinstance(key, str) and not has_surrogate(key):
                values[text], printables[text] = self.convert(item, (*at, text), depth)
            else:
                text = _printable(text)
                self.rejected.append((at, text, f"the key {_quoted(str(key))} is no string"))
                printables.setdefault(text, None)
        return values, printables

    def _deeper(self, depth: int) -> int:
        self._count(1)
        if depth == MAX_NESTING:
            message = f"the request is nested deeper than {MAX_NESTING} levels"
            raise _TooLargeError(message)
        return depth + 1

    def _count(self, size: int) -> None:
        self._size += size + 1
        if self._size > MAX_BYTES:
            raise _too_large()


def _scalar(data: object) -> Json:
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, str):
        return UNUSABLE if has_surrogate(data) else str(data)
    if isinstance(data, int):
        # Python refuses to write a very long integer, which counts its digits.
        return number_of(str(Decimal(int(data))))
    if isinstance(data, float | Decimal) and _is_finite(data):
        return number_of(str(data))
    return UNUSABLE


def _is_finite(data: float | Decimal) -> bool:
    # `math.isfinite` would make a float of a Decimal, and many a finite one is beyond any float.
    return data.is_finite() if isinstance(data, Decimal) else math.isfinite(data)


def _printable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=has_surrogate(text))
