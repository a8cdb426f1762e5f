"""What editors show while a request is written: descriptions, snippets, predicted messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rosetta_spec.document.values import Json, json_text
from rosetta_spec.kinds.kind import Pattern, RelationKind, SchemaCase
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import Schema, schema_at
from rosetta_spec.request.wording import all_of, example_at, place_called, such_as, value_called
from rosetta_spec.spec.ruleset import Rule, fill


def notes(schema: Schema) -> Schema:
    """Return title and description of a place, the latter also as Markdown."""
    texts: Schema = {key: schema[key] for key in ("title", "description") if key in schema}
    if "description" in schema:
        texts["markdownDescription"] = schema["description"]
    return texts


def choices(schema: Schema) -> Schema:
    """Return the listed values with their descriptions, nothing if none are listed."""
    branches = schema.get("anyOf", ())
    if not branches:
        return {}
    return {
        "enum": [branch["const"] for branch in branches],
        "markdownEnumDescriptions": [_meaning(branch) for branch in branches],
    }


def _meaning(branch: Schema) -> str:
    if branch["title"] == branch["const"]:
        return str(branch["description"])
    return f"{branch['title']}. {branch['description']}"


def snippets(schema: Schema) -> Schema:
    """Return what editors offer as the value of a key: the listed values by name, or examples."""
    branches = schema.get("anyOf", ())
    if not branches:
        return {"examples": schema["examples"]} if "examples" in schema else {}
    return {
        "defaultSnippets": [
            {
                "label": _label(branch),
                "markdownDescription": branch["description"],
                "body": branch["const"],
            }
            for branch in branches
        ]
    }


def _label(branch: Schema) -> str:
    return value_called(branch["const"], {"enum": [branch["const"]], "anyOf": [branch]}).strip('"')


def request_snippet(schema: Schema) -> Schema:
    """Return a snippet of a request with the required keys."""
    body = {
        key: f"${{{number}:{schema['properties'][key]['examples'][0]}}}"
        for number, key in enumerate(schema["required"], start=1)
    }
    return {
        "label": "sampling request",
        "markdownDescription": "What every request must have.",
        "body": body,
    }


def companions(rules: Iterable[Rule]) -> Iterator[tuple[Pattern, Schema]]:
    """Yield snippets of keys that need each other, with the object where they are offered."""
    bodies: dict[tuple[Pattern, str, str], Schema] = {}
    for _, at, case in schema_cases(rules):
        present, missing = case.violation.place.pointer, case.violation.pointer
        if len(present) == len(missing) == 1 and present != missing:
            key, needed = str(present[0]), str(missing[0])
            value = case.when.get("properties", {}).get(key, {}).get("const", _example(at, key))
            body = bodies.setdefault((at, key, json_text(value)), {key: value})
            body[needed] = _example(at, needed)
    for (at, key, _), body in bodies.items():
        # Of two keys that need each other, one snippet is enough.
        if not any(other in body and other < key for (_, other, _) in bodies):
            yield at, _companion_snippet(at, key, body)


def schema_cases(rules: Iterable[Rule]) -> Iterator[tuple[Rule, Pattern, SchemaCase]]:
    """Yield each way to break a rule that JSON Schema can express, with the place of the rule."""
    for rule in rules:
        if isinstance(rule.kind, RelationKind):
            for at in rule.kind.patterns:
                for case in rule.kind.schema_cases():
                    yield rule, at, case


def _companion_snippet(at: Pattern, key: str, body: Schema) -> Schema:
    schema = schema_at((*at, key)) or {}
    named = f"{key} {value_called(body[key], schema)}" if "enum" in schema else key
    others = [each for each in body if each != key]
    return {
        "label": f"{named} with {all_of(others)}",
        "markdownDescription": f"`{key}` and what it needs.",
        "body": body,
    }


def _example(at: Pattern, key: str) -> Json:
    return next(iter((schema_at((*at, key)) or {}).get("examples", ())), None)


def predicted_message(rule: Rule, place: Pattern, case: str, facts: Mapping[str, str]) -> str:
    """Return code, name and message of the diagnostic that a violation at a place would be.

    Where the template needs facts about a document, the description of the rule replaces it.
    """
    known = {**_facts_of(place), **facts}
    cause = _filled(rule.message.get(case, ""), known) or _description(rule)
    remedy = _filled(rule.help.get(case, ""), known)
    return f"{rule.code} {rule.name}: {'; '.join(filter(None, (cause, remedy)))}"


def _facts_of(place: Pattern) -> dict[str, str]:
    """Return the facts that are the same for every document; the index of an item is not."""
    facts = {"example": example_at(place), "such_as": such_as(place)}
    if place[-1:] != (EVERY_ITEM,):
        facts["key"] = place_called(place[-1:])
    if EVERY_ITEM not in place:
        facts["path"] = place_called(place)
    if EVERY_ITEM not in place[:-1]:
        facts["where"] = place_called(place[:-1])
    return {name: fact for name, fact in facts.items() if fact or name == "such_as"}


def _filled(template: str, facts: Mapping[str, str]) -> str:
    try:
        return fill(template, facts)
    except KeyError:
        return ""


def _description(rule: Rule) -> str:
    """Return the description of the rule as part of another sentence."""
    kind = rule.kind
    sentence = kind.sentence() if isinstance(kind, RelationKind) else kind.describe()
    sentence = sentence.removesuffix(".")
    return sentence[:1].lower() + sentence[1:]
