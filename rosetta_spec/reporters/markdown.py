"""The Markdown report: a summary of a job, as on the page of a GitHub workflow run.

Every character of a finding that Markdown could read as markup is escaped.
"""

import html
import re
from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters import REPORTERS, omission
from rosetta_spec.reporters.outputs import most_severe
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import summary_line

#: Markup of GitHub's Markdown and HTML.
_MARKUP = re.compile(r"[\\`*_{}\[\]|~$&<>]")

#: Where GitHub begins a link or an emoji in plain text; an empty comment prevents it.
_LINKED = re.compile(r"(?=[@#]|:(?://|[\w+-]+:))|(?<=w)(?=w{1,2}\.)", re.IGNORECASE)

_ICONS = {"error": ":x:", "warning": ":warning:", "info": ":information_source:"}


def report(diagnostics: Iterable[Diagnostic], tally: Tally, _style: Style) -> Iterator[str]:
    """Yield a heading, a table of the rules with findings, and a table of the findings."""
    shown = most_severe(diagnostics, REPORTERS["markdown"].max_findings)
    yield f"## rosetta-spec\n\n{_escaped(summary_line(tally, Style()))}\n"
    if tally.rules:
        yield "\n| finding | place | rule |\n|---|---|---|\n"
    yield from map(_row, shown)
    if text := omission("markdown", tally):
        yield f"\n{text}.\n"


def _row(diagnostic: Diagnostic) -> str:
    row, column = diagnostic.location
    icon = _ICONS[diagnostic.severity]
    place = f"<code>{_escaped(diagnostic.filename)}:{row}:{column}</code>"
    rule = _escaped(diagnostic.code)
    if diagnostic.url:
        rule = f'<a href="{html.escape(safe(diagnostic.url))}">{rule}</a>'
    return f"| {icon} {_escaped(diagnostic.message)} | {place} | {rule} |\n"


def _escaped(text: str) -> str:
    """Write text so that Markdown shows it as it is."""
    apart = _LINKED.sub("\0", safe(text))
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", apart).replace("\0", "<!-- -->")
