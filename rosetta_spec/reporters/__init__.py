"""Which reporter writes which format: one table, and nothing is imported before it is asked for."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from rosetta_spec.diagnostic import Report
    from rosetta_spec.reporters.terminal import Style

    class Reporter(Protocol):
        """A pure function from a report to the whole text of its output.

        The text ends with a line break or is empty, and can always be encoded as UTF-8. Formats for
        machines take no notice of the style.
        """

        def __call__(self, report: Report, style: Style, /) -> str:
            """Write `report` as text."""
            ...


#: Format name to the module here whose `write_report` writes it.
REPORTERS = {
    "text": "text",
    "concise": "concise",
    "json": "json",
    "jsonl": "jsonl",
}


def reporter_of(name: str) -> Reporter:
    """Return the reporter of the format called `name`, a key of `REPORTERS`."""
    reporter: Reporter = import_module(f"{__name__}.{REPORTERS[name]}").write_report
    return reporter
