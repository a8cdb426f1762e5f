"""What is wrong with the shape of settings, in words: what their schema refuses."""

from __future__ import annotations

from rosetta_spec.errors import FileProblem
from rosetta_spec.request.folder import CONFIG_SCHEMA
from rosetta_spec.request.nearest import nearest_name, suggestion
from rosetta_spec.request.wording import one_of, place_called, printable_name, shown
from rosetta_spec.spec.schema_errors import refusals_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.spec.schema_errors import Refusal

#: The types of the schema, as people who write TOML call them.
_TYPES = {"string": "a string", "array": "a list", "object": "a table"}


def shape_faults(settings: Json) -> Iterator[FileProblem]:
    """Tell whatever in settings is not as `config.schema.json` wants it."""
    for refusal in refusals_of(_cut(settings, _DEPTH), CONFIG_SCHEMA):
        yield from _EXPLAINERS[refusal.keyword](refusal)


#: No setting that is right is deeper. The judge shows values to itself, to their very ends.
_DEPTH = 4


def _cut(value: Json, depth: int) -> Json:
    """Leave out what is deeper inside a value."""
    if isinstance(value, dict):
        return {key: _cut(item, depth - 1) for key, item in value.items()} if depth else {}
    if isinstance(value, list):
        return [_cut(item, depth - 1) for item in value] if depth else []
    return value


def _name(refusal: Refusal) -> str:
    return place_called(refusal.path) if refusal.path else "what is set"


def _called(value: Json) -> str:
    if isinstance(value, str):
        return f"the string {shown(value)}"
    if isinstance(value, bool):
        return shown(value)
    if isinstance(value, int | float):
        return f"the number {shown(value)}"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def _wrong_type(refusal: Refusal) -> Iterator[FileProblem]:
    names = [refusal.wanted] if isinstance(refusal.wanted, str) else refusal.wanted
    wanted = one_of(_TYPES[name] for name in names)
    cause = f"{_name(refusal)} is {_called(refusal.value)}, not {wanted}"
    yield FileProblem(refusal.path, cause, refusal.schema["errorMessage"])


def _unlisted(refusal: Refusal) -> Iterator[FileProblem]:
    # Of a value that is no string, its type says more.
    if isinstance(refusal.value, str):
        cause = f"{_name(refusal)} cannot be {shown(refusal.value)}"
        yield FileProblem(refusal.path, cause, suggestion(refusal.value, refusal.wanted))


def _wrong_pattern(refusal: Refusal) -> Iterator[FileProblem]:
    cause = f"the pattern {shown(refusal.value)} will not do"
    remedy = refusal.schema["patternErrorMessage"]
    if refusal.is_of_key:
        yield FileProblem((*refusal.path, refusal.value), cause, remedy, "key")
    else:
        yield FileProblem(refusal.path, cause, remedy)


def _strange_keys(refusal: Refusal) -> Iterator[FileProblem]:
    known = refusal.schema["properties"]
    for key in refusal.value:
        if key not in known:
            free = [name for name in known if name not in refusal.value]
            near = nearest_name(key, free)
            remedy = f"did you mean {near}?" if near else f"remove it, or write {one_of(free)}"
            yield FileProblem((key,), f"there is no setting {printable_name(key)}", remedy, "key")


_EXPLAINERS: dict[str, Callable[[Refusal], Iterator[FileProblem]]] = {
    "type": _wrong_type,
    "enum": _unlisted,
    "pattern": _wrong_pattern,
    "additionalProperties": _strange_keys,
}
