"""Report what the schema of rulesets, or of configuration files, rejects, in words."""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from rosetta_spec.document.values import Json, identity, json_text
from rosetta_spec.errors import FileProblem
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.kinds.schema import bounds_called
from rosetta_spec.pointer import ROOT
from rosetta_spec.regex import Regex, UnsupportedPatternError
from rosetta_spec.request.schema import RULESET_SCHEMA, Schema, jsonschema, specification
from rosetta_spec.request.wording import (
    called,
    nearest_name,
    one_of,
    place_called,
    printable_name,
    shown,
    suggestion,
    type_called,
)

#: One rule of a rules file, as data.
Entry: TypeAlias = Mapping[str, Any]


#: An error of `jsonschema`, which is loaded late.
JsonSchemaError: TypeAlias = Any


@cache
def _validator(schema_file: str) -> Any:  # noqa: ANN401 - the library is loaded late
    library = jsonschema()
    formats = library.FormatChecker(formats=())
    formats.checks("regex")(
        lambda value: not isinstance(value, str) or _regex_problem(value) == ("", "")
    )
    return library.Draft7Validator(specification(schema_file), format_checker=formats)


def _regex_problem(pattern: str) -> tuple[str, str]:
    """Return why a pattern is rejected and what to do, two empty texts if it is accepted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Regex(pattern)
    except UnsupportedPatternError as error:
        cause = f"{shown(pattern)} {error}"
        remedy = "write it without lookahead, lookbehind, back-references, flags and long repeats"
        return cause, remedy
    except (re.error, OverflowError, RecursionError, Warning) as error:
        cause = f"{shown(pattern)} is not a regular expression: {error}"
        return cause, "correct it; a backslash escapes a special character"
    return "", ""


def example_of(schema: Schema) -> str:
    """Write the first example of a schema, or of the definition that it refers to, as JSON."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/definitions/")
        schema = specification(RULESET_SCHEMA)["definitions"][name]
    return json_text(schema["examples"][0])


def _name(error: JsonSchemaError) -> str:
    """Name a place as the author of a rule would: `message.equal`, `keys[1]`."""
    match tuple(error.absolute_path):
        case ():
            # The title of each schema begins with what such a file is.
            return f"a {error.schema['title'].split()[0].lower()}"
        case ("rules", int(), *inside) if inside:
            return place_called(tuple(inside))
        case path:
            return place_called(path)


def _owner(error: JsonSchemaError) -> str:
    """Name an object by what decides about its keys: a rule by its kind."""
    match tuple(error.absolute_path):
        case ("rules", int()):
            kind = error.instance.get("kind")
            is_known = isinstance(kind, str) and kind in KINDS
            return f"a rule of kind {kind}" if is_known else "a rule"
    return _name(error)


def _missing_keys(error: JsonSchemaError) -> Iterator[FileProblem]:
    """Explain each missing key, or the misspelled key in its place."""
    for key in error.validator_value:
        if key in error.instance:
            continue
        misspelled = [name for name in _unknown(error) if nearest_name(name, [key])]
        if misspelled:
            yield _unknown_key(error, misspelled[0])
        else:
            cause = f"{_owner(error)} has no {key}"
            remedy = f"add {key}, for example {example_of(error.schema['properties'][key])}"
            yield FileProblem(ROOT, cause, remedy, "start")


def _unknown(error: JsonSchemaError) -> list[str]:
    return [key for key in error.instance if key not in error.schema["properties"]]


_LONGEST_LIST = 12


def _unknown_key(error: JsonSchemaError, name: str) -> FileProblem:
    free = [key for key in error.schema["properties"] if key not in error.instance]
    near = nearest_name(name, free)
    # Where text may be meant, the message of the schema is about an object too.
    is_text = error.schema.get("type") == ["string", "object"]
    instead = error.schema.get("errorMessage") if is_text else None
    remedy = f"did you mean {near}?" if near else instead or "remove it"
    if not (near or instead) and 0 < len(free) <= _LONGEST_LIST:
        remedy += f", or write {one_of(free)} instead"
    cause = f"there is no key {printable_name(name)} in {_owner(error)}"
    return FileProblem((name,), cause, remedy, "key")


def _wrong_type(error: JsonSchemaError) -> Iterator[FileProblem]:
    names = (
        [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
    )
    wanted = one_of(map(type_called, names))
    example = f" such as {example_of(error.schema)}" if "examples" in error.schema else ""
    remedy = error.schema.get("errorMessage", f"write {wanted}{example}")
    yield FileProblem(ROOT, f"{_name(error)} is {called(error.instance)}, not {wanted}", remedy)


#: The kinds that only our own rules may have.
_OUR_KINDS = frozenset(name for name, kind in KINDS.items() if not issubclass(kind, RelationKind))


def _unlisted(error: JsonSchemaError) -> Iterator[FileProblem]:
    # For a value that is not a string, the error about its type says more.
    if isinstance(error.instance, str):
        cause = f"{_name(error)} cannot be {shown(error.instance)}"
        choices = [name for name in error.validator_value if name not in _OUR_KINDS]
        yield FileProblem(ROOT, cause, suggestion(error.instance, choices))


def _pattern_mismatch(error: JsonSchemaError) -> Iterator[FileProblem]:
    cause = f"{_name(error)} {shown(error.instance)} is not valid"
    problem = FileProblem(ROOT, cause, error.schema["patternErrorMessage"])
    is_about_key = list(error.schema_path)[-2:-1] == ["propertyNames"]
    yield problem._replace(pointer=(error.instance,), part="key") if is_about_key else problem


def _wrong_count(error: JsonSchemaError) -> Iterator[FileProblem]:
    what = "keys" if isinstance(error.instance, dict) else "items"
    count, limit = len(error.instance), error.validator_value
    if count > limit:
        cause = f"{_name(error)} has {count} {what}, and at most {limit} are allowed"
        yield FileProblem(ROOT, cause, error.schema.get("errorMessage", "remove the others"))
    else:
        cause, remedy = f"has {count} of at least {limit} {what}", "write more, as in"
        if not count:
            cause, remedy = "is empty", "write one such as"
        example = example_of(error.schema)
        yield FileProblem(ROOT, f"{_name(error)} {cause}", f"{remedy} {example}")


def _forbidden(error: JsonSchemaError) -> Iterator[FileProblem]:
    cause = f"{_name(error)} cannot be written here"
    yield FileProblem(ROOT, cause, error.schema["errorMessage"], "key")


def _repeated(error: JsonSchemaError) -> Iterator[FileProblem]:
    seen: set[object] = set()
    for index, item in enumerate(error.instance):
        if identity(item) in seen:
            cause = f"{called(item)} is listed twice in {_name(error)}"
            yield FileProblem((index,), cause, "remove the second one")
        seen.add(identity(item))


def _out_of_range(error: JsonSchemaError) -> Iterator[FileProblem]:
    bounds = bounds_called(error.schema)
    cause = f"{_name(error)} {shown(error.instance)} is not {bounds}"
    yield FileProblem(ROOT, cause, f"write a number that is {bounds}")


_EXPLAINERS: dict[str, Callable[[JsonSchemaError], Iterator[FileProblem]]] = {
    "required": _missing_keys,
    "additionalProperties": lambda error: (_unknown_key(error, it) for it in _unknown(error)),
    "type": _wrong_type,
    "enum": _unlisted,
    "pattern": _pattern_mismatch,
    "format": lambda error: iter([FileProblem(ROOT, *_regex_problem(error.instance))]),
    "minItems": _wrong_count,
    "maxItems": _wrong_count,
    "minProperties": _wrong_count,
    "maxProperties": _wrong_count,
    "not": _forbidden,
    "uniqueItems": _repeated,
    "minimum": _out_of_range,
    "exclusiveMinimum": _out_of_range,
    "maximum": _out_of_range,
}


def schema_problems(data: Json, schema_file: str = RULESET_SCHEMA) -> Iterator[FileProblem]:
    """Yield what the schema of rulesets, or of configuration files, rejects in data, in words."""
    errors = list(_validator(schema_file).iter_errors(data))
    # A wrong type explains more than the errors that follow from it.
    errors.sort(key=lambda error: error.validator != "type")
    paths = [tuple(error.absolute_path) for error in errors]
    with_unknown_keys = {
        path
        for path, error in zip(paths, errors, strict=True)
        if error.validator == "additionalProperties"
    }
    for path, error in zip(paths, errors, strict=True):
        # Where a key is missing and another is unknown, the unknown one is most often misspelled.
        if error.validator != "required" or path not in with_unknown_keys:
            for problem in _EXPLAINERS[error.validator](error):
                yield problem._replace(pointer=(*path, *problem.pointer))
