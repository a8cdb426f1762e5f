"""What a rule has found in a document, before it is put into words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rosetta_spec.document.values import Json
from rosetta_spec.errors import DefectError
from rosetta_spec.kinds.kind import Finding
from rosetta_spec.pointer import Pointer, format_pointer
from rosetta_spec.request.subject import Subject
from rosetta_spec.spec.rule import Rule


class Sighting(NamedTuple):
    """A finding and whose it is; its pointers count from `at`, where the kind was shown `shown`."""

    rule: Rule
    at: Pointer
    finding: Finding
    shown: Json

    @property
    def pointer(self) -> Pointer:
        """The value that has to change, from the document's root."""
        return (*self.at, *self.finding.pointer)


def sightings(rule: Rule, subject: Subject) -> Iterator[Sighting]:
    """Yield what one rule finds in a document.

    Raises:
        DefectError: the rule failed.
    """
    at: Pointer = ()
    try:
        for at, value in rule.kind.places(subject):
            for finding in rule.kind.check(value):
                yield Sighting(rule, at, finding, value)
    # The one broad except: whatever a rule does wrong is told with the rule and the place.
    except Exception as error:
        who = f"rule {rule.code} ({rule.name})"
        raise defect(who, at, error) from error


def defect(who: str, at: Pointer, error: Exception) -> DefectError:
    """Say whose defect an error is, and at which place it was."""
    message = f'{who} failed at "{format_pointer(at)}": {type(error).__name__}: {error}'
    return DefectError(message)
