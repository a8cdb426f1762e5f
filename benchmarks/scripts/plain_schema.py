"""Print the request schema with our rules as plainly as JSON Schema says them.

`rosetta-spec schema --bundle` says the same in more words, for editors, which slow validators.
"""

import copy

from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.values import indented_json
from rosetta_spec.request.schema import request_schema, schema_at
from rosetta_spec.spec.ruleset import builtin_ruleset

schema = copy.deepcopy(request_schema())
for rule in builtin_ruleset().rules:
    if rule.severity is Severity.ERROR:
        for place, fragment in (rule.kind.schemas() or {}).items():
            schema_at(place, schema).setdefault("allOf", []).append(fragment)
print(indented_json(schema))
