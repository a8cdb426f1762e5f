"""The request schema with every rule in it that JSON Schema can say, for editors and validators."""

from __future__ import annotations

import copy

from rosetta_spec.diagnostic import Severity
from rosetta_spec.spec.request_schema import request_schema, schema_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.spec.request_schema import Schema
    from rosetta_spec.spec.rule import Rule


def bundled_schema(rules: Iterable[Rule]) -> Schema:
    """Return the request schema with the rules of severity error added at their places.

    It rejects exactly the requests in which such a rule is broken, as far as JSON Schema can say
    it; what it cannot is listed in its `$comment`.
    """
    schema = copy.deepcopy(request_schema())
    errors = [rule for rule in rules if rule.severity is Severity.ERROR]
    for rule in errors:
        for pattern, fragment in (rule.kind.schemas() or {}).items():
            place = schema_at(pattern, schema)
            assert place is not None  # noqa: S101 - a loaded rule's places are known
            place.setdefault("allOf", []).append({"title": f"{rule.code} {rule.name}", **fragment})
    unsaid = [rule for rule in errors if rule.kind.schemas() is None]
    names = ", ".join(f"{rule.code} ({rule.name})" for rule in unsaid)
    schema["$comment"] = f"Beyond JSON Schema, and checked by rosetta-spec only: {names}."
    return schema
