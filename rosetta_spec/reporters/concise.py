"""The concise report: a line that editors and `grep` can read for each finding."""

from __future__ import annotations

from rosetta_spec.engine.tally import is_fixable
from rosetta_spec.reporters.style import safe
from rosetta_spec.reporters.text import summary_line, title

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style


def render(diagnostic: Diagnostic, style: Style) -> str:
    """Write `file:row:column: severity[code]: message`, and whether `--fix` mends it."""
    row, column = diagnostic.location
    fixable = " [fixable]" if is_fixable(diagnostic) else ""
    place = f"{style.paint('strong', safe(diagnostic.filename))}:{row}:{column}"
    return f"{place}: {title(diagnostic, style)}: {safe(diagnostic.message)}{fixable}\n"


def assemble(findings: Iterable[str], tally: Tally, style: Style) -> Iterator[str]:
    """Write a line for each finding, and a last one."""
    yield from findings
    yield f"{summary_line(tally, style)}\n"
