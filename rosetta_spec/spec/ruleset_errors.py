"""Find what is wrong in a ruleset and cannot be expressed by its schema."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from rosetta_spec.document.values import Json
from rosetta_spec.errors import FileProblem, Part
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.comparison import LimitedSpan
from rosetta_spec.kinds.conditions import SetWhen
from rosetta_spec.kinds.keys_and_values import Forbidden, RequiredWith, RequiredWithSeveral
from rosetta_spec.kinds.kind import ENGINE_FACTS, Kind, Pattern, RelationKind, pattern_called
from rosetta_spec.kinds.schema import bounds_called, wanted_type
from rosetta_spec.pointer import EVERY_ITEM, Pointer, format_pointer
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    Schema,
    example_key,
    homes,
    inner_places,
    is_time,
    is_valid,
    listed_values,
    schema_at,
)
from rosetta_spec.request.wording import (
    all_of,
    name_called,
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


def other_problems(data: Json, others: Ruleset | None) -> Iterator[FileProblem]:
    """Yield what is wrong in the data of a ruleset that its schema accepts.

    `others` are the rules that it is to be used with; None if it is our own.
    """
    rules = data.get("rules", ())
    known = [rule.code for rule in (others or Ruleset(())).rules]
    codes = frozenset(known).union(entry["code"] for entry in rules)
    yield from _name_problems(rules, others)
    for index, entry in enumerate(rules):
        for problem in _rule_problems(entry, codes):
            yield problem._replace(pointer=("rules", index, *problem.pointer))


def _name_problems(rules: Iterable[Entry], others: Ruleset | None) -> Iterator[FileProblem]:
    taken: dict[str, str] = {}
    for rule in others.rules if others else ():
        taken[rule.code], taken[rule.name] = f"is that of {rule.name}", f"is that of {rule.code}"
    for index, entry in enumerate(rules):
        for key in ("code", "name"):
            value = entry[key]
            if value in taken:
                cause = f"{key} {value} {taken[value]}"
                yield FileProblem(("rules", index, key), cause, f"choose another {key}")
            taken[value] = "is used twice in this file"
        if others is not None and is_ours(entry["code"]):
            cause = f"code {entry['code']} begins with RS, which is reserved for rosetta-spec"
            remedy = "choose letters of your own, such as POL001"
            yield FileProblem(("rules", index, "code"), cause, remedy)
        if others is not None and not issubclass(KINDS[entry["kind"]], RelationKind):
            cause = f"kind {entry['kind']} is reserved for rosetta-spec"
            yield FileProblem(("rules", index, "kind"), cause, "choose another, such as exclusive")


def _rule_problems(entry: Entry, codes: frozenset[str]) -> Iterator[FileProblem]:
    kind = KINDS[entry["kind"]]
    yield from wording_problems(entry, kind)
    for index, code in enumerate(entry.get("accompanied-by", ())):
        if code not in codes:
            cause = f"there is no rule {name_called(code)}"
            remedy = suggestion(code, codes, "write the code of a rule, such as RS404")
            yield FileProblem(("accompanied-by", index), cause, remedy)
    if kind is LimitedSpan:
        yield from _limit_problems(entry)
    is_without_fix = issubclass(kind, RelationKind) and kind.fixes is Kind.fixes
    if is_without_fix and "fix" in entry and entry["fix"].keys().isdisjoint(("set", "remove")):
        cause = f"kind {kind.name} has no fix of its own"
        yield FileProblem(("fix",), cause, "add set or remove to the fix")
    made = rule_from(entry, "").kind
    if isinstance(made, RelationKind):
        # Each step needs what the one before it has checked.
        for step in (_place_problems, _key_problems, _value_problems):
            if problems := list(step(entry, made)):
                yield from problems
                break
    if isinstance(made, RequiredWithSeveral) and made.count > len(made.groups):
        cause = f"groups has {len(made.groups)}, and the rule needs {made.count} of them"
        yield FileProblem(("groups",), cause, "write more groups, or a lower count")


#: The limits of a span, of which it has at least one.
_LIMITS = ("at-most", "at-least")


def _limit_problems(entry: Entry) -> Iterator[FileProblem]:
    """Yield that a span has no limit, or limits that no distance is within."""
    most, least = map(entry.get, _LIMITS)
    if most is None and least is None:
        yield FileProblem(("kind",), "this rule has no limit", f"add {one_of(_LIMITS)}")
    elif most is not None and least is not None and least > most:
        cause = f"at-least {shown(least)} is above at-most {shown(most)}"
        yield FileProblem(("at-least",), cause, "write a lower number")


_TARGETS: dict[type, str] = {dict: "object", list: "array", str: "string"}


def _place_problems(entry: Entry, kind: RelationKind) -> Iterator[FileProblem]:
    """Yield unknown places, and places of another type than the kind checks."""
    is_set_when = isinstance(kind, SetWhen)
    wanted = None if is_set_when else _TARGETS.get(kind.target)
    for pointer, pattern in _named_places(entry, kind):
        schema = schema_at(pattern)
        if not schema or pattern == (EDITOR_KEY,) or (is_set_when and EVERY_ITEM in pattern):
            yield _unknown_place(pointer, pattern)
        elif wanted and schema["type"] != wanted:
            name, found = pattern_called(pattern), type_called(schema["type"])
            cause = f"{name} is {found}, and kind {kind.name} looks at {type_called(wanted)}"
            fit = next(at for at in inner_places() if schema_at(at)["type"] == wanted)
            remedy = f"write another place in at, such as {format_pointer(fit)}"
            yield FileProblem(pointer, cause, remedy)


def _named_places(entry: Entry, kind: RelationKind) -> Iterator[tuple[Pointer, Pattern]]:
    """Yield the places that a rule names, by their pointers in its entry."""
    if isinstance(kind, SetWhen):
        yield from ((("place",), kind.wanted), (("by",), kind.cause))
    elif "at" not in entry:
        yield ("kind",), ()
    else:
        yield from ((("at", index), pattern) for index, pattern in enumerate(kind.patterns))


def _unknown_place(pointer: Pointer, pattern: Pattern) -> FileProblem:
    text = format_pointer(pattern)
    near = nearest_name(text, map(format_pointer, inner_places()))
    home = homes().get(pattern[-1])
    if near is None and home is not None:
        near = format_pointer((*home, pattern[-1]))
    remedy = f"did you mean {near}?" if near else f"write one such as /{example_key('object')}"
    return FileProblem(pointer, f"there is no place {printable_name(text)} in a request", remedy)


def _objects(kind: RelationKind) -> Iterator[tuple[Pattern, Mapping[str, Schema]]]:
    """Yield the places of the objects whose keys a rule names, with the schemas of their keys."""
    for pattern in kind.patterns:
        is_list = schema_at(pattern)["type"] == "array"
        at = (*pattern, EVERY_ITEM) if is_list else pattern
        yield at, schema_at(at).get("properties", {})


def _key_problems(entry: Entry, kind: RelationKind) -> Iterator[FileProblem]:
    """Yield keys that are named twice, or unknown."""
    # The places of a set-when rule need not be keys of one object.
    named = () if isinstance(kind, SetWhen) else tuple(_named_keys(entry))
    seen: set[str] = set()
    for pointer, key, part in named:
        if key in seen:
            cause = f"{printable_name(key)} is named twice in one rule"
            yield FileProblem(pointer, cause, "name another key, or remove it", part)
        seen.add(key)
    for at, schemas in _objects(kind):
        keys = [key for key in schemas if key != EDITOR_KEY]
        for pointer, key, part in named:
            if key not in keys:
                cause = f"{pattern_called(at)} has no key {printable_name(key)}"
                home = homes().get(key)
                remedy = suggestion(key, keys) if keys else "choose another place"
                if home is not None:
                    remedy = f'write at: ["{format_pointer(home)}"], where it belongs'
                yield FileProblem(pointer, cause, remedy, part)


def _named_keys(entry: Entry) -> Iterator[tuple[Pointer, str, Part]]:
    """Yield the keys of the request that a rule names, with their places in its entry."""
    for option in ("key", "by", "low", "high", "limit"):
        # The limit of other kinds is a number.
        if isinstance(entry.get(option), str):
            yield (option,), entry[option], "value"
    for index, key in enumerate(entry.get("keys", ())):
        yield ("keys", index), key, "value"
    for key in entry.get("settings", ()):
        yield ("settings", key), key, "key"
    for number, group in enumerate(entry.get("groups", ())):
        for index, key in enumerate(group):
            yield ("groups", number, index), key, "value"


_COMPARED = {"same-clock": "times", "disjoint": "numbers", "at-most": "numbers"}
_IS_COMPARABLE: dict[str, Callable[[Schema], bool]] = {
    "times": is_time,
    "numbers": lambda schema: schema["type"] in ("integer", "number"),
}


def _value_problems(entry: Entry, kind: RelationKind) -> Iterator[FileProblem]:
    """Yield values that the kind cannot compare, and listed values that are never valid."""
    compared = entry["values"] if kind.name == "ordered" else _COMPARED.get(kind.name)
    if isinstance(kind, LimitedSpan):
        compared = "times" if kind.is_of_times else "numbers"
    for _, keys in _objects(kind):
        for pointer, key, _ in _named_keys(entry):
            if compared and not _IS_COMPARABLE[compared](keys[key]):
                cause = f"{key} does not contain {compared}, which this rule compares"
                yield FileProblem(pointer, cause, f"name a key that contains {compared}")
    if problems := list(_condition_problems(entry, kind)):
        yield from problems
        return
    for pointer, pattern, values in _listed(entry, kind):
        schema = schema_at(pattern)
        is_key = "by" in entry and not isinstance(kind, SetWhen)
        if is_key and schema["type"] in ("object", "array"):
            found = type_called(schema["type"])
            cause = f"{entry['by']} is {found}, and by must name a single value"
            yield FileProblem(("by",), cause, "name another key")
            continue
        for index, value in enumerate(values):
            if not is_valid(value, schema):
                cause = f"{pattern_called(pattern)} cannot be {shown(value)}"
                yield FileProblem((*pointer, index), cause, _value_remedy(schema))


def _listed(entry: Entry, kind: RelationKind) -> Iterator[tuple[Pointer, Pattern, list[Json]]]:
    """Yield the lists of values in a rule, each with the place that is to have one of them."""
    if isinstance(kind, SetWhen):
        yield ("to",), kind.wanted, entry["to"]
        yield ("values",), kind.cause, entry.get("values", [])
    elif isinstance(kind, Forbidden):
        yield from ((("values",), pattern, entry.get("values", [])) for pattern in kind.patterns)
    elif "by" in entry and not isinstance(kind, RequiredWith):
        for at, _ in _objects(kind):
            by = (*at, entry["by"])
            yield ("values",), by, entry.get("values", [])
            for key, values in entry.get("settings", {}).items():
                yield ("settings", key), by, values


def _condition_problems(entry: Entry, kind: RelationKind) -> Iterator[FileProblem]:
    """Yield what cannot be forbidden, and conditions that are never or always met."""
    if isinstance(kind, SetWhen):
        by = place_called(kind.cause)
        type_ = schema_at(kind.cause)["type"]
        if entry["place"] == entry["by"]:
            yield FileProblem(("by",), f"{entry['by']} is both place and by", "name another place")
        elif "pattern" not in entry and "values" not in entry:
            cause = f"no condition says when {by} needs {place_called(kind.wanted)}"
            yield FileProblem(("by",), cause, "add a pattern or values beside by")
        if "pattern" in entry and type_ != "string":
            cause = f"{by} is {type_called(type_)}, which no pattern matches"
            yield FileProblem(("pattern",), cause, "write a list of values instead", "key")
    if isinstance(kind, Forbidden):
        for pointer, pattern in _named_places(entry, kind):
            if not pattern or (pattern[-1] == EVERY_ITEM and "values" not in entry):
                cause = f"{pattern_called(pattern)} cannot be left out, and this rule forbids it"
                remedy = f"write the place of a key in at, such as /{example_key('integer')}"
                yield FileProblem(pointer, cause, remedy)


def _value_remedy(schema: Schema) -> str:
    listed = [value_called(value, schema) for value, _ in listed_values(schema)]
    if listed:
        return f"choose {one_of(listed)}"
    if schema["type"] == "boolean":
        return "choose true or false"
    bounds = bounds_called(schema)
    example = f" such as {example_of(schema)}" if "examples" in schema else ""
    return f"write {wanted_type(schema)}{f' that is {bounds}' if bounds else example}"


#: Anything that looks like a fact, misspelled ones too.
_BRACED_WORD = re.compile(r"\{([\w -]*)\}")


def wording_problems(entry: Entry, kind: type[Kind]) -> Iterator[FileProblem]:
    """Yield cases that are missing or unknown, and unknown facts."""
    templates: dict[Pointer, str] = {}
    for key in ("message", "help", "related"):
        wording = entry.get(key, {})
        if isinstance(wording, str):
            templates[key,] = wording
        else:
            templates.update({(key, case): template for case, template in wording.items()})
        if key in entry and (key != "related" or not isinstance(wording, str)):
            yield from _case_problems(key, wording, kind)
    if "fix" in entry:
        templates["fix", "title"] = entry["fix"]["title"]
    facts = ENGINE_FACTS | kind.facts
    for pointer, template in templates.items():
        for name in _BRACED_WORD.findall(template):
            if name not in facts:
                cause = f"there is no fact {{{name}}} here"
                yield FileProblem(pointer, cause, suggestion(name, sorted(facts)))


def _case_problems(
    key: str, wording: str | Mapping[str, str], kind: type[Kind]
) -> Iterator[FileProblem]:
    has_cases = kind.cases != ("",)
    if isinstance(wording, str):
        if has_cases:
            cause = f"{key} is one wording, and kind {kind.name} has the cases {all_of(kind.cases)}"
            yield FileProblem((key,), cause, "write an object with a wording for each case")
        return
    if not has_cases:
        cause = f"{key} has cases, and kind {kind.name} has none"
        yield FileProblem((key,), cause, "write one string", "key")
        return
    # Not every case has related places.
    for case in kind.cases if key != "related" else ():
        if case not in wording:
            cause = f"{key} has no wording for the case {case}"
            yield FileProblem((key,), cause, f"add {case}, with a wording", "start")
    for case in wording:
        if case not in kind.cases:
            cause = f"there is no case {printable_name(case)} in kind {kind.name}"
            yield FileProblem((key, case), cause, suggestion(case, kind.cases), "key")
