"""The base classes of kinds, the check types of the rule language, and what they exchange.

A kind knows neither code nor severity nor line. It yields violations with pointers and facts; the
engine turns them into diagnostics in the words of the rule.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.document.operations import Operation, Put, applied
from rosetta_spec.document.tree import Earlier
from rosetta_spec.document.values import Json, identity
from rosetta_spec.pointer import EVERY_ITEM, ROOT, Pointer, parse_pattern
from rosetta_spec.request.schema import Schema, schema_at
from rosetta_spec.request.wording import place_called
from rosetta_spec.text import Span


class SchemaError(NamedTuple):
    """One value or key that the request schema rejects.

    `kind_name` is the kind that reports it. `value` is what is written there, `ABSENT` for a
    missing key; for a quoted number or boolean that breaks another keyword too, it is the unquoted
    value. `schema` is that of the place, for an unknown key that of its object; `siblings` are the
    known keys of the object and their values. `normalized` is the value that other rules check.
    """

    kind_name: str
    pointer: Pointer
    value: Json
    schema: Schema
    normalized: Json
    siblings: Mapping[str, Json] = {}


class SuppressionProblem(NamedTuple):
    """What is wrong with the suppression at `span`.

    `kind_name` is the kind that reports it, with the wording `case`, which `facts` fill. `edits`
    of the text remove the problem, if it is known how. With `is_suppressed`,
    another suppression suppresses the finding.
    """

    kind_name: str
    case: str
    span: Span
    facts: Mapping[str, str]
    edits: tuple[tuple[Span, str], ...] = ()
    is_suppressed: bool = False


class Place(NamedTuple):
    """A symbolic place: the value at `pointer`, its key, or the start of its object.

    One that a reader found has its `span` in the text, and perhaps a label of its own.
    """

    pointer: Pointer
    part: Literal["value", "key", "object"] = "value"
    span: Span | None = None
    label: str = ""


#: A place as a rules file writes it, `*` for any item.
Pattern: TypeAlias = "tuple[str, ...]"


class Violation(NamedTuple):
    """Where a rule is broken, and the facts for its message.

    Every pointer is relative to the value that the kind checked. `pointer` names the value that
    has to change, `place` is what the diagnostic underlines. `case` selects the wording of rules
    that have several; `facts` fill it, together with `ENGINE_FACTS`. `earlier` is a document that
    explains it.
    """

    pointer: Pointer = ()
    place: Place = Place(())
    case: str = ""
    facts: Mapping[str, str] = {}
    related: tuple[Place, ...] = ()
    earlier: Earlier | None = None


def violation_at(key: str | int, *others: str | int, case: str = "", **facts: str) -> Violation:
    """Make a violation at a member or item `key`, with the members or items `others` as related."""
    related = tuple(Place((each,)) for each in others)
    return Violation((key,), Place((key,)), case, facts, related)


class SchemaCase(NamedTuple):
    """One way to break a rule, as JSON Schema.

    Values at the rule's place that break it so are valid against `when`; `violation` is what the
    kind then yields, as far as it is known without a document.
    """

    when: Schema
    violation: Violation


class ProposedFix(NamedTuple):
    """Operations that may fix a violation; the engine verifies them before it offers them.

    Without a title, that of the rule is used, or for a choice a description of the
    operations. Without an applicability, the rule's own counts.
    """

    operations: tuple[Operation, ...]
    title: str = ""
    applicability: Applicability | None = None


def additions(pointer: Pointer) -> Iterator[ProposedFix]:
    """Propose to add what is missing at a place: each listed value, or the first example."""
    schema = schema_at(pointer)
    values: list[Json] = schema.get("enum") or schema.get("examples", [])[:1]
    for value in values:
        yield ProposedFix((Put(pointer, value),))


class Breakage(NamedTuple):
    """A valid request, and the same broken by one rule.

    Both are data; for a rule about text, the bytes of a file, or its path. `pointer` is where the
    rule has to report it.
    """

    valid: Json
    broken: Json
    pointer: Pointer


class KnownValue(NamedTuple):
    """A value of a request, and what the request schema says of its place."""

    pointer: Pointer
    value: Json

    @property
    def schema(self) -> Schema:
        """The schema of its place."""
        return schema_at(self.pointer)

    @property
    def is_required(self) -> bool:
        """Whether its object requires it."""
        required = schema_at(self.pointer[:-1]).get("required", ())
        return bool(self.pointer) and self.pointer[-1] in required


#: Draws a value from a strategy of Hypothesis, which kinds do not load.
Draw: TypeAlias = Callable[[Any], Any]

#: What `break_valid` draws from: `rosetta_spec.strategies.maker.Maker`, for the same reason.
Maker: TypeAlias = Any


def broken(valid: Json, pointer: Pointer, *operations: Operation) -> Breakage:
    """Break a rule by operations on a valid request; it has to report the value at `pointer`."""
    return Breakage(valid, applied(valid, operations), pointer)


#: Facts for the wording of any rule: the place, its last key, the object that holds it, what is
#: written there, the same with its type, a valid value, and ` such as` with that value.
ENGINE_FACTS = frozenset({"path", "key", "where", "value", "called", "example", "such_as"})


class Kind:
    """A check type of the rule language, made with the options of one rule as its attributes."""

    #: What rules files call the kind.
    name: ClassVar[str]
    #: Names of the wordings that a rule of this kind has to give.
    cases: ClassVar[tuple[str, ...]] = ("",)
    #: Facts that the kind adds to `ENGINE_FACTS`.
    facts: ClassVar[frozenset[str]] = frozenset()
    #: Whether it reports nothing in an object with a wrong key, which another rule reports.
    needs_right_keys: ClassVar[bool] = False
    #: What the rule wants, in one plain sentence.
    wants: str

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - `ruleset.schema.json` checks them
        vars(self).update(options)

    def check(self, value: Any) -> Iterator[Violation]:  # noqa: ANN401 - each kind narrows it
        """Yield the places where a value breaks the rule."""
        raise NotImplementedError

    def fixes(self, at: Pointer, value: Any, violation: Violation) -> Iterator[ProposedFix]:  # noqa: ANN401
        """Propose fixes for a violation in the value at `at`; their pointers start at the root.

        Fixes that do not remove the violation, or cause another one, are not offered.
        """
        return iter(())

    def schema_cases(self) -> Iterator[SchemaCase]:
        """Yield the ways to break the rule at its place, none if JSON Schema cannot express it."""
        return iter(())

    def is_expressible(self) -> bool:
        """Whether JSON Schema can express the rule."""
        return any(True for _ in self.schema_cases())

    def sentence(self) -> str:
        """Say what the rule wants, of a value at its place if it has one."""
        return self.wants

    def describe(self) -> str:
        """Say in one plain sentence what the rule wants, and at which places."""
        return f"{self.sentence().removesuffix('.')}."


class SchemaKind(Kind):
    """A kind that reports errors of schema validation, those that have its name."""

    def check(self, error: SchemaError) -> Iterator[Violation]:
        """Yield the violation of an error; a kind with facts has its own."""
        yield Violation()

    def is_expressible(self) -> bool:
        # These rules are keywords of the request schema.
        return True

    def wrong_values(self, known: KnownValue) -> Sequence[Json]:
        """Return values that break the rule, in place of a valid one; none if no value does.

        The valid value is None as long as only its place is known.
        """
        raise NotImplementedError

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        """Draw a valid request and break only this rule in it."""
        valid, known = draw(make.known_values(self.wrong_values))
        value = draw(make.st.sampled_from(self.wrong_values(known)))
        return broken(valid, known.pointer, Put(known.pointer, value))


class RelationKind(Kind):
    """A kind that checks values of one type at declared places.

    `at` are patterns such as `/ranges/*`; "" is the request.
    """

    #: The Python type of the values that `check` is called with.
    target: ClassVar[type] = dict
    #: Whether it checks raw values; other kinds check normalized ones.
    is_raw: ClassVar[bool] = False

    at: Sequence[str] = ("",)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The places that it checks."""
        return tuple(map(parse_pattern, self.at))

    def accepts(self, value: str) -> str:
        """Return a Python expression that is true only if the rule is not broken.

        `value` is the name of a value at its place, of the type `target`; what is inside may be
        anything, `UNUSABLE` or a `Decimal` too, of which the expression must not be true. It may
        call the functions of `rosetta_spec.fast.predicates`.
        """
        raise NotImplementedError

    def describe(self) -> str:
        if self.patterns == (ROOT,):
            return self.sentence()
        places = ", ".join(map(pattern_called, self.patterns))
        return f"{self.sentence().removesuffix('.')} ({places})."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        """Draw a valid request and break only this rule in it."""
        raise NotImplementedError


def is_among(value: Json, values: Iterable[Json]) -> bool:
    """Whether a value equals one of some JSON values; 1 equals 1.0 and not true."""
    return identity(value) in map(identity, values)


def values_matching(
    pattern: Pattern, value: Json, at: Pointer = ROOT
) -> Iterator[tuple[Pointer, Json]]:
    """Yield, in document order, the values inside the one at `at` that match a pattern."""
    for depth, token in enumerate(pattern, start=1):
        if token == EVERY_ITEM and isinstance(value, list):
            for index, item in enumerate(value):
                yield from values_matching(pattern[depth:], item, (*at, index))
            return
        if not isinstance(value, dict) or token not in value:
            return
        value, at = value[token], (*at, token)
    yield at, value


def pattern_called(pattern: Pattern) -> str:
    """Write a pattern for people: `each item of ranges`."""
    if pattern[-1:] == (EVERY_ITEM,):
        return f"each item of {place_called(pattern[:-1])}"
    return place_called(pattern)
