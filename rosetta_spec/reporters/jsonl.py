"""The JSON Lines report: one finding a line, in the form that the JSON report has them."""

from __future__ import annotations

from rosetta_spec.reporters.json import diagnostic_object, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.diagnostic import Report
    from rosetta_spec.reporters.terminal import Style


def write_report(report: Report, _style: Style) -> str:
    """Write one compact object a line; nothing found, nothing written."""
    return "".join(f"{encode(diagnostic_object(each))}\n" for each in report.diagnostics)
