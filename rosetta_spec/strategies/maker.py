"""Valid requests, those with one broken rule, and those with any number of mistakes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias

from hypothesis import assume, reject
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.document.values import ABSENT, Json, value_at
from rosetta_spec.engine.engine import Engine
from rosetta_spec.engine.validation import Validation
from rosetta_spec.kinds.conditions import SetWhen
from rosetta_spec.kinds.kind import (
    Breakage,
    KnownValue,
    Pattern,
    RelationKind,
    SchemaKind,
    values_matching,
)
from rosetta_spec.pointer import EVERY_ITEM, Pointer, parse_pattern
from rosetta_spec.regex import matches
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    Schema,
    inner_places,
    is_time,
    is_valid,
    key_names,
    places,
    request_schema,
    schema_at,
)
from rosetta_spec.spec.bundle import bundled_schema
from rosetta_spec.spec.ruleset import (
    Rule,
    Ruleset,
    RuleViolation,
    builtin_ruleset,
    is_ours,
    no_such_rule,
)
from rosetta_spec.strategies.values import (
    Suggestions,
    matching_texts,
    other_forms,
    scalars,
    steps_from,
)

#: A draft that needs more repairs is given up.
_MAX_REPAIRS = 30


#: What a request has to have: places, with a strategy of their own, or None for any value.
Having: TypeAlias = Mapping[Pattern, st.SearchStrategy[Json] | None]

_ANY: Having = {}


def _is_needed(place: Pattern, having: Having) -> bool:
    """Whether the request has to have a value there, or inside of it."""
    return any(needed[: len(place)] == place for needed in having)


def _schema_value(draw: st.DrawFn, make: Maker, place: Pattern, having: Having) -> Json:
    """Draw a value that the request schema accepts at a place; rules may find something in it."""
    own = having.get(place)
    if own is not None:
        return draw(own)
    schema = schema_at(place)
    if schema["type"] == "object":
        keys = [key for key in schema["properties"] if key != EDITOR_KEY]
        needed = {key for key in keys if _is_needed((*place, key), having)}
        needed |= set(schema.get("required", ()))
        chosen = [key for key in keys if key not in needed and draw(st.booleans())]
        keys = draw(st.permutations([*sorted(needed), *chosen]))
        return {key: _schema_value(draw, make, (*place, key), having) for key in keys}
    if schema["type"] == "array":
        item = _schema_values(make, (*place, EVERY_ITEM), having)
        return draw(st.lists(item, min_size=1, max_size=3))
    return draw(make.scalars(place))


_schema_values = st.composite(_schema_value)


@st.composite
def _valid_requests(draw: st.DrawFn, make: Maker, having: Having = _ANY) -> Json:
    """Requests without findings: values of the schema, repaired until no rule finds anything."""
    document = _schema_value(draw, make, (), having)
    for _ in range(_MAX_REPAIRS):
        violations = list(make.engine.violations_in(document))
        if not violations:
            return document
        repaired = _repaired(draw, make, document, violations[-1], having)
        document = draw(_schema_values(make, (), having)) if repaired is None else repaired
    return reject()


def _repaired(
    draw: st.DrawFn, make: Maker, document: Json, found: RuleViolation, having: Having
) -> Json:
    """Draw a document one step away without a violation, None if there is none.

    The step changes a value that the violation names, or if that never helps, it adds one.
    """
    kind = found.rule.kind
    if not isinstance(kind, RelationKind):
        return None

    def is_repair(step: Json) -> bool:
        value = value_at(step, found.at)
        is_repaired = value is ABSENT or not any(kind.check(value))
        is_usable = is_repaired and _is_kept(document, step, having)
        return is_usable and not any(Validation(step).errors())

    named = (found.violation.place, *found.violation.related)
    pointers = (found.pointer, *((*found.at, *place.pointer) for place in named))
    near = sorted({_pattern_of(pointer) for pointer in pointers if pointer})
    absent = [place for place in inner_places() if not any(values_matching(place, document))]
    for patterns in (near, absent):
        steps = list(steps_from(document, make.suggestions, patterns))
        # Looking at all steps would take several times as long.
        first = draw(st.integers(0, max(0, len(steps) - 1)))
        if (repaired := next(filter(is_repair, steps[first:] + steps[:first]), None)) is not None:
            return repaired
    return None


def _is_kept(document: Json, step: Json, having: Having) -> bool:
    """Whether a step keeps what a request has to have, and values of a strategy of their own."""
    for place, own in having.items():
        values = list(values_matching(place, step))
        if not values or (own is not None and values != list(values_matching(place, document))):
            return False
    return True


def _pattern_of(pointer: Pointer | Pattern) -> Pattern:
    return tuple(EVERY_ITEM if isinstance(token, int) else token for token in pointer)


@st.composite
def _broken_by_steps(
    draw: st.DrawFn,
    make: Maker,
    kind: RelationKind,
    patterns: Iterable[Pattern],
    having: Having = _ANY,
) -> Breakage:
    """Valid requests in which one step at one of `patterns` breaks the rule of `kind`.

    Only rules that may accompany it are also broken. Half of the requests have the values of
    `having`.
    """
    rule = next(each for each in make.rules if each.kind is kind)
    may_fire = {rule.code, *rule.accompanied_by}
    valid = draw(make.requests(having if draw(st.booleans()) else {}))
    broken = []
    for document in steps_from(valid, make.suggestions, patterns):
        violations = list(make.engine.violations_in(document))
        own = [each.pointer for each in violations if each.rule is rule]
        if own and may_fire.issuperset(each.rule.code for each in violations):
            broken.append((document, own[0]))
    assume(broken)
    document, pointer = draw(st.sampled_from(broken))
    return Breakage(valid, document, pointer)


@st.composite
def _valid_places(
    draw: st.DrawFn,
    make: Maker,
    at: Sequence[Pattern],
    having: Mapping[str, st.SearchStrategy[Json] | None] = {},
) -> tuple[Json, Pointer]:
    """Valid requests with a place that matches `at`, with some keys there."""
    place = draw(st.sampled_from(at))
    inside = {(*place, key): values for key, values in having.items()}
    document = draw(make.requests({place: None, **inside}))
    found = [
        pointer
        for pointer, value in values_matching(place, document)
        if all(key in value for key in having)
    ]
    assume(found)
    return document, draw(st.sampled_from(found))


@st.composite
def _valid_values(
    draw: st.DrawFn, make: Maker, fits: Callable[[KnownValue], object]
) -> tuple[Json, KnownValue]:
    """Valid requests, each with one of its values that fits."""
    # The place is drawn first, so that the request can be drawn with it.
    candidates = ((), *inner_places())
    fitting = [place for place in candidates if fits(KnownValue(place, None))]
    document, pointer = draw(make.places(fitting))
    known = KnownValue(pointer, value_at(document, pointer))
    assume(fits(known))
    return document, known


class Maker:
    """Draws requests that are valid for `rules`, and the values to break one rule in them."""

    st = st
    requests = _valid_requests
    places = _valid_places
    known_values = _valid_values
    steps = _broken_by_steps

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.engine = thorough_engine(self.rules)
        self.suggestions = Suggestions(self.rules)
        self._scalars: dict[Pattern, st.SearchStrategy[Json]] = {}

    @cached_property
    def bundle(self) -> Schema:
        """The JSON Schema with the rules."""
        return bundled_schema(self.rules)

    def values(self, place: Pointer | Pattern) -> st.SearchStrategy[Json]:
        """Valid values for a place."""
        return _schema_values(self, _pattern_of(place), _ANY)

    def scalars(self, place: Pattern) -> st.SearchStrategy[Json]:
        """Valid strings, numbers or booleans for a place, more often those that rules mention."""
        # A strategy takes longer to create than to draw from.
        if place not in self._scalars:
            schema = schema_at(place)
            strategy = scalars(schema)
            if not is_time(schema) and place in self.suggestions.limits:
                texts = map(matching_texts, self.suggestions.patterns_at(place))
                strategy = st.one_of(st.sampled_from(self.suggestions.at(place)), strategy, *texts)
            if "not" in schema:
                # Any text may be a placeholder.
                strategy = strategy.filter(lambda value: is_valid(value, schema))
            self._scalars[place] = strategy
        return self._scalars[place]

    def forms(self, place: Pointer, text: str, pattern: str) -> st.SearchStrategy[Json]:
        """Strings for a place that do not match a pattern; times are `text` in other forms."""
        is_of_time = is_time(schema_at(place))
        strings = other_forms(text) if is_of_time else self.values(place)
        return strings.filter(lambda form: not matches(pattern, form))

    def triggers(self, kind: SetWhen) -> st.SearchStrategy[Json]:
        """Values on account of which a rule asks for another value."""
        values = st.sampled_from(self.suggestions.at(kind.cause)) | self.values(kind.cause)
        return values.filter(kind.is_met)


_maker_of = lru_cache(maxsize=8)(Maker)


def maker_of(rules: Iterable[Rule] | None = None) -> Maker:
    """Return the maker of rules (by default the built-in ones)."""
    return _maker_of(tuple(builtin_ruleset().rules if rules is None else rules))


def requests(rules: Iterable[Rule] | None = None) -> st.SearchStrategy[Json]:
    """Requests in which `rules` (by default the built-in ones) find nothing, as data."""
    return maker_of(rules).requests()


def thorough_engine(rules: Iterable[Rule]) -> Engine:
    """Return an engine that checks every request with the rules, without an acceptor."""
    return Engine(rules, accepts=lambda _: False)


def broken_requests(
    code_or_name: str, rules: Iterable[Rule] | None = None
) -> st.SearchStrategy[Breakage]:
    """Requests that break only one of `rules` (by default the built-in ones), by code or name.

    Raises:
        ValueError: none of the rules has this code or name.
    """
    make = maker_of(rules)
    ruleset = Ruleset(tuple(make.rules))
    rule = ruleset.find(code_or_name)
    if rule is None:
        raise no_such_rule(ruleset, code_or_name)
    # A kind knows our rules, but not what else a team's rules ask for.
    may_fire = {rule.code, *rule.accompanied_by}
    others = [each for each in make.rules if not is_ours(each.code) and each.code not in may_fire]
    return _broken_requests(rule, make, thorough_engine(others))


@st.composite
def _broken_requests(draw: st.DrawFn, rule: Rule, make: Maker, others: Engine) -> Breakage:
    if not isinstance(rule.kind, SchemaKind | RelationKind):
        return _example_breakage(rule, make.rules)
    breakage = rule.kind.break_valid(draw, make)
    if others.codes and isinstance(breakage.broken, dict):
        assume(not any(others.violations_in(breakage.broken)))
    return breakage


def _example_breakage(rule: Rule, rules: Iterable[Rule]) -> Breakage:
    """Return the examples of a rule about text, which no data breaks."""
    bad = rule.bad.content if rule.bad.path is None else Path(rule.bad.path)
    # The examples of our rules may break those of a team.
    applied = [each for each in rules if is_ours(each.code) or not is_ours(rule.code)]
    found = check(bad, rules=applied).diagnostics
    pointers = (each.pointer for each in found if each.code == rule.code)
    return Breakage(rule.good.content, bad, parse_pattern(next(pointers)))


#: What people and programs write in the wrong place.
_STRAY: tuple[Json, ...] = (
    *(None, True, False, 0, 1, 2, 5, 6, 7, -1, Decimal("0.5"), Decimal("1.0"), Decimal("1e30")),
    *("", " ", "1", "1.5", "true", "null", "AND", " Custom ", "x", "pool ", "2025-03-13"),
    *("2025-03-14T10:00Z", "2025-02-30", [], {}, [1, "1", 1], [None]),
    *(example for place in places() for example in schema_at(place).get("examples", ())),
)

#: Keys of any object, a misspelled one, and one that a pointer escapes.
_STRAY_KEYS = (*key_names(), EDITOR_KEY, f"{request_schema()['required'][-1]}s", "é/~")


@st.composite
def messy_requests(draw: st.DrawFn, rules: Iterable[Rule] | None = None) -> Json:
    """Requests with up to four mistakes, which may affect each other."""
    document = copy.deepcopy(draw(requests(rules)))
    for _ in range(draw(st.integers(0, 4))):
        known = [
            (schema_at(place), pointer, value)
            for place in places()
            for pointer, value in values_matching(place, document)
        ]
        schema, pointer, value = draw(st.sampled_from(known))
        stray = copy.deepcopy(draw(st.sampled_from(_STRAY)))
        if isinstance(value, dict) and "properties" in schema:
            value[draw(st.sampled_from([*_STRAY_KEYS, *schema["properties"]]))] = stray
        elif draw(st.booleans()):
            value_at(document, pointer[:-1])[pointer[-1]] = stray
        else:
            del value_at(document, pointer[:-1])[pointer[-1]]
    return document
