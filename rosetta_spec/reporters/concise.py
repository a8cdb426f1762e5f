"""The concise report: one line for each finding, for editors and `grep`."""

from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters.frame import position
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import summary_line, title


def report(diagnostics: Iterable[Diagnostic], tally: Tally, style: Style) -> Iterator[str]:
    """Yield `file:row:column: severity[code]: message` for each finding, and a summary.

    A file that cannot be read has no rows, so its finding has only its name.
    """
    for diagnostic in diagnostics:
        fixable = " [fixable]" if diagnostic.is_fixable else ""
        place = f"{style.paint('strong', safe(diagnostic.filename))}{position(diagnostic)}"
        yield f"{place}: {title(diagnostic, style)}: {safe(diagnostic.message)}{fixable}\n"
    if not style.is_quiet:
        yield f"{summary_line(tally, style)}\n"
