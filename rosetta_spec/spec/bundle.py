"""The request schema with every rule that JSON Schema can express, for editors and validators."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.values import JSON_NUMBER, Json, json_text
from rosetta_spec.kinds.kind import Pattern, Place, RelationKind, SchemaCase
from rosetta_spec.kinds.schema import bounds_called, wanted_type
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    WHITE_SPACE,
    Schema,
    homes,
    is_time,
    request_schema,
    schema_at,
)
from rosetta_spec.request.wording import (
    all_of,
    choices_called,
    example_at,
    place_called,
    such_as,
    value_called,
)
from rosetta_spec.spec.ruleset import Rule, fill

#: Keywords of the request schema about a value as such.
_OF_VALUES = frozenset(
    ("type", "pattern", "not", "enum", "minimum", "exclusiveMinimum", "maximum", "minItems")
)


def bundled_schema(rules: Iterable[Rule]) -> Schema:
    """Return the request schema with the rules added at their places.

    It rejects exactly the requests that break a rule of severity error, as far as JSON Schema can
    express it; the `$comment` lists the rules that it cannot. Editors show a warning for rules of
    other severities. Every rule has its own `errorMessage` or `deprecationMessage`.
    """
    rules = list(rules)
    by_kind = {rule.kind.name: rule for rule in rules}
    is_null_rejected = all(_is_error(by_kind.get(kind)) for kind in ("type", "required"))
    beyond = [f"{rule.code} ({rule.name})" for rule in rules if not rule.kind.is_expressible()]
    schema = {
        "$schema": request_schema()["$schema"],
        "$comment": "JSON Schema cannot express these rules, so only rosetta-spec checks them: "
        f"{', '.join(beyond)}.",
        **_EditorSchema(by_kind).schema(request_schema()),
        "defaultSnippets": [_request_snippet()],
    }
    for at, snippet in _companions(rules):
        schema_at(at, schema).setdefault("defaultSnippets", []).append(snippet)
    for rule, at, case in _schema_cases(rules):
        place = (*at, *map(str, case.violation.pointer))
        message = _predicted_message(rule, place, case.violation.case, case.violation.facts)
        is_raw = isinstance(rule.kind, RelationKind) and rule.kind.is_raw
        when = case.when if is_raw else _untrimmed(case.when)
        if not is_null_rejected:
            when = _with_null_as_absent(when)
        # Values that are wrong by themselves are reported by their own rules.
        own = {key: value for key, value in schema_at(at).items() if key in _OF_VALUES}
        if case.violation.pointer == () and case.violation.place == Place((), "key"):
            # A forbidden key is reported whatever its value is.
            own = {"not": _NULL}
        if rule.kind.needs_right_keys:
            own["propertyNames"] = {"enum": list(schema_at(at)["properties"])}
        valid_case = case._replace(when={"allOf": [own, when]})
        there, clause = _clause(valid_case, at, _message_of(rule, message))
        schema_at(there, schema).setdefault("allOf", []).append(clause)
    return schema


def _is_error(rule: Rule | None) -> bool:
    return rule is not None and rule.severity is Severity.ERROR


_NULL: Schema = {"type": "null"}


def _with_null_as_absent(schema: Json) -> Json:
    """Rewrite a schema so that a key whose value is null counts as absent, as it does to rules."""
    if isinstance(schema, list):
        return [_with_null_as_absent(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result: Schema = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            members = ((key, _with_null_as_absent(member)) for key, member in value.items())
            result[keyword] = {key: {"anyOf": [_NULL, member]} for key, member in members}
        elif keyword not in ("required", "enum", "const"):
            result[keyword] = _with_null_as_absent(value)
        else:
            result[keyword] = value
    if "required" in schema:
        present = {"properties": {key: {"not": _NULL} for key in schema["required"]}}
        result["allOf"] = [*result.get("allOf", ()), present]
    return result


_BLANKS = f"[{WHITE_SPACE}]*"
_IN_PATTERN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]|[\^$]|\(\?P<\w+>", re.DOTALL)

_START, _END = f"^{_BLANKS}", f"{_BLANKS}$"
_TRIMMED = {"^": _START, r"\A": _START, "$": _END, r"\Z": _END}


def _of_trimmed(found: re.Match[str]) -> str:
    """Rewrite a part of a pattern for text with whitespace around it, in ECMAScript's syntax."""
    # Python's names of groups are not ECMAScript's.
    return "(" if found[0].startswith("(") else _TRIMMED.get(found[0], found[0])


#: Longer strings are counted as they are written: a pattern for them would be too large.
_MAX_COUNTED = 400


def _untrimmed(schema: Json) -> Json:
    """Rewrite a schema so that whitespace at the ends of strings makes no difference.

    Rules other than the one about such whitespace see strings without it.
    """
    if isinstance(schema, list):
        return [_untrimmed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result: Schema = {}
    more: list[Schema] = []
    for keyword, value in schema.items():
        if keyword == "properties":
            result[keyword] = {key: _untrimmed(member) for key, member in value.items()}
        elif keyword in ("enum", "const"):
            more += _listed(value if keyword == "enum" else [value])
        elif keyword == "pattern":
            result[keyword] = _IN_PATTERN.sub(_of_trimmed, value)
        elif keyword == "maxLength" and value <= _MAX_COUNTED:
            more.append({"pattern": rf"^{_BLANKS}[\s\S]{{0,{value}}}{_BLANKS}$"})
        elif keyword == "minLength" and 1 < value <= _MAX_COUNTED:
            more.append({"pattern": rf"[^{WHITE_SPACE}][\s\S]{{{value - 2},}}[^{WHITE_SPACE}]"})
        else:
            result[keyword] = _untrimmed(value)
    return {**result, "allOf": [*result.get("allOf", ()), *more]} if more else result


def _listed(values: list[Json]) -> Iterator[Schema]:
    texts = [re.sub(r"[\\^$.*+?()[\]{}|/]", r"\\\g<0>", it) for it in values if isinstance(it, str)]
    others = [it for it in values if not isinstance(it, str)]
    fits: list[Schema] = [{"enum": others}] if others else []
    if texts:
        pattern = f"^{_BLANKS}(?:{'|'.join(texts)}){_BLANKS}$"
        fits.append({"type": "string", "pattern": pattern})
    yield fits[0] if len(fits) == 1 else {"anyOf": fits}


_NUMBER = f"^{JSON_NUMBER.replace('++', '+').replace('*+', '*')}$"
_BOOLEAN = "^(?:true|false)$"
_BLANK = {"type": "string", "pattern": f"^[{WHITE_SPACE}]*$"}
_BOUNDS = (
    (("minimum", "exclusiveMinimum", "maximum"), "bounds", "below"),
    (("minItems",), "empty", "list"),
)
_TYPES = ("string", "number", "boolean", "array", "object", "null")


class _EditorSchema:
    """Rewrites the request schema so that each schema error has the message of its rule.

    The result rejects what the request schema rejects, if a rule reports it as an error. Where one
    keyword belongs to several rules, it first distinguishes their values. `rules` are by the names
    of their kinds.
    """

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules

    def schema(self, schema: Schema, place: Pattern = (), *, is_required: bool = False) -> Schema:
        """Rewrite the part of the request schema for a place and everything below it."""
        rewritten = _notes(schema)
        if schema["type"] != "object":
            rewritten |= _snippets(schema)
        if schema["type"] in ("object", "array"):
            typed = {"type": schema["type"]}
            rewritten |= _demand(typed, self._type_message(schema, place)) if place else typed
        if schema["type"] == "object":
            required = schema.get("required", ())
            rewritten["properties"] = {
                key: self.schema(member, (*place, key), is_required=key in required)
                for key, member in schema["properties"].items()
            }
            clauses = self._keys(schema, place)
        elif schema["type"] == "array":
            rewritten["items"] = self.schema(schema["items"], (*place, EVERY_ITEM))
            clauses = self._bounded(schema, place)
        else:
            typed = self._typed(schema, place, is_required=is_required)
            clauses = chain([typed], self._bounded(schema, place))
        return {**rewritten, "allOf": list(clauses)}

    def _keys(self, schema: Schema, place: Pattern) -> Iterator[Schema]:
        """Reject unknown keys, with another message keys of another object, and missing keys."""
        is_fixed = EVERY_ITEM not in place
        misplaced = sorted(homes().keys() - schema["properties"].keys()) if is_fixed else []
        known = dict.fromkeys([*schema["properties"], *misplaced], True)
        unknown = self._message("unknown", (*place, EVERY_ITEM), "other")
        if "errorMessage" in unknown:
            yield {"properties": known, "additionalProperties": False, **unknown}
        else:
            yield {"properties": known, "additionalProperties": unknown}
        if misplaced:
            # No value fits. With `false`, validators would not say which key it is, and not every
            # editor shows the message of a `not`.
            message = self._message("misplaced", place)
            value = _reject(
                {"type": "null"},
                _demand({"type": "string"}, message),
                _demand({"type": "null"}, message),
            )
            yield {"patternProperties": {f"^(?:{'|'.join(misplaced)})$": value}}
        for key in schema.get("required", ()):
            message = self._message("required", (*place, key), "missing")
            yield _demand({"required": [key]}, message)

    def _typed(self, schema: Schema, place: Pattern, *, is_required: bool) -> Schema:
        """Reject other types, with the most specific message for the value."""
        wanted = schema["type"]
        #: Schemas of values of another type, each with the kind and the case that reports them.
        others: list[tuple[Schema, str, str]] = []
        if is_required:
            others.append(({"type": "null"}, "required", "null"))
        if wanted != "string":
            pattern = _BOOLEAN if wanted == "boolean" else _NUMBER
            others.append(({"type": "string", "pattern": pattern}, "quoted", ""))
        elif place != (EDITOR_KEY,):
            case = "certain" if is_time(schema) or "enum" in schema else "any"
            others.append(({"type": ["number", "boolean"]}, "unquoted", case))
        if wanted == "integer" and "enum" not in schema:
            others.append(({"type": "number", "not": {"type": "integer"}}, "fraction", ""))
        cases = [
            (when, _demand({"type": wanted}, self._message(kind, place, case)))
            for when, kind, case in others
        ]
        last = _demand({"type": wanted}, self._type_message(schema, place))
        if listed := _choices(schema):
            cases.append(({"type": _others(wanted)}, last))
            last = listed
            # A boolean of another value does not exist.
            if "enum" in schema:
                facts = {"choices": choices_called(schema)}
                last = _demand(listed, self._message("unlisted", place, "other", facts))
        for when, rejection in reversed(cases):
            last = _reject(when, rejection, last)
        return last

    def _bounded(self, schema: Schema, place: Pattern) -> Iterator[Schema]:
        """Reject values that are out of range or empty."""
        facts = {"bounds": bounds_called(schema)}
        for names, kind, case in _BOUNDS:
            bounds = {name: schema[name] for name in names if name in schema}
            if bounds:
                clause = _demand(bounds, self._message(kind, place, case, facts))
                # A fraction is not out of range too.
                is_apart = schema["type"] == "integer" and not _is_error(
                    self._rules.get("fraction")
                )
                yield _reject({"type": "integer"}, clause) if is_apart else clause
        if "pattern" in schema:
            yield self._written(schema, place)

    def _written(self, schema: Schema, place: Pattern) -> Schema:
        """Reject blank strings, and at a place for times also other strings."""
        pattern = {"pattern": schema["pattern"]}
        case = "item" if place[-1] == EVERY_ITEM else "string"
        if_blank = _demand(pattern, self._message("empty", place, case))
        last = if_blank
        if is_time(schema):
            last = _demand(pattern, self._message("unreadable-time", place, "other"))
        if "not" in schema:
            # A string is never `null`, so this shows the message.
            shown = _demand({"type": "null"}, self._message("placeholder", place))
            last = _reject(schema["not"], shown, last)
        return _reject(_BLANK, if_blank, last) if is_time(schema) else last

    def _type_message(self, schema: Schema, place: Pattern) -> Schema:
        return self._message("type", place, "other", {"wanted": wanted_type(schema)})

    def _message(
        self, kind: str, place: Pattern, case: str = "", facts: Mapping[str, str] | None = None
    ) -> Schema:
        if kind not in self._rules:
            return {}
        rule = self._rules[kind]
        return _message_of(rule, _predicted_message(rule, place, case, facts or {}))


def _others(wanted: str) -> list[str]:
    """Return the types of which no value can mean a listed one, as "1" means 1."""
    near = {"integer": ("number", "string")}.get(wanted, (wanted,))
    return [name for name in _TYPES if name not in near]


def _message_of(rule: Rule, message: str) -> Schema:
    """Return the keyword by which an editor shows the message of an error, or of a warning."""
    is_error = rule.severity is Severity.ERROR
    return {"errorMessage" if is_error else "deprecationMessage": message}


def _demand(keywords: Schema, message: Schema) -> Schema:
    """Reject values that are not valid against `keywords`, unless the message is of no error."""
    if "errorMessage" in message:
        return {**keywords, **message}
    return _reject({"not": keywords}, message)


def _reject(when: Schema, rejection: Schema, otherwise: Schema | None = None) -> Schema:
    """Apply `rejection` to values that are valid against `when`, and `otherwise` to all others.

    The condition is negated because editors offer what an `if` describes as completion, but not
    what a `not` describes.
    """
    then = {} if otherwise is None else {"then": otherwise}
    return {"if": {"not": when}, **then, "else": rejection}


def _clause(case: SchemaCase, at: Pattern, message: Schema) -> tuple[Pattern, Schema]:
    """Return a schema that rejects a case of a rule at `at`, and the place where it belongs.

    Language servers for JSON and YAML show an `errorMessage` only for `type`, `enum`, `pattern` and
    `additionalProperties`. If the case is not an error the schema accepts it, and marks it as
    deprecated, which editors show as a warning.
    """
    pointer = tuple(map(str, case.violation.place.pointer))
    when = case.when
    if not pointer and at and at[-1] != EVERY_ITEM:
        *above, key = at
        at, pointer = tuple(above), (key,)
        when = {"properties": {key: when}, "required": [key]}
    # What breaks a rule of relations is never `null`, so this shows the message.
    schema = {"type": "null", **message} if "errorMessage" in message else message
    for key in reversed(pointer):
        schema = {"properties": {key: schema}}
    return at, _reject(when, schema)


def _notes(schema: Schema) -> Schema:
    """Return title and description of a place, the latter also as Markdown."""
    texts: Schema = {key: schema[key] for key in ("title", "description") if key in schema}
    if "description" in schema:
        texts["markdownDescription"] = schema["description"]
    return texts


def _choices(schema: Schema) -> Schema:
    """Return the listed values with their descriptions, nothing if none are listed."""
    branches = schema.get("anyOf", ())
    described = [
        ("" if branch["title"] == branch["const"] else f"{branch['title']}. ")
        + branch["description"]
        for branch in branches
    ]
    values = [branch["const"] for branch in branches]
    return {"enum": values, "markdownEnumDescriptions": described} if values else {}


def _snippets(schema: Schema) -> Schema:
    """Return what editors offer as the value of a key: the listed values by name, or examples."""
    if "anyOf" not in schema:
        return {"examples": schema["examples"]} if "examples" in schema else {}
    named = {"enum": [branch["const"] for branch in schema["anyOf"]], "anyOf": schema["anyOf"]}
    return {
        "defaultSnippets": [
            {
                "label": value_called(branch["const"], named).strip('"'),
                "markdownDescription": branch["description"],
                "body": branch["const"],
            }
            for branch in schema["anyOf"]
        ]
    }


def _request_snippet() -> Schema:
    schema = request_schema()
    body = {
        key: f"${{{number}:{schema['properties'][key]['examples'][0]}}}"
        for number, key in enumerate(schema["required"], start=1)
    }
    label, about = "sampling request", "All required keys."
    return {"label": label, "markdownDescription": about, "body": body}


def _companions(rules: Iterable[Rule]) -> Iterator[tuple[Pattern, Schema]]:
    """Yield snippets of keys that need each other, with the object where they are offered."""
    bodies: dict[tuple[Pattern, str, str], Schema] = {}
    for _, at, case in _schema_cases(rules):
        present, missing = case.violation.place.pointer, case.violation.pointer
        if len(present) == len(missing) == 1 and present != missing:
            key, needed = str(present[0]), str(missing[0])
            value = case.when.get("properties", {}).get(key, {}).get("const", _example(at, key))
            body = bodies.setdefault((at, key, json_text(value)), {key: value})
            body[needed] = _example(at, needed)
    for (at, key, _), body in bodies.items():
        # Of two keys that need each other, one snippet is enough.
        if any(other in body and other < key for (_, other, _) in bodies):
            continue
        schema = schema_at((*at, key))
        named = f"{key} {value_called(body[key], schema)}" if "enum" in schema else key
        others = all_of(each for each in body if each != key)
        label, about = f"{named} with {others}", f"`{key}` and the keys that it needs."
        yield at, {"label": label, "markdownDescription": about, "body": body}


def _schema_cases(rules: Iterable[Rule]) -> Iterator[tuple[Rule, Pattern, SchemaCase]]:
    """Yield each way to break a rule that JSON Schema can express, with the place of the rule."""
    for rule in rules:
        if isinstance(rule.kind, RelationKind):
            for at in rule.kind.patterns:
                for case in rule.kind.schema_cases():
                    yield rule, at, case


def _example(at: Pattern, key: str) -> Json:
    return next(iter(schema_at((*at, key)).get("examples", ())), None)


def _predicted_message(rule: Rule, place: Pattern, case: str, facts: Mapping[str, str]) -> str:
    """Return code, name and message of the diagnostic that a violation at a place would be.

    Where the template needs facts about a document, the description of the rule replaces it.
    """
    known = {**_facts_of(place), **facts}
    sentence = rule.kind.sentence().removesuffix(".")
    description = sentence[:1].lower() + sentence[1:]
    cause = _filled(rule.message.get(case, ""), known) or description
    remedy = _filled(rule.help.get(case, ""), known)
    return f"{rule.code} {rule.name}: {'; '.join(filter(None, (cause, remedy)))}"


def _facts_of(place: Pattern) -> dict[str, str]:
    """Return the facts that are the same for every document; the index of an item is not."""
    parts = {"key": place[-1:], "path": place, "where": place[:-1]}
    facts = {name: place_called(part) for name, part in parts.items() if EVERY_ITEM not in part}
    example = {"example": example_at(place)} if example_at(place) else {}
    return {**facts, **example, "such_as": such_as(place)}


def _filled(template: str, facts: Mapping[str, str]) -> str:
    try:
        return fill(template, facts)
    except KeyError:
        return ""
