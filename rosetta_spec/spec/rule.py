"""One rule as it is declared: whatever shows a rule reads it here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.document.values import Json
from rosetta_spec.kinds.kind import Kind
from rosetta_spec.kinds.registry import kind_named


class Example(NamedTuple):
    """A request that breaks or keeps a rule.

    `text` is JSON if its first character says so, else YAML. An example that is about bytes gives
    its `encoding`; one about a file that cannot be read gives that `path` and no text.
    """

    text: str
    encoding: str = "utf-8"
    path: str | None = None

    @property
    def content(self) -> bytes:
        """The bytes of the example's file."""
        return self.text.encode(self.encoding)


class FixNote(NamedTuple):
    """What a repair of the rule does; the title is a template of the same facts as the message.

    With `is_removal` it removes what has to change, with `has_value` it writes `value` there; else
    the kind of the rule knows what to do.
    """

    applicability: Applicability
    title: str
    is_removal: bool = False
    has_value: bool = False
    value: Json = None


class Check:
    """A kind with its options; a run loads only the kinds of rules that may have something to say.

    `kind_name` is the word of the rule language, `kind` what it makes of the options.
    """

    __slots__ = ("_kind", "kind_name", "options")

    def __init__(self, kind_name: str, options: Mapping[str, Json]) -> None:
        self.kind_name = kind_name
        self.options = options
        self._kind: Kind | None = None

    def __reduce__(self) -> tuple[type[Check], tuple[str, Mapping[str, Json]]]:
        """Go to another process as it is declared: what the kind has made of it stays here."""
        return Check, (self.kind_name, self.options)

    @property
    def kind(self) -> Kind:
        """The kind, made when it is first asked for."""
        if self._kind is None:
            self._kind = kind_named(self.kind_name)(**self.options)
        return self._kind


class Rule(NamedTuple):
    """A declared rule.

    `message` (the cause), `help` (the remedy) and `related` (the label of related places) are
    templates by case, "" for a kind that has only one. `accompanied_by` are codes of rules that
    cannot help firing too. `url` leads to the rule's page.
    """

    code: str
    name: str
    severity: Severity
    check: Check
    message: Mapping[str, str]
    help: Mapping[str, str]
    related: Mapping[str, str]
    why: str
    source: str
    fix: FixNote | None
    bad: Example
    good: Example
    accompanied_by: tuple[str, ...]
    url: str

    @property
    def kind(self) -> Kind:
        """The rule as a word of the rule language."""
        return self.check.kind


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Put facts in place of their names in braces; a template can reach nothing but facts."""
    if template not in _divided:
        _divided[template] = tuple(_divide(template))
    text = ""
    for name, after in _divided[template]:
        text += (facts[name] if name else "") + after
    return text


#: Templates that were filled, as texts, each after the name of the fact before it, or none.
_divided: dict[str, tuple[tuple[str, str], ...]] = {}


def _divide(template: str) -> Iterator[tuple[str, str]]:
    text, *rest = template.split("{")
    name = ""
    for part in rest:
        fact, brace, after = part.partition("}")
        if brace and is_fact_name(fact):
            yield name, text
            name, text = fact, after
        else:
            text += "{" + part
    yield name, text


def is_fact_name(name: str) -> bool:
    """Whether braces around a text make it a fact: small letters and underscores."""
    return name != "" and name.isascii() and name.replace("_", "a").isalpha() and name.islower()
