"""The values that a rule in a rules file lists: only those that the request can hold there."""

from __future__ import annotations

from rosetta_spec.kinds.forbidden import Forbidden
from rosetta_spec.kinds.kind import pattern_called
from rosetta_spec.kinds.set_when import SetWhen
from rosetta_spec.kinds.shape.bounds import bounds_called
from rosetta_spec.kinds.shape.wrong_type import wanted_type
from rosetta_spec.pointer import EVERY_ITEM, parse_pattern
from rosetta_spec.request.schema import listed_values, schema_at
from rosetta_spec.request.schema_judge import is_valid
from rosetta_spec.request.wording import one_of, place_called, shown, type_called, value_called
from rosetta_spec.spec.ruleset_fault import Fault
from rosetta_spec.spec.ruleset_places import WHOLE_REQUEST, unknown_place
from rosetta_spec.spec.ruleset_refusal import example_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.document.plain import Json
    from rosetta_spec.kinds.kind import Kind
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.spec.ruleset_fault import Entry


def value_faults(entry: Entry, kind: type[Kind]) -> Iterator[Fault]:
    """Tell the listed values that can never be where the rule looks for them."""
    if kind is Forbidden:
        yield from _forbidden_faults(entry)
    if kind is SetWhen:
        yield from list(_pointer_faults(entry)) or _set_faults(entry)


def _forbidden_faults(entry: Entry) -> Iterator[Fault]:
    patterns = [parse_pattern(pattern) for pattern in entry.get("at", WHOLE_REQUEST)]
    for index, pattern in enumerate(patterns):
        schema = schema_at(pattern) or {}
        if not pattern or (pattern[-1] == EVERY_ITEM and "values" not in entry):
            cause = f"{pattern_called(pattern)} cannot be left out, and this rule forbids it"
            pointer: Pointer = ("at", index) if "at" in entry else ("kind",)
            yield Fault(pointer, cause, "write the place of a key in at, such as /sampleCount")
        else:
            yield from impossible_values("values", entry, pattern_called(pattern), schema)


def _pointer_faults(entry: Entry) -> Iterator[Fault]:
    for option in ("place", "by"):
        schema = schema_at(parse_pattern(entry[option]))
        if schema is None or EVERY_ITEM in parse_pattern(entry[option]):
            yield unknown_place((option,), entry[option])
    if entry["place"] == entry["by"]:
        cause = f"{entry['by']} is both what asks and what is asked for"
        yield Fault(("by",), cause, "name another place")


def _set_faults(entry: Entry) -> Iterator[Fault]:
    by = parse_pattern(entry["by"])
    schema = schema_at(by) or {}
    place = parse_pattern(entry["place"])
    yield from impossible_values("to", entry, place_called(place), schema_at(place) or {})
    yield from impossible_values("values", entry, place_called(by), schema)
    if "pattern" not in entry and "values" not in entry:
        cause = f"nothing says when {place_called(by)} asks for {place_called(place)}"
        yield Fault(("by",), cause, "add a pattern or values beside by")
    if "pattern" in entry and schema["type"] != "string":
        cause = f"{place_called(by)} is {type_called(schema['type'])}, which no pattern matches"
        yield Fault(("pattern",), cause, "write a list of values instead", "key")


def impossible_values(option: str, entry: Entry, name: str, schema: Schema) -> Iterator[Fault]:
    """Tell those values of an option that the request schema refuses."""
    for index, value in enumerate(entry.get(option, ())):
        if fault := impossible_value(name, value, schema):
            yield fault._replace(pointer=(option, index))


def impossible_value(name: str, value: Json, schema: Schema) -> Fault | None:
    """Tell a value that the request schema refuses; the caller knows its place."""
    if is_valid(value, schema):
        return None
    return Fault((), f"{name} cannot be {shown(value)}", _choose_value(schema))


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
