"""`rosetta-spec check`: find mistakes in requests, and fix them."""

from __future__ import annotations

from typing import Any

import click

from rosetta_spec.cli import options
from rosetta_spec.cli.options import Command, complete_rule, config_options
from rosetta_spec.cli.output import write_stdout
from rosetta_spec.cli.run import run_check
from rosetta_spec.cli.run import show_files as list_files
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.explanation import facts_of, text_of
from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.values import indented_json
from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.files.discovery import STDIN
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.reporters.json import with_escapes
from rosetta_spec.reporters.outputs import STDOUT, Output, OutputError
from rosetta_spec.reporters.style import safe_lines
from rosetta_spec.request.wording import one_of
from rosetta_spec.runner.tasks import CheckOptions
from rosetta_spec.spec.ruleset import SelectionError


def _read_outputs(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Output, ...]:
    return tuple(map(_read_output, values))


def _read_output(value: str) -> Output:
    format_, _, path = value.partition("=")
    if format_ not in REPORTERS:
        message = f"{format_!r} is no format; choose one of {', '.join(REPORTERS)}"
    elif not path:
        message = f"{value!r} names no file; write {format_}=FILE"
    elif path == STDOUT:
        message = f"{value!r} is no file; --format {format_} writes to standard output"
    else:
        return Output(format_, path)
    raise click.BadParameter(message)


@click.command(name="check", cls=Command)
# What cannot be read is a finding, not a wrong call.
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(list(REPORTERS)),
    metavar="FORMAT",
    default="text",
    show_default=True,
    help=f"How findings are written to standard output: {one_of(REPORTERS)}.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_read_outputs,
    help="Write a further report to a file; may be given again.",
)
@options.input_format
@options.stdin_filename
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    shell_complete=complete_rule,
    help="Only these rules: codes, names, or prefixes of codes (RS2), separated by commas.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    shell_complete=complete_rule,
    help="All rules except these; RS001 to RS007 cannot be disabled.",
)
@click.option("--no-ignores", is_flag=True, help="Ignore the comments that suppress findings.")
@click.option("--fix", is_flag=True, help="Apply the safe fixes, and report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: apply these fixes too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--baseline",
    type=click.Path(readable=False),
    metavar="FILE",
    help="Do not report the findings that this file names.",
)
@click.option("--write-baseline", is_flag=True, help="Write all findings to the --baseline file.")
@click.option(
    "--fail-on",
    type=click.Choice(list(FAIL_ON)),
    help="The lowest severity that makes the exit status 1.  [default: error]",
)
@click.option(
    "--force-exclude",
    is_flag=True,
    help="Exclude files also when they are named, as hooks do.",
)
@click.option(
    "--min-severity",
    type=click.Choice([each.value for each in Severity]),
    help="Ignore the rules below this severity; RS001 to RS007 cannot be disabled.",
)
@click.option(
    "--fail-on-no-files", is_flag=True, help="End with exit status 2 if no file was read."
)
@click.option(
    "-q",
    "--quiet",
    "is_quiet",
    is_flag=True,
    help="With text and concise: print findings only, no summary.",
)
@config_options
@click.option(
    "--show-files",
    is_flag=True,
    help="Check nothing; print the files that would be read, one a line.",
)
@click.option(
    "--show-settings",
    is_flag=True,
    help="Check nothing; print the settings of the files, and where each is set.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes for a long run; by default the number of cores.",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule, on stderr.")
@options.color
def command(*, show_settings: bool, show_files: bool, **values: Any) -> int:  # noqa: ANN401 - see `CheckOptions`
    """Find mistakes in sampling requests.

    PATHS are files, folders, patterns such as '**/*.json', or - for standard input; by default the
    current folder. A named file is always read. In a folder, files named *.sampling.json, .yaml,
    .yml, .jsonl or .ndjson are read, anywhere below, except files ignored by git. The configuration
    can say otherwise: the closest .rosetta-spec.toml, rosetta-spec.toml or pyproject.toml above a
    file.

    \b
    Exit status:
      0    nothing at or above --fail-on
      1    findings, or with --diff something that would change
      2    a wrong call, configuration or ruleset, or a file that cannot be read
      3    a bug in rosetta-spec
      130  interrupted
    """  # noqa: D301 - click wants this backspace before lines that it leaves alone
    for name in ("select", "ignore"):
        values[name] = tuple(
            rule.strip()
            for part in values[name]
            for rule in part.strip().removesuffix(",").split(",")
        )
        if "" in values[name]:
            message = f"--{name} has an empty item; write rules separated by commas"
            raise click.UsageError(message)
    options = CheckOptions(**values)
    if options.write_baseline and (options.fix or options.diff):
        message = "--write-baseline does not go with --fix or --diff; fix first"
        raise click.UsageError(message)
    if options.write_baseline and options.baseline is None:
        message = "--write-baseline writes the file that --baseline names; name one"
        raise click.UsageError(message)
    try:
        if show_settings:
            write_stdout(_settings(options))
            return 0
        if show_files:
            return list_files(options)
        return run_check(options)
    except (SelectionError, OutputError) as error:
        raise click.UsageError(str(error)) from error


def _settings(options: CheckOptions) -> str:
    """Write what applies to each named file, and where it is set."""
    configuration = Configuration(options.overrides)
    paths = [options.stdin_filename or STDIN if path == STDIN else path for path in options.paths]
    if not paths:
        message = "--show-settings needs a file; name one"
        raise click.UsageError(message)
    files = [facts_of(configuration, path) for path in paths]
    if options.output_format == "json":
        text = with_escapes(f"{indented_json({'version': 1, 'files': files})}\n")
    elif options.output_format == "text":
        text = safe_lines("\n".join(map(text_of, files)))
    else:
        message = f"--show-settings has no format {options.output_format}; choose text or json"
        raise click.UsageError(message)
    configuration.check_names()
    return text
