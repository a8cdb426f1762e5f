"""The GitHub report: workflow commands, which annotate the lines of a pull request.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Diagnostic, Severity
from rosetta_spec.engine.tally import Tally
from rosetta_spec.files.discovery import STDIN
from rosetta_spec.reporters.style import Style, safe

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

#: GitHub shows this many annotations of each level and drops the others without a word.
MAX_ANNOTATIONS = 10

#: Takes the last place of a level that has more.
_REST = "{rest} more of this level, which GitHub does not show; rosetta-spec check lists them all"


def report(diagnostics: Iterable[Diagnostic], tally: Tally, _style: Style) -> Iterator[str]:
    """Yield annotations; the last one of a level that has more counts the rest."""
    kept: list[tuple[int, Diagnostic]] = []
    counts: Counter[Severity] = Counter()
    for each in diagnostics:
        counts[each.severity] += 1
        if counts[each.severity] <= MAX_ANNOTATIONS:
            kept.append((counts[each.severity], each))
    for number, each in kept:
        rest = tally.severities[each.severity] - number + 1
        if number == MAX_ANNOTATIONS and rest > 1:
            yield _count(each.severity, rest)
        else:
            yield _annotation(each, tally.host.name_of(each.filename))
    # A document with too many findings may have others that are in no report.
    for severity in Severity:
        rest = tally.severities[severity] - counts[severity]
        if counts[severity] < MAX_ANNOTATIONS and rest:
            yield _count(severity, rest)


def _count(severity: Severity, rest: int) -> str:
    return f"::{_COMMANDS[severity]} title={rest} more::{_REST.format(rest=rest)}\n"


def _annotation(diagnostic: Diagnostic, name: str | None) -> str:
    """Write an annotation; outside of a file of the checkout its message has the place instead."""
    start, end = diagnostic.location, diagnostic.end_location
    message = diagnostic.message
    properties: dict[str, str | int | None] = {}
    if name in (None, STDIN):
        message = f"{diagnostic.filename}:{start.row}:{start.column}: {message}"
    else:
        properties = {"file": name, "line": start.row, "endLine": end.row}
        # GitHub rejects columns of a place that spans several rows.
        if start.row == end.row:
            properties |= {"col": start.column, "endColumn": end.column}
    properties["title"] = f"{diagnostic.code} {diagnostic.name}"
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{safe(_data(message))}\n"


def _data(text: str) -> str:
    """Escape what would end a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape what would end a property; a path stays valid if all of it can be shown."""
    encodable = text.encode(errors="replace").decode()
    return safe(_data(encodable)).replace(":", "%3A").replace(",", "%2C")
