"""Check documents: the acceptor clears most of them, and the engine checks the others."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from io import BufferedIOBase

from rosetta_spec.diagnostic import FULL_DETAIL, Detail
from rosetta_spec.document.lines import Block, blocks_of
from rosetta_spec.document.reader import (
    read_documents,
    read_line,
    unreadable,
    why_unreadable,
    without_documents,
)
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import Json
from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.engine import Engine
from rosetta_spec.engine.repeats import NO_REPEATS, RepeatFinder, Repeats
from rosetta_spec.engine.suppressions import check_together
from rosetta_spec.fast.formats import JSONL, MAX_BYTES, Declined, may_suppress
from rosetta_spec.fast.json_value import read_line_value
from rosetta_spec.spec.acceptor_generator import Accepts, acceptor_of
from rosetta_spec.spec.ruleset import Rule, Ruleset, builtin_ruleset


class Checker:
    """Checks documents with some rules, by default all built-in ones.

    Diagnostics are sorted within each document, and contain what `detail` says. Their fingerprints
    are not counted yet (see `FingerprintCounter`): findings that repeat in a file share one.

    Comments in YAML files suppress findings, unless `ignores` is false. They may name the
    rules of `ruleset`, by default the built-in ones and `rules`. `today` is the day in UTC as
    `YYYY-MM-DD`, on which suppressions may have expired; without it none has.

    `known` counts fingerprints, and of too many findings those that it knows are left out.

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
        known: Baseline | None = None,
    ) -> None:
        self.known = known
        self._ignores = ignores
        self._ruleset = ruleset
        self._today = today
        self.rules = builtin_ruleset().default_rules if rules is None else tuple(rules)
        accepts = acceptor_of(self.rules)
        self._engine = Engine(self.rules, detail=detail, accepts=accepts, known=known)
        # What the acceptor clears is not read into a document.
        self._accepts: Accepts = (lambda _: False) if detail.has_documents else accepts

    def is_selected(self, code: str) -> bool:
        """Whether a rule is among those that are checked."""
        return code in self._engine.codes

    def check_stream(
        self, open_stream: Callable[[], BufferedIOBase], filename: str, format_: str | None
    ) -> Iterator[DocumentReport]:
        """Check a binary stream; of JSON Lines only one block at a time is in memory.

        If it cannot be opened, or read to its end, the last report says so.
        """
        finder, documents = RepeatFinder(self.rules), 0
        for part in _parts_of(open_stream, format_):
            if isinstance(part, Block):
                repeats = finder.in_lines(part, filename, self.sendable)
                reports = self.check_lines(part, filename, repeats)
            elif isinstance(part, bytes):
                reports = self.check_file(part, filename, format_)
            else:
                reports = iter([self.unreadable(part, filename, documents)])
            for report in reports:
                documents += 1
                yield report
        if not documents:
            yield self.without_documents(filename)

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
            yield from check_together(self._engine, read, filename, self._all_rules, self._today)
        else:
            for document in read():
                yield self.check_document(document, filename)

    def sendable(self, value: Json) -> Json:
        """Return a value as kinds see it normalized, `UNUSABLE` if it has an error.

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

    def without_documents(self, filename: str) -> DocumentReport:
        """Check a file of JSON Lines without a document, which is a finding."""
        return self.check_document(without_documents(), filename)

    def unreadable(
        self, error: OSError | ValueError, filename: str, number: int = 0
    ) -> DocumentReport:
        """Report a file that cannot be read, or not after its first `number` documents."""
        document = unreadable(*why_unreadable(error))._replace(number=number)
        return self.check_document(document, filename)._replace(document=None)

    def check_document(self, document: Document, filename: str) -> DocumentReport:
        """Check a document, without suppressions; a plain one was accepted when it was read."""
        if document.is_plain:
            return DocumentReport(document.number, ())
        return self._engine.check(document, filename)


def _parts_of(
    open_stream: Callable[[], BufferedIOBase], format_: str | None
) -> Iterator[Block | bytes | OSError | ValueError]:
    """Yield blocks of JSON Lines, or the whole content; if reading fails, the error comes last."""
    try:
        with open_stream() as stream:
            if format_ == JSONL:
                yield from blocks_of(stream)
            else:
                yield stream.read(MAX_BYTES + 1)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        yield error
