"""How a JSON Schema refuses a value so that an editor shows our words, and where.

Of the language servers for JSON and YAML that most editors use, both show an `errorMessage` for
`type`, `enum`, `pattern`, a key whose schema is `false`, and `additionalProperties`; none does for
the rest. What an `if` looks for is put under `not`, so that they offer nothing of it as completion.
"""

from __future__ import annotations

from rosetta_spec.pointer import EVERY_ITEM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.kinds.kind import Breach
    from rosetta_spec.request.schema import Schema


def refused_when(when: Schema, refusal: Schema, otherwise: Schema | None = None) -> Schema:
    """Put a refusal to what looks like `when`, and `otherwise` to the rest."""
    then = {} if otherwise is None else {"then": otherwise}
    return {"if": {"not": when}, **then, "else": refusal}


def clause_of(
    breach: Breach, at: tuple[str, ...], words: str, *, is_error: bool
) -> tuple[tuple[str, ...], Schema]:
    """Say a breach of a rule as a clause of the schema at a place: the place, and the clause.

    What is no error fits the schema, and editors only warn of it: it is "deprecated".
    """
    pointer = tuple(map(str, breach.finding.place.pointer))
    when = breach.when
    if not pointer and at and at[-1] != EVERY_ITEM:
        *above, key = at
        at, pointer = tuple(above), (key,)
        when = {"properties": {key: when}, "required": [key]}
    if not pointer:
        # No type fits, so that an object is refused with words; `null` is never wanted.
        refusal = {"type": "null", "errorMessage": words} if is_error else _warning(words)
        return at, refused_when(when, refusal)
    *above, key = pointer
    mark = {"properties": {key: False}, "errorMessage": words}
    if not is_error:
        mark = {"properties": {key: _warning(words)}}
    return at, refused_when(when, _below(tuple(above), mark))


def _warning(words: str) -> Schema:
    return {"deprecationMessage": words}


def _below(pointer: tuple[str, ...], schema: Schema) -> Schema:
    for key in reversed(pointer):
        schema = {"properties": {key: schema}}
    return schema
