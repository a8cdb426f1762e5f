"""`rosetta-spec explain`: say in plain words what each request asks for."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import click

from rosetta_spec.cli import USAGE_ERROR, options
from rosetta_spec.cli.options import config_options
from rosetta_spec.cli.run import report_problems, today
from rosetta_spec.cli.terminal import warn
from rosetta_spec.diagnostic import Detail, Diagnostic, Severity
from rosetta_spec.document.values import json_text
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.engine.explanation import explain
from rosetta_spec.engine.tally import Tally
from rosetta_spec.fast.formats import counted
from rosetta_spec.reporters.json import listed
from rosetta_spec.reporters.style import safe, with_escapes
from rosetta_spec.request.wording import all_of
from rosetta_spec.runner.tasks import CheckOptions, checked_documents, configured_sources

_WIDTH = 80

#: Findings are only counted.
_DETAIL = Detail(has_fingerprints=False, has_excerpts=False, fixes=frozenset())


class _Explained(NamedTuple):
    filename: str
    document: int
    text: str
    errors: int
    warnings: int


@click.command(name="explain")
@options.paths
@options.text_or_json
@options.input_format
@options.stdin_filename
@config_options
def command(output_format: str, **values: Any) -> int:  # noqa: ANN401 - see `CheckOptions`
    """Describe in plain words what each request asks for.

    PATHS are files, folders, or - for standard input, as for check; by default the current folder.
    """
    call = CheckOptions.of(**values, today=today())
    found = configured_sources(call, warn, is_tolerant=True)
    unreadable: list[Diagnostic] = []
    status = report_problems(found)
    checked = checked_documents(found, call, Tally(), _DETAIL)
    explained = _explained(checked, unreadable)
    sys.stdout.writelines(_json(explained) if output_format == "json" else _text(explained))
    sys.stdout.flush()
    for each in unreadable:
        sys.stderr.write(safe(f"error: {each.filename}: {each.message}") + "\n")
    return USAGE_ERROR if unreadable else status


def _explained(
    checked: Iterable[tuple[str, DocumentReport]], unreadable: list[Diagnostic]
) -> Iterator[_Explained]:
    for filename, report in checked:
        if report.document is None:
            unreadable += report.diagnostics
            continue
        severities = [each.severity for each in report.diagnostics]
        counts = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
        yield _Explained(filename, report.number, explain(report.document), *counts)


def _text(explained: Iterable[_Explained]) -> Iterator[str]:
    before = ""
    for each in explained:
        findings = [(each.errors, "error"), (each.warnings, "warning")]
        counts = [counted(count, what) for count, what in findings if count]
        number = f", document {each.document + 1}" if each.document else ""
        paragraph = f"{each.text} It has {all_of(counts)}." if counts else each.text
        lines = textwrap.wrap(
            safe(paragraph),
            width=_WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield f"{before}{safe(each.filename)}{number}\n" + "\n".join(map(safe, lines)) + "\n"
        before = "\n"


def _json(explained: Iterable[_Explained]) -> Iterator[str]:
    yield '{"version": 1, "requests": ['
    yield from listed(f"  {with_escapes(json_text(each._asdict()))}" for each in explained)
    yield "\n]}\n"
