"""Which keys of a request belong together, as the rules declare it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rosetta_spec.document.numbers import number_of
from rosetta_spec.document.values import Json
from rosetta_spec.lsp.hover import listed_entry
from rosetta_spec.pointer import Pointer, parse_pattern
from rosetta_spec.request.schema import schema_at
from rosetta_spec.spec.rule import Rule


class RelatedKeys:
    """What rules say of the keys of one object, by its place."""

    def __init__(self, rules: Iterable[Rule], pointer: Pointer) -> None:
        here = [rule for rule in rules if _is_about(rule, pointer)]
        self._together = _options(here, "together")
        self._exclusive = _options(here, "exclusive")
        self._required_when = _options(here, "required-when")
        self._ignored_unless = _options(here, "ignored-unless")

    def partners(self, key: str) -> list[str]:
        """Return the keys that go together with a key."""
        groups = [it["keys"] for it in self._together if key in it["keys"]]
        return [other for keys in groups for other in keys if other != key]

    def needed_by(self, key: str, value: Json) -> list[str]:
        """Return the keys that a value of a key asks for."""
        rules = [it for it in self._required_when if it["by"] == key]
        return [it["key"] for it in rules if value in it["values"]]

    def is_needed(self, key: str, values: Mapping[str, Json]) -> str:
        """Return the key of an object that asks for another one, or nothing."""
        for other, value in values.items():
            if key in self.partners(other) or key in self.needed_by(other, value):
                return other
        return ""

    def is_excluded(self, key: str, values: Mapping[str, Json]) -> bool:
        """Whether an object has a key beside which another one must not stand."""
        groups = [it["keys"] for it in self._exclusive if key in it["keys"]]
        return any(other in values for keys in groups for other in keys if other != key)

    def is_idle(self, key: str, values: Mapping[str, Json]) -> bool:
        """Whether a key would have no effect in an object."""
        return any(
            values.get(it["by"]) not in it["settings"][key]
            for it in self._ignored_unless
            if key in it["settings"]
        )


def _is_about(rule: Rule, pointer: Pointer) -> bool:
    at = rule.options.get("at", [""])
    return any(parse_pattern(pattern) == pointer for pattern in at)


def _options(rules: Iterable[Rule], kind: str) -> list[Mapping[str, Any]]:
    return [rule.options for rule in rules if rule.kind.name == kind]


def values_of(members: Iterable[tuple[str, str]], home: Pointer) -> Iterator[tuple[str, Json]]:
    """Yield the keys of an object with what their scalars mean, by their words.

    A listed value may be named, whole numbers are such, and other words stay as they are.
    """
    for key, word in members:
        entry = listed_entry(schema_at((*home, key)) or {}, word)
        is_whole = word.isdecimal() and word.isascii()
        yield key, entry["const"] if entry else number_of(word) if is_whole else word
