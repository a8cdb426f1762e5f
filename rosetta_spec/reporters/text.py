"""The text report: for each finding its cause, the source code, and what to do."""

from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Applicability, Diagnostic, Related
from rosetta_spec.engine.tally import Tally
from rosetta_spec.fast.formats import counted, counted_files, no_findings
from rosetta_spec.reporters.frame import draw_frame
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.request.wording import all_of

_APPLIED_BY = {
    Applicability.SAFE: "applied by --fix",
    Applicability.UNSAFE: "applied by --fix --unsafe-fixes",
}


def report(diagnostics: Iterable[Diagnostic], tally: Tally, style: Style) -> Iterator[str]:
    """Yield each finding with its source, and a summary."""
    for diagnostic in diagnostics:
        yield diagnostic_text(diagnostic, style)
    if not style.is_quiet:
        yield f"{summary_line(tally, style)}\n"


def diagnostic_text(diagnostic: Diagnostic, style: Style) -> str:
    """Write one finding as rustc does, and a blank line."""
    return "\n".join([*_rows(diagnostic, style), "", ""])


def title(diagnostic: Diagnostic, style: Style) -> str:
    """Return `severity[code]`, painted and linked to the rule's page."""
    code = style.link(diagnostic.url, safe(diagnostic.code))
    return style.paint(diagnostic.severity, f"{diagnostic.severity}[{code}]")


def summary_line(tally: Tally, style: Style) -> str:
    """Say in a sentence or two what was found, and in how many files and documents."""
    found = [
        style.paint(word, counted(tally.severities[word], word))
        for word in ("error", "warning", "info")
        if tally.severities[word]
    ]
    if found:
        where = counted_files(tally.files, tally.documents, len(tally.touched))
        sentence = f"Found {all_of(found)} in {where}."
    else:
        sentence = no_findings(tally.files, tally.documents)
    rest = [f"{tally.fixable} fixable with --fix"] if tally.fixable else []
    suppressed = tally.suppressed.total()
    rest += [f"{suppressed} suppressed"] if suppressed else []
    rest += [f"{tally.omitted} not shown"] if tally.omitted else []
    return f"{sentence} {', '.join(rest)}." if rest else sentence


def _rows(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    cause = style.paint("strong", f": {safe(diagnostic.cause)}")
    yield f"{title(diagnostic, style)} {safe(diagnostic.name)}{cause}"
    frame = draw_frame(diagnostic, style)
    yield from frame.lines
    margin = " " * (frame.margin + 1)
    for word, text in _notes(diagnostic, frame.outside):
        yield f"{margin}{style.paint('aside', '=')} {style.paint('strong', word)}: {safe(text)}"
    choices = _choices(diagnostic)
    if len(choices) > 1:
        for number, choice in enumerate(choices, 1):
            yield f"{margin}    {number}. {safe(choice)}"


def _notes(diagnostic: Diagnostic, outside: list[Related]) -> Iterator[tuple[str, str]]:
    for each in outside:
        place = f"{each.location.row}:{each.location.column}"
        where = f"{each.filename}:{place}" if each.filename else place
        yield "note", f"{each.message} ({where})"
    yield "help", diagnostic.remedy
    applied = [fix for fix in diagnostic.fixes if fix.applicability in _APPLIED_BY]
    for fix in applied:
        yield "fix", f"{fix.title} ({_APPLIED_BY[fix.applicability]})"
    choices = _choices(diagnostic)
    if choices:
        word = "or" if applied else "fix"
        yield word, choices[0] if len(choices) == 1 else "choose one"


def _choices(diagnostic: Diagnostic) -> list[str]:
    return [fix.title for fix in diagnostic.fixes if fix.applicability is Applicability.CHOICE]
