"""Which reporter writes which format: one table, and nothing is imported before it is asked for."""

from __future__ import annotations

from rosetta_spec.record import NamedTuple
from rosetta_spec.tally import tally_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic, Report
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.tally import Tally

#: Format name to the module here that writes it, with a function `render` and one `assemble`.
REPORTERS = {
    "text": "text",
    "concise": "concise",
    "json": "json",
    "jsonl": "jsonl",
}

#: Formats that show fingerprints, each in a rendered finding exactly once.
WITH_FINGERPRINTS = frozenset({"json", "jsonl"})


class Reporter(NamedTuple):
    """Two pure functions, so that findings can be written while others are still looked for.

    `render` writes one finding. `assemble` makes the whole output of rendered findings, in pieces;
    the counts are complete when the findings have come to their end. The output ends with a line
    break or is empty, and can always be encoded as UTF-8. Formats for machines take no notice of
    the style.
    """

    render: Callable[[Diagnostic, Style], str]
    assemble: Callable[[Iterable[str], Tally, Style], Iterator[str]]

    def __call__(self, report: Report, style: Style) -> str:
        """Write a report that is complete."""
        findings = (self.render(each, style) for each in report.diagnostics)
        return "".join(self.assemble(findings, tally_of(report), style))


def reporter_of(name: str) -> Reporter:
    """Return the reporter of the format called `name`, a key of `REPORTERS`."""
    module = __import__(f"{__name__}.{REPORTERS[name]}", fromlist=["render"])
    return Reporter(module.render, module.assemble)
