"""The GitHub report: workflow commands, which annotate the lines of a pull request.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from rosetta_spec.reporters.style import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style

#: The command for each severity, the gravest first.
_COMMANDS = {"error": "::error ", "warning": "::warning ", "info": "::notice "}

#: GitHub shows so many annotations of one level, and says nothing of the others.
MOST = 10

#: What stands in the last place of a level that has more.
_REST = "{rest} more of this level, for which GitHub has no room; rosetta-spec check names them all"


def render(diagnostic: Diagnostic, _style: Style) -> str:
    """Write one annotation; columns only where it is in one row, for else GitHub refuses them."""
    start, end = diagnostic.location, diagnostic.end_location
    places = {"file": diagnostic.filename, "line": start.row, "endLine": end.row}
    if start.row == end.row:
        places |= {"col": start.column, "endColumn": end.column}
    places["title"] = f"{diagnostic.code} {diagnostic.name}"
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    command = _COMMANDS[diagnostic.severity.value]
    return f"{command}{properties}::{safe(_data(diagnostic.message))}\n"


def assemble(findings: Iterable[str], _tally: Tally, _style: Style) -> Iterator[str]:
    """Write errors first, and of each level as many as are shown; the last one counts the rest."""
    kept: dict[str, list[str]] = {command: [] for command in _COMMANDS.values()}
    counts = dict.fromkeys(kept, 0)
    for finding in findings:
        command = finding[: finding.index(" ") + 1]
        counts[command] += 1
        if len(kept[command]) < MOST:
            kept[command].append(finding)
    for command, first in kept.items():
        if counts[command] <= MOST:
            yield from first
            continue
        rest = counts[command] - MOST + 1
        yield from first[:-1]
        yield f"{command}title={rest} more::{_REST.format(rest=rest)}\n"


def _data(text: str) -> str:
    """Escape what would end a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape what would end a property, and nothing else: a path leads to its file as it is."""
    encodable = text.encode(errors="replace").decode()
    return _data(encodable).replace(":", "%3A").replace(",", "%2C")
