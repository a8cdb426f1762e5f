"""The GitLab report: the Code Quality format, which merge requests show.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters.json import encode, listed, position
from rosetta_spec.reporters.style import Style

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def report(diagnostics: Iterable[Diagnostic], tally: Tally, _style: Style) -> Iterator[str]:
    """Yield a list with one issue a line; GitLab shows none in files outside of the project."""
    yield "["
    named = ((each, tally.host.name_of(each.filename)) for each in diagnostics)
    yield from listed(_issue(each, name) for each, name in named if name is not None)
    yield "\n]\n"


def _issue(diagnostic: Diagnostic, name: str) -> str:
    start, end = diagnostic.location, diagnostic.end_location
    issue = {
        "description": f"{diagnostic.code} {diagnostic.name}: {diagnostic.message}",
        "check_name": diagnostic.name,
        "fingerprint": diagnostic.fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": name,
            "lines": {"begin": start.row, "end": end.row},
            "positions": {"begin": position(start), "end": position(end)},
        },
    }
    return encode(issue)
