"""The request schema with every rule that JSON Schema can express, for editors and validators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.numbers import JSON_NUMBER
from rosetta_spec.kinds.kind import Breach, RelationKind
from rosetta_spec.kinds.shape.bounds import bounds_called
from rosetta_spec.kinds.shape.unreadable_time import is_time
from rosetta_spec.kinds.shape.wrong_type import wanted_type
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    WHITE_SPACE,
    Schema,
    home_of,
    places,
    request_schema,
    schema_at,
)
from rosetta_spec.request.wording import choices_called
from rosetta_spec.spec.editor_hints import (
    choices,
    companions,
    foretold,
    notes,
    request_snippet,
    snippets,
)
from rosetta_spec.spec.rule import Rule

Place: TypeAlias = tuple[str, ...]


def bundled_schema(rules: Iterable[Rule]) -> Schema:
    """Return the request schema with the rules added at their places.

    It rejects exactly the requests in which a rule of severity error is broken, as far as JSON
    Schema can say it; what it cannot is listed in its `$comment`. Of the other rules that it can
    say, editors warn. Each says itself by an `errorMessage` (or `deprecationMessage`) of its own.
    """
    rules = list(rules)
    by_kind = {rule.check.kind_name: rule for rule in reversed(rules)}
    schema = {
        "$schema": request_schema()["$schema"],
        "$comment": _what_is_unsaid(rules),
        **EditorShape(by_kind).schema(request_schema()),
        "defaultSnippets": [request_snippet(request_schema())],
    }
    for at, snippet in companions(rules):
        place_in(schema, at).setdefault("defaultSnippets", []).append(snippet)
    for rule in rules:
        if isinstance(rule.kind, RelationKind):
            _add(rule, rule.kind, schema)
    return schema


def _add(rule: Rule, kind: RelationKind, schema: Schema) -> None:
    is_error = rule.severity is Severity.ERROR
    for at in kind.at:
        for breach in kind.breaches():
            finding = breach.finding
            place = (*at, *map(str, finding.pointer))
            words = foretold(rule, place, finding.case, finding.facts)
            usable = breach._replace(when={"allOf": [_usable(at), breach.when]})
            there, clause = clause_of(usable, at, words, is_error=is_error)
            place_in(schema, there).setdefault("allOf", []).append(clause)


def _usable(at: tuple[str, ...]) -> Schema:
    """Ask for a value that other rules look at; what is wrong in itself is told alone."""
    schema = place_in(request_schema(), at)
    return {keyword: schema[keyword] for keyword in ("type", "pattern") if keyword in schema}


def place_in(schema: Schema, at: tuple[str, ...]) -> Schema:
    """Return what a schema of requests says of a place of a rule."""
    found = schema_at(at, schema)
    assert found is not None  # noqa: S101 - a loaded rule's places are known
    return found


def _what_is_unsaid(rules: Iterable[Rule]) -> str:
    names = [f"{rule.code} ({rule.name})" for rule in rules if rule.kind.schemas() is None]
    return f"Beyond JSON Schema, and checked by rosetta-spec only: {', '.join(names)}."


_NUMBER = f"^{JSON_NUMBER.replace('++', '+').replace('*+', '*')}$"
_BOOLEAN = "^(?:true|false)$"
_BLANK = {"type": "string", "pattern": f"^[{WHITE_SPACE}]*$"}
_BOUNDS = (
    (("minimum", "exclusiveMinimum", "maximum"), "bounds", "below"),
    (("minItems",), "empty", "list"),
)
_TYPES = ("string", "number", "boolean", "array", "object", "null")


class EditorShape:
    """Makes the schema; `rules` are by the names of their kinds, and where one lacks, words do."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules

    def schema(self, schema: Schema, place: Place = (), *, is_required: bool = False) -> Schema:
        """Write what the request schema says of a place, and of all below it."""
        if schema["type"] == "object":
            return self._object(schema, place)
        if schema["type"] == "array":
            return self._array(schema, place)
        clauses = [self._typed(schema, place, is_required=is_required)]
        clauses += self._bounded(schema, place)
        return {**notes(schema), **snippets(schema), "allOf": clauses}

    def _object(self, schema: Schema, place: Place) -> Schema:
        required = schema.get("required", ())
        return {
            **notes(schema),
            "type": "object",
            **(self._type_words(schema, place) if place else {}),
            "properties": {
                key: self.schema(member, (*place, key), is_required=key in required)
                for key, member in schema["properties"].items()
            },
            "allOf": [*self._closed(schema, place), *self._complete(schema, place)],
        }

    def _array(self, schema: Schema, place: Place) -> Schema:
        return {
            **notes(schema),
            **snippets(schema),
            "type": "array",
            **self._type_words(schema, place),
            "items": self.schema(schema["items"], (*place, EVERY_ITEM)),
            "allOf": list(self._bounded(schema, place)),
        }

    def _closed(self, schema: Schema, place: Place) -> Iterator[Schema]:
        """Refuse keys that are not known, and with other words those that belong elsewhere."""
        is_fixed = EVERY_ITEM not in place
        homeless = {at[-1] for at in places() if at and home_of(at[-1]) == at[:-1]}
        misplaced = sorted(homeless - schema["properties"].keys()) if is_fixed else []
        known = dict.fromkeys([*schema["properties"], *misplaced], True)
        yield {
            "properties": known,
            "additionalProperties": False,
            **self._words("unknown", (*place, EVERY_ITEM), "other"),
        }
        if misplaced:
            yield {
                "properties": dict.fromkeys(misplaced, False),
                **self._words("misplaced", place),
            }

    def _complete(self, schema: Schema, place: Place) -> Iterator[Schema]:
        for key in schema.get("required", ()):
            yield {"required": [key], **self._words("required", (*place, key), "missing")}

    def _typed(self, schema: Schema, place: Place, *, is_required: bool) -> Schema:
        """Refuse other types: what is most telling of a value is asked first."""
        wanted = schema["type"]
        last = {"type": wanted, **self._type_words(schema, place)}
        cases = list(self._cases(schema, place))
        if is_required:
            words = self._words("required", place, "null")
            cases.insert(0, ({"type": "null"}, {"type": wanted, **words}))
        if listed := choices(schema):
            cases.append(({"type": _others(wanted)}, last))
            last = {**listed, **self._choice_words(schema, place)}
        for looks, refusal in reversed(cases):
            last = refused_when(looks, refusal, last)
        return last

    def _cases(self, schema: Schema, place: Place) -> Iterator[tuple[Schema, Schema]]:
        """Yield what a value of another type may look like, with how it is refused."""
        wanted = schema["type"]
        if wanted == "string":
            if place != (EDITOR_KEY,):
                case = "certain" if is_time(schema) or "enum" in schema else "any"
                words = self._words("unquoted", place, case)
                yield {"type": ["number", "boolean"]}, {"type": wanted, **words}
            return
        spelt = {"type": "string", "pattern": _BOOLEAN if wanted == "boolean" else _NUMBER}
        yield spelt, {"type": wanted, **self._words("quoted", place)}
        if wanted == "integer" and "enum" not in schema:
            words = self._words("fraction", place)
            yield {"type": "number", "not": {"type": "integer"}}, {"type": wanted, **words}

    def _bounded(self, schema: Schema, place: Place) -> Iterator[Schema]:
        """Refuse what is out of range, and what is empty.

        No editor has words for a bound. A value beyond one is refused by examples of right ones,
        and editors offer these in its stead.
        """
        facts = {"bounds": bounds_called(schema)}
        for names, kind, case in _BOUNDS:
            bounds = {name: schema[name] for name in names if name in schema}
            if bounds:
                examples = {"enum": schema["examples"], **self._words(kind, place, case, facts)}
                yield refused_when({"not": bounds}, examples)
        if "pattern" in schema:
            yield self._written(schema, place)

    def _written(self, schema: Schema, place: Place) -> Schema:
        """Refuse blank strings, and what is no time where one is wanted."""
        pattern = {"pattern": schema["pattern"]}
        case = "item" if place[-1] == EVERY_ITEM else "string"
        if_blank = {**pattern, **self._words("empty", place, case)}
        if not is_time(schema):
            return if_blank
        words = self._words("unreadable-time", place, "other")
        return refused_when(_BLANK, if_blank, {**pattern, **words})

    def _choice_words(self, schema: Schema, place: Place) -> Schema:
        if "enum" not in schema:
            return {}  # true and false are all that there is
        return self._words("unlisted", place, "other", {"choices": choices_called(schema)})

    def _type_words(self, schema: Schema, place: Place) -> Schema:
        return self._words("type", place, "other", {"wanted": wanted_type(schema)})

    def _words(
        self, kind: str, place: Place, case: str = "", facts: Mapping[str, str] | None = None
    ) -> Schema:
        rule = self._rules.get(kind)
        return {} if rule is None else {"errorMessage": foretold(rule, place, case, facts or {})}


def _others(wanted: str) -> list[str]:
    """Return the types that no listed value is meant by; a string may be meant for a number."""
    near = {"integer": ("number", "string")}.get(wanted, (wanted,))
    return [name for name in _TYPES if name not in near]


def refused_when(when: Schema, refusal: Schema, otherwise: Schema | None = None) -> Schema:
    """Put a refusal to what looks like `when`, and `otherwise` to the rest."""
    then = {} if otherwise is None else {"then": otherwise}
    return {"if": {"not": when}, **then, "else": refusal}


def clause_of(
    breach: Breach, at: tuple[str, ...], words: str, *, is_error: bool
) -> tuple[tuple[str, ...], Schema]:
    """Say a breach of a rule as a clause of the schema at a place: the place, and the clause.

    What is no error fits the schema, and editors only warn of it: it is "deprecated".
    """
    pointer = tuple(map(str, breach.finding.place.pointer))
    when = breach.when
    if not pointer and at and at[-1] != EVERY_ITEM:
        *above, key = at
        at, pointer = tuple(above), (key,)
        when = {"properties": {key: when}, "required": [key]}
    if not pointer:
        # No type fits, so that an object is refused with words; `null` is never wanted.
        refusal = {"type": "null", "errorMessage": words} if is_error else _warning(words)
        return at, refused_when(when, refusal)
    *above, key = pointer
    mark = {"properties": {key: False}, "errorMessage": words}
    if not is_error:
        mark = {"properties": {key: _warning(words)}}
    return at, refused_when(when, _below(tuple(above), mark))


def _warning(words: str) -> Schema:
    return {"deprecationMessage": words}


def _below(pointer: tuple[str, ...], schema: Schema) -> Schema:
    for key in reversed(pointer):
        schema = {"properties": {key: schema}}
    return schema
