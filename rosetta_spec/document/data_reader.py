"""Nodes of a request that is given as data: it is written as JSON, and so has spans to show."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from rosetta_spec.document.numbers import number_of
from rosetta_spec.document.reader import as_request
from rosetta_spec.document.tree import (
    Array,
    Document,
    Member,
    Node,
    NotJson,
    Object,
    Problem,
    Scalar,
)
from rosetta_spec.fast.formats import MAX_BYTES, MAX_NESTING
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import Span, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.pointer import Pointer


def read_data(data: Any) -> AnyDocument:  # noqa: ANN401 - any data gets an answer
    """Read a request that is Python data: mappings, sequences, strings, numbers, booleans, None.

    Whatever else is in it, and NaN, infinity and keys that are no strings, is finding RS006.
    """
    writer = _Writer()
    try:
        root = writer.node(data, ROOT)
    except _TooLargeError as error:
        problem = Problem("too-large", ROOT, Span(0, 0), str(error), "divide the request")
        return Document(Text(""), 0, None, (problem,))
    text = Text("".join(writer.parts))
    if isinstance(root, NotJson):
        root = Scalar(None, root.span)
    return as_request(Document(text, 0, root, tuple(writer.problems)))


class _TooLargeError(Exception):
    """The data is nested too deep, perhaps in itself, or too large to be a request."""


class _Writer:
    """Writes JSON with an indent of two, and notes where each node stands."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.problems: list[Problem] = []
        self._length = 0
        self._depth = 0

    def node(self, value: object, at: Pointer) -> Node:
        if isinstance(value, Mapping):
            return self._container(value, at)
        if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
            return self._container(value, at)
        scalar, text = _scalar(value)
        span = self._write(text)
        if scalar is not _NO_JSON:
            return Scalar(scalar, span)
        self.problems.append(_not_json(at, span, f"{text} is nothing that JSON can carry"))
        return NotJson(span)

    def _container(self, value: Mapping[Any, object] | Sequence[object], at: Pointer) -> Node:
        self._depth += 1
        if self._depth > MAX_NESTING:
            message = f"the request is nested deeper than {MAX_NESTING} levels"
            raise _TooLargeError(message)
        is_object = isinstance(value, Mapping)
        start = self._write("{" if is_object else "[").start
        if isinstance(value, Mapping):
            node: Node = Object(self._members(value, at), Span(start, start))
        else:
            node = Array(self._items(value, at), Span(start, start))
        self._depth -= 1
        self._break(is_first=not value)
        end = self._write("}" if is_object else "]").end
        return node._replace(span=Span(start, end))

    def _members(self, value: Mapping[Any, object], at: Pointer) -> dict[str, Member]:
        members = {}
        for index, (key, item) in enumerate(value.items()):
            self._next(index)
            text = key if isinstance(key, str) else str(key)
            span = self._write(_quoted(text))
            self._write(": ")
            is_key = isinstance(key, str) and not _has_surrogates(key)
            if is_key:
                members[text] = Member(span, self.node(item, (*at, text)))
            else:
                self.problems.append(_not_json(at, span, f"the key {_quoted(text)} is no string"))
                self._write("null")
        return members

    def _items(self, value: Sequence[object], at: Pointer) -> list[Node]:
        items = []
        for index, item in enumerate(value):
            self._next(index)
            items.append(self.node(item, (*at, index)))
        return items

    def _next(self, index: int) -> None:
        if index:
            self._write(",")
        self._break(is_first=False)

    def _break(self, *, is_first: bool) -> None:
        if not is_first:
            self._write("\n" + "  " * self._depth)

    def _write(self, text: str) -> Span:
        start = self._length
        self._length += len(text)
        if self._length > MAX_BYTES:
            message = f"the request is larger than {MAX_BYTES} characters of JSON"
            raise _TooLargeError(message)
        self.parts.append(text)
        return Span(start, self._length)


_NO_JSON = object()
_SURROGATE = re.compile("[\ud800-\udfff]")


def _scalar(value: object) -> tuple[Any, str]:
    """Return a scalar as nodes hold it and as JSON writes it."""
    if value is None or isinstance(value, bool):
        return value, json.dumps(value)
    if isinstance(value, str):
        return (_NO_JSON if _has_surrogates(value) else str(value)), _quoted(value)
    if isinstance(value, int):
        # The text of a very long integer is refused by `int`, which counts its digits.
        text = str(Decimal(int(value)))
        return number_of(text), text
    if isinstance(value, float | Decimal) and _is_finite(value):
        text = str(value)
        return number_of(text), text
    return _NO_JSON, _quoted(str(value))


def _is_finite(value: float | Decimal) -> bool:
    # `math.isfinite` would make a float of a Decimal, and many a finite one is beyond any float.
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and _SURROGATE.search(text) is not None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=_has_surrogates(text))


def _not_json(at: Pointer, span: Span, cause: str) -> Problem:
    return Problem("not-json", at, span, cause, "write a value that JSON has")
