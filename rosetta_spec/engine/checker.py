"""Check documents: accept at once what is surely fine, and let the engine explain the rest."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.fast.formats import JSONL, MAX_BYTES, SUPPRESSION, Declined
from rosetta_spec.fast.reader import read_line_value, read_values
from rosetta_spec.spec.acceptor_generator import acceptor_of
from rosetta_spec.spec.detail import FULL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from io import BufferedIOBase

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.document.lines import Block
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.engine.engine import Engine
    from rosetta_spec.spec.detail import Detail
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.ruleset import Ruleset
    from rosetta_spec.text import Text


class DocumentReport(NamedTuple):
    """The findings of one document; `number` counts from 0 in its file.

    `silenced` are those that comments or a baseline silence; they are not among `diagnostics`.
    `text` is what `diagnostics` are in, None where there are none.
    """

    number: int
    diagnostics: tuple[Diagnostic, ...]
    silenced: tuple[Diagnostic, ...] = ()
    text: Text | None = None


class Checker:
    """Checks with some rules, by default all of ours.

    Findings are sorted within each document. Their fingerprints are not counted yet: what repeats
    in a file has the same one (`rosetta_spec.engine.fingerprint` counts them). With less `detail`
    they have less of it.

    Comments in YAML files silence findings, unless `ignores` is false. They may name our rules,
    `rules` and those of `ruleset`. `today` is the day as `YYYY-MM-DD`, in UTC, after which
    suppressions run out; without one none does.

    Every method raises `DefectError` where a rule failed.
    """

    def __init__(
        self,
        rules: Iterable[Rule] | None = None,
        *,
        detail: Detail = FULL,
        ignores: bool = True,
        ruleset: Ruleset | None = None,
        today: str = "",
    ) -> None:
        self._detail = detail
        self._ignores = ignores
        self._ruleset = ruleset
        self._today = today
        self._rules = None if rules is None else tuple(rules)
        self._accepts = acceptor_of(self._rules)
        self._made: Engine | None = None

    def is_selected(self, code: str) -> bool:
        """Whether a rule has a say here."""
        return self._rules is None or any(rule.code == code for rule in self._rules)

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
                yield DocumentReport(number, (), (), None)
            return
        # What is surely fine has no need of the readers and the engine.
        from rosetta_spec.document.reader import read_documents  # noqa: PLC0415

        documents = read_documents(data, format_)
        if self._ignores and SUPPRESSION.encode() in data:
            yield from self._check_with_comments(list(documents), filename)
        else:
            for document in documents:
                yield self.check_document(document, filename)

    def _check_with_comments(
        self, documents: Sequence[AnyDocument], filename: str
    ) -> Iterator[DocumentReport]:
        """Check the documents of a whole file; the comments in one may silence what is in others.

        Fingerprints are counted here: they are not to change with what is silenced.
        """
        # Most files silence nothing, and then these need not be loaded.
        from rosetta_spec.engine.fingerprint import Repeats  # noqa: PLC0415
        from rosetta_spec.engine.silence import findings_of  # noqa: PLC0415

        findings = findings_of(self._engine, documents, filename, self._nameable(), self._today)
        repeats = Repeats()
        reports: dict[int, tuple[list[Diagnostic], list[Diagnostic]]] = {
            document.number: ([], []) for document in documents
        }
        for diagnostic, is_silenced in findings:
            reports[diagnostic.document][is_silenced].append(repeats.with_counter(diagnostic))
        for document in documents:
            said, silenced = map(tuple, reports[document.number])
            text = document.text if said else None
            yield DocumentReport(document.number, said, silenced, text)

    def _nameable(self) -> Ruleset:
        """Return the rules that comments may name."""
        from rosetta_spec.spec.ruleset import builtin_ruleset  # noqa: PLC0415 - as above

        if self._ruleset:
            return self._ruleset
        ours = builtin_ruleset()
        return ours.with_rules(each for each in self._rules or () if not ours.find(each.code))

    def check_lines(self, block: Block, filename: str) -> Iterator[DocumentReport]:
        """Check the documents of some lines of JSON Lines."""
        accepts = self._accepts
        for line, row, number in block.lines():
            try:
                is_accepted = accepts(read_line_value(line))
            except Declined:
                is_accepted = False
            if is_accepted:
                yield DocumentReport(number, (), (), None)
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
        """Check a document that was read; whatever is in its comments."""
        diagnostics = tuple(self._engine.check(document, filename))
        text = document.text if diagnostics else None
        return DocumentReport(document.number, diagnostics, (), text)

    @property
    def _engine(self) -> Engine:
        """The engine, made when it is first needed."""
        if self._made is None:
            from rosetta_spec.engine.engine import Engine  # noqa: PLC0415 - as above

            self._made = Engine(self.rules, detail=self._detail, accepts=self._accepts)
        return self._made

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are checked."""
        if self._rules is None:
            from rosetta_spec.spec.ruleset import builtin_ruleset  # noqa: PLC0415 - as above

            self._rules = builtin_ruleset().rules
        return self._rules
