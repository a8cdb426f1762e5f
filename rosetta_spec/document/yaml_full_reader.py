"""Read any YAML text (1.2, core schema) into documents of nodes with exact spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rosetta_spec.document.tree import Document
from rosetta_spec.document.yaml_composer import Composer
from rosetta_spec.document.yaml_cursor import Cursor
from rosetta_spec.document.yaml_fault import FatalError
from rosetta_spec.document.yaml_parser import StepParser
from rosetta_spec.fast.formats import YAML

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.text import Text

#: A line that ends a document wherever it stands; YAML lets no value have one.
_find_marker = re.compile(r"(?<=[\r\n])\ufeff?(?:---|\.\.\.)(?=[ \t\r\n]|\Z)").search


def read_any_yaml(text: Text) -> Iterator[Document]:
    """Yield the documents of `text`, numbered from 0, none where it has none; never raises.

    A syntax error is the only problem of its document and ends the reading. A document over a limit
    has that as its only problem, and the next one is read.
    """
    cursor = Cursor(text.content)
    held: Document | None = None
    # The comments of a document are known when the next one has started.
    for start, document in _documents(text, cursor):
        if held:
            yield _with_comments(held, cursor, start)
        held = document
    if held:
        yield _with_comments(held, cursor, len(text.content))


def _with_comments(document: Document, cursor: Cursor, end: int) -> Document:
    comments = cursor.take_comments(end)
    return document._replace(comments=comments) if comments else document


def _documents(text: Text, cursor: Cursor) -> Iterator[tuple[int, Document]]:
    """Yield documents, each with the offset from which on comments are its own."""
    number = 0
    restart: int | None = 0
    while restart is not None:
        cursor.restart(restart)
        start = restart
        steps = StepParser(cursor).steps()
        restart = None
        at: int | None = None
        try:
            for step in steps:
                at = step.span.start
                composer = Composer(steps)
                root = composer.compose(step)
                yield at, Document(text, number, root, tuple(composer.problems), YAML, start)
                # What is nothing has its place before its own marker.
                start = root.span.end if root.span.start < root.span.end else composer.end
                at = None
                number += 1
        except FatalError as error:
            problem = error.problem
            at = problem.span.start if at is None else at
            yield at, Document(text, number, None, (problem,), YAML, start)
            number += 1
            if problem.name == "too-large":
                restart = _next_start(text.content, problem.span.end)


def _next_start(content: str, at: int) -> int | None:
    """Find where the document after the one at `at` starts."""
    marker = _find_marker(content, at)
    return marker.start() if marker else None
