"""`rosetta-spec check`: the main job."""

from __future__ import annotations

import sys
from collections import Counter

import click

from rosetta_spec.api import DocumentReport, check_documents, check_stream, report_of
from rosetta_spec.cli import DEFECT_STATUS, REPORT_DEFECT
from rosetta_spec.cli.terminal import style_of_stdout, write_stdout
from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.reader import Format, unreadable
from rosetta_spec.engine import DefectError, check_document
from rosetta_spec.files import STDIN, shown_name, sources_of
from rosetta_spec.record import NamedTuple
from rosetta_spec.reporters import REPORTERS, reporter_of
from rosetta_spec.reporters.terminal import safe
from rosetta_spec.selection import SelectionError, selected_rules
from rosetta_spec.spec.ruleset import builtin_ruleset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Report
    from rosetta_spec.files import Source
    from rosetta_spec.spec.rule import Rule

#: The code of a file that cannot be read, which makes the exit status 2.
_UNREADABLE = "RS001"

_FAIL_ON = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "info": tuple(Severity),
    "never": (),
}


@click.command(name="check")
# What cannot be read is a finding, not a wrong call.
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(list(REPORTERS)),
    default="text",
    show_default=True,
    help="How findings are written to standard output.",
)
@click.option(
    "--input-format",
    type=click.Choice([format_.value for format_ in Format]),
    help="Read every file in this format, whatever its name.",
)
@click.option(
    "--stdin-filename",
    metavar="NAME",
    help="What standard input is called; the ending decides its format.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    help="Only these rules: codes or names, divided by commas.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    help="All but these rules; RS001 to RS007 are always said.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAIL_ON)),
    default="error",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule, on stderr.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours; NO_COLOR and FORCE_COLOR are obeyed too.",
)
def command(  # noqa: PLR0913, PLR0917 - click gives every option a parameter
    paths: tuple[str, ...],
    output_format: str,
    input_format: str | None,
    stdin_filename: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    *,
    statistics: bool,
    color: str,
) -> int:
    """Find mistakes in sampling requests.

    PATHS are files, folders, or - for standard input; by default the current folder. A named
    file is always read. In a folder, files named *.sampling.json, .yaml, .yml, .jsonl or .ndjson
    are read, anywhere below, but for those that git ignores.

    \b
    Exit status:
      0    nothing at or above --fail-on
      1    findings
      2    a wrong call, or a file that cannot be read
      3    a defect of this program
      130  interrupted
    """  # noqa: D301 - click wants this backspace before lines that it leaves alone
    try:
        rules = selected_rules(builtin_ruleset(), _split(select), _split(ignore))
    except SelectionError as error:
        raise click.UsageError(str(error)) from error
    run = Run(
        sources=tuple(sources_of(paths or (".",), _warn)),
        rules=rules,
        input_format=input_format,
        stdin_filename=stdin_filename,
    )
    try:
        report = report_of(run.files())
    except DefectError as error:
        return _tell_defect(error)
    write_stdout(reporter_of(output_format)(report, style_of_stdout(color)))
    if statistics:
        click.echo(statistics_of(report), err=True, nl=False)
    return exit_status(report, _FAIL_ON[fail_on])


class Run(NamedTuple):
    """What a call of `check` has to do."""

    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    input_format: str | None
    stdin_filename: str | None

    def files(self) -> Iterator[Iterator[DocumentReport]]:
        """Check one source after the other."""
        for source in self.sources:
            if source.path is None:
                yield self._stdin()
            else:
                yield check_documents(
                    source.path,
                    filename=source.name,
                    input_format=self.input_format,
                    rules=self.rules,
                )

    def _stdin(self) -> Iterator[DocumentReport]:
        name = shown_name(self.stdin_filename or STDIN)
        try:
            yield from check_stream(
                sys.stdin.buffer,
                filename=name,
                input_format=self.input_format,
                rules=self.rules,
            )
        except OSError as error:
            cause = f"standard input cannot be read: {str(error.strerror).lower()}"
            document = unreadable(cause, "give it a file or a pipe")
            found = check_document(document, self.rules, filename=name, repeats=Counter())
            yield DocumentReport(document.number, tuple(found))


def exit_status(report: Report, failing: Iterable[Severity]) -> int:
    """Return 2 when a file could not be read, 1 when a finding is grave enough, else 0."""
    if any(diagnostic.code == _UNREADABLE for diagnostic in report.diagnostics):
        return 2
    return int(any(diagnostic.severity in failing for diagnostic in report.diagnostics))


def statistics_of(report: Report) -> str:
    """Count the findings of each rule, the most frequent first."""
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in report.diagnostics)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = len(str(rows[0][1])) if rows else 0
    return "".join(f"{count:>{width}}  {code}  {name}\n" for (code, name), count in rows)


def _split(names: Iterable[str]) -> list[str]:
    return [name.strip() for part in names for name in part.split(",") if name.strip()]


def _warn(message: str) -> None:
    click.echo(f"warning: {safe(message)}", err=True)


def _tell_defect(error: DefectError) -> int:
    click.echo(f"rosetta-spec has a defect: {safe(str(error))}\n{REPORT_DEFECT}", err=True)
    return DEFECT_STATUS
