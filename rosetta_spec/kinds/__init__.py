"""The kinds, check types of the rule language, by the names that rules files use."""

from __future__ import annotations

from rosetta_spec.kinds import comparison, keys, run, schema, text, values
from rosetta_spec.kinds.kind import Kind

#: The base classes have no name.
KINDS: dict[str, type[Kind]] = {
    each.name: each
    for module in (comparison, keys, run, schema, text, values)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Kind) and "name" in vars(each)
}
