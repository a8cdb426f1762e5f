"""A finding as review tools count: columns in UTF-8 bytes, and each fix a single edit."""

from __future__ import annotations

from itertools import pairwise

from rosetta_spec.diagnostic import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.diagnostic import Diagnostic, Fix, Related
    from rosetta_spec.text import Location, Text


def in_bytes(diagnostic: Diagnostic, text: Text) -> Diagnostic:
    """Return a finding in `text` with columns that count bytes, a byte order mark among them."""
    start, end = _ends(text, diagnostic)
    return diagnostic._replace(
        location=start,
        end_location=end,
        related=tuple(_related(text, each) for each in diagnostic.related),
        fixes=tuple(_fix(text, each) for each in diagnostic.fixes),
    )


def _ends(text: Text, place: Diagnostic | Related | Edit) -> tuple[Location, Location]:
    return text.in_bytes(place.location), text.in_bytes(place.end_location)


def _related(text: Text, related: Related) -> Related:
    start, end = _ends(text, related)
    return related._replace(location=start, end_location=end)


def _fix(text: Text, fix: Fix) -> Fix:
    """Make one edit of several, with what stands between them: a suggestion has but one."""
    edits = sorted(fix.edits, key=lambda edit: edit.location)
    content = edits[0].content
    for before, after in pairwise(edits):
        between = text.content[text.offset(before.end_location) : text.offset(after.location)]
        content += between + after.content
    whole = Edit(edits[0].location, edits[-1].end_location, content)
    return fix._replace(edits=(Edit(*_ends(text, whole), content),))
