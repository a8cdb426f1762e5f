"""Find what is wrong in a ruleset and cannot be expressed by its schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

from rosetta_spec.document.values import Json
from rosetta_spec.errors import FileProblem
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.keys import RequiredWithSeveral, SetWhen
from rosetta_spec.kinds.kind import ENGINE_FACTS, Kind, RelationKind, pattern_called
from rosetta_spec.kinds.schema import bounds_called, wanted_type
from rosetta_spec.kinds.values import Forbidden
from rosetta_spec.pointer import EVERY_ITEM, ROOT, Pointer, format_pointer, parse_pattern
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    Schema,
    example_key,
    home_of,
    is_time,
    is_valid,
    listed_values,
    places,
    schema_at,
)
from rosetta_spec.request.wording import (
    nearest_name,
    one_of,
    place_called,
    printable_name,
    shown,
    suggestion,
    type_called,
    value_called,
)
from rosetta_spec.spec.ruleset import Ruleset, is_ours, rule_from
from rosetta_spec.spec.schema_errors import Entry, example_of


def other_problems(data: Json, beside: Ruleset | None) -> Iterator[FileProblem]:
    """Yield what is wrong in the data of a ruleset that its schema accepts.

    `beside` are the rules that it is to be used with; None if it is our own.
    """
    rules = data["rules"]
    known = [rule.code for rule in (beside or Ruleset(())).rules]
    codes = frozenset(known).union(entry["code"] for entry in rules)
    problems = [
        *_name_problems(rules, beside),
        *(
            problem._replace(pointer=(index, *problem.pointer))
            for index, entry in enumerate(rules)
            for problem in _rule_problems(entry, codes)
        ),
    ]
    for problem in problems:
        yield problem._replace(pointer=("rules", *problem.pointer))


def _name_problems(rules: Iterable[Entry], beside: Ruleset | None) -> Iterator[FileProblem]:
    taken: dict[str, str] = {}
    for rule in beside.rules if beside else ():
        taken[rule.code], taken[rule.name] = f"is that of {rule.name}", f"is that of {rule.code}"
    for index, entry in enumerate(rules):
        for key in ("code", "name"):
            value = entry[key]
            if value in taken:
                yield FileProblem(
                    (index, key), f"{key} {value} {taken[value]}", f"choose another {key}"
                )
            taken[value] = "is used twice in this file"
        if beside is not None and is_ours(entry["code"]):
            cause = f"code {entry['code']} begins with RS, which is reserved for rosetta-spec"
            yield FileProblem((index, "code"), cause, "choose letters of your own, such as POL001")


def _rule_problems(entry: Entry, codes: frozenset[str]) -> Iterator[FileProblem]:
    kind = KINDS[entry["kind"]]
    yield from _wording_problems(entry, kind)
    if {"set", "remove"} <= entry.get("fix", {}).keys():
        cause = "fix has both set and remove"
        yield FileProblem(("fix", "remove"), cause, "choose one of them", "key")
    for index, code in enumerate(entry.get("accompanied-by", ())):
        if code not in codes:
            cause = f"there is no rule {printable_name(code)}"
            near = nearest_name(code, codes)
            remedy = f"did you mean {near}?" if near else "write the code of a rule, such as RS404"
            yield FileProblem(("accompanied-by", index), cause, remedy)
    if issubclass(kind, RelationKind):
        problems = list(_place_problems(entry, kind)) or list(_value_problems(entry, kind))
        # The places of a set-when rule need not be keys of one object.
        yield from problems or (() if kind is SetWhen else _key_problems(entry, kind))
    made = rule_from(entry, "").kind
    if isinstance(made, RequiredWithSeveral) and made.count > len(made.groups):
        cause = f"groups has {len(made.groups)}, and the rule needs {made.count} of them"
        yield FileProblem(("groups",), cause, "write more groups, or a lower count")


#: The places of a rule without `at`.
_WHOLE_REQUEST = ("",)


def _place_problems(entry: Entry, kind: type[RelationKind]) -> Iterator[FileProblem]:
    """Yield unknown places, and places of another type than the kind checks."""
    for index, pattern in enumerate(entry.get("at", _WHOLE_REQUEST)):
        place: Pointer = ("at", index) if "at" in entry else ("kind",)
        schema = schema_at(parse_pattern(pattern))
        if schema is None or pattern == f"/{EDITOR_KEY}":
            yield _unknown_place(place, pattern)
        elif schema["type"] != _TARGETS.get(kind.target, schema["type"]):
            wanted = _TARGETS[kind.target]
            name, found = pattern_called(parse_pattern(pattern)), type_called(schema["type"])
            cause = f"{name} is {found}, and kind {kind.name} looks at {type_called(wanted)}"
            fit = next(at for at in _places() if (schema_at(at) or {})["type"] == wanted)
            yield FileProblem(
                place, cause, f"write another place in at, such as {format_pointer(fit)}"
            )


_TARGETS: dict[type, str] = {dict: "object", list: "array", str: "string"}


def _unknown_place(pointer: Pointer, pattern: str) -> FileProblem:
    near = nearest_name(pattern, map(format_pointer, _places()))
    key = parse_pattern(pattern)[-1]
    home = home_of(key)
    if near is None and home is not None:
        near = format_pointer((*home, key))
    remedy = f"did you mean {near}?" if near else f"write one such as /{example_key('object')}"
    cause = f"there is no place {printable_name(pattern)} in a request"
    return FileProblem(pointer, cause, remedy)


@cache
def _places() -> tuple[tuple[str, ...], ...]:
    """Return every place that a rule can check, except the whole request."""
    return tuple(place for place in places() if place not in (ROOT, (EDITOR_KEY,)))


def _key_problems(entry: Entry, kind: type[RelationKind]) -> Iterator[FileProblem]:
    """Yield keys that are unknown, named twice, or cannot have what the rule asks for."""
    named = tuple(_named_keys(entry))
    yield from _repeated_keys(named)
    for pattern in entry.get("at", _WHOLE_REQUEST):
        at = parse_pattern(pattern) + ((EVERY_ITEM,) if kind.target is list else ())
        keys = (schema_at(at) or {}).get("properties", {})
        problems = list(_unknown_keys(named, at, [key for key in keys if key != EDITOR_KEY]))
        yield from problems or _compared_problems(entry, named, keys)


class _Named(NamedTuple):
    """A key of the request that a rule names at `pointer` of its entry."""

    pointer: Pointer
    key: str
    part: Literal["value", "key"] = "value"


def _named_keys(entry: Entry) -> Iterator[_Named]:
    for option in ("key", "by", "low", "high"):
        if option in entry:
            yield _Named((option,), entry[option])
    for index, key in enumerate(entry.get("keys", ())):
        yield _Named(("keys", index), key)
    for key in entry.get("settings", ()):
        yield _Named(("settings", key), key, "key")
    for number, group in enumerate(entry.get("groups", ())):
        for index, key in enumerate(group):
            yield _Named(("groups", number, index), key)


def _repeated_keys(named: Iterable[_Named]) -> Iterator[FileProblem]:
    seen: set[str] = set()
    for pointer, key, part in named:
        if key in seen:
            cause = f"{printable_name(key)} is named twice in one rule"
            yield FileProblem(pointer, cause, "name another key, or remove it", part)
        seen.add(key)


def _unknown_keys(
    named: Iterable[_Named], at: tuple[str, ...], keys: Collection[str]
) -> Iterator[FileProblem]:
    for pointer, key, part in named:
        if key not in keys:
            cause = f"{pattern_called(at)} has no key {printable_name(key)}"
            home = home_of(key)
            if home is not None:
                remedy = f'write at: ["{format_pointer(home)}"], where it belongs'
            else:
                remedy = suggestion(key, keys) if keys else "choose another place"
            yield FileProblem(pointer, cause, remedy, part)


def _compared_problems(
    entry: Entry, named: Iterable[_Named], keys: Mapping[str, Schema]
) -> Iterator[FileProblem]:
    """Yield named keys without values that the kind can compare, and impossible values of `by`."""
    compared = entry["values"] if entry["kind"] == "ordered" else _COMPARED.get(entry["kind"])
    if compared is not None:
        for pointer, key, _ in named:
            if not _IS_COMPARABLE[compared](keys[key]):
                cause = f"{key} does not hold {compared}, which this rule compares"
                yield FileProblem(pointer, cause, f"name a key that holds {compared}")
    if "by" not in entry:
        return
    by, schema = entry["by"], keys[entry["by"]]
    if schema["type"] in ("object", "array"):
        cause = f"{by} is {type_called(schema['type'])}, and by must name a single value"
        yield FileProblem(("by",), cause, "name another key")
    else:
        for pointer, value in _listed(entry):
            if problem := _invalid_value(by, value, schema):
                yield problem._replace(pointer=pointer)


_COMPARED = {"same-clock": "times", "disjoint": "numbers"}
_IS_COMPARABLE: dict[str, Callable[[Schema], bool]] = {
    "times": is_time,
    "numbers": lambda schema: schema["type"] in ("integer", "number"),
}


def _listed(entry: Entry) -> Iterator[tuple[Pointer, Json]]:
    """Yield the values of `by` that a rule lists."""
    if entry["kind"] == "required-when":
        for index, value in enumerate(entry["values"]):
            yield ("values", index), value
    for key, values in entry.get("settings", {}).items():
        for index, value in enumerate(values):
            yield ("settings", key, index), value


def _value_problems(entry: Entry, kind: type[Kind]) -> Iterator[FileProblem]:
    """Yield listed values that are never valid at the place of the rule."""
    if kind is Forbidden:
        yield from _forbidden_problems(entry)
    if kind is SetWhen:
        yield from list(_pointer_problems(entry)) or _set_problems(entry)


def _forbidden_problems(entry: Entry) -> Iterator[FileProblem]:
    patterns = [parse_pattern(pattern) for pattern in entry.get("at", _WHOLE_REQUEST)]
    for index, pattern in enumerate(patterns):
        schema = schema_at(pattern) or {}
        if not pattern or (pattern[-1] == EVERY_ITEM and "values" not in entry):
            cause = f"{pattern_called(pattern)} cannot be left out, and this rule forbids it"
            pointer: Pointer = ("at", index) if "at" in entry else ("kind",)
            example = f"/{example_key('integer')}"
            yield FileProblem(pointer, cause, f"write the place of a key in at, such as {example}")
        else:
            yield from _invalid_values("values", entry, pattern_called(pattern), schema)


def _pointer_problems(entry: Entry) -> Iterator[FileProblem]:
    for option in ("place", "by"):
        schema = schema_at(parse_pattern(entry[option]))
        if schema is None or EVERY_ITEM in parse_pattern(entry[option]):
            yield _unknown_place((option,), entry[option])
    if entry["place"] == entry["by"]:
        cause = f"{entry['by']} is both place and by"
        yield FileProblem(("by",), cause, "name another place")


def _set_problems(entry: Entry) -> Iterator[FileProblem]:
    by = parse_pattern(entry["by"])
    schema = schema_at(by) or {}
    place = parse_pattern(entry["place"])
    yield from _invalid_values("to", entry, place_called(place), schema_at(place) or {})
    yield from _invalid_values("values", entry, place_called(by), schema)
    if "pattern" not in entry and "values" not in entry:
        cause = f"no condition says when {place_called(by)} needs {place_called(place)}"
        yield FileProblem(("by",), cause, "add a pattern or values beside by")
    if "pattern" in entry and schema["type"] != "string":
        cause = f"{place_called(by)} is {type_called(schema['type'])}, which no pattern matches"
        yield FileProblem(("pattern",), cause, "write a list of values instead", "key")


def _invalid_values(option: str, entry: Entry, name: str, schema: Schema) -> Iterator[FileProblem]:
    """Yield the values of an option that the request schema rejects."""
    for index, value in enumerate(entry.get(option, ())):
        if problem := _invalid_value(name, value, schema):
            yield problem._replace(pointer=(option, index))


def _invalid_value(name: str, value: Json, schema: Schema) -> FileProblem | None:
    """Explain why the request schema rejects a value; the caller sets the pointer."""
    if is_valid(value, schema):
        return None
    return FileProblem((), f"{name} cannot be {shown(value)}", _value_remedy(schema))


def _value_remedy(schema: Schema) -> str:
    listed = [value_called(value, schema) for value, _ in listed_values(schema)]
    if listed:
        return f"choose {one_of(listed)}"
    if schema["type"] == "boolean":
        return "choose true or false"
    bounds = bounds_called(schema)
    example = f"that is {bounds}" if bounds else f"such as {example_of(schema)}"
    return f"write {wanted_type(schema)} {example}"


def _wording_problems(entry: Entry, kind: type[Kind]) -> Iterator[FileProblem]:
    """Yield cases that are missing or unknown, and unknown facts."""
    for key in ("message", "help"):
        yield from _case_problems(key, entry[key], kind, needed=kind.cases)
    if "related" in entry and not isinstance(entry["related"], str):
        yield from _case_problems("related", entry["related"], kind, needed=())
    facts = ENGINE_FACTS | kind.facts
    for pointer, template in _templates(entry):
        for name in _BRACED_WORD.findall(template):
            if name not in facts:
                cause = f"there is no fact {{{name}}} here"
                yield FileProblem(pointer, cause, suggestion(name, sorted(facts)))


#: Anything that looks like a fact, misspelt ones too.
_BRACED_WORD = re.compile(r"\{([\w -]*)\}")


def _case_problems(
    key: str, wording: str | Mapping[str, str], kind: type[Kind], needed: Iterable[str]
) -> Iterator[FileProblem]:
    has_cases = kind.cases != ("",)
    cases = one_of(kind.cases).replace(" or ", " and ")
    if isinstance(wording, str):
        if has_cases:
            cause = f"{key} is one wording, and kind {kind.name} has the cases {cases}"
            yield FileProblem((key,), cause, "write an object with a wording for each case")
        return
    if not has_cases:
        cause = f"{key} has cases, and kind {kind.name} has none"
        yield FileProblem((key,), cause, "write one string", "key")
        return
    for case in needed:
        if case not in wording:
            cause = f"{key} has no wording for the case {case}"
            yield FileProblem((key,), cause, f"add {case}, with a wording", "start")
    for case in wording:
        if case not in kind.cases:
            cause = f"there is no case {printable_name(case)} in kind {kind.name}"
            yield FileProblem((key, case), cause, suggestion(case, kind.cases), "key")


def _templates(entry: Entry) -> Iterator[tuple[Pointer, str]]:
    for key in ("message", "help", "related"):
        wording = entry.get(key, {})
        if isinstance(wording, str):
            yield (key,), wording
        else:
            for case, template in wording.items():
                yield (key, case), template
    if "fix" in entry:
        yield ("fix", "title"), entry["fix"]["title"]
