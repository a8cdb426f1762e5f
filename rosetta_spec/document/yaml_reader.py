"""Read a YAML text (1.2) into documents.

Ruamel.yaml does what takes knowledge of the syntax: its scanner, of which `yaml_scanner` replaces
some methods, finds tokens, and its parser makes events of them. `yaml_events` adds the spans that
events lack, and finds comments and forbidden characters. `yaml_composer` reads the events of a
document once, and makes of them its tree, its value and its problems. `yaml_entries` keeps the
entries of the tree in few bytes. Here, documents follow each other.
"""

from collections.abc import Iterator

from rosetta_spec.document.syntax_errors import FatalError
from rosetta_spec.document.tree import Document
from rosetta_spec.document.yaml_composer import Composer
from rosetta_spec.document.yaml_events import EventReader
from rosetta_spec.document.yaml_scalars import find_marker
from rosetta_spec.fast.formats import YAML
from rosetta_spec.text import Text


class YamlReader:
    """Reads the documents of a text in parts; never raises.

    `next` is the offset where the next part starts, None after the last one. A syntax error is the
    only problem of its document and ends the reading. A document over a limit has that as its only
    problem, and the next one is read.
    """

    def __init__(self, text: Text) -> None:
        self.next: int | None = None
        self._text = text
        self._events = EventReader(text.content)

    def read(self, at: int, number: int) -> Iterator[Document]:
        """Yield the documents, the first with a number, from an offset to the next `---`.

        There a document must be able to start. If it has no `---`, there may be several.
        """
        self._events.restart(at)
        self.next = None
        last: Document | None = None
        # The comments of a document are known when the next one has started.
        for start, document in self._documents(at, number):
            if last:
                yield self._with_comments(last, start)
            last = document
        if last:
            end = len(self._text.content) if self.next is None else self.next
            yield self._with_comments(last, end)

    def _with_comments(self, document: Document, end: int) -> Document:
        """Give a document the comments before an offset that no document has yet."""
        return document._replace(comments=self._events.comments.take(end))

    def _documents(self, start: int, number: int) -> Iterator[tuple[int, Document]]:
        """Yield documents, each with the offset from which on comments are its own."""
        text, events = self._text, self._events
        try:
            while (at := events.next_document()) is not None:
                composer = Composer(events)
                root, value = composer.root()
                end = events.end_document()
                if composer.undefined:
                    raise composer.undefined
                problems = composer.problems.finished()
                yield at, Document(text, number, root, problems, value, YAML, start)
                if text.content.startswith("---", end):
                    self.next = end
                    return
                # A value written as nothing is before its own marker.
                start = root.span.end if root.span.start < root.span.end else end
                number += 1
        except FatalError as error:
            problem = error.problem
            at = problem.span.start if events.start is None else events.start
            yield at, Document(text, number, None, (problem,), format_=YAML, start=start)
            if problem.name == "too-large":
                self._skip_document(problem.span.end)

    def _skip_document(self, at: int) -> None:
        """Go on after the document that is at an offset."""
        marker = find_marker(self._text.content, at)
        self.next = marker.start() if marker else None
