"""What a rule will say of a place, told before there is a document."""

from __future__ import annotations

from rosetta_spec.kinds.kind import RelationKind
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.wording import example_at, place_called, such_as
from rosetta_spec.spec.rule import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from rosetta_spec.spec.rule import Rule


def foretold(rule: Rule, place: tuple[str, ...], case: str, facts: Mapping[str, str]) -> str:
    """Say the rule's code and name, the cause and the remedy, as the engine does.

    A wording that needs to know what is written gives way to what the rule wants in general.
    """
    known = {**_facts_of(place), **facts}
    cause = _filled(rule.message.get(case, ""), known) or _wanted(rule)
    remedy = _filled(rule.help.get(case, ""), known)
    return f"{rule.code} {rule.name}: {'; '.join(filter(None, (cause, remedy)))}"


def _facts_of(place: tuple[str, ...]) -> dict[str, str]:
    """Collect what is known of any value of a place; nobody knows which item `*` will be."""
    facts = {"example": example_at(place), "such_as": such_as(place)}
    if place[-1:] != (EVERY_ITEM,):
        facts["key"] = place_called(place[-1:])
    if EVERY_ITEM not in place:
        facts["path"] = place_called(place)
    if EVERY_ITEM not in place[:-1]:
        facts["where"] = place_called(place[:-1])
    return {name: fact for name, fact in facts.items() if fact or name == "such_as"}


def _filled(template: str, facts: Mapping[str, str]) -> str:
    try:
        return fill(template, facts)
    except KeyError:
        return ""


def _wanted(rule: Rule) -> str:
    """Write the rule's sentence as part of another."""
    kind = rule.kind
    sentence = kind.sentence() if isinstance(kind, RelationKind) else kind.describe()
    sentence = sentence.removesuffix(".")
    return sentence[:1].lower() + sentence[1:]
