"""Write JSON Schema keywords as Python expressions for the acceptor.

An expression is true only if its keyword certainly accepts the value. It reads values as the quick
readers give them (`int`, short `float`, `str`...), and may call `rosetta_spec.fast.predicates`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rosetta_spec.document.values import Json
from rosetta_spec.fast.formats import Declined, short_fraction
from rosetta_spec.request.schema import (
    ANNOTATIONS,
    NOT_BLANK,
    PLACEHOLDER,
    Schema,
    is_time_pattern,
    only_names_values,
)

#: An expression that is never true, for keywords that cannot be expressed.
NEVER = "False"

#: Keywords about nested values. The generator walks through those of the request schema itself.
_NESTED = frozenset({"properties", "required", "additionalProperties", "items"})

_STRING = "type({0}) is str"
_NUMBER = "(type({0}) is int or type({0}) is float)"
_LIST = "type({0}) is list"
_OBJECT = "type({0}) is dict"

_TYPES = {
    # Rules see a string without the whitespace around it, so only a trimmed one is certain.
    "string": (_STRING, "{0} == {0}.strip()"),
    "integer": (_NUMBER, "{0} % 1 == 0"),
    "number": (_NUMBER,),
    "boolean": ("({0} is True or {0} is False)",),
    "array": (_LIST,),
    "object": (_OBJECT,),
}


def fits(schema: Schema, value: str) -> list[str]:
    """Express what a part of the request schema asks of a value, except of the values inside it.

    All the expressions have to be true. `value` is the expression of the value.
    """
    return _expressions({key: schema[key] for key in schema.keys() - _NESTED}, value)


def fits_fragment(schema: Schema | bool, value: str) -> str:  # noqa: FBT001 - a schema may be so
    """Express that a value fits a schema, in one expression; `NEVER` if that is not possible."""
    if isinstance(schema, bool):
        return "True" if schema else NEVER
    return conjunction(_expressions(schema, value))


def conjunction(expressions: Iterable[str]) -> str:
    """Join expressions that all have to be true, each only once."""
    unique = [each for each in dict.fromkeys(expressions) if each != "True"]
    return NEVER if NEVER in unique else " and ".join(unique) or "True"


def is_one_of(values: Iterable[Json], value: str, operator: str = "in") -> str:
    """Express that a value is among `values` (with `not in`: that it is not)."""
    listed = list(values)
    if not all(isinstance(each, str | int) for each in listed):
        return NEVER
    return f"{value} {operator} {tuple(listed)!r}"


def matches_pattern(pattern: str, value: str) -> str:
    """Express that a regular expression matches a string, without `re` where possible."""
    if pattern == NOT_BLANK:
        return f"{value}.strip() != ''"
    if is_time_pattern(pattern):
        return f"is_written_time({value})"
    return f"matches({pattern!r}, {value})"


def _expressions(schema: Schema, value: str) -> list[str]:
    expressions = []
    # The type comes first: the others then need no test of their own for it.
    for keyword in sorted(schema.keys() - ANNOTATIONS, key=lambda each: (each != "type", each)):
        if keyword == "anyOf" and only_names_values(schema):
            continue
        express = _KEYWORDS.get(keyword)
        try:
            expressions += express(schema[keyword], value) if express else [NEVER]
        except Declined:
            expressions.append(NEVER)
    return expressions


def _listed(values: list[Json], value: str, operator: str = "in") -> list[str]:
    types = {type(each) for each in values}
    if types not in ({str}, {int}):
        return [NEVER]
    guard = _STRING if types == {str} else _NUMBER
    return [guard.format(value), f"{value} {operator} {tuple(values)!r}"]


def _not(schema: Json, value: str) -> list[str]:
    """Express that a value is none of a few; the negation of other keywords is never certain."""
    match schema:
        case {"const": bool(constant)} if len(schema) == 1:
            return [f"{value} is {not constant}"]
        case {"const": constant} if len(schema) == 1:
            return _listed([constant], value, "not in")
        case {"enum": values} if len(schema) == 1:
            return _listed(values, value, "not in")
        case {"type": "string", "pattern": pattern} if pattern == PLACEHOLDER:
            return [_STRING.format(value), f"is_filled_in({value})"]
    return [NEVER]


def _compared(operator: str, guard: str = _NUMBER, size: str = "{0}") -> _Express:
    def express(bound: Json, value: str) -> list[str]:
        if not isinstance(bound, int):
            short_fraction(str(bound))  # declines what a float may not equal
        return [guard.format(value), f"{size.format(value)} {operator} {bound}"]

    return express


def _parts_fit(schemas: Mapping[str, Schema], value: str, part: str) -> list[str]:
    """Express that a part of an object fits the schema of each key that it has."""
    return [_OBJECT.format(value)] + [
        f"({key!r} not in {value} or {fits_fragment(schema, part.format(value, key))})"
        for key, schema in schemas.items()
    ]


def _dependencies_fit(dependencies: Json, value: str) -> list[str]:
    needed = {
        key: {"required": each} if isinstance(each, list) else each
        for key, each in dependencies.items()
    }
    return _parts_fit(needed, value, "{0}")


#: From what a keyword asks, and the expression of a value, to expressions that all have to be true.
_Express = Callable[[Json, str], list[str]]

_KEYWORDS: dict[str, _Express] = {
    # Of a list of types, none is certain.
    "type": lambda name, value: [it.format(value) for it in _TYPES.get(str(name), (NEVER,))],
    "enum": _listed,
    "const": lambda constant, value: (
        [f"{value} is {constant}"] if isinstance(constant, bool) else _listed([constant], value)
    ),
    "not": _not,
    "minimum": _compared(">="),
    "maximum": _compared("<="),
    "exclusiveMinimum": _compared(">"),
    "exclusiveMaximum": _compared("<"),
    "minLength": _compared(">=", _STRING, "len({0})"),
    "maxLength": _compared("<=", _STRING, "len({0})"),
    "pattern": lambda pattern, value: [_STRING.format(value), matches_pattern(pattern, value)],
    "minItems": _compared(">=", _LIST, "len({0})"),
    "maxItems": _compared("<=", _LIST, "len({0})"),
    "uniqueItems": lambda is_wanted, value: (
        [_LIST.format(value), f"have_no_repeats({value})"] if is_wanted else []
    ),
    "required": lambda keys, value: [
        _OBJECT.format(value),
        *(f"{key!r} in {value}" for key in keys),
    ],
    "allOf": lambda schemas, value: [fits_fragment(each, value) for each in schemas],
    "anyOf": lambda schemas, value: [
        f"({' or '.join(f'({fits_fragment(each, value)})' for each in schemas)})"
    ],
    "properties": lambda schemas, value: _parts_fit(schemas, value, "{0}[{1!r}]"),
    "dependencies": _dependencies_fit,
}
