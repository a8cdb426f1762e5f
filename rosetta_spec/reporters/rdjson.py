"""The report for reviewdog, which puts findings and suggestions into reviews (`rdjson`).

Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic, Edit, Related
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.text import Location

_START = (
    '{"source":{"name":"rosetta-spec",'
    '"url":"https://github.com/rosetta-spec/rosetta-spec"},"diagnostics":['
)


def render(diagnostic: Diagnostic, _style: Style) -> str:
    """Write one finding as compact JSON; its columns count bytes, and each fix has one edit."""
    # A report without findings has no need of the encoder, which is slow to import.
    from rosetta_spec.reporters.json import encode  # noqa: PLC0415

    code = {"value": diagnostic.code, **({"url": diagnostic.url} if diagnostic.url else {})}
    # A choice is for people: reviewdog would show each of them as the thing to do.
    fixes = [each for each in diagnostic.fixes if each.applicability.value != "choice"]
    finding = {
        "message": diagnostic.message,
        "location": _location(diagnostic.filename, diagnostic),
        "severity": diagnostic.severity.value.upper(),
        "code": code,
        "suggestions": [
            {"range": _range(edit), "text": edit.content} for fix in fixes for edit in fix.edits
        ],
        "related_locations": [
            {"message": each.message, "location": _location(diagnostic.filename, each)}
            for each in diagnostic.related
        ],
    }
    return encode({key: value for key, value in finding.items() if value})


def assemble(findings: Iterable[str], _tally: Tally, _style: Style) -> Iterator[str]:
    """Write one object with a line for each finding."""
    from rosetta_spec.reporters.json import listed  # noqa: PLC0415 - as above

    yield _START
    yield from listed(findings)
    yield "\n]}\n"


def _location(path: str, finding: Diagnostic | Related) -> dict[str, object]:
    return {"path": path, "range": _range(finding)}


def _range(place: Diagnostic | Related | Edit) -> dict[str, object]:
    return {"start": _position(place.location), "end": _position(place.end_location)}


def _position(location: Location) -> dict[str, int]:
    return {"line": location.row, "column": location.column}
