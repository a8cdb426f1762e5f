"""Explain a request in plain words, with the templates of `sampling-create.explanation.json`.

A template is used if all its values are known. Values with errors are named instead.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import ABSENT, UNUSABLE, WIDE, Json, Ranked, json_text, value_at
from rosetta_spec.engine.engine import RelationRules
from rosetta_spec.engine.validation import MISSPELLED, Validation
from rosetta_spec.kinds.conditions import IgnoredUnless
from rosetta_spec.pointer import Pointer, parse_pattern
from rosetta_spec.request.schema import specification
from rosetta_spec.request.wording import (
    all_of,
    at_most,
    one_of,
    place_called,
    plain_number,
    printable_name,
    shown,
)
from rosetta_spec.spec.ruleset import builtin_ruleset

EXPLANATION = "sampling-create.explanation.json"

#: `{/pointer}` or `{/pointer:format}`; a format is percent, plain, quoted, or `frame|frames`.
_PLACEHOLDER = re.compile(r"\{(/[^}:]+)(?::([^}]+))?\}")

#: The maximum number of items of a list that are named.
_MAX_ITEMS = 20

#: Strings that need no quotes.
_PLAIN = re.compile(r"[\w.@:-]+")

_LOST = (ABSENT, UNUSABLE)


def explain(document: Document) -> str:
    """Return a paragraph about what a request asks for; it ends with what is left out."""
    if not isinstance(document.value, dict):
        return "This is not a request."
    return _Explanation(Validation(document.value, document.problems)).text()


@cache
def _relation_rules() -> RelationRules:
    return RelationRules(builtin_ruleset().rules)


class _Explanation:
    def __init__(self, validation: Validation) -> None:
        errors = [each for each in validation.errors() if each.kind_name != MISSPELLED]
        self._value = validation.normalized
        self._data = specification(EXPLANATION)
        self._without_effect: list[Pointer] = []
        self._wrong = [each.pointer for each in errors if each.normalized in _LOST]
        problems = (each.pointer for each in validation.problems)
        self._wrong += [each for each in problems if value_at(validation.raw, each) is UNUSABLE]
        # Our rules count, whether they are selected or not.
        for found in _relation_rules().violations(validation):
            is_there = _value_at(self._value, found.pointer) is not None
            if isinstance(found.rule.kind, IgnoredUnless):
                self._without_effect.append(found.pointer)
            elif found.rule.severity is Severity.ERROR and is_there:
                self._wrong.append(found.pointer)
        self._left_out = {*self._wrong, *self._without_effect}

    def text(self) -> str:
        text = "".join(map(self._part, self._data["paragraph"]))
        if self._without_effect:
            text += f" No effect: {_joined(map(self._named, self._without_effect), all_of)}."
        if self._wrong:
            named = _joined(map(place_called, sorted(self._wrong)), all_of)
            text += f" Not explained because of errors: {named}."
        return text[:1].upper() + text[1:]

    def _part(self, part: Mapping[str, Any]) -> str:
        if "conditions" in part:
            return self._conditions(part)
        is_unclear = "unclear" in part and any(map(self._is_wrong, _places_in(part["choose"])))
        return self._choose(part["unclear"] if is_unclear else part["choose"]) or ""

    def _conditions(self, part: Mapping[str, Any]) -> str:
        texts = [self._choose(each) or self._unclear(each, part) for each in part["conditions"]]
        found = [text for text in texts if text]
        join = parse_pattern(part["join"])
        words = self._known(join)
        if words and len(found) <= 1:
            self._without_effect.append(join)
        between = str(part["between"]).replace("{}", words or part["unjoined"])
        return f"{part['before']}{between.join(dict.fromkeys(found))}" if found else ""

    def _unclear(self, templates: Iterable[str], part: Mapping[str, Any]) -> str:
        is_wrong = any(map(self._is_wrong, _places_in(templates)))
        return str(part["unclear"]) if is_wrong else ""

    def _choose(self, templates: Iterable[str]) -> str | None:
        """Fill the first template whose values are all known."""
        filled = (_fill(each, self._known) for each in templates)
        return next((text for text in filled if text is not None), None)

    def _named(self, pointer: Pointer) -> str:
        return f"{place_called(pointer)} {self._written(pointer, '') or ''}".rstrip()

    def _known(self, pointer: Pointer, format_: str = "") -> str | None:
        """Write a value, None if it is unknown or left out."""
        return None if pointer in self._left_out else self._written(pointer, format_)

    def _written(self, pointer: Pointer, format_: str) -> str | None:
        value = _value_at(self._value, pointer)
        place = "".join(f"/{token}" for token in pointer)
        words = self._data["words"].get(place, {})
        if not isinstance(value, list):
            return _scalar(value, format_, words)
        described = self._data["lists"].get(place, {"join": "or"})
        items = (
            self._item((*pointer, number), described, format_, words)
            for number in range(len(value))
            if (*pointer, number) not in self._left_out
        )
        return _joined(filter(None, items), all_of if described["join"] == "and" else one_of)

    def _item(
        self, pointer: Pointer, described: Mapping[str, str], format_: str, words: Mapping[str, str]
    ) -> str | None:
        if "item" in described:
            return _fill(described["item"], lambda at, how: self._known((*pointer, *at), how))
        return _scalar(_value_at(self._value, pointer), format_, words)

    def _is_wrong(self, place: Pointer) -> bool:
        return any(wrong[: len(place)] == place for wrong in self._wrong)


def _value_at(value: Json, pointer: Pointer) -> Json:
    """Return a value, None where there is none or it cannot be used."""
    found = value_at(value, pointer)
    return None if found in _LOST else found


def _fill(template: str, text_of: Callable[[Pointer, str], str | None]) -> str | None:
    """Fill a template; None if a value is unknown."""
    parts = _PLACEHOLDER.split(template)
    for at in range(1, len(parts), 3):
        text = text_of(parse_pattern(parts[at]), parts[at + 1] or "")
        if text is None:
            return None
        parts[at], parts[at + 1] = text, ""
    return "".join(parts)


def _places_in(templates: Iterable[str]) -> Iterator[Pointer]:
    for template in templates:
        for found in _PLACEHOLDER.finditer(template):
            yield parse_pattern(found[1])


def _joined(texts: Iterable[str], join: Callable[[list[str]], str]) -> str | None:
    """Join different texts; of many, count the last ones."""
    unique = at_most(_MAX_ITEMS, dict.fromkeys(texts))
    return join(unique) if unique else None


def _scalar(value: Json, format_: str, words: Mapping[str, str]) -> str | None:
    """Write a value; of a listed one, its words. None if it cannot be used."""
    if value is None:
        return None
    if words:
        return words.get(json_text(value))
    if isinstance(value, str):
        is_plain = format_ == "plain" or (not format_ and _PLAIN.fullmatch(value))
        return printable_name(value) if is_plain else shown(value)
    if format_ == "percent" and not isinstance(value, Ranked):
        return f"{plain_number(Decimal(value).scaleb(2, WIDE))} %"
    singular, _, plural = format_.partition("|")
    number = plain_number(value)
    return f"{number} {singular if value == 1 else plural}" if plural else number
