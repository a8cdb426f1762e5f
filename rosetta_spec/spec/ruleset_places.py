"""The places of the request at which a rule in a rules file is to look."""

from __future__ import annotations

from functools import cache

from rosetta_spec.kinds.kind import pattern_called
from rosetta_spec.pointer import ROOT, format_pointer, parse_pattern
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.request.schema import EDITOR_KEY, home_of, places, schema_at
from rosetta_spec.request.wording import printable, shortened, type_called
from rosetta_spec.spec.ruleset_fault import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.kinds.kind import RelationKind
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.ruleset_fault import Entry

#: Where a rule looks that has no `at`.
WHOLE_REQUEST = ("",)


def place_faults(entry: Entry, kind: type[RelationKind]) -> Iterator[Fault]:
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
            yield Fault(place, cause, f"write another place in at, such as {format_pointer(fit)}")


def unknown_place(pointer: Pointer, pattern: str) -> Fault:
    """Tell that no request has a place, which stands at `pointer` of its rule."""
    cause = f"there is no place {printable(shortened(pattern))} in a request"
    return Fault(pointer, cause, _choose_place(pattern))


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
