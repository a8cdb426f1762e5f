"""What a kind is: one word of the rule language, with a face for everyone who asks about a rule.

A kind knows neither code nor severity nor line. It yields findings, places and facts, and the
engine makes diagnostics of them with the words of the rule.
"""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.pointer import EVERY_ITEM, ROOT, parse_pattern
from rosetta_spec.request.wording import place_called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any, ClassVar, Literal, TypeAlias

    from rosetta_spec.document.values import Json
    from rosetta_spec.kinds.repair import Repair
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.request.shape import Mistake
    from rosetta_spec.request.subject import Subject
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker
    from rosetta_spec.text import Span


class Place(NamedTuple):
    """A symbolic place: the value at `pointer`, its key, or where its object starts."""

    pointer: Pointer
    part: Literal["value", "key", "object"] = "value"


class Exact(NamedTuple):
    """A place that a reader has found in the text, with the label it gives it, if any."""

    pointer: Pointer
    span: Span
    label: str = ""


AnyPlace: TypeAlias = "Place | Exact"

#: A place as a rules file writes it, `*` for any item.
Pattern: TypeAlias = "tuple[str, ...]"


class Finding(NamedTuple):
    """Where a rule is broken, and the facts that its message tells.

    Every pointer is relative to the place that the kind was shown. `pointer` names the value that
    has to change, `place` where the eye should go. `case` picks the wording when a rule has more
    than one; `facts` fill it, besides those that the engine knows (`ENGINE_FACTS`). `cures` are
    values there or elsewhere, any of which would make the finding go.
    """

    pointer: Pointer
    place: AnyPlace
    case: str = ""
    facts: Mapping[str, str] = {}
    related: tuple[AnyPlace, ...] = ()
    cures: Mapping[Pointer, Sequence[Json]] = {}


class Breach(NamedTuple):
    """One way to break a rule, known before there is a document.

    `when` is a JSON Schema of a value at the rule's place while the rule is broken, `finding` what
    is then found there, as far as the schema tells it.
    """

    when: Schema
    finding: Finding


#: Facts that any rule's wording may use: the place, its last key, the object it stands in, what
#: is written there, the same with its type, a valid value for it, and ` such as` with that value.
ENGINE_FACTS = frozenset({"path", "key", "where", "value", "called", "example", "such_as"})


class Kind:
    """The faces of a rule; subclasses are registered under a name by `@kind`."""

    #: Set by `@kind`.
    name: ClassVar[str]
    #: Names of the wordings that a rule of this kind has to give.
    cases: ClassVar[tuple[str, ...]] = ("",)
    #: Facts that the kind adds to `ENGINE_FACTS`.
    facts: ClassVar[frozenset[str]] = frozenset()

    def places(self, subject: Subject) -> Iterator[tuple[Pointer, Any]]:
        """Yield what `check` is to be shown, each with its pointer."""
        raise NotImplementedError

    def check(self, shown: Any) -> Iterator[Finding]:  # noqa: ANN401 - each kind narrows it
        """Yield where the rule is broken in what is shown."""
        raise NotImplementedError

    def repairs(self, at: Pointer, shown: Any, finding: Finding) -> Iterator[Repair]:  # noqa: ANN401, ARG002
        """Propose what could be done about a finding at `at`; every pointer counts from the root.

        The engine shows none that does not make the finding go, or that brings another one.
        """
        return iter(())

    def schemas(self) -> dict[tuple[str, ...], Schema] | None:
        """Say the rule in JSON Schema, by the place where it is to be added.

        None: it cannot be said. Empty: the request schema says it already.
        """
        raise NotImplementedError

    def describe(self) -> str:
        """Say in one plain sentence what the rule wants."""
        raise NotImplementedError

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        """Draw a valid request and break just this rule in it."""
        raise NotImplementedError


class ShapeKind(Kind):
    """A kind that speaks of one mistake of shape, which the judge of shape has named after it."""

    def places(self, subject: Subject) -> Iterator[tuple[Pointer, Mistake]]:
        for mistake in subject.mistakes:
            if mistake.name == self.name:
                yield mistake.pointer, mistake

    def schemas(self) -> dict[tuple[str, ...], Schema]:
        """Add nothing: these rules are the request schema's own keywords."""
        return {}


class RelationKind(Kind):
    """A kind that looks at values of one JSON type at declared places.

    `at` are patterns such as `/subCondition` or `/interceptionBoundary/*`; "" is the request.
    """

    #: The Python type of the values it is shown; `check` needs no guard.
    target: ClassVar[type] = dict
    #: Whether it looks at what was written, not at what the other rules understand of it.
    looks_at_written: ClassVar[bool] = False

    def __init__(self, *, at: Iterable[str] = ("",)) -> None:
        self.at = tuple(parse_pattern(pattern) for pattern in at)

    def places(self, subject: Subject) -> Iterator[tuple[Pointer, Any]]:
        for pattern in self.at:
            for pointer, value in values_matching(pattern, subject.meant):
                if isinstance(value, self.target):
                    yield pointer, value

    def schemas(self) -> dict[tuple[str, ...], Schema] | None:
        schema = self.schema()
        return None if schema is None else dict.fromkeys(self.at, schema)

    def schema(self) -> Schema | None:
        """Say the rule as JSON Schema of a value at its place, or None."""
        raise NotImplementedError

    def breaches(self) -> Iterator[Breach]:
        """Yield the ways to break the rule at its place; together they say what `schema` says."""
        schema = self.schema()
        if schema is not None:
            yield Breach({"not": schema}, Finding((), Place(())))

    def accepts(self, value: str) -> str:
        """Say the rule as a Python expression that is true only if it surely holds.

        `value` is the name of a value at its place, of the type `target`; what is inside may be
        anything. A number that is neither `int` nor `float` is no reason to be sure, nor is
        `UNUSABLE`. The expression may call what `rosetta_spec.fast.predicates` defines.
        """
        raise NotImplementedError

    def describe(self) -> str:
        sentence = self.sentence()
        if self.at == (ROOT,):
            return sentence
        return f"{sentence.removesuffix('.')} ({', '.join(map(pattern_called, self.at))})."

    def sentence(self) -> str:
        """Say what the rule wants of a value at its place."""
        raise NotImplementedError


def values_matching(pattern: tuple[str, ...], value: Json) -> Iterator[tuple[Pointer, Json]]:
    """Yield, in document order, the values inside `value` that a pattern meets."""
    if not pattern:
        yield ROOT, value
        return
    head, rest = pattern[0], pattern[1:]
    if isinstance(value, dict) and head in value:
        inside: Iterable[tuple[str | int, Json]] = [(head, value[head])]
    elif isinstance(value, list) and head == EVERY_ITEM:
        inside = enumerate(value)
    else:
        return
    for token, item in inside:
        for pointer, found in values_matching(rest, item):
            yield (token, *pointer), found


def value_at(value: Json, pointer: Pointer) -> Json:
    """Return the value at a pointer that is known to be there."""
    for token in pointer:
        value = value[token]
    return value


def pattern_called(pattern: tuple[str, ...]) -> str:
    """Write a pattern as people do: `each item of interceptionBoundary`."""
    if pattern[-1:] == (EVERY_ITEM,):
        return f"each item of {place_called(pattern[:-1])}"
    return place_called(pattern)
