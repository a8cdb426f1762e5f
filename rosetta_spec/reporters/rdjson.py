"""The report for reviewdog, which adds findings and suggestions to code reviews (`rdjson`).

Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Applicability, BytePlaces, Diagnostic, Edit, Related
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters.json import encode, listed, position
from rosetta_spec.reporters.style import Style

_START = (
    '{"source":{"name":"rosetta-spec",'
    '"url":"https://github.com/rosetta-spec/rosetta-spec"},"diagnostics":['
)


def report(diagnostics: Iterable[Diagnostic], _tally: Tally, _style: Style) -> Iterator[str]:
    """Yield one object with a line for each finding; `Diagnostic.in_bytes` has its places."""
    yield _START
    yield from listed(map(_finding, diagnostics))
    yield "\n]}\n"


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
    return {"start": position(place.location), "end": position(place.end_location)}
