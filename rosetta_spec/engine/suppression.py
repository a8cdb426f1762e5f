"""A suppression: which findings it silences, which it has silenced, and what is wrong with it."""

from __future__ import annotations

from rosetta_spec.engine.directive import IN_THE_FILE, directives_in
from rosetta_spec.engine.removal import removal
from rosetta_spec.request.view import SuppressionProblem
from rosetta_spec.request.wording import all_of, printable, shortened, shown
from rosetta_spec.spec.selection import ALWAYS, nearest_rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.engine.directive import Directive
    from rosetta_spec.spec.ruleset import Ruleset
    from rosetta_spec.text import Span, Text

#: So many rules are named in a message.
_MOST = 10


class Suppression:
    """A directive in a document, read with the rules that it may name.

    `row` is that of the findings that it is about, None for all. `unknown` are its flaws if it
    names what is no rule, or asks for silence in a wrong way; one with a wrong verb or day
    silences nothing. `today` is a day as `YYYY-MM-DD`: after its own last one it is no longer in
    force.
    """

    def __init__(
        self, directive: Directive, document: AnyDocument, row: int, ruleset: Ruleset, today: str
    ) -> None:
        self._directive = directive
        self.document = document
        self.row = None if directive.verb == IN_THE_FILE else row
        named = {name.text: ruleset.find(name.text) for name in directive.names}
        self._codes = {name: rule.code for name, rule in named.items() if rule}
        unknown = [name for name, rule in named.items() if rule is None]
        self.unknown = tuple(_unknown_flaws(directive, unknown, ruleset))
        self._has_ended = directive.until != "" and directive.until < today
        is_in_force = not (self._has_ended or directive.fault)
        self._silences = set(self._codes.values()) - ALWAYS if is_in_force else set()
        self._has_silenced: set[str] = set()

    def silence(self, diagnostic: Diagnostic) -> bool:
        """Silence a finding that is on its row, if it names the rule, and remember it."""
        if diagnostic.code not in self._silences:
            return False
        self._has_silenced.add(diagnostic.code)
        return True

    def unused(self, codes: Collection[str], *, is_whole: bool) -> tuple[SuppressionProblem, ...]:
        """Say which of some rules, given by their codes, it names in vain.

        Of a file that was not read to its end (`is_whole`), who knows what is in the rest.
        """
        idle = [name for name, code in self._codes.items() if self._is_idle(code, codes)]
        if self.row is None and not (is_whole or self._has_ended):
            idle = [name for name in idle if self._codes[name] in ALWAYS]
        if not idle:
            return ()
        is_hopeless = all(self._codes[name] in ALWAYS for name in idle)
        case = "expired" if self._has_ended else "always" if is_hopeless else "unused"
        facts = {"names": _listed(idle), "until": self._directive.until}
        edits = removal(self.document.text.content, self._directive, idle)
        return (SuppressionProblem("unused-suppression", case, self._directive.span, facts, edits),)

    def _is_idle(self, code: str, codes: Collection[str]) -> bool:
        return code in codes and code not in self._has_silenced


def suppressions_in(
    documents: Iterable[AnyDocument], ruleset: Ruleset, today: str
) -> Iterator[Suppression]:
    """Yield the suppressions in the comments of documents, in the order of the text."""
    for document in documents:
        for comment in document.comments:
            row = _row_of(document.text, comment)
            for directive in directives_in(document.text.content, comment):
                yield Suppression(directive, document, row, ruleset, today)


def _row_of(text: Text, comment: Span) -> int:
    """Return the row that a comment is about: its own, or if nothing else is on it the next."""
    row, column = text.location(comment.start)
    before = text.content[comment.start - column + 1 : comment.start]
    return row if before.strip(" \t\ufeff") else row + 1


def _unknown_flaws(
    directive: Directive, unknown: Iterable[str], ruleset: Ruleset
) -> Iterator[SuppressionProblem]:
    names = list(unknown)
    near = [each for name in names[:_MOST] if (each := nearest_rule(ruleset, name))]
    facts = {
        "verb": directive.verb,
        "written": printable(shortened(directive.written)),
        "names": _listed(names) if names else "",
        "meant": f"did you mean {all_of(near)}?" if near else "`rosetta-spec rule` lists them all",
    }
    for case in (directive.fault, "rule" if names else ""):
        if case:
            yield SuppressionProblem("unknown-suppression", case, directive.span, facts)


def _listed(names: Sequence[str]) -> str:
    """Name rules, but never a list that is long."""
    shown_first = list(map(_called, names[:_MOST]))
    return all_of([*shown_first, f"{len(names) - _MOST} more"] if names[_MOST:] else shown_first)


def _called(name: str) -> str:
    """Write a name as it is, in quotes where nobody would see its ends."""
    return shortened(name) if name.replace("-", "a").isalnum() else shown(name)
