"""A request as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import Json
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema
from rosetta_spec.text import Span


class SchemaError(NamedTuple):
    """One value or key that the request schema rejects.

    `kind_name` is the kind that reports it. `value` is what is written there, `ABSENT` for a
    missing key; of a quoted number or boolean that breaks another keyword too, what it spells.
    `schema` is that of the place, of an unknown key that of its object, whose keys are `siblings`.
    `normalized` is what the other rules see there.
    """

    kind_name: str
    pointer: Pointer
    value: Json
    schema: Schema
    normalized: Json
    siblings: frozenset[str] = frozenset()


class SuppressionProblem(NamedTuple):
    """What is wrong with the suppression at `span`.

    `kind_name` is the kind that reports it, with the wording `case`, which `facts` fill. `edits`
    on the text remove the problem; there are none where nothing is known to.
    """

    kind_name: str
    case: str
    span: Span
    facts: Mapping[str, str]
    edits: tuple[tuple[Span, str], ...] = ()


class Request(NamedTuple):
    """A document as kinds see it.

    `raw` is its value as written. In `normalized`, null and unknown members are left out, a
    quoted number and the name of a listed value are what they stand for, strings have no
    whitespace around them, and a value of the wrong type or out of range is `UNUSABLE`. Both are
    `UNUSABLE` if the document could not be read.
    """

    raw: Json
    normalized: Json
    schema_errors: tuple[SchemaError, ...]
    problems: tuple[SyntaxProblem, ...]
    suppression_problems: tuple[SuppressionProblem, ...] = ()
