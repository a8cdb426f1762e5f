"""The HTML report: one file for people, which loads nothing, with a filter and code frames."""

import base64
import hashlib
import html
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources

from rosetta_spec.diagnostic import Diagnostic, Fix
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters import REPORTERS, omission
from rosetta_spec.reporters.frame import draw_frame
from rosetta_spec.reporters.outputs import most_severe
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import summary_line

#: The height of a row of the chart, and the widths of its columns.
_BAR = 22
_NAMES, _LONGEST, _COUNTS = 235, 150, 50


def report(diagnostics: Iterable[Diagnostic], tally: Tally, _style: Style) -> Iterator[str]:
    """Yield the page: counts, a chart of the rules, and the findings."""
    shown = most_severe(diagnostics, REPORTERS["html"].max_findings)
    style, script = _asset("report.css"), _asset("report.js")
    head = _asset("head.html")
    yield head.format(style=style, script=_hash(script), css=_hash(style))
    yield f"<h1>Sampling requests</h1>\n<p>{_escaped(summary_line(tally, Style()))}</p>\n"
    if text := omission("html", tally):
        yield f"<p>{text}.</p>\n"
    if tally.rules:
        yield from _chart(tally.rules)
        yield _asset("filter.html")
    # Items of a list are numbered, also if this is not shown, and take a minute to filter.
    yield '<section id="findings">\n'
    yield from map(_finding, shown)
    yield f"</section>\n<script>{script}</script>\n</body>\n</html>\n"


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _chart(rules: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield a bar for each rule with findings, the longest first."""
    rows = sorted(rules.items(), key=lambda item: (-item[1], item[0]))
    most = rows[0][1]
    box = f"0 0 {_NAMES + _LONGEST + _COUNTS} {len(rows) * _BAR}"
    yield f'<svg viewBox="{box}" role="img" aria-label="Findings by rule">\n'
    for number, ((code, name), count) in enumerate(rows):
        top = number * _BAR
        width = max(round(count / most * _LONGEST), 2)
        yield (
            f'<text x="0" y="{top + 16}">{_escaped(code)} {_escaped(name)}</text>'
            f'<rect x="{_NAMES}" y="{top + 3}" width="{width}" height="{_BAR - 6}"/>'
            f'<text x="{_NAMES + width + 6}" y="{top + 16}">{count}</text>\n'
        )
    yield "</svg>\n"


class _Markup(Style):
    """Draws frames with classes of the page instead of colors."""

    def paint(self, ink: str, text: str) -> str:
        escaped = html.escape(text)
        return f'<span class="{ink}">{escaped}</span>' if ink else escaped


def _finding(diagnostic: Diagnostic) -> str:
    severity = diagnostic.severity
    frame = "\n".join(draw_frame(diagnostic, _Markup()).lines)
    code = _escaped(diagnostic.code)
    if diagnostic.url:
        code = f'<a href="{html.escape(safe(diagnostic.url))}">{code}</a>'
    fixes = "".join(_fix(diagnostic, fix) for fix in diagnostic.fixes)
    return (
        f'<article class="{severity}"><h2>{severity} {code} {_escaped(diagnostic.name)}</h2>\n'
        f'<p class="strong">{_escaped(diagnostic.cause)}</p>\n'
        f"<pre>{frame}</pre>\n"
        f"<p>Help: {_escaped(diagnostic.remedy)}</p>\n{fixes}</article>\n"
    )


def _fix(diagnostic: Diagnostic, fix: Fix) -> str:
    """Write a fix with the rows that it changes, as far as the finding shows them."""
    title = f"{_escaped(fix.title)} ({fix.applicability})"
    rows = {
        line.row: line.text for line in diagnostic.excerpt if line.column == 1 and not line.is_cut
    }
    changes = []
    for edit in fix.edits:
        (row, start), (end_row, end) = edit.location, edit.end_location
        if row != end_row or row not in rows or "\n" in edit.content:
            return f"<p>Fix: {title}</p>\n"
        old = rows[row]
        changes.append((old, old[: start - 1] + edit.content + old[end - 1 :]))
    diff = "\n".join(
        f"<del>- {_escaped(old)}</del>\n<ins>+ {_escaped(new)}</ins>" for old, new in changes
    )
    return f"<details><summary>Fix: {title}</summary><pre>{diff}</pre></details>\n"


def _escaped(text: str) -> str:
    return html.escape(safe(text))
