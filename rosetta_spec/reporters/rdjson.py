"""The report for reviewdog, which adds findings and suggestions to code reviews (`rdjson`).

Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from rosetta_spec.diagnostic import Applicability, BytePlaces, Diagnostic, Edit, Fix, Related
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters.json import encode, listed
from rosetta_spec.reporters.style import Style
from rosetta_spec.text import Location, Text

_START = (
    '{"source":{"name":"rosetta-spec",'
    '"url":"https://github.com/rosetta-spec/rosetta-spec"},"diagnostics":['
)


def report(diagnostics: Iterable[Diagnostic], _tally: Tally, _style: Style) -> Iterator[str]:
    """Yield one object with a line for each finding; `Diagnostic.in_bytes` has its places."""
    yield _START
    yield from listed(map(_finding, diagnostics))
    yield "\n]}\n"


def byte_places(diagnostic: Diagnostic, text: Text) -> BytePlaces:
    """Convert the places of a finding in `text` to byte columns, and each fix to one edit."""
    return BytePlaces(
        text.in_bytes(diagnostic.location),
        text.in_bytes(diagnostic.end_location),
        tuple(
            each._replace(
                location=text.in_bytes(each.location), end_location=text.in_bytes(each.end_location)
            )
            for each in diagnostic.related
        ),
        tuple(_with_one_edit(each, text) for each in diagnostic.fixes),
    )


def _with_one_edit(fix: Fix, text: Text) -> Fix:
    """Join the edits of a fix and the text between them: a suggestion has only one range."""
    edits = sorted(fix.edits, key=lambda edit: edit.location)
    content = edits[0].content
    for before, after in pairwise(edits):
        between = text.content[text.offset(before.end_location) : text.offset(after.location)]
        content += between + after.content
    start, end = text.in_bytes(edits[0].location), text.in_bytes(edits[-1].end_location)
    return fix._replace(edits=(Edit(start, end, content),))


def _finding(diagnostic: Diagnostic) -> str:
    places = diagnostic.in_bytes or diagnostic
    finding = {
        "message": diagnostic.message,
        "location": _location(diagnostic.filename, places),
        "severity": diagnostic.severity.upper(),
        "code": {"value": diagnostic.code, **({"url": diagnostic.url} if diagnostic.url else {})},
        # A choice is for people: reviewdog would show each alternative as the thing to do.
        "suggestions": [
            {"range": _range(edit), "text": edit.content}
            for fix in places.fixes
            if fix.applicability is not Applicability.CHOICE
            for edit in fix.edits
        ],
        "related_locations": [
            {"message": each.message, "location": _location(diagnostic.filename, each)}
            for each in places.related
        ],
    }
    return encode({key: value for key, value in finding.items() if value})


def _location(path: str, place: Diagnostic | BytePlaces | Related) -> dict[str, object]:
    return {"path": path, "range": _range(place)}


def _range(place: Diagnostic | BytePlaces | Related | Edit) -> dict[str, object]:
    return {"start": _position(place.location), "end": _position(place.end_location)}


def _position(location: Location) -> dict[str, int]:
    return {"line": location.row, "column": location.column}
