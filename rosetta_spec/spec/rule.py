"""A rule as it is declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from rosetta_spec.diagnostic import Applicability, Severity
from rosetta_spec.document.values import Json
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


class Rule(NamedTuple):
    """A declared rule: its kind with the options that it was made with.

    `message` (the cause), `help` (the remedy) and `related` (the label of related places) are
    templates by case, "" for a kind with only one. `accompanied_by` are codes of rules that always
    fire too. `url` is the address of the rule's page.
    """

    code: str
    name: str
    severity: Severity
    kind: Kind
    options: Mapping[str, Json]
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


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Replace the names of facts in braces; a template can refer to nothing else.

    Raises:
        KeyError: the template names a fact that is not among `facts`.
    """
    return _FACT.sub(lambda match: facts[match[1]], template)


#: A name in braces: small letters and underscores. Other text in braces stays as it is.
_FACT = re.compile(r"\{(_*[a-z][a-z_]*)\}")
