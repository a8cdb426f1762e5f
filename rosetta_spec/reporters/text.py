"""The text report: for each finding its cause, the source it stands in, and what to do."""

from __future__ import annotations

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.reporters.terminal import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.diagnostic import Diagnostic, Related, Report, Summary
    from rosetta_spec.reporters.terminal import Style

_WAYS = {
    Applicability.SAFE: "applied by --fix",
    Applicability.UNSAFE: "applied by --fix --unsafe-fixes",
}


def write_report(report: Report, style: Style) -> str:
    """Write a frame for each finding, as rustc does, and a last line with the counts."""
    parts = ["\n".join(_finding(each, style)) + "\n\n" for each in report.diagnostics]
    return "".join([*parts, summary_line(report, style), "\n"])


def title(diagnostic: Diagnostic, style: Style) -> str:
    """Return `severity[code]`, painted and leading to the rule's page."""
    code = style.link(diagnostic.url, safe(diagnostic.code))
    return style.paint(diagnostic.severity, f"{diagnostic.severity}[{code}]")


def summary_line(report: Report, style: Style) -> str:
    """Say in a sentence or two what was found, and in how much."""
    summary = report.summary
    touched = len({each.filename for each in report.diagnostics})
    extent = _extent(touched, summary)
    found = _listed([style.paint(ink, text) for ink, text in _counts(summary)])
    sentence = f"Found {found} in {extent}." if found else f"Checked {extent}, all fine."
    rest = [f"{summary.fixable} fixable with --fix"] if summary.fixable else []
    rest += [f"{summary.suppressed} suppressed"] if summary.suppressed else []
    return f"{sentence} {', '.join(rest)}." if rest else sentence


def _finding(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    # Most reports have no finding and do not pay for loading what draws one.
    from rosetta_spec.reporters.frame import draw_frame  # noqa: PLC0415

    cause = style.paint("strong", f": {safe(diagnostic.cause)}")
    yield f"{title(diagnostic, style)} {safe(diagnostic.name)}{cause}"
    frame = draw_frame(diagnostic, style)
    yield from frame.lines
    margin = " " * (frame.margin + 1)
    for word, text in _notes(diagnostic, frame.left):
        yield f"{margin}{style.paint('aside', '=')} {style.paint('strong', word)}: {safe(text)}"
    choices = [each for each in diagnostic.fixes if each.applicability is Applicability.CHOICE]
    for number, choice in enumerate(choices, 1):
        yield f"{margin}    {number}. {safe(choice.title)}"


def _notes(diagnostic: Diagnostic, left: list[Related]) -> Iterator[tuple[str, str]]:
    for each in left:
        row, column = each.location
        yield "note", f"{each.message} ({row}:{column})"
    yield "help", diagnostic.remedy
    for fix in diagnostic.fixes:
        if fix.applicability in _WAYS:
            yield "fix", f"{fix.title} ({_WAYS[fix.applicability]})"
    if any(fix.applicability is Applicability.CHOICE for fix in diagnostic.fixes):
        yield "fix", "choose one"


def _counts(summary: Summary) -> Iterator[tuple[str, str]]:
    counts = {"error": summary.errors, "warning": summary.warnings, "info": summary.infos}
    for word, count in counts.items():
        if count:
            yield word, _counted(count, word)


def _extent(touched: int, summary: Summary) -> str:
    total = _counted(summary.files, "file")
    files = f"{touched} of {total}" if 0 < touched < summary.files else total
    if summary.documents == summary.files:
        return files
    return f"{files} ({_counted(summary.documents, 'document')})"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _listed(words: list[str]) -> str:
    """Join with commas, and `and` before the last."""
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
