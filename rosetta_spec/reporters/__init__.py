"""Which reporter writes which format: one table, and nothing is imported before it is asked for."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.engine.tally import tally_of
from rosetta_spec.spec.detail import EVERY_WAY, Detail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic, Report
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.text import Text

#: Format name to the module here that writes it, with a function `render` and one `assemble`.
REPORTERS = {
    "text": "text",
    "concise": "concise",
    "json": "json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "rdjson": "rdjson",
}

#: Formats for people, who may be shown more beside the report.
FOR_PEOPLE = frozenset({"text", "concise"})

#: Formats that show fingerprints, each in a rendered finding exactly once.
WITH_FINGERPRINTS = frozenset({"json", "jsonl", "sarif", "gitlab"})

#: Formats that describe the rules of the findings.
WITH_RULES = frozenset({"sarif"})

#: Formats whose columns count UTF-8 bytes; their findings are rendered with the text at hand.
IN_BYTES = frozenset({"rdjson"})

#: Formats that show rows of the source.
WITH_EXCERPTS = frozenset({"text"})

#: Applicabilities of the fixes that formats show, or count; the others show none.
WAYS_SHOWN = {
    "text": EVERY_WAY,
    "concise": frozenset({"safe"}),
    "json": EVERY_WAY,
    "jsonl": EVERY_WAY,
    "sarif": EVERY_WAY,
    "rdjson": EVERY_WAY,
}


class Reporter(NamedTuple):
    """Two pure functions, so that findings can be written while others are still looked for.

    `render` writes one finding. `assemble` makes the whole output of rendered findings, in pieces;
    the counts are complete when the findings have come to their end. The output ends with a line
    break or is empty, and can always be encoded as UTF-8. Formats for machines take no notice of
    the style. `render` expects the columns that its format counts (`IN_BYTES`), `assemble` for some
    formats (`WITH_RULES`) the rules of the findings in the counts.
    """

    render: Callable[[Diagnostic, Style], str]
    assemble: Callable[[Iterable[str], Tally, Style], Iterator[str]]

    def __call__(self, report: Report, style: Style, rules: Iterable[Rule] = ()) -> str:
        """Write a report that is complete; `rules` are those to describe."""
        findings = (self.render(each, style) for each in report.diagnostics)
        tally = tally_of(report)
        tally.describe(rules)
        return "".join(self.assemble(findings, tally, style))


def detail_for(formats: Iterable[str]) -> Detail:
    """Return what reports in some formats need of each finding."""
    names = frozenset(formats)
    return Detail(
        has_fingerprints=not WITH_FINGERPRINTS.isdisjoint(names),
        has_excerpts=not WITH_EXCERPTS.isdisjoint(names),
        ways=frozenset().union(*(WAYS_SHOWN.get(name, ()) for name in names)),
    )


def reporter_of(name: str) -> Reporter:
    """Return the reporter of the format called `name`, a key of `REPORTERS`."""
    module = __import__(f"{__name__}.{REPORTERS[name]}", fromlist=["render"])
    return Reporter(module.render, module.assemble)


def renderer_of(name: str, style: Style) -> Callable[[Diagnostic, Text], str]:
    """Return what writes a finding in the format called `name`, given the text that it is in."""
    render = reporter_of(name).render
    if name not in IN_BYTES:
        return lambda diagnostic, _text: render(diagnostic, style)
    # Other formats do not need it.
    from rosetta_spec.reporters.in_bytes import in_bytes  # noqa: PLC0415

    return lambda diagnostic, text: render(in_bytes(diagnostic, text), style)
