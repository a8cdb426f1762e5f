"""Print the request schema with our rules as plainly as JSON Schema says them.

`rosetta-spec schema --bundle` says the same in more words, for editors, which slow validators.
"""

import copy

from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.values import indented_json
from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.request.schema import request_schema, schema_at
from rosetta_spec.spec.ruleset import builtin_ruleset

schema = copy.deepcopy(request_schema())
for rule in builtin_ruleset().rules:
    if rule.severity is Severity.ERROR and isinstance(rule.kind, RelationKind):
        negated = (case.when for case in rule.kind.schema_cases())
        parts = [when["not"] if when.keys() == {"not"} else {"not": when} for when in negated]
        for place in rule.kind.patterns:
            schema_at(place, schema).setdefault("allOf", []).extend(parts)
print(indented_json(schema))
