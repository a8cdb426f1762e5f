"""The GitLab report: the Code Quality format, which merge requests show.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.text import Location

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(diagnostic: Diagnostic, _style: Style) -> str:
    """Write one issue as compact JSON."""
    # A report without findings has no need of the encoder, which is slow to import.
    from rosetta_spec.reporters.json import encode  # noqa: PLC0415

    start, end = diagnostic.location, diagnostic.end_location
    issue = {
        "description": f"{diagnostic.code} {diagnostic.name}: {diagnostic.message}",
        "check_name": diagnostic.name,
        "fingerprint": diagnostic.fingerprint,
        "severity": _SEVERITIES[diagnostic.severity.value],
        "location": {
            "path": diagnostic.filename,
            "lines": {"begin": start.row, "end": end.row},
            "positions": {"begin": _position(start), "end": _position(end)},
        },
    }
    return encode(issue)


def assemble(findings: Iterable[str], _tally: Tally, _style: Style) -> Iterator[str]:
    """Write a list with a line for each issue."""
    from rosetta_spec.reporters.json import listed  # noqa: PLC0415 - as above

    yield "["
    yield from listed(findings)
    yield "\n]\n"


def _position(location: Location) -> dict[str, int]:
    return {"line": location.row, "column": location.column}
