"""Check documents: accept at once what is surely fine, and let the engine explain the rest."""

from __future__ import annotations

from rosetta_spec.acceptor.choice import acceptor_of
from rosetta_spec.document.formats import JSONL
from rosetta_spec.document.limits import MAX_BYTES
from rosetta_spec.document.quick import Declined
from rosetta_spec.document.quick_reader import read_line_value, read_values
from rosetta_spec.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedIOBase

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.document.lines import Block
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.engine import Engine
    from rosetta_spec.spec.rule import Rule


class DocumentReport(NamedTuple):
    """The findings of one document; `number` counts from 0 in its file."""

    number: int
    diagnostics: tuple[Diagnostic, ...]


class Checker:
    """Checks with some rules, by default all of ours.

    Findings are sorted within each document. Their fingerprints are not counted yet: what repeats
    in a file has the same one (`rosetta_spec.fingerprint` counts them). Without `has_fingerprints`
    they are empty.

    Every method raises `DefectError` where a rule failed.
    """

    def __init__(
        self, rules: Iterable[Rule] | None = None, *, has_fingerprints: bool = True
    ) -> None:
        self._has_fingerprints = has_fingerprints
        self._rules = None if rules is None else tuple(rules)
        self._accepts = acceptor_of(self._rules)
        self._engine: Engine | None = None

    def check_stream(
        self, stream: BufferedIOBase, filename: str, format_: str | None
    ) -> Iterator[DocumentReport]:
        """Check what an open binary stream holds; of JSON Lines one block at a time is in memory.

        Raises:
            OSError: the stream cannot be read.
        """
        if format_ != JSONL:
            yield from self.check_file(stream.read(MAX_BYTES + 1), filename, format_)
            return
        # Only JSON Lines need it.
        from rosetta_spec.document.lines import blocks_of  # noqa: PLC0415

        is_empty = True
        for block in blocks_of(stream):
            for report in self.check_lines(block, filename):
                is_empty = False
                yield report
        if is_empty:
            yield self.without_documents(filename)

    def check_file(
        self, data: bytes, filename: str, format_: str | None
    ) -> Iterator[DocumentReport]:
        """Check the documents of a whole file that is JSON or YAML."""
        try:
            values = read_values(data, format_)
        except Declined:
            values = []
        if values and all(map(self._accepts, values)):
            for number in range(len(values)):
                yield DocumentReport(number, ())
            return
        # What is surely fine has no need of the readers and the engine.
        from rosetta_spec.document.reader import read_documents  # noqa: PLC0415

        for document in read_documents(data, format_):
            yield self.check_document(document, filename)

    def check_lines(self, block: Block, filename: str) -> Iterator[DocumentReport]:
        """Check the documents of some lines of JSON Lines."""
        accepts = self._accepts
        for line, row, number in block.lines():
            try:
                is_accepted = accepts(read_line_value(line))
            except Declined:
                is_accepted = False
            if is_accepted:
                yield DocumentReport(number, ())
            else:
                yield self._check_line(line, row, number, filename)

    def _check_line(self, line: bytes, row: int, number: int, filename: str) -> DocumentReport:
        from rosetta_spec.document.reader import read_line  # noqa: PLC0415 - as above

        return self.check_document(read_line(line, row, number), filename)

    def without_documents(self, filename: str) -> DocumentReport:
        """Report a file of JSON Lines that holds no document."""
        from rosetta_spec.document.reader import without_documents  # noqa: PLC0415 - as above

        return self.check_document(without_documents(), filename)

    def unreadable(
        self, error: OSError | ValueError, filename: str, number: int = 0
    ) -> DocumentReport:
        """Report a file that cannot be read, or not after its first `number` documents."""
        from rosetta_spec.document.reader import unreadable, why_unreadable  # noqa: PLC0415

        document = unreadable(*why_unreadable(error))._replace(number=number)
        return self.check_document(document, filename)

    def check_document(self, document: AnyDocument, filename: str) -> DocumentReport:
        """Check a document that was read."""
        if self._engine is None:
            from rosetta_spec.engine import Engine  # noqa: PLC0415 - as above
            from rosetta_spec.spec.ruleset import builtin_ruleset  # noqa: PLC0415

            rules = builtin_ruleset().rules if self._rules is None else self._rules
            self._engine = Engine(rules, has_fingerprints=self._has_fingerprints)
        return DocumentReport(document.number, tuple(self._engine.check(document, filename)))
