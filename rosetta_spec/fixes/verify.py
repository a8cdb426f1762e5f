"""Verify fixes before they are offered.

A fix is applied to the value of the document, the rules are evaluated on the result, and the edited
text is read again. The fix is offered if its violation is gone, nothing new appears, and the text
reads as the expected value. Many fixes are verified together, because each evaluation takes time in
proportion to the whole document.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from rosetta_spec.diagnostic import SAFE_FIXES, Omitted
from rosetta_spec.document.operations import (
    CannotEditError,
    Move,
    Operation,
    Put,
    Remove,
    Rename,
    applied,
    moves_of,
    touched,
)
from rosetta_spec.document.reader import read_text
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import UNUSABLE, Json, is_same, without_floats
from rosetta_spec.document.yaml_scalars import find_marker
from rosetta_spec.fast.formats import YAML
from rosetta_spec.fixes.editor import Editor
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.pointer import Pointer
from rosetta_spec.spec.ruleset import RuleViolation
from rosetta_spec.text import Span, Text

#: Yields the violations in a value.
Evaluate: TypeAlias = Callable[[Json], Iterable[RuleViolation]]

_T = TypeVar("_T")

#: For the fixes of one rule, a document is evaluated and read at least this many times, and until
#: this many violations were found or characters read, so that the time grows in proportion to the
#: document.
_MIN_TRIES = 8
_MAX_EVALUATED = 100_000
_MAX_READ = 200_000

#: If not all violations of a document are known, it is evaluated this many times for each rule, and
#: this many new violations are examined.
_EVALUATIONS_BY_COUNTS = 2
_MAX_CAUSED = 1_000


class Candidate(NamedTuple):
    """Operations that are meant to remove a violation, and their edits if the text has them.

    Without operations, the edits change comments.
    """

    violation: RuleViolation
    operations: tuple[Operation, ...]
    edits: tuple[TextEdit, ...] = ()


class Effect(NamedTuple):
    """What operations make of a document: its new value, and which violations stay or are new."""

    value: Json
    remaining: list[RuleViolation]
    caused: list[RuleViolation]


class FixVerifier:
    """Verifies fixes of one document."""

    def __init__(
        self,
        document: Document,
        violations: Sequence[RuleViolation],
        evaluate: Evaluate,
        omitted: Counter[Omitted],
    ) -> None:
        self.value = document.value
        self.editor = Editor(document)
        self._evaluate = evaluate
        self._before = violations
        self._max_evaluations = max(_MIN_TRIES, _MAX_EVALUATED // max(1, len(violations)))
        self._evaluations: Counter[str] = Counter()
        start, stop = _part(document)
        self._max_reads = max(_MIN_TRIES, _MAX_READ // max(1, stop - start))
        self._reads: Counter[str] = Counter()
        #: How many violations each rule has, if there are too many to know each of them.
        self._counts: Counter[str] | None = None
        if omitted:
            self._max_evaluations = _EVALUATIONS_BY_COUNTS
            self._counts = Counter(each.rule.code for each in violations)
            for each, count in omitted.items():
                self._counts[each.code] += count

    def effect(
        self, violations: Sequence[RuleViolation], operations: Sequence[Operation]
    ) -> Effect:
        """Apply operations to the value of the document and evaluate the rules on the result.

        `violations`, all of one rule, are those that the operations should remove.

        Raises:
            CannotEditError: the operations cannot be applied, or there were too many evaluations.
        """
        code = violations[0].rule.code
        value = self._applied(operations, code, self._evaluations, self._max_evaluations)
        if self._counts is not None:
            return Effect(value, *self._compared_by_counts(violations, value))
        after = {(each.rule.code, each.pointer): each for each in self._evaluate(value)}
        moved = Relocation(operations).moved
        remaining = [each for each in violations if (code, moved(each.pointer)) in after]
        return Effect(value, remaining, caused_by(operations, self._before, after.values()))

    def _compared_by_counts(
        self, violations: Sequence[RuleViolation], value: Json
    ) -> tuple[list[RuleViolation], list[RuleViolation]]:
        """Return which violations stay and which are new, by the counts of each rule."""
        code = violations[0].rule.code
        left = Counter(self._counts)
        left[code] -= len(violations)
        caused: list[RuleViolation] = []
        for each in self._evaluate(value):
            left[each.rule.code] -= 1
            if left[each.rule.code] < 0 and each.rule.code == code:
                return [each], []
            if left[each.rule.code] < 0 and len(caused) < _MAX_CAUSED:
                caused.append(each)
        return [], caused

    def _applied(
        self, operations: Sequence[Operation], code: str, tries: Counter[str], limit: int
    ) -> Json:
        """Apply operations to the value of the document as one more of the tries of a rule."""
        if tries[code] == limit:
            message = "there are too many findings to try a fix for each"
            raise CannotEditError(message)
        value = applied(self.value, operations)
        tries[code] += 1
        return value

    def edits(
        self,
        violation: RuleViolation,
        operations: Sequence[Operation],
        edits: tuple[TextEdit, ...] = (),
    ) -> tuple[TextEdit, ...]:
        """Return the edits of the text for operations, which are `edits` if these are known.

        Raises:
            CannotEditError: the operations cannot be applied, the text cannot be edited or would
                be read differently, or it was read too often.
        """
        value = self._applied(operations, violation.rule.code, self._reads, self._max_reads)
        return verified_edits(self.editor, operations, value, edits)

    def failures(self, candidates: Sequence[Candidate]) -> list[str]:
        """Return for each candidate the reason why it is not offered, "" if it is.

        All candidates are of one rule. First their values are verified together, then the texts of
        those that pass; where that fails, they are divided until each part passes or is a single
        candidate.
        """
        reasons = [""] * len(candidates)
        for failure in (self._failure_of_value, self._failure_of_text):
            passing = [index for index, reason in enumerate(reasons) if not reason]
            waiting = [passing] if passing else []
            while waiting:
                part = waiting.pop()
                reason, failing = failure([candidates[index] for index in part])
                if reason and len(part) > 1:
                    others, near = divided(
                        part, lambda index: touched(*candidates[index].operations), failing
                    )
                    waiting += (near, others)
                elif reason:
                    reasons[part[0]] = reason
        return reasons

    def _failure_of_value(self, candidates: Sequence[Candidate]) -> tuple[str, list[Pointer]]:
        """Return the reason why candidates fail together, "" if they pass, and the places where."""
        violations = [each.violation for each in candidates]
        operations = [one for each in candidates for one in each.operations]
        try:
            _, remaining, caused = self.effect(violations, operations)
        except CannotEditError as error:
            return str(error), []
        unfixable = unfixable_in(caused)
        if unfixable:
            rule = unfixable[0].rule
            reason = f"it would cause {rule.code} ({rule.name})"
            return reason, [each.pointer for each in unfixable]
        return "the finding would remain" if remaining else "", [each.pointer for each in remaining]

    def _failure_of_text(self, candidates: Sequence[Candidate]) -> tuple[str, list[Pointer]]:
        """Return the reason why the text of candidates fails, "" if it reads as their value."""
        operations = [one for each in candidates for one in each.operations]
        edits: tuple[TextEdit, ...] = ()
        if len(candidates) == 1 or not operations:
            edits = tuple(sorted(edit for each in candidates for edit in each.edits))
        try:
            self.edits(candidates[0].violation, operations, edits)
        except CannotEditError as error:
            return str(error), []
        return "", []


def caused_by(
    operations: Sequence[Operation], before: Iterable[RuleViolation], after: Iterable[RuleViolation]
) -> list[RuleViolation]:
    """Return which violations after operations are new.

    Operations that rename or move a member cause none: what the rules find under its new key was
    wrong before.
    """
    if reveals(operations):
        return []
    moved = Relocation(operations).moved
    expected = {(each.rule.code, moved(each.pointer)) for each in before}
    return [each for each in after if (each.rule.code, each.pointer) not in expected]


def unfixable_in(
    caused: Iterable[RuleViolation], applicabilities: Collection[str] = SAFE_FIXES
) -> list[RuleViolation]:
    """Return those of new violations that no fix of some applicabilities removes."""
    return [
        each
        for each in caused
        if not any(it.applicability in applicabilities for it in each.proposed_fixes)
    ]


def reveals(operations: Iterable[Operation]) -> bool:
    """Whether operations let rules see a value that was under a key which no rule looks at."""
    return any(isinstance(operation, Rename | Move) for operation in operations)


def divided(
    fixes: list[_T], places: Callable[[_T], Iterable[Pointer]], failing: Collection[Pointer]
) -> tuple[list[_T], list[_T]]:
    """Divide fixes that fail together: those away from the `failing` places, and those near them.

    If most are near them, or none, each part has every other fix, since neighbors often conflict.
    """
    exact = set(failing)
    around = {place[:length] for place in failing for length in range(len(place))}

    def is_near(place: Pointer) -> bool:
        above = (place[:length] for length in range(1, len(place) + 1))
        return place in around or not exact.isdisjoint(above)

    near = [any(map(is_near, places(fix))) for fix in fixes]
    if 0 < sum(near) <= len(fixes) // 2:
        pairs = list(zip(fixes, near, strict=True))
        return [fix for fix, is_ in pairs if not is_], [fix for fix, is_ in pairs if is_]
    return fixes[::2], fixes[1::2]


class Relocation:
    """Where the values of a document are after operations."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._to: dict[Pointer, Pointer | None] = {}
        #: Sorted indices of the removed items, by their list.
        self._removed: dict[Pointer, list[int]] = {}
        for operation in operations:
            self._to |= moves_of(operation)
        for pointer, to in self._to.items():
            if to is None and isinstance(pointer[-1], int):
                self._removed.setdefault(pointer[:-1], []).append(pointer[-1])
        for indices in self._removed.values():
            indices.sort()

    def moved(self, pointer: Pointer) -> Pointer | None:
        """Return where the value at `pointer` is afterwards, None if it was removed."""
        if not self._to:
            return pointer
        place: Pointer = ()
        for depth, token in enumerate(pointer):
            above, here = pointer[:depth], pointer[: depth + 1]
            if here in self._to:
                target = self._to[here]
                if target is None:
                    return None
                place = target
            elif above in self._removed and isinstance(token, int):
                place = (*place, token - bisect_left(self._removed[above], token))
            else:
                place = (*place, token)
        return place


def verified_edits(
    editor: Editor, operations: Sequence[Operation], value: Json, edits: tuple[TextEdit, ...] = ()
) -> tuple[TextEdit, ...]:
    """Return the edits of the text for operations that make `value` of the document.

    `edits` are those of the operations if they are known.

    Raises:
        CannotEditError: the text cannot be edited, or would not read as `value`.
    """
    edits = edits or editor.edits(operations)
    if not is_same(value_after(editor.document, edits, operations), value):
        message = "the text would be read differently"
        raise CannotEditError(message)
    return edits


def value_after(
    document: Document, edits: Iterable[TextEdit], operations: Sequence[Operation] = ()
) -> Json:
    """Read the value of a document after the edits of operations.

    It is `UNUSABLE` if the text has other problems than before. Problems of a removed or replaced
    value may disappear, and its repeated key may remain.
    """
    start, stop = _part(document)
    # A comment after the end of a document belongs to it, but is not in the part that is read.
    inside = [
        edit._replace(span=Span(edit.span.start - start, edit.span.end - start))
        for edit in edits
        if edit.span.end <= stop
    ]
    text = Text(edited(document.text.content[start:stop], inside), first_row=2)
    # The quick reader of JSON does not limit nesting, which a fix may deepen.
    is_enough = (lambda *_: True) if document.format_ == YAML else None
    after, *others = read_text(text, document.format_, is_enough)
    replaced = {each.pointer for each in operations if isinstance(each, Put | Remove)}
    kept, found = _problem_names(document, replaced), _problem_names(after)
    if others or not kept <= found <= _problem_names(document):
        return UNUSABLE
    return without_floats(after.value) if after.is_plain else after.value


def _part(document: Document) -> tuple[int, int]:
    """Find the part of a YAML stream in which a document is written."""
    content = document.text.content
    if document.format_ != YAML:
        return 0, len(content)
    assert document.root is not None  # noqa: S101 - only a document that was read has fixes
    end = find_marker(content, document.root.span.end)
    return document.start, end.start() if end else len(content)


def _problem_names(document: Document, replaced: Collection[Pointer] = ()) -> Counter[str]:
    """Count the problems that are not those of some values, by name."""
    return Counter(
        problem.name
        for problem in document.problems
        if not any(
            problem.pointer[:length] in replaced for length in range(1, len(problem.pointer) + 1)
        )
    )
