"""The shape of a rules file: what its schema refuses, in words."""

from __future__ import annotations

from rosetta_spec.kinds.registry import HOMES
from rosetta_spec.kinds.shape.bounds import bounds_called
from rosetta_spec.kinds.unique import identity
from rosetta_spec.pointer import ROOT
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.request.wording import called, one_of, place_called, shown, type_called
from rosetta_spec.spec.ruleset_fault import Fault, bare, choose
from rosetta_spec.spec.ruleset_refusal import example_of, refusals_of, regex_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rosetta_spec.document.plain import Json
    from rosetta_spec.spec.ruleset_refusal import Refusal


def shape_faults(data: Json) -> Iterator[Fault]:
    """Tell whatever in `data` is not as `ruleset.schema.json` wants it."""
    # A value of another type says more than what else follows from it.
    refusals = sorted(refusals_of(data), key=lambda refusal: refusal.keyword != "type")
    has_strange_keys = {it.path for it in refusals if it.keyword == "additionalProperties"}
    for refusal in refusals:
        # Beside a key that is missing, a strange one is most often it, misspelt.
        if refusal.keyword != "required" or refusal.path not in has_strange_keys:
            for fault in _EXPLAINERS[refusal.keyword](refusal):
                yield fault._replace(pointer=(*refusal.path, *fault.pointer))


def _name(refusal: Refusal) -> str:
    """Call a place as whoever writes the rule would: `message.equal`, `keys[1]`."""
    match refusal.path:
        case ():
            return "a ruleset"
        case ("rules", int(), *inside) if inside:
            return place_called(tuple(inside))
        case path:
            return place_called(path)


def _owner(refusal: Refusal) -> str:
    """Call an object by what decides about its keys: a rule by its kind."""
    match refusal.path:
        case ("rules", int()):
            kind = refusal.value.get("kind")
            return f"a rule of kind {kind}" if _is_kind(kind) else "a rule"
    return _name(refusal)


def _is_kind(name: object) -> bool:
    return isinstance(name, str) and name in HOMES


def _missing_keys(refusal: Refusal) -> Iterator[Fault]:
    """Tell each missing key, or the misspelt one that stands for it."""
    for key in refusal.wanted:
        if key in refusal.value:
            continue
        misspelt = [name for name in _strange(refusal) if nearest_name(name, [key])]
        if misspelt:
            yield _strange_key(refusal, misspelt[0])
        else:
            cause = f"{_owner(refusal)} has no {key}"
            remedy = f"add {key}, for example {example_of(refusal.schema['properties'][key])}"
            yield Fault(ROOT, cause, remedy, "start")


def _strange_keys(refusal: Refusal) -> Iterator[Fault]:
    for name in _strange(refusal):
        yield _strange_key(refusal, name)


def _strange(refusal: Refusal) -> list[str]:
    return [key for key in refusal.value if key not in refusal.schema["properties"]]


def _strange_key(refusal: Refusal, name: str) -> Fault:
    free = [key for key in refusal.schema["properties"] if key not in refusal.value]
    near = nearest_name(name, free)
    remedy = f"did you mean {near}?" if near else "remove it"
    if not near and 0 < len(free) <= _LONGEST_LIST:
        remedy += f", or write {one_of(free)} instead"
    return Fault((name,), f"there is no key {bare(name)} in {_owner(refusal)}", remedy, "key")


_LONGEST_LIST = 12


def _wrong_type(refusal: Refusal) -> Iterator[Fault]:
    names = refusal.wanted
    wanted = one_of(type_called(name) for name in ([names] if isinstance(names, str) else names))
    cause = f"{_name(refusal)} is {called(refusal.value)}, not {wanted}"
    example = f" such as {example_of(refusal.schema)}" if "examples" in refusal.schema else ""
    yield Fault(ROOT, cause, f"write {wanted}{example}")


def _unlisted(refusal: Refusal) -> Iterator[Fault]:
    # Of a value that is no string, its type says more.
    if isinstance(refusal.value, str):
        word = next(key for key in reversed(refusal.path) if isinstance(key, str))
        cause = f"there is no {word} {bare(refusal.value)}"
        yield Fault(ROOT, cause, choose(refusal.value, refusal.wanted))


def _misspelt(refusal: Refusal) -> Iterator[Fault]:
    cause = f"{_name(refusal)} {shown(refusal.value)} will not do"
    yield Fault(ROOT, cause, refusal.schema["patternErrorMessage"])


def _no_regex(refusal: Refusal) -> Iterator[Fault]:
    pattern = str(refusal.value)
    cause = f"{shown(pattern)} is no regular expression: {regex_fault(pattern)}"
    remedy = "correct it; a backslash makes a character stand for itself"
    if refusal.is_of_key:
        yield Fault((pattern,), cause, remedy, "key")
    else:
        yield Fault(ROOT, cause, remedy)


def _count(refusal: Refusal) -> Iterator[Fault]:
    what = "keys" if isinstance(refusal.value, dict) else "items"
    count, limit = len(refusal.value), refusal.wanted
    if count > limit:
        cause = f"{_name(refusal)} has {count} {what}, and {limit} is the most"
        yield Fault(ROOT, cause, "remove the others")
    else:
        cause = f"{_name(refusal)} has {count} of at least {limit} {what}"
        cause = cause if count else f"{_name(refusal)} is empty"
        yield Fault(ROOT, cause, f"write more, as in {example_of(refusal.schema)}")


def _unwelcome(refusal: Refusal) -> Iterator[Fault]:
    cause = f"{_name(refusal)} cannot be written here"
    yield Fault(ROOT, cause, refusal.schema["errorMessage"], "key")


def _repeated(refusal: Refusal) -> Iterator[Fault]:
    seen: set[object] = set()
    for index, item in enumerate(refusal.value):
        if identity(item) in seen:
            cause = f"{called(item)} is listed twice in {_name(refusal)}"
            yield Fault((index,), cause, "remove the second one")
        seen.add(identity(item))


def _out_of_bounds(refusal: Refusal) -> Iterator[Fault]:
    bounds = bounds_called(refusal.schema)
    cause = f"{_name(refusal)} {shown(refusal.value)} is not {bounds}"
    yield Fault(ROOT, cause, f"write a number that is {bounds}")


_EXPLAINERS: dict[str, Callable[[Refusal], Iterator[Fault]]] = {
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
