"""`rosetta-spec check`: the main job."""

from __future__ import annotations

import click

from rosetta_spec.cli.options import Command, complete_rule, config_options
from rosetta_spec.cli.run import run_check
from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.fast.formats import FORMATS
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.runner.options import COLORS, STDOUT, CheckOptions, Output
from rosetta_spec.runner.outputs import OutputError
from rosetta_spec.spec.selection import SelectionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


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
    default="text",
    show_default=True,
    help="How findings are written to standard output.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_read_outputs,
    help="Write a further report to a file; may be given again.",
)
@click.option(
    "--input-format",
    type=click.Choice(FORMATS),
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
    shell_complete=complete_rule,
    help="Only these rules: codes or names, divided by commas.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    shell_complete=complete_rule,
    help="All but these rules; RS001 to RS007 are always said.",
)
@click.option("--no-ignores", is_flag=True, help="Let comments in the files silence nothing.")
@click.option("--fix", is_flag=True, help="Apply the safe fixes, and report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: apply these fixes too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--baseline",
    type=click.Path(readable=False),
    metavar="FILE",
    help="Leave the findings alone that this file names.",
)
@click.option("--write-baseline", is_flag=True, help="Write all findings to the --baseline file.")
@click.option(
    "--fail-on",
    type=click.Choice(list(FAIL_ON)),
    help="The least severity that makes the exit status 1.  [default: error]",
)
@click.option(
    "--force-exclude",
    is_flag=True,
    help="Leave out what the settings exclude also where it is named, as hooks name files.",
)
@config_options
@click.option(
    "--show-settings",
    is_flag=True,
    help="Check nothing; print what holds for the files, and where it comes from.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes for a long run; by default as many as there are cores.",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule, on stderr.")
@click.option(
    "--color",
    type=click.Choice(COLORS),
    default="auto",
    show_default=True,
    help="Colours; NO_COLOR and FORCE_COLOR are obeyed too.",
)
def command(  # noqa: PLR0913, PLR0917 - click gives every option a parameter
    paths: tuple[str, ...],
    output_format: str,
    outputs: tuple[Output, ...],
    input_format: str | None,
    stdin_filename: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: str | None,
    fail_on: str | None,
    config: str | None,
    jobs: int | None,
    *,
    force_exclude: bool,
    is_isolated: bool,
    no_ignores: bool,
    show_settings: bool,
    write_baseline: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    statistics: bool,
    color: str,
) -> int:
    """Find mistakes in sampling requests.

    PATHS are files, folders, or - for standard input; by default the current folder. A named
    file is always read. In a folder, files named *.sampling.json, .yaml, .yml, .jsonl or .ndjson
    are read, anywhere below, but for those that git ignores; settings can say otherwise, in the
    closest .rosetta-spec.toml, rosetta-spec.toml or pyproject.toml above a file.

    \b
    Exit status:
      0    nothing at or above --fail-on
      1    findings, or with --diff something that would change
      2    a wrong call, configuration or ruleset, or a file that cannot be read
      3    a defect of this program
      130  interrupted
    """  # noqa: D301 - click wants this backspace before lines that it leaves alone
    if write_baseline and (fix or diff):
        message = "--write-baseline does not go with --fix or --diff; fix first"
        raise click.UsageError(message)
    if write_baseline and baseline is None:
        message = "--write-baseline writes the file that --baseline names; name one"
        raise click.UsageError(message)
    call = CheckOptions(
        paths=paths,
        output_format=output_format,
        outputs=outputs,
        input_format=input_format,
        stdin_filename=stdin_filename,
        select=_split(select),
        ignore=_split(ignore),
        no_ignores=no_ignores,
        baseline=baseline,
        write_baseline=write_baseline,
        fail_on=fail_on,
        config=config,
        is_isolated=is_isolated,
        force_exclude=force_exclude,
        statistics=statistics,
        color=color,
        jobs=jobs,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
    )
    try:
        if show_settings:
            # Checking needs nothing of what explains settings.
            from rosetta_spec.cli.show_settings import show_settings as show  # noqa: PLC0415

            return show(call)
        return run_check(call)
    except (SelectionError, OutputError) as error:
        raise click.UsageError(str(error)) from error


def _split(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for part in names for name in part.split(",") if name.strip())
