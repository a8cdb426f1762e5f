"""From a rules file to rules: whatever is wrong in it is told with its place and what is right."""

from __future__ import annotations

import json
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast

from jsonschema import Draft7Validator, FormatChecker

from rosetta_spec.document.limits import MAX_BYTES
from rosetta_spec.document.locate import locate_key, locate_start, locate_value
from rosetta_spec.document.plain import plain
from rosetta_spec.document.reader import format_by_name, read_documents
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import ENGINE_FACTS, RelationKind, pattern_called
from rosetta_spec.kinds.required_with_several import RequiredWithSeveral
from rosetta_spec.kinds.shape.bounds import bounds_called
from rosetta_spec.kinds.shape.unreadable_time import is_time
from rosetta_spec.kinds.shape.wrong_type import wanted_type
from rosetta_spec.kinds.unique import identity
from rosetta_spec.pointer import EVERY_ITEM, ROOT, format_pointer, parse_pattern
from rosetta_spec.shape import is_valid
from rosetta_spec.spec.folder import RULESET_SCHEMA, schema_folder
from rosetta_spec.spec.nearest import nearest_name
from rosetta_spec.spec.request_schema import (
    EDITOR_KEY,
    home_of,
    listed_values,
    places,
    schema_at,
)
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset, rule_from, ruleset_from
from rosetta_spec.spec.wording import (
    called,
    one_of,
    place_called,
    printable,
    shortened,
    shown,
    type_called,
    value_called,
)
from rosetta_spec.text import Location, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from rosetta_spec.document.node import Document, Node, Problem
    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import Kind
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.request_schema import Schema

    #: One rule as it stands in a rules file.
    Entry: TypeAlias = Mapping[str, Any]


class RulesetError(Exception):
    """A rules file that cannot be used: `filename:row:column: cause; remedy`."""

    def __init__(self, filename: str, location: Location, cause: str, remedy: str) -> None:
        super().__init__(f"{filename}:{location.row}:{location.column}: {cause}; {remedy}")
        self.filename = filename
        self.location = location
        self.cause = cause
        self.remedy = remedy


class Fault(NamedTuple):
    """What is wrong with the value or the key at a place, or with what is missing below it."""

    pointer: Pointer
    cause: str
    remedy: str
    part: Literal["value", "key", "start"] = "value"


def load_ruleset(path: Path, beside: Ruleset | None = None) -> Ruleset:
    """Load a team's rules file, YAML or JSON.

    `beside` are the rules that it is to be used with, whose codes and names are taken: ours, and
    those of other rulesets of the team; by default ours.

    Raises:
        RulesetError: the file cannot be used.
    """
    return ruleset_from(checked_data(path, builtin_ruleset() if beside is None else beside))


def checked_data(path: Path, beside: Ruleset | None) -> Mapping[str, Any]:
    """Read a rules file and check it; without `beside` it is our own, whose codes are RS.

    Raises:
        RulesetError: the first fault in the order of the text.
    """
    filename = path.as_posix()
    document = _read(path, filename)
    root = document.root
    assert root is not None  # noqa: S101 - without a root there is a problem, and that was told
    data: Mapping[str, Any] = plain(root)
    faults = list(_shape_faults(data)) or list(_meaning_faults(data, beside))
    if faults:
        # Of several faults at one place, the first found is the most telling.
        offset, fault = min(((_offset(root, fault), fault) for fault in faults), key=lambda o: o[0])
        raise RulesetError(filename, document.text.location(offset), fault.cause, fault.remedy)
    return data


def _offset(root: Node, fault: Fault) -> int:
    locate = {"value": locate_value, "key": locate_key, "start": locate_start}[fault.part]
    return locate(root, fault.pointer).span.start


# The file.


def _read(path: Path, filename: str) -> Document:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        cause = f"this ruleset cannot be read: {reason.lower()}"
        raise RulesetError(filename, Location(1, 1), cause, "check its path") from error
    first, *others = read_documents(data, format_by_name(path.name))
    for document in (first, *others):
        if document.problems:
            raise _problem_error(filename, document.text, document.problems)
    if others and others[0].root:
        location = first.text.location(others[0].root.span.start)
        cause = "this is a second document, and a ruleset is a single one"
        raise RulesetError(filename, location, cause, "put all rules into the first")
    return first


def _problem_error(filename: str, text: Text, problems: Iterable[Problem]) -> RulesetError:
    """Tell the first problem of the reader in its own words, but for those about requests."""
    problem = min(problems, key=lambda problem: problem.span.start)
    remedy = problem.remedy
    if problem.name == "not-an-object":
        remedy = "write rules: with a list of rules below it"
    return RulesetError(filename, text.location(problem.span.start), problem.cause, remedy)


def _bare(name: str) -> str:
    return printable(shortened(name))


def _choose(name: str, names: Iterable[str]) -> str:
    near = nearest_name(name, names)
    return f"did you mean {near}?" if near else f"choose {one_of(names)}"


# What the schema of rulesets says, in words.


@cache
def _validator() -> Draft7Validator:
    formats = FormatChecker(formats=())
    formats.checks("regex")(_is_regex)
    return Draft7Validator(_ruleset_schema(), format_checker=formats)


@cache
def _ruleset_schema() -> Schema:
    path = schema_folder() / RULESET_SCHEMA
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _is_regex(pattern: object) -> bool:
    return not isinstance(pattern, str) or not _regex_fault(pattern)


def _regex_fault(pattern: str) -> str:
    """Say why Python cannot read a regular expression, or not without a doubt; "" if it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return str(error)
    return ""


class _Refusal(NamedTuple):
    """A value that does not fit what `keyword` of `schema` wants."""

    keyword: str
    path: Pointer
    value: Json
    wanted: Any
    schema: Schema
    is_of_key: bool


def _refusals(data: Json) -> Iterator[_Refusal]:
    for error in _validator().iter_errors(data):
        yield _Refusal(
            keyword=str(error.validator),
            path=tuple(error.absolute_path),
            value=error.instance,
            wanted=error.validator_value,
            schema=cast("Schema", error.schema),
            is_of_key=list(error.schema_path)[-2:-1] == ["propertyNames"],
        )


def _shape_faults(data: Json) -> Iterator[Fault]:
    # A value of another type says more than what else follows from it.
    refusals = sorted(_refusals(data), key=lambda refusal: refusal.keyword != "type")
    has_strange_keys = {it.path for it in refusals if it.keyword == "additionalProperties"}
    for refusal in refusals:
        # Beside a key that is missing, a strange one is most often it, misspelt.
        if refusal.keyword != "required" or refusal.path not in has_strange_keys:
            for fault in _EXPLAINERS[refusal.keyword](refusal):
                yield fault._replace(pointer=(*refusal.path, *fault.pointer))


def _name(refusal: _Refusal) -> str:
    """Call a place as whoever writes the rule would: `message.equal`, `keys[1]`."""
    match refusal.path:
        case ():
            return "a ruleset"
        case ("rules", int(), *inside) if inside:
            return place_called(tuple(inside))
        case path:
            return place_called(path)


def _owner(refusal: _Refusal) -> str:
    """Call an object by what decides about its keys: a rule by its kind."""
    match refusal.path:
        case ("rules", int()):
            kind = refusal.value.get("kind")
            return f"a rule of kind {kind}" if _is_kind(kind) else "a rule"
    return _name(refusal)


def _is_kind(name: object) -> bool:
    return isinstance(name, str) and name in KINDS


def _missing_keys(refusal: _Refusal) -> Iterator[Fault]:
    """Tell each missing key, or the misspelt one that stands for it."""
    for key in refusal.wanted:
        if key in refusal.value:
            continue
        misspelt = [name for name in _strange(refusal) if nearest_name(name, [key])]
        if misspelt:
            yield _strange_key(refusal, misspelt[0])
        else:
            cause = f"{_owner(refusal)} has no {key}"
            remedy = f"add {key}, for example {_example_of(refusal.schema['properties'][key])}"
            yield Fault(ROOT, cause, remedy, "start")


def _example_of(schema: Schema) -> str:
    if "$ref" in schema:
        schema = _ruleset_schema()["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    return json.dumps(schema["examples"][0], ensure_ascii=False)


def _strange_keys(refusal: _Refusal) -> Iterator[Fault]:
    for name in _strange(refusal):
        yield _strange_key(refusal, name)


def _strange(refusal: _Refusal) -> list[str]:
    return [key for key in refusal.value if key not in refusal.schema["properties"]]


def _strange_key(refusal: _Refusal, name: str) -> Fault:
    free = [key for key in refusal.schema["properties"] if key not in refusal.value]
    near = nearest_name(name, free)
    remedy = f"did you mean {near}?" if near else "remove it"
    if not near and 0 < len(free) <= _LONGEST_LIST:
        remedy += f", or write {one_of(free)} instead"
    return Fault((name,), f"there is no {_bare(name)} in {_owner(refusal)}", remedy, "key")


_LONGEST_LIST = 12


def _wrong_type(refusal: _Refusal) -> Iterator[Fault]:
    names = refusal.wanted
    wanted = one_of(type_called(name) for name in ([names] if isinstance(names, str) else names))
    cause = f"{_name(refusal)} is {called(refusal.value)}, not {wanted}"
    example = f" such as {_example_of(refusal.schema)}" if "examples" in refusal.schema else ""
    yield Fault(ROOT, cause, f"write {wanted}{example}")


def _unlisted(refusal: _Refusal) -> Iterator[Fault]:
    # Of a value that is no string, its type says more.
    if isinstance(refusal.value, str):
        word = next(key for key in reversed(refusal.path) if isinstance(key, str))
        cause = f"there is no {word} {_bare(refusal.value)}"
        yield Fault(ROOT, cause, _choose(refusal.value, refusal.wanted))


def _misspelt(refusal: _Refusal) -> Iterator[Fault]:
    cause = f"{_name(refusal)} {shown(refusal.value)} will not do"
    yield Fault(ROOT, cause, refusal.schema["patternErrorMessage"])


def _no_regex(refusal: _Refusal) -> Iterator[Fault]:
    pattern = str(refusal.value)
    cause = f"{shown(pattern)} is no regular expression: {_regex_fault(pattern)}"
    remedy = "correct it; a backslash makes a character stand for itself"
    if refusal.is_of_key:
        yield Fault((pattern,), cause, remedy, "key")
    else:
        yield Fault(ROOT, cause, remedy)


def _count(refusal: _Refusal) -> Iterator[Fault]:
    what = "keys" if isinstance(refusal.value, dict) else "items"
    count, limit = len(refusal.value), refusal.wanted
    if count > limit:
        cause = f"{_name(refusal)} has {count} {what}, and {limit} is the most"
        yield Fault(ROOT, cause, "remove the others")
    else:
        cause = f"{_name(refusal)} has {count} of at least {limit} {what}"
        cause = cause if count else f"{_name(refusal)} is empty"
        yield Fault(ROOT, cause, f"write more, as in {_example_of(refusal.schema)}")


def _unwelcome(refusal: _Refusal) -> Iterator[Fault]:
    cause = f"{_name(refusal)} cannot be written here"
    yield Fault(ROOT, cause, refusal.schema["errorMessage"], "key")


def _repeated(refusal: _Refusal) -> Iterator[Fault]:
    seen: set[object] = set()
    for index, item in enumerate(refusal.value):
        if identity(item) in seen:
            cause = f"{called(item)} is listed twice in {_name(refusal)}"
            yield Fault((index,), cause, "remove the second one")
        seen.add(identity(item))


def _out_of_bounds(refusal: _Refusal) -> Iterator[Fault]:
    bounds = bounds_called(refusal.schema)
    cause = f"{_name(refusal)} {shown(refusal.value)} is not {bounds}"
    yield Fault(ROOT, cause, f"write a number that is {bounds}")


_EXPLAINERS: dict[str, Callable[[_Refusal], Iterator[Fault]]] = {
    "required": _missing_keys,
    "additionalProperties": _strange_keys,
    "type": _wrong_type,
    "enum": _unlisted,
    "pattern": _misspelt,
    "format": _no_regex,
    "minItems": _count,
    "maxItems": _count,
    "minProperties": _count,
    "maxProperties": _count,
    "not": _unwelcome,
    "uniqueItems": _repeated,
    "minimum": _out_of_bounds,
    "exclusiveMinimum": _out_of_bounds,
}


# What that schema cannot say: who is called what, and what there is to speak of.


def _meaning_faults(data: Json, beside: Ruleset | None) -> Iterator[Fault]:
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


def _name_faults(rules: Iterable[Entry], beside: Ruleset | None) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for rule in beside.rules if beside else ():
        taken[rule.code], taken[rule.name] = f"is that of {rule.name}", f"is that of {rule.code}"
    for index, entry in enumerate(rules):
        for key in ("code", "name"):
            value = entry[key]
            if value in taken:
                yield Fault((index, key), f"{key} {value} {taken[value]}", f"choose another {key}")
            taken[value] = "stands twice in this file"
        if beside is not None and entry["code"].startswith(_OUR_PREFIX):
            cause = f"code {entry['code']} begins with RS, as the rules of rosetta-spec do"
            yield Fault((index, "code"), cause, "choose letters of your own, such as POL001")


_OUR_PREFIX = "RS"


def _entry_faults(entry: Entry, codes: frozenset[str]) -> Iterator[Fault]:
    kind = KINDS[entry["kind"]]
    yield from _wording_faults(entry, kind)
    for index, code in enumerate(entry.get("accompanied-by", ())):
        if code not in codes:
            cause = f"there is no rule {_bare(code)}"
            yield Fault(("accompanied-by", index), cause, _choose_code(code, codes))
    if issubclass(kind, RelationKind):
        yield from list(_place_faults(entry, kind)) or _key_faults(entry, kind)
    yield from _group_faults(entry)


def _group_faults(entry: Entry) -> Iterator[Fault]:
    kind = rule_from(entry, "").kind
    if isinstance(kind, RequiredWithSeveral) and kind.count > len(kind.groups):
        cause = f"groups has {len(kind.groups)}, and the rule waits for {kind.count} of them"
        yield Fault(("groups",), cause, "write more groups, or a lower count")


def _choose_code(code: str, codes: Iterable[str]) -> str:
    near = nearest_name(code, codes)
    return f"did you mean {near}?" if near else "write the code of a rule, such as RS404"


# Wordings.


def _wording_faults(entry: Entry, kind: type[Kind]) -> Iterator[Fault]:
    for key in ("message", "help"):
        yield from _case_faults(key, entry[key], kind, needed=kind.cases)
    if "related" in entry and not isinstance(entry["related"], str):
        yield from _case_faults("related", entry["related"], kind, needed=())
    for pointer, template in _templates(entry):
        yield from _fact_faults(pointer, template, ENGINE_FACTS | kind.facts)


def _case_faults(
    key: str, wording: str | Mapping[str, str], kind: type[Kind], needed: Iterable[str]
) -> Iterator[Fault]:
    has_cases = kind.cases != _ONE_CASE
    cases = one_of(kind.cases).replace(" or ", " and ")
    if isinstance(wording, str):
        if has_cases:
            cause = f"{key} is one wording, and kind {kind.name} has the cases {cases}"
            yield Fault((key,), cause, "write an object with a wording for each case")
        return
    if not has_cases:
        cause = f"{key} has cases, and kind {kind.name} has none"
        yield Fault((key,), cause, "write one string", "key")
        return
    for case in needed:
        if case not in wording:
            cause = f"{key} says nothing in the case {case}"
            yield Fault((key,), cause, f"add {case}, with a wording", "start")
    for case in wording:
        if case not in kind.cases:
            cause = f"there is no case {_bare(case)} in kind {kind.name}"
            yield Fault((key, case), cause, _choose(case, kind.cases), "key")


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


def _fact_faults(pointer: Pointer, template: str, facts: frozenset[str]) -> Iterator[Fault]:
    for name in _BRACED_WORD.findall(template):
        if name not in facts:
            yield Fault(pointer, f"there is no fact {{{name}}} here", _choose(name, sorted(facts)))


#: What looks like a fact, also one that is not spelt as facts are.
_BRACED_WORD = re.compile(r"\{([\w -]*)\}")


# Places, keys and values of the request.


def _place_faults(entry: Entry, kind: type[RelationKind]) -> Iterator[Fault]:
    for index, pattern in enumerate(entry.get("at", _WHOLE_REQUEST)):
        place: Pointer = ("at", index) if "at" in entry else ("kind",)
        schema = schema_at(parse_pattern(pattern))
        if schema is None or pattern == f"/{EDITOR_KEY}":
            cause = f"there is no place {printable(shortened(pattern))} in a request"
            yield Fault(place, cause, _choose_place(pattern))
        elif schema["type"] != _TARGETS.get(kind.target, schema["type"]):
            wanted = _TARGETS[kind.target]
            name, found = pattern_called(parse_pattern(pattern)), type_called(schema["type"])
            cause = f"{name} is {found}, and kind {kind.name} looks at {type_called(wanted)}"
            fit = next(at for at in _places() if (schema_at(at) or {})["type"] == wanted)
            yield Fault(place, cause, f"write another place in at, such as {format_pointer(fit)}")


_WHOLE_REQUEST = ("",)
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


def _key_faults(entry: Entry, kind: type[RelationKind]) -> Iterator[Fault]:
    named = tuple(_named_keys(entry))
    yield from _twice_named(named)
    for pattern in entry.get("at", _WHOLE_REQUEST):
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


def _twice_named(named: Iterable[_Named]) -> Iterator[Fault]:
    seen: set[str] = set()
    for pointer, key, part in named:
        if key in seen:
            cause = f"{_bare(key)} is named twice in one rule"
            yield Fault(pointer, cause, "name another key, or remove it", part)
        seen.add(key)


def _unknown_keys(
    named: Iterable[_Named], at: tuple[str, ...], keys: Collection[str]
) -> Iterator[Fault]:
    for pointer, key, part in named:
        if key not in keys:
            cause = f"{pattern_called(at)} has no key {_bare(key)}"
            home = home_of(key)
            if home is not None:
                remedy = f'write at: ["{format_pointer(home)}"], where it belongs'
            else:
                remedy = _choose(key, keys) if keys else "choose another place"
            yield Fault(pointer, cause, remedy, part)


def _value_faults(
    entry: Entry, named: Iterable[_Named], keys: Mapping[str, Schema]
) -> Iterator[Fault]:
    """Tell what the named keys can never hold: values of `by`, and what the kind compares."""
    compared = entry["values"] if entry["kind"] == "ordered" else _COMPARED.get(entry["kind"])
    if compared is not None:
        for pointer, key, _ in named:
            if not _IS_COMPARABLE[compared](keys[key]):
                cause = f"{key} holds no {compared}, which this rule compares"
                yield Fault(pointer, cause, f"name a key that holds {compared}")
    if "by" in entry:
        yield from _by_faults(entry, keys[entry["by"]])


def _by_faults(entry: Entry, schema: Schema) -> Iterator[Fault]:
    by = entry["by"]
    if schema["type"] in ("object", "array"):
        cause = f"{by} is {type_called(schema['type'])}, and by is to hold a single value"
        yield Fault(("by",), cause, "name another key")
        return
    for pointer, value in _listed(entry):
        if not is_valid(value, schema):
            yield Fault(pointer, f"{by} cannot be {shown(value)}", _choose_value(schema))


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


def _choose_value(schema: Schema) -> str:
    listed = [value_called(value, schema) for value, _ in listed_values(schema)]
    if listed:
        return f"choose {one_of(listed)}"
    bounds = bounds_called(schema)
    return f"write {wanted_type(schema)} " + (
        f"that is {bounds}" if bounds else f"such as {_example_of(schema)}"
    )
