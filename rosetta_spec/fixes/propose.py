"""Propose the fixes of the violations of a document; only verified ones are offered."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from rosetta_spec.diagnostic import Applicability, DroppedFix, Edit, Fix, FixesAndDropped, Omitted
from rosetta_spec.document.operations import CannotEditError, Operation, Put, Remove, Swap, touched
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import ABSENT, Json, is_same, json_text, value_at
from rosetta_spec.fixes.edits import TextEdit, after_block_scalars
from rosetta_spec.fixes.verify import Candidate, Evaluate, FixVerifier, unfixable_in
from rosetta_spec.kinds.kind import ProposedFix, SuppressionProblem
from rosetta_spec.request.schema import schema_at
from rosetta_spec.request.wording import all_of, place_called, value_called
from rosetta_spec.spec.ruleset import RuleViolation, fill

#: Limits of the search for choices: how many are offered, how many operations each may have, and
#: how many sets of operations are tried.
_MAX_CHOICES = 6
_MAX_OPERATIONS = 3
_MAX_TRIES = 48


class FixProposer:
    """Proposes fixes for the violations of one document.

    `evaluate` yields the violations in a value. Only fixes of `applicabilities` are proposed, and
    no choices if the document has other violations, those of `omitted`.
    """

    def __init__(
        self,
        document: Document,
        violations: Sequence[RuleViolation],
        evaluate: Evaluate,
        applicabilities: frozenset[str],
        omitted: Counter[Omitted],
    ) -> None:
        self._document = document
        self._verifier = FixVerifier(document, violations, evaluate, omitted)
        # Each choice needs evaluations of its own.
        self._applicabilities = applicabilities - ({Applicability.CHOICE} if omitted else set())
        #: The verified fixes of each violation, by its identity, each with the reason why it is not
        #: offered, if there is one.
        self._verified: dict[int, list[tuple[Candidate, str]]] = {}
        by_rule: dict[str, list[RuleViolation]] = {}
        for each in violations:
            if each.rule.fix and each.rule.fix.applicability in applicabilities:
                by_rule.setdefault(each.rule.code, []).append(each)
        for alike in by_rule.values():
            self._verify(alike)

    def _verify(self, violations: Iterable[RuleViolation]) -> None:
        """Verify the fixes of all violations of a rule."""
        editor = self._verifier.editor
        #: What is verified together: at most one fix of each violation, by its number. Without the
        #: comments at -1, the text below them could become part of a block scalar.
        groups: defaultdict[int, list[Candidate]] = defaultdict(list)
        for violation in violations:
            verified = self._verified[id(violation)] = []
            if isinstance(violation.value, SuppressionProblem):
                edits = tuple(TextEdit(*edit) for edit in violation.value.edits)
                candidate = Candidate(violation, (), edits)
                is_alone = violation.value.span.start in self._after_block_scalars
                groups[-1 if is_alone else 0].append(candidate)
            for number, proposed in enumerate(violation.proposed_fixes):
                if proposed.applicability is Applicability.CHOICE:
                    continue
                try:
                    operations = editor.resolved(proposed.operations)
                    candidate = Candidate(violation, operations, editor.edits(operations))
                    groups[number].append(candidate)
                except CannotEditError as error:
                    verified.append((Candidate(violation, ()), str(error)))
        for _, group in sorted(groups.items()):
            for candidate, reason in zip(group, self._verifier.failures(group), strict=True):
                self._verified[id(candidate.violation)].append((candidate, reason))

    @cached_property
    def _after_block_scalars(self) -> frozenset[int]:
        root = self._document.root
        return after_block_scalars(self._document.text.content, root) if root else frozenset()

    def fixes(self, violation: RuleViolation, facts: Mapping[str, str]) -> FixesAndDropped:
        """Return the fixes of a violation; `facts` fill the template of their title."""
        note = violation.rule.fix
        if note is None:
            return (), ()
        offered: list[Fix] = []
        dropped: list[DroppedFix] = []
        for (_, operations, edits), reason in self._verified.get(id(violation), ()):
            title, applicability = fill(note.title, facts), note.applicability
            if reason:
                dropped.append(DroppedFix(title, applicability, reason))
            else:
                offered.append(fix_of(self._document, edits, title, applicability, operations))
        choice = Applicability.CHOICE
        wanted = violation.proposed_fixes if choice in self._applicabilities else ()
        proposed = [each for each in wanted if each.applicability is choice]
        for operations, title in choices_among(self._verifier, violation, proposed):
            try:
                edits = self._verifier.edits(violation, operations)
            except CannotEditError as error:
                dropped.append(DroppedFix(title, choice, str(error)))
            else:
                offered.append(fix_of(self._document, edits, title, choice, operations))
        return tuple(offered), tuple(dropped)


def fix_of(
    document: Document,
    edits: Iterable[TextEdit],
    title: str,
    applicability: Applicability,
    operations: tuple[Operation, ...] = (),
) -> Fix:
    """Return edits of a document as a fix."""
    locate = document.text.location
    located = (Edit(locate(each.span.start), locate(each.span.end), each.content) for each in edits)
    return Fix(title, applicability, tuple(located), operations)


def choices_among(
    verifier: FixVerifier, violation: RuleViolation, proposed: Iterable[ProposedFix]
) -> Iterator[tuple[tuple[Operation, ...], str]]:
    """Yield the smallest sets of operations that satisfy all rules, the shortest first.

    Each comes with a title. A proposal that breaks another rule is continued with the proposals of
    that rule.
    """
    waiting = deque(proposed)
    tried: list[Json] = []
    found: list[tuple[Operation, ...]] = []
    while waiting and len(found) < _MAX_CHOICES and len(tried) < _MAX_TRIES:
        attempt = waiting.popleft()
        try:
            effect = verifier.effect([violation], attempt.operations)
        except CannotEditError:
            continue
        if effect.remaining or any(is_same(effect.value, value) for value in tried):
            continue
        tried.append(effect.value)
        unfixable = unfixable_in(effect.caused)
        if unfixable:
            waiting += _longer(attempt, unfixable[0])
        elif not any(all(each in attempt.operations for each in smaller) for smaller in found):
            found.append(attempt.operations)
            title = attempt.title or described(attempt.operations, verifier.value)
            yield attempt.operations, title


def _longer(attempt: ProposedFix, caused: RuleViolation) -> Iterator[ProposedFix]:
    """Continue an attempt with the proposals for the violation that it causes."""
    changed = set(touched(*attempt.operations))
    for proposed in caused.rule.kind.fixes(caused.at, caused.value, caused.violation):
        removed = [each.pointer for each in proposed.operations if isinstance(each, Remove)]
        # What is inside of something else that is removed goes with it.
        kept = [
            each
            for each in attempt.operations
            if not isinstance(each, Remove)
            or not any(each.pointer[: len(pointer)] == pointer for pointer in removed)
        ]
        operations = (*kept, *proposed.operations)
        is_new = changed.isdisjoint(touched(*proposed.operations))
        if is_new and len(operations) <= _MAX_OPERATIONS:
            yield ProposedFix(operations)


def described(operations: Iterable[Operation], value: Json) -> str:
    """Describe operations as in `remove poolName and add sampleCount 5`."""
    return all_of(_described(operation, value) for operation in operations)


def _described(operation: Operation, value: Json) -> str:
    if isinstance(operation, Remove):
        return f"remove {place_called(operation.pointer)}"
    if isinstance(operation, Swap):
        return f"swap {place_called(operation.first)} and {place_called(operation.second)}"
    assert isinstance(operation, Put)  # noqa: S101 - choices consist of these three
    path = place_called(operation.pointer)
    if isinstance(operation.value, list | dict):
        text = json_text(operation.value)
    else:
        text = value_called(operation.value, schema_at(operation.pointer))
    is_new = value_at(value, operation.pointer) is ABSENT
    return f"add {path} {text}" if is_new else f"set {path} to {text}"
