"""Generate acceptors: Python code that accepts a request only if there is nothing to report of it.

An acceptor may decline a valid request, and must never accept one in which the engine would find
something. It needs nothing but builtins and `rosetta_spec.fast.predicates`. Ours is
`rosetta_spec.fast.acceptor`; one with a team's rules is generated when it is needed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from rosetta_spec.document.values import Json
from rosetta_spec.fast import acceptor as builtin
from rosetta_spec.fast import predicates
from rosetta_spec.kinds.kind import Pattern, RelationKind
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.expressions import conjunction, fits
from rosetta_spec.request.schema import Schema, places, request_schema, schema_at
from rosetta_spec.spec.ruleset import Rule, is_ours

#: Whether there is certainly nothing to report of a value of a quick reader.
Accepts: TypeAlias = Callable[[Json], bool]

_MODULE = '''\
"""The acceptor that `rosetta_spec.spec.acceptor_generator` has generated of some rules."""

{imports}
{constants}


def accepts(request: object) -> bool:
    """Whether there is certainly nothing to report of a request, a value of a quick reader."""
    {body}


#: For each place of the request schema a test that is true only if a value is valid there, except
#: for what is inside it.
VALUE_TESTS = {{
{tests}
}}
'''


@lru_cache(maxsize=64)
def acceptor_of(rules: tuple[Rule, ...]) -> Accepts:
    """Return an acceptor for `rules`.

    Every acceptor has all of our own rules, whether they are selected or not.
    """
    if all(is_ours(rule.code) for rule in rules):
        return builtin.accepts
    module: dict[str, Any] = {}
    exec(compile(acceptor_source(rules), "<acceptor>", "exec"), module)  # noqa: S102 - generated
    accepts: Accepts = module["accepts"]
    return accepts


@lru_cache(maxsize=512)
def quick_test(kind: RelationKind) -> Accepts:
    """Return a quick test of a value that is true only if it does not break a rule of this kind."""
    source = f"lambda value: {kind.accepts('value')}"
    test: Accepts = eval(source, vars(predicates))  # noqa: S307 - generated
    return test


def acceptor_source(rules: Iterable[Rule]) -> str:
    """Return the source of a module with the function `accepts(request)`.

    It is true only if every value is what the request schema asks for, has exactly the value that
    is written, and breaks none of `rules`.
    """
    schema = request_schema()
    kinds = [rule.kind for rule in rules if isinstance(rule.kind, RelationKind)]
    body = "\n".join([*_value(schema, (), "request", kinds), "return True"])
    tests = "\n".join(
        f"    {place!r}: lambda value: {conjunction(fits(schema_at(place), 'value'))},"
        for place in places()
    )
    called = sorted(vars(predicates).keys() & set(re.findall(r"\b[a-z]\w+(?=\()", body + tests)))
    return _MODULE.format(
        imports=f"from rosetta_spec.fast.predicates import {', '.join(called)}\n" if called else "",
        constants="\n".join(
            [f"REQUIRED_KEYS = {schema['required']!r}", *_key_sets(schema, "request")]
        ),
        body=body.replace("\n", "\n    "),
        tests=tests,
    )


def _value(
    schema: Schema, place: Pattern, name: str, kinds: Sequence[RelationKind]
) -> Iterator[str]:
    """Write tests of the variable `name`: of its schema, of the values in it, of the rules."""
    own = fits(schema, name)
    yield from _reject_unless(conjunction(own))
    if schema["type"] == "object":
        # No null, and no unknown key.
        yield from _reject_unless(
            f"None not in {name}.values() and {name}.keys() <= {_key_set(name)}"
        )
        for key, member in schema["properties"].items():
            variable = _variable(key)
            yield f"{variable} = {name}.get({key!r})"
            tests = _value(member, (*place, key), variable, kinds)
            if key not in schema.get("required", ()):
                yield f"if {variable} is not None:"
                tests = map("    {}".format, tests)
            yield from tests
    elif schema["type"] == "array":
        item = f"item_of_{name}"
        yield f"for {item} in {name}:"
        yield from map("    {}".format, _value(schema["items"], (*place, EVERY_ITEM), item, kinds))
    tests_of_rules = (kind.accepts(name) for kind in kinds if place in kind.patterns)
    for test in tests_of_rules:
        if test not in own:
            yield from _reject_unless(test)


def _reject_unless(test: str) -> Iterator[str]:
    yield f"if not ({test}):"
    yield "    return False"


def _key_sets(schema: Schema, name: str) -> Iterator[str]:
    """Define the known keys of each object; a set written in the function is made at each call."""
    if schema["type"] == "object":
        yield f"{_key_set(name)} = frozenset({list(schema['properties'])!r})"
        for key, member in schema["properties"].items():
            yield from _key_sets(member, _variable(key))
    elif schema["type"] == "array":
        yield from _key_sets(schema["items"], f"item_of_{name}")


def _key_set(name: str) -> str:
    return f"KEYS_OF_{name.upper()}"


def _variable(key: str) -> str:
    """Name a variable after a key; the prefix keeps it apart from every other name."""
    return "the_" + re.sub(r"\W", "_", key)
