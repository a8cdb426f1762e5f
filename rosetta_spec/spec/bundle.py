"""The request schema with every rule in it that JSON Schema can say, for editors and validators."""

from __future__ import annotations

from rosetta_spec.diagnostic import Severity
from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.request.schema import request_schema, schema_at
from rosetta_spec.spec.editor_hints import companions, request_snippet
from rosetta_spec.spec.editor_shape import EditorShape
from rosetta_spec.spec.foretold import foretold
from rosetta_spec.spec.refusal import clause_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.request.schema import Schema
    from rosetta_spec.spec.rule import Rule


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
