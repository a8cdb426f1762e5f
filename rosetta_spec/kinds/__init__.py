"""The kinds, check types of the rule language, by the names that rules files use."""

from rosetta_spec.kinds import comparison, conditions, documents, keys_and_values, schema
from rosetta_spec.kinds.kind import Kind

#: The base classes have no name.
KINDS: dict[str, type[Kind]] = {
    each.name: each
    for module in (comparison, conditions, documents, keys_and_values, schema)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Kind) and "name" in vars(each)
}
