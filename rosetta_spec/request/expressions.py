"""JSON Schema as Python expressions, each true only if its keyword surely holds of a value."""

from __future__ import annotations

from rosetta_spec.fast.quick import Declined, short_fraction
from rosetta_spec.request.patterns import NOT_BLANK, is_time_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from rosetta_spec.document.plain import Json
    from rosetta_spec.request.schema import Schema

    #: From what a keyword asks to expressions of a value, `{0}`, that all have to be true.
    Say: TypeAlias = Callable[[Json], list[str]]

#: An expression that is true of nothing: for what cannot be said.
NEVER = "False"

#: Keywords that ask nothing of a value; what `items` and `properties` ask is a shape, and those of
#: the request schema are written out one by one.
_ANNOTATIONS = frozenset({"$schema", "$id", "title", "description", "examples", "default"})
_SHAPE = frozenset({"properties", "required", "additionalProperties", "items"})

_TYPES = {
    # A string with blanks around it means another one, and so is none to be sure of.
    "string": "type({0}) is str and {0} == {0}.strip()",
    "integer": "(type({0}) is int or is_whole({0}))",
    "number": "(type({0}) is int or type({0}) is float)",
    "boolean": "({0} is True or {0} is False)",
    "array": "type({0}) is list",
    "object": "type({0}) is dict",
}
_NUMBER = "is_number({0})"
_NOT_BLANK = "{0}.strip() != ''"
_STRING = "type({0}) is str"
_LIST = "type({0}) is list"
_OBJECT = "type({0}) is dict"


def fits(schema: Schema, value: str) -> list[str]:
    """Say what the request schema asks of a value at a place of its own, but for what is inside."""
    own = {key: asked for key, asked in schema.items() if key not in _SHAPE}
    return _expressions(own, value)


def fits_fragment(schema: Schema | bool, value: str) -> str:  # noqa: FBT001 - a schema may be so
    """Say that the value of the expression `value` fits a fragment; `NEVER` if it cannot be said.

    Numbers in it have to be short, since the value is a float where it has a fraction.
    """
    if isinstance(schema, bool):
        return "True" if schema else NEVER
    return all_of(_expressions(schema, value))


def all_of(expressions: Iterable[str]) -> str:
    """Join expressions that all have to be true, each only once."""
    unique = [each for each in dict.fromkeys(expressions) if each != "True"]
    return NEVER if NEVER in unique else " and ".join(unique) or "True"


def literal(value: str | int) -> str:
    """Write a string, a boolean, or a whole number as Python."""
    return repr(value)


def is_one_of(values: Iterable[Json], value: str, operator: str = "in") -> str:
    """Say that a value is one of some (`not in`: none of them), as Python's `in` compares."""
    listed = list(values)
    if not all(isinstance(each, str | int) for each in listed):
        return NEVER
    return f"{value} {operator} {_tuple(map(literal, listed))}"


def matches_pattern(pattern: str, value: str) -> str:
    """Say that a string has a match of a regular expression, without `re` where we know how."""
    return _match(pattern).format(value)


def _expressions(schema: Schema, value: str) -> list[str]:
    asked = {key: what for key, what in schema.items() if key not in _ANNOTATIONS}
    if _only_documents(schema):
        asked.pop("anyOf")
    expressions = []
    # The type comes first: other tests of the same value then need none of their own.
    for key in sorted(asked, key=lambda key: key != "type"):
        if key in _NESTED:
            expressions += _NESTED[key](asked[key], value)
        else:
            say = _KEYWORDS.get(key)
            expressions += _said(say, asked[key], value) if say else [NEVER]
    return [_simpler(each, asked.get("type"), value) for each in expressions]


def _simpler(expression: str, type_: Json, value: str) -> str:
    """Leave out of an expression what the type has asked already."""
    if type_ in ("integer", "number") and expression == _NUMBER.format(value):
        return "True"
    if type_ == "string" and expression == _NOT_BLANK.format(value):
        return f"{value} != ''"
    return expression


def _said(say: Say, asked: Json, value: str) -> list[str]:
    try:
        return [each.format(value) for each in say(asked)]
    except Declined:
        return [NEVER]


def _only_documents(schema: Schema) -> bool:
    """Whether an `anyOf` only gives the listed values their names, for editors."""
    branches = schema.get("anyOf", ())
    values = schema.get("enum", [True, False] if schema.get("type") == "boolean" else ())
    names_one = all(branch.keys() <= _ANNOTATIONS | {"const"} for branch in branches)
    # To Python true is 1, to JSON it is not: as they are written they differ.
    named = [repr(branch.get("const")) for branch in branches]
    return bool(branches) and names_one and named == [repr(value) for value in values]


def _listed(values: list[Json], operator: str) -> list[str]:
    types = {type(each) for each in values}
    if types not in ({str}, {int}):
        return [NEVER]
    guard = _STRING if types == {str} else _NUMBER
    return [guard, f"{{0}} {operator} {_escaped(_tuple(map(literal, values)))}"]


def _tuple(items: Iterable[str]) -> str:
    first, *others = items
    return f"({', '.join([first, *others])})" if others else f"({first},)"


def _escaped(code: str) -> str:
    """Keep braces in a literal through formatting."""
    return code.replace("{", "{{").replace("}", "}}")


def _is_type(name: Json) -> list[str]:
    return _TYPES[name].split(" and ") if isinstance(name, str) and name in _TYPES else [NEVER]


def _is_constant(constant: Json) -> list[str]:
    return [f"{{0}} is {constant}"] if isinstance(constant, bool) else _listed([constant], "in")


def _is_not(schema: Json) -> list[str]:
    """Say that a value is none of a few; of other schemas nobody could be sure."""
    if not isinstance(schema, dict) or len(schema) != 1:
        return [NEVER]
    ((keyword, asked),) = schema.items()
    if keyword == "const" and isinstance(asked, bool):
        return [f"{{0}} is {not asked}"]
    values = asked if keyword == "enum" else [asked] if keyword == "const" else []
    return _listed(values, "not in")


def _compared(operator: str) -> Say:
    return lambda bound: [_NUMBER, f"{{0}} {operator} {_short(bound)}"]


def _sized(guard: str, operator: str) -> Say:
    return lambda size: [guard, f"len({{0}}) {operator} {_short(size)}"]


def _short(number: Json) -> str:
    """Write a number that a short float can be compared with.

    Raises:
        Declined: it is too long for that.
    """
    text = str(number)
    if not isinstance(number, int):
        short_fraction(text)
    return text


def _is_match(pattern: Json) -> list[str]:
    return [_STRING, _match(pattern)]


def _match(pattern: str) -> str:
    if pattern == NOT_BLANK:
        return _NOT_BLANK
    if is_time_pattern(pattern):
        return "is_written_time({0})"
    return f"matches({_escaped(literal(pattern))}, {{0}})"


def _has_no_repeats(asked: Json) -> list[str]:
    return [_LIST, "have_no_repeats({0})"] if asked else []


def _has_keys(keys: Json) -> list[str]:
    return [_OBJECT, *(f"{_escaped(literal(key))} in {{0}}" for key in keys)]


def _fits_all(schemas: Json, value: str) -> list[str]:
    return [fits_fragment(schema, value) for schema in schemas]


def _fits_any(schemas: Json, value: str) -> list[str]:
    return [f"({' or '.join(f'({each})' for each in _fits_all(schemas, value))})"]


def _members_fit(properties: Json, value: str) -> list[str]:
    return [_OBJECT.format(value)] + [
        f"({literal(key)} not in {value} or {fits_fragment(schema, f'{value}[{literal(key)}]')})"
        for key, schema in properties.items()
    ]


def _dependencies_fit(dependencies: Json, value: str) -> list[str]:
    needed = {
        key: {"required": each} if isinstance(each, list) else each
        for key, each in dependencies.items()
    }
    return [_OBJECT.format(value)] + [
        f"({literal(key)} not in {value} or {fits_fragment(schema, value)})"
        for key, schema in needed.items()
    ]


#: Keywords that hold schemas.
_NESTED: dict[str, Callable[[Json, str], list[str]]] = {
    "allOf": _fits_all,
    "anyOf": _fits_any,
    "properties": _members_fit,
    "dependencies": _dependencies_fit,
}

_KEYWORDS: dict[str, Say] = {
    "type": _is_type,
    "enum": lambda values: _listed(values, "in"),
    "const": _is_constant,
    "not": _is_not,
    "minimum": _compared(">="),
    "maximum": _compared("<="),
    "exclusiveMinimum": _compared(">"),
    "exclusiveMaximum": _compared("<"),
    "minLength": _sized(_STRING, ">="),
    "maxLength": _sized(_STRING, "<="),
    "pattern": _is_match,
    "minItems": _sized(_LIST, ">="),
    "maxItems": _sized(_LIST, "<="),
    "uniqueItems": _has_no_repeats,
    "required": _has_keys,
}
