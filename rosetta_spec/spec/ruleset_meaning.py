"""What no schema can say of a rules file: whose codes and names are taken, what can be named."""

from __future__ import annotations

from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.kinds.registry import kind_named
from rosetta_spec.kinds.required_with_several import RequiredWithSeveral
from rosetta_spec.kinds.set_when import SetWhen
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.spec.codes import is_ours
from rosetta_spec.spec.ruleset import Ruleset, rule_from
from rosetta_spec.spec.ruleset_fault import Fault, bare
from rosetta_spec.spec.ruleset_keys import key_faults
from rosetta_spec.spec.ruleset_places import place_faults
from rosetta_spec.spec.ruleset_values import value_faults
from rosetta_spec.spec.ruleset_wordings import wording_faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.plain import Json
    from rosetta_spec.spec.ruleset_fault import Entry


def meaning_faults(data: Json, beside: Ruleset | None) -> Iterator[Fault]:
    """Tell what is wrong in `data`, whose shape is right; it is to be used with `beside`."""
    rules = data["rules"]
    known = [rule.code for rule in (beside or Ruleset(())).rules]
    codes = frozenset(known).union(entry["code"] for entry in rules)
    faults = [
        *_name_faults(rules, beside),
        *(
            fault._replace(pointer=(index, *fault.pointer))
            for index, entry in enumerate(rules)
            for fault in _entry_faults(entry, codes)
        ),
    ]
    for fault in faults:
        yield fault._replace(pointer=("rules", *fault.pointer))


def _name_faults(rules: Iterable[Entry], beside: Ruleset | None) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for rule in beside.rules if beside else ():
        taken[rule.code], taken[rule.name] = f"is that of {rule.name}", f"is that of {rule.code}"
    for index, entry in enumerate(rules):
        for key in ("code", "name"):
            value = entry[key]
            if value in taken:
                yield Fault((index, key), f"{key} {value} {taken[value]}", f"choose another {key}")
            taken[value] = "stands twice in this file"
        if beside is not None and is_ours(entry["code"]):
            cause = f"code {entry['code']} has the letters of the rules of rosetta-spec"
            yield Fault((index, "code"), cause, "choose letters of your own, such as POL001")


def _entry_faults(entry: Entry, codes: frozenset[str]) -> Iterator[Fault]:
    kind = kind_named(entry["kind"])
    yield from wording_faults(entry, kind)
    if {"set", "remove"} <= entry.get("fix", {}).keys():
        cause = "fix has both set and remove"
        yield Fault(("fix", "remove"), cause, "choose one of them", "key")
    for index, code in enumerate(entry.get("accompanied-by", ())):
        if code not in codes:
            cause = f"there is no rule {bare(code)}"
            yield Fault(("accompanied-by", index), cause, _choose_code(code, codes))
    if issubclass(kind, RelationKind):
        faults = list(place_faults(entry, kind)) or list(value_faults(entry, kind))
        # The places of a rule that sets a value are no keys of one object.
        yield from faults or (() if kind is SetWhen else key_faults(entry, kind))
    yield from _group_faults(entry)


def _group_faults(entry: Entry) -> Iterator[Fault]:
    kind = rule_from(entry, "").kind
    if isinstance(kind, RequiredWithSeveral) and kind.count > len(kind.groups):
        cause = f"groups has {len(kind.groups)}, and the rule waits for {kind.count} of them"
        yield Fault(("groups",), cause, "write more groups, or a lower count")


def _choose_code(code: str, codes: Iterable[str]) -> str:
    near = nearest_name(code, codes)
    return f"did you mean {near}?" if near else "write the code of a rule, such as RS404"
