"""The wordings of a rule in a rules file: the cases of its kind, and the facts that they quote."""

from __future__ import annotations

import re

from rosetta_spec.kinds.kind import ENGINE_FACTS
from rosetta_spec.request.wording import one_of
from rosetta_spec.spec.ruleset_fault import Fault, bare, choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rosetta_spec.kinds.kind import Kind
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.spec.ruleset_fault import Entry


def wording_faults(entry: Entry, kind: type[Kind]) -> Iterator[Fault]:
    """Tell the cases that are missing or unknown, and the facts that are unknown."""
    for key in ("message", "help"):
        yield from _case_faults(key, entry[key], kind, needed=kind.cases)
    if "related" in entry and not isinstance(entry["related"], str):
        yield from _case_faults("related", entry["related"], kind, needed=())
    for pointer, template in _templates(entry):
        yield from _fact_faults(pointer, template, ENGINE_FACTS | kind.facts)


def _case_faults(
    key: str, wording: str | Mapping[str, str], kind: type[Kind], needed: Iterable[str]
) -> Iterator[Fault]:
    has_cases = kind.cases != _ONE_CASE
    cases = one_of(kind.cases).replace(" or ", " and ")
    if isinstance(wording, str):
        if has_cases:
            cause = f"{key} is one wording, and kind {kind.name} has the cases {cases}"
            yield Fault((key,), cause, "write an object with a wording for each case")
        return
    if not has_cases:
        cause = f"{key} has cases, and kind {kind.name} has none"
        yield Fault((key,), cause, "write one string", "key")
        return
    for case in needed:
        if case not in wording:
            cause = f"{key} says nothing in the case {case}"
            yield Fault((key,), cause, f"add {case}, with a wording", "start")
    for case in wording:
        if case not in kind.cases:
            cause = f"there is no case {bare(case)} in kind {kind.name}"
            yield Fault((key, case), cause, choose(case, kind.cases), "key")


_ONE_CASE = ("",)


def _templates(entry: Entry) -> Iterator[tuple[Pointer, str]]:
    for key in ("message", "help", "related"):
        wording = entry.get(key, {})
        if isinstance(wording, str):
            yield (key,), wording
        else:
            for case, template in wording.items():
                yield (key, case), template
    if "fix" in entry:
        yield ("fix", "title"), entry["fix"]["title"]


def _fact_faults(pointer: Pointer, template: str, facts: frozenset[str]) -> Iterator[Fault]:
    for name in _BRACED_WORD.findall(template):
        if name not in facts:
            yield Fault(pointer, f"there is no fact {{{name}}} here", choose(name, sorted(facts)))


#: What looks like a fact, also one that is not spelt as facts are.
_BRACED_WORD = re.compile(r"\{([\w -]*)\}")
