"""The concise report: a line that editors and `grep` can read for each finding."""

from __future__ import annotations

from rosetta_spec.reporters.terminal import safe
from rosetta_spec.reporters.text import summary_line, title

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.diagnostic import Diagnostic, Report
    from rosetta_spec.reporters.terminal import Style


def write_report(report: Report, style: Style) -> str:
    """Write `file:row:column: severity[code]: message` for each finding, and a last line."""
    lines = [_line(each, style) for each in report.diagnostics]
    return "\n".join([*lines, summary_line(report, style), ""])


def _line(diagnostic: Diagnostic, style: Style) -> str:
    row, column = diagnostic.location
    place = f"{style.paint('strong', safe(diagnostic.filename))}:{row}:{column}"
    return f"{place}: {title(diagnostic, style)}: {safe(diagnostic.message)}"
