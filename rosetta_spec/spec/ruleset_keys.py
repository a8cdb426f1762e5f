"""The keys of the request that a rule in a rules file names, and the values it lists for them."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.kinds.kind import pattern_called
from rosetta_spec.kinds.shape.unreadable_time import is_time
from rosetta_spec.pointer import EVERY_ITEM, format_pointer, parse_pattern
from rosetta_spec.request.schema import EDITOR_KEY, home_of, schema_at
from rosetta_spec.request.wording import type_called
from rosetta_spec.spec.ruleset_fault import Fault, bare, choose
from rosetta_spec.spec.ruleset_places import WHOLE_REQUEST
from rosetta_spec.spec.ruleset_values import impossible_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Literal

    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import RelationKind
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.spec.ruleset_fault import Entry


def key_faults(entry: Entry, kind: type[RelationKind]) -> Iterator[Fault]:
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


def _twice_named(named: Iterable[_Named]) -> Iterator[Fault]:
    seen: set[str] = set()
    for pointer, key, part in named:
        if key in seen:
            cause = f"{bare(key)} is named twice in one rule"
            yield Fault(pointer, cause, "name another key, or remove it", part)
        seen.add(key)


def _unknown_keys(
    named: Iterable[_Named], at: tuple[str, ...], keys: Collection[str]
) -> Iterator[Fault]:
    for pointer, key, part in named:
        if key not in keys:
            cause = f"{pattern_called(at)} has no key {bare(key)}"
            home = home_of(key)
            if home is not None:
                remedy = f'write at: ["{format_pointer(home)}"], where it belongs'
            else:
                remedy = choose(key, keys) if keys else "choose another place"
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
