"""A rule as it is declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.document.values import Json
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.kind import Kind, Violation
from rosetta_spec.pointer import Pointer


class Example(NamedTuple):
    """A request that breaks or satisfies a rule.

    `text` is JSON if its first character is a brace or bracket, otherwise YAML. An example about
    bytes has another `encoding`; one about an unreadable file has its `path` and no text.
    """

    text: str
    encoding: str = "utf-8"
    path: str | None = None

    @property
    def content(self) -> bytes:
        """The bytes of the example's file."""
        return self.text.encode(self.encoding)


class FixNote(NamedTuple):
    """The fix of a rule; its title is a template with the same facts as the message.

    With `is_removal` it removes the value that the rule reports, with `has_value` it replaces it
    with `value`; otherwise the kind of the rule proposes the fix.
    """

    applicability: Applicability
    title: str
    is_removal: bool = False
    has_value: bool = False
    value: Json = None


class RuleViolation(NamedTuple):
    """A violation of `rule`, whose pointers start at `at`, the place of the checked `value`."""

    rule: Rule
    at: Pointer
    violation: Violation
    value: Json

    @property
    def pointer(self) -> Pointer:
        """The value that has to change, from the root of the document."""
        return (*self.at, *self.violation.pointer)


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
            self._kind = KINDS[self.kind_name](**self.options)
        return self._kind


class Rule(NamedTuple):
    """A declared rule.

    `message` (the cause), `help` (the remedy) and `related` (the label of related places) are
    templates by case, "" for a kind with only one. `accompanied_by` are codes of rules that always
    fire too. `url` is the address of the rule's page.
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
    """Replace the names of facts in braces; a template can refer to nothing else.

    Raises:
        KeyError: the template names a fact that is not among `facts`.
    """
    return _FACT.sub(lambda match: facts[match[1]], template)


#: A name in braces: small letters and underscores. Other text in braces stays as it is.
_FACT = re.compile(r"\{(_*[a-z][a-z_]*)\}")
