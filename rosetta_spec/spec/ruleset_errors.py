"""Find what is wrong in a ruleset and no schema can express."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

from rosetta_spec.document.values import Json
from rosetta_spec.errors import FileProblem
from rosetta_spec.kinds.forbidden import Forbidden
from rosetta_spec.kinds.kind import ENGINE_FACTS, Kind, RelationKind, pattern_called
from rosetta_spec.kinds.registry import kind_named
from rosetta_spec.kinds.required_with_several import RequiredWithSeveral
from rosetta_spec.kinds.set_when import SetWhen
from rosetta_spec.kinds.shape.bounds import bounds_called
from rosetta_spec.kinds.shape.unreadable_time import is_time
from rosetta_spec.kinds.shape.wrong_type import wanted_type
from rosetta_spec.pointer import EVERY_ITEM, ROOT, Pointer, format_pointer, parse_pattern
from rosetta_spec.request.nearest import nearest_name, suggestion
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    Schema,
    home_of,
    listed_values,
    places,
    schema_at,
)
from rosetta_spec.request.schema_judge import is_valid
from rosetta_spec.request.wording import (
    one_of,
    place_called,
    printable,
    printable_name,
    shortened,
    shown,
    type_called,
    value_called,
)
from rosetta_spec.spec.ruleset import Ruleset, is_ours, rule_from
from rosetta_spec.spec.schema_errors import Entry, example_of


def meaning_faults(data: Json, beside: Ruleset | None) -> Iterator[FileProblem]:
    """Tell what is wrong in `data`, whose shape is right; it is to be used with `beside`."""
    rules = data["rules"]
    known = [rule.code for rule in (beside or Ruleset(())).rules]
    codes = frozenset(known).union(entry["code"] for entry in rules)
    faults = [
        *_name_faults(rules, beside),
        *(
            fault._replace(pointer=(index, *fault.pointer))
            for index, entry in enumerate(rules)
            for fault in _entry_faults(entry, codes)
        ),
    ]
    for fault in faults:
        yield fault._replace(pointer=("rules", *fault.pointer))


def _name_faults(rules: Iterable[Entry], beside: Ruleset | None) -> Iterator[FileProblem]:
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
            taken[value] = "stands twice in this file"
        if beside is not None and is_ours(entry["code"]):
            cause = f"code {entry['code']} has the letters of the rules of rosetta-spec"
            yield FileProblem((index, "code"), cause, "choose letters of your own, such as POL001")


def _entry_faults(entry: Entry, codes: frozenset[str]) -> Iterator[FileProblem]:
    kind = kind_named(entry["kind"])
    yield from wording_faults(entry, kind)
    if {"set", "remove"} <= entry.get("fix", {}).keys():
        cause = "fix has both set and remove"
        yield FileProblem(("fix", "remove"), cause, "choose one of them", "key")
    for index, code in enumerate(entry.get("accompanied-by", ())):
        if code not in codes:
            cause = f"there is no rule {printable_name(code)}"
            yield FileProblem(("accompanied-by", index), cause, _choose_code(code, codes))
    if issubclass(kind, RelationKind):
        faults = list(place_faults(entry, kind)) or list(value_faults(entry, kind))
        # The places of a rule that sets a value are no keys of one object.
        yield from faults or (() if kind is SetWhen else key_faults(entry, kind))
    yield from _group_faults(entry)


def _group_faults(entry: Entry) -> Iterator[FileProblem]:
    kind = rule_from(entry, "").kind
    if isinstance(kind, RequiredWithSeveral) and kind.count > len(kind.groups):
        cause = f"groups has {len(kind.groups)}, and the rule waits for {kind.count} of them"
        yield FileProblem(("groups",), cause, "write more groups, or a lower count")


def _choose_code(code: str, codes: Iterable[str]) -> str:
    near = nearest_name(code, codes)
    return f"did you mean {near}?" if near else "write the code of a rule, such as RS404"


#: Where a rule looks that has no `at`.
WHOLE_REQUEST = ("",)


def place_faults(entry: Entry, kind: type[RelationKind]) -> Iterator[FileProblem]:
    """Tell places that are unknown, and those of another type than the kind looks at."""
    for index, pattern in enumerate(entry.get("at", WHOLE_REQUEST)):
        place: Pointer = ("at", index) if "at" in entry else ("kind",)
        schema = schema_at(parse_pattern(pattern))
        if schema is None or pattern == f"/{EDITOR_KEY}":
            yield unknown_place(place, pattern)
        elif schema["type"] != _TARGETS.get(kind.target, schema["type"]):
            wanted = _TARGETS[kind.target]
            name, found = pattern_called(parse_pattern(pattern)), type_called(schema["type"])
            cause = f"{name} is {found}, and kind {kind.name} looks at {type_called(wanted)}"
            fit = next(at for at in _places() if (schema_at(at) or {})["type"] == wanted)
            yield FileProblem(
                place, cause, f"write another place in at, such as {format_pointer(fit)}"
            )


def unknown_place(pointer: Pointer, pattern: str) -> FileProblem:
    """Tell that no request has a place, which stands at `pointer` of its rule."""
    cause = f"there is no place {printable(shortened(pattern))} in a request"
    return FileProblem(pointer, cause, _choose_place(pattern))


_TARGETS: dict[type, str] = {dict: "object", list: "array", str: "string"}


def _choose_place(pattern: str) -> str:
    near = nearest_name(pattern, map(format_pointer, _places()))
    key = parse_pattern(pattern)[-1]
    home = home_of(key)
    if near is None and home is not None:
        near = format_pointer((*home, key))
    return f"did you mean {near}?" if near else "write one such as /subCondition"


@cache
def _places() -> tuple[tuple[str, ...], ...]:
    """Give every place that a rule can look at, but for the whole request."""
    return tuple(place for place in places() if place not in (ROOT, (EDITOR_KEY,)))


def key_faults(entry: Entry, kind: type[RelationKind]) -> Iterator[FileProblem]:
    """Tell keys that are unknown or named twice, and those that cannot hold what the rule wants."""
    named = tuple(_named_keys(entry))
    yield from _twice_named(named)
    for pattern in entry.get("at", WHOLE_REQUEST):
        at = parse_pattern(pattern) + ((EVERY_ITEM,) if kind.target is list else ())
        keys = (schema_at(at) or {}).get("properties", {})
        faults = list(_unknown_keys(named, at, [key for key in keys if key != EDITOR_KEY]))
        yield from faults or _value_faults(entry, named, keys)


class _Named(NamedTuple):
    """A key of the request that a rule names, and where in its entry."""

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


def _twice_named(named: Iterable[_Named]) -> Iterator[FileProblem]:
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


def _value_faults(
    entry: Entry, named: Iterable[_Named], keys: Mapping[str, Schema]
) -> Iterator[FileProblem]:
    """Tell what the named keys can never hold: values of `by`, and what the kind compares."""
    compared = entry["values"] if entry["kind"] == "ordered" else _COMPARED.get(entry["kind"])
    if compared is not None:
        for pointer, key, _ in named:
            if not _IS_COMPARABLE[compared](keys[key]):
                cause = f"{key} holds no {compared}, which this rule compares"
                yield FileProblem(pointer, cause, f"name a key that holds {compared}")
    if "by" in entry:
        yield from _by_faults(entry, keys[entry["by"]])


def _by_faults(entry: Entry, schema: Schema) -> Iterator[FileProblem]:
    by = entry["by"]
    if schema["type"] in ("object", "array"):
        cause = f"{by} is {type_called(schema['type'])}, and by is to hold a single value"
        yield FileProblem(("by",), cause, "name another key")
        return
    for pointer, value in _listed(entry):
        if fault := impossible_value(by, value, schema):
            yield fault._replace(pointer=pointer)


def _holds_numbers(schema: Schema) -> bool:
    return schema["type"] in ("integer", "number")


_COMPARED = {"same-clock": "times", "disjoint": "numbers"}
_IS_COMPARABLE = {"times": is_time, "numbers": _holds_numbers}


def _listed(entry: Entry) -> Iterator[tuple[Pointer, Json]]:
    """Yield the values of `by` that a rule lists."""
    if entry["kind"] == "required-when":
        for index, value in enumerate(entry["values"]):
            yield ("values", index), value
    for key, values in entry.get("settings", {}).items():
        for index, value in enumerate(values):
            yield ("settings", key, index), value


def value_faults(entry: Entry, kind: type[Kind]) -> Iterator[FileProblem]:
    """Tell the listed values that can never be where the rule looks for them."""
    if kind is Forbidden:
        yield from _forbidden_faults(entry)
    if kind is SetWhen:
        yield from list(_pointer_faults(entry)) or _set_faults(entry)


def _forbidden_faults(entry: Entry) -> Iterator[FileProblem]:
    patterns = [parse_pattern(pattern) for pattern in entry.get("at", WHOLE_REQUEST)]
    for index, pattern in enumerate(patterns):
        schema = schema_at(pattern) or {}
        if not pattern or (pattern[-1] == EVERY_ITEM and "values" not in entry):
            cause = f"{pattern_called(pattern)} cannot be left out, and this rule forbids it"
            pointer: Pointer = ("at", index) if "at" in entry else ("kind",)
            yield FileProblem(
                pointer, cause, "write the place of a key in at, such as /sampleCount"
            )
        else:
            yield from impossible_values("values", entry, pattern_called(pattern), schema)


def _pointer_faults(entry: Entry) -> Iterator[FileProblem]:
    for option in ("place", "by"):
        schema = schema_at(parse_pattern(entry[option]))
        if schema is None or EVERY_ITEM in parse_pattern(entry[option]):
            yield unknown_place((option,), entry[option])
    if entry["place"] == entry["by"]:
        cause = f"{entry['by']} is both what asks and what is asked for"
        yield FileProblem(("by",), cause, "name another place")


def _set_faults(entry: Entry) -> Iterator[FileProblem]:
    by = parse_pattern(entry["by"])
    schema = schema_at(by) or {}
    place = parse_pattern(entry["place"])
    yield from impossible_values("to", entry, place_called(place), schema_at(place) or {})
    yield from impossible_values("values", entry, place_called(by), schema)
    if "pattern" not in entry and "values" not in entry:
        cause = f"nothing says when {place_called(by)} asks for {place_called(place)}"
        yield FileProblem(("by",), cause, "add a pattern or values beside by")
    if "pattern" in entry and schema["type"] != "string":
        cause = f"{place_called(by)} is {type_called(schema['type'])}, which no pattern matches"
        yield FileProblem(("pattern",), cause, "write a list of values instead", "key")


def impossible_values(
    option: str, entry: Entry, name: str, schema: Schema
) -> Iterator[FileProblem]:
    """Tell those values of an option that the request schema refuses."""
    for index, value in enumerate(entry.get(option, ())):
        if fault := impossible_value(name, value, schema):
            yield fault._replace(pointer=(option, index))


def impossible_value(name: str, value: Json, schema: Schema) -> FileProblem | None:
    """Tell a value that the request schema refuses; the caller knows its place."""
    if is_valid(value, schema):
        return None
    return FileProblem((), f"{name} cannot be {shown(value)}", _choose_value(schema))


def _choose_value(schema: Schema) -> str:
    listed = [value_called(value, schema) for value, _ in listed_values(schema)]
    if listed:
        return f"choose {one_of(listed)}"
    if schema["type"] == "boolean":
        return "choose true or false"
    bounds = bounds_called(schema)
    return f"write {wanted_type(schema)} " + (
        f"that is {bounds}" if bounds else f"such as {example_of(schema)}"
    )


def wording_faults(entry: Entry, kind: type[Kind]) -> Iterator[FileProblem]:
    """Tell the cases that are missing or unknown, and the facts that are unknown."""
    for key in ("message", "help"):
        yield from _case_faults(key, entry[key], kind, needed=kind.cases)
    if "related" in entry and not isinstance(entry["related"], str):
        yield from _case_faults("related", entry["related"], kind, needed=())
    for pointer, template in _templates(entry):
        yield from _fact_faults(pointer, template, ENGINE_FACTS | kind.facts)


def _case_faults(
    key: str, wording: str | Mapping[str, str], kind: type[Kind], needed: Iterable[str]
) -> Iterator[FileProblem]:
    has_cases = kind.cases != _ONE_CASE
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
            cause = f"{key} says nothing in the case {case}"
            yield FileProblem((key,), cause, f"add {case}, with a wording", "start")
    for case in wording:
        if case not in kind.cases:
            cause = f"there is no case {printable_name(case)} in kind {kind.name}"
            yield FileProblem((key, case), cause, suggestion(case, kind.cases), "key")


_ONE_CASE = ("",)


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


def _fact_faults(pointer: Pointer, template: str, facts: frozenset[str]) -> Iterator[FileProblem]:
    for name in _BRACED_WORD.findall(template):
        if name not in facts:
            yield FileProblem(
                pointer, f"there is no fact {{{name}}} here", suggestion(name, sorted(facts))
            )


#: What looks like a fact, also one that is not spelt as facts are.
_BRACED_WORD = re.compile(r"\{([\w -]*)\}")
