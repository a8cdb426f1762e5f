"""Silence the findings of a file by its comments, and tell what is wrong with these."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from rosetta_spec.document.tree import FATAL_PROBLEMS
from rosetta_spec.engine.suppression import suppressions_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.engine.engine import Engine
    from rosetta_spec.engine.suppression import Suppression
    from rosetta_spec.request.view import SuppressionProblem
    from rosetta_spec.spec.ruleset import Ruleset

#: After these a text is not read further, so that nobody knows what else is in it.
_UNREAD = FATAL_PROBLEMS - {"not-an-object"}


class Judged(NamedTuple):
    """A finding, and whether a comment silences it."""

    diagnostic: Diagnostic
    is_silenced: bool


def findings_of(
    engine: Engine, documents: Sequence[AnyDocument], filename: str, ruleset: Ruleset, today: str
) -> list[Judged]:
    """Return the findings of all documents of a file, sorted; `ruleset` is what comments may name.

    `today` is a day as `YYYY-MM-DD`.

    Raises:
        DefectError: a rule failed.
    """
    comments = _Comments(suppressions_in(documents, ruleset, today))
    found = [
        Judged(diagnostic, comments.silence(diagnostic))
        for document in documents
        for diagnostic in engine.check(document, filename)
    ]
    is_whole = not any(map(_is_unread, documents))
    found += _blamed(engine, comments, filename, is_whole=is_whole)
    return sorted(found, key=lambda judged: judged.diagnostic.sort_key)


def _is_unread(document: AnyDocument) -> bool:
    return any(problem.name in _UNREAD for problem in document.problems)


class _Comments:
    """The suppressions of a file, by the rows that they are about."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self.all = list(suppressions)
        self._by_row: dict[int | None, list[Suppression]] = defaultdict(list)
        for each in self.all:
            self._by_row[each.row].append(each)

    def silence(self, diagnostic: Diagnostic, owner: Suppression | None = None) -> bool:
        """Let all that are about a finding silence it, but for the one that it is about itself."""
        row = diagnostic.location.row
        there = [*self._by_row.get(None, ()), *self._by_row.get(row, ())]
        # Each of them is to know that it was needed.
        silenced_by = [each for each in there if each is not owner and each.silence(diagnostic)]
        return bool(silenced_by)


def _blamed(
    engine: Engine, comments: _Comments, filename: str, *, is_whole: bool
) -> Iterator[Judged]:
    """Tell what is wrong with suppressions, which other ones may silence.

    First those are looked for that silence nothing of a request. One that is about findings of
    suppressions is needed if it silences one of these. What is said of it cannot be silenced, or
    there would be no end.
    """
    of_requests = engine.codes - engine.suppression_codes
    first: list[tuple[Suppression, list[Diagnostic]]] = []
    for each in comments.all:
        # After a fatal problem nothing else is said of a document.
        if each.document.root is not None:
            flaws = each.unknown or each.unused(of_requests, is_whole=is_whole)
            first.append((each, _said(engine, each, flaws, filename)))
    judged = [
        (each, [Judged(diagnostic, comments.silence(diagnostic, each)) for diagnostic in said])
        for each, said in first
    ]
    for each, findings in judged:
        if each.unknown or any(finding.is_silenced for finding in findings):
            yield from findings
        else:
            flaws = each.unused(engine.codes, is_whole=is_whole)
            said = _said(engine, each, flaws, filename)
            yield from (Judged(diagnostic, is_silenced=False) for diagnostic in said)


def _said(
    engine: Engine, suppression: Suppression, flaws: Iterable[SuppressionProblem], filename: str
) -> list[Diagnostic]:
    document = suppression.document
    return [said for flaw in flaws for said in engine.check_suppression(document, flaw, filename)]
