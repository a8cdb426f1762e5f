"""One rule as it is declared: whatever shows a rule reads it here."""

from __future__ import annotations

import re

from rosetta_spec.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from rosetta_spec.diagnostic import Applicability, Severity
    from rosetta_spec.kinds.kind import Kind

FACT = re.compile(r"\{([a-z_]+)\}")


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
    """What a repair of the rule does, as a template of the same facts as the message."""

    applicability: Applicability
    title: str


class Rule(NamedTuple):
    """A declared rule.

    `message` (the cause), `help` (the remedy) and `related` (the label of related places) are
    templates by case, "" for a kind that has only one. `accompanied_by` are codes of rules that
    cannot help firing too. `url` leads to the rule's page.
    """

    code: str
    name: str
    severity: Severity
    kind: Kind
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
    """Put facts in place of their names; a template can reach nothing but facts."""
    return FACT.sub(lambda match: facts[match[1]], template)
