"""`rosetta-spec submit`: check, sign and send requests."""

from __future__ import annotations

from math import isnan
from typing import Any, NamedTuple

import click

from rosetta_spec.cli import options
from rosetta_spec.cli.options import Command, config_options
from rosetta_spec.cli.output import CommandError
from rosetta_spec.cli.submit_run import dry_run, list_attempts, mark_created, send
from rosetta_spec.runner.options import CheckOptions
from rosetta_spec.submit.journal import ResendOptions
from rosetta_spec.submit.request import SubmitError
from rosetta_spec.submit.sending import SubmitOptions

#: Options that `check` has too.
_SHARED = ("output_format", "input_format", "stdin_filename", "config", "is_isolated", "color")


class _Mode(NamedTuple):
    """What to do instead of sending; at most one of them."""

    dry_run: bool
    status: bool
    mark_created: str | None

    def check(self, paths: tuple[str, ...], attempt: int | None) -> None:
        """Check the combination of arguments.

        Raises:
            click.UsageError: they exclude each other, or one is missing.
        """
        if sum(map(bool, self)) > 1:
            message = "--dry-run, --status and --mark-created exclude each other; keep one"
        elif attempt is not None and not self.mark_created:
            message = "--attempt says what --mark-created is about; give both"
        elif self.mark_created and not self.mark_created.isdecimal():
            message = f"{self.mark_created!r} is not a package id; those are numbers such as 5888"
        elif self.status and paths:
            message = "--status lists the whole journal; leave the paths out"
        elif not paths and not self.status and not self.mark_created:
            message = "nothing to send; name files, folders, or -"
        else:
            return
        raise click.UsageError(message)


def _reject_nan(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    # click accepts it in every range.
    if isnan(value):
        message = "nan is not a number of seconds"
        raise click.BadParameter(message)
    return value


@click.command(name="submit", cls=Command)
# A file that cannot be read is a finding, not a usage error.
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("-y", "--yes", "is_confirmed", is_flag=True, help="Do not ask before sending.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    default=1,
    show_default=True,
    metavar="N",
    help="How many requests may be in progress at the same time.",
)
@click.option(
    "--fail-fast",
    "is_failing_fast",
    is_flag=True,
    help="Stop after the first request that was not created.",
)
@click.option(
    "--again", is_flag=True, help="Also send requests whose package an earlier run has created."
)
@click.option(
    "--retry-unknown",
    is_flag=True,
    help="Also send requests of earlier runs whose outcome is unknown.",
)
@click.option("--status", is_flag=True, help="List what was sent, with the outcomes.")
@click.option(
    "--mark-created",
    "package_id",
    metavar="ID",
    help="Record that the package of an unknown outcome is on the platform, with this id.",
)
@click.option("--attempt", type=int, metavar="N", help="The attempt that --mark-created is about.")
@click.option(
    "--base-url",
    metavar="URL",
    help="Where to send requests; takes precedence over ROSETTA_BASE_URL.",
)
@click.option(
    "--credentials",
    metavar="FILE",
    help="Read the keys from a file that only you can read, instead of the environment.",
)
@click.option("--journal", metavar="FILE", help="Record what was sent in this file.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    callback=_reject_nan,
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long a response may take.",
)
@options.text_or_json
@options.input_format
@click.option("--stdin-filename", metavar="NAME", help="What standard input is called.")
@config_options
@options.color
def command(  # noqa: PLR0913 - click passes every option as a parameter
    *,
    paths: tuple[str, ...],
    dry_run: bool,
    status: bool,
    package_id: str | None,
    attempt: int | None,
    again: bool,
    retry_unknown: bool,
    **options: Any,  # noqa: ANN401 - checked by click
) -> int:
    """Check and sign requests, and send each one once.

    PATHS are as in `check`. Nothing is sent if any document has an error. A journal records what
    was sent, so that another call does not send requests that were created or whose outcome is
    unknown. ROSETTA_BASE_URL, ROSETTA_ACCESS_KEY and ROSETTA_SECRET_KEY set the address and the
    keys.

    \b
        Exit status:
          0    all packages are created, now or before
          1    there are errors, or the API refused a request
          2    a usage error, wrong configuration or journal, or nothing can be sent
          4    an outcome is unknown
          130  interrupted
    """  # noqa: D301 - click needs the backspace to keep the lines below it
    mode = _Mode(dry_run, status, package_id)
    mode.check(paths, attempt)
    check = CheckOptions(paths, **{name: options.pop(name) for name in _SHARED})
    call = SubmitOptions(check, resend=ResendOptions(again, retry_unknown), **options)
    try:
        return _run(mode, call, attempt)
    except SubmitError as error:
        raise CommandError(str(error)) from error


def _run(mode: _Mode, call: SubmitOptions, attempt: int | None) -> int:
    if mode.status:
        return list_attempts(call)
    if mode.mark_created:
        return mark_created(call, mode.mark_created, attempt)
    return dry_run(call) if mode.dry_run else send(call)
