"""The program: its commands, its exit statuses, and what happens to errors."""

import os
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from io import StringIO

import click

from rosetta_spec.cli import DEFECT, INTERRUPTED, USAGE_ERROR, terminal
from rosetta_spec.errors import DefectError, TemporaryFileError, WrongFileError
from rosetta_spec.reporters.style import safe, safe_lines
from rosetta_spec.request.wording import printable_name, suggestion
from rosetta_spec.version import __version__

#: The commands, each with its module in this folder.
COMMANDS = {
    "check": "check",
    "explain": "explain",
    "rule": "rule",
    "schema": "rule",
    "submit": "submit",
    "lsp": "servers",
    "new": "new",
    "init": "new",
    "mcp": "servers",
}

_REPORT_DEFECT = (
    "The run was not completed. Please report this message, with the request if it is not"
    " confidential, at https://github.com/rosetta-spec/rosetta-spec/issues"
)


class _Commands(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # A shell that completes a line asks about unfinished names.
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            message = f"there is no command {printable_name(args[0])}; {_suggestion(args[0])}"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = vars(import_module(f"rosetta_spec.cli.{COMMANDS[cmd_name]}"))
        command: click.Command = module.get("command") or module[cmd_name]
        return command


def _suggestion(name: str) -> str:
    if name == "-" or os.path.exists(name):
        return f"to check it, write rosetta-spec check {printable_name(name)}"
    return suggestion(name, COMMANDS)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def app() -> None:
    """Check Rosetta sampling requests before they are sent.

    A request is the JSON or YAML body of POST /rosetta-open/sampling/create.
    """


def main() -> int:
    """Run the command that the arguments of this process ask for, and return the exit status."""
    _prepare_streams()
    terminal.obey_escapes()
    stdout, stderr = terminal.LastingStream(sys.stdout), terminal.LastingStream(sys.stderr)
    with stderr.text(line_buffering=True) as errors, redirect_stderr(errors):
        with stdout.text() as output, redirect_stdout(output):
            status = _run_and_report_errors()
        if stdout.error:
            cause = f"standard output cannot be written ({stdout.error})"
            sys.stderr.write(f"error: {cause}; redirect it to another place\n")
    return max(status, USAGE_ERROR * bool(stdout.error or stderr.error))


def _run_and_report_errors() -> int:
    stdin = terminal.FilteredInput()
    status = DEFECT
    try:
        status = _run(stdin)
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    except click.ClickException as error:
        message = StringIO()
        error.show(message)
        sys.stderr.write(safe_lines(message.getvalue()))
        status = error.exit_code
    except (terminal.CommandError, TemporaryFileError, WrongFileError) as error:
        sys.stderr.write(f"error: {safe(str(error))}\n")
        status = USAGE_ERROR
    except DefectError as error:
        sys.stderr.write(f"rosetta-spec has a bug: {safe(str(error))}\n{_REPORT_DEFECT}\n")
    finally:
        if status != INTERRUPTED and terminal.is_filter(sys.argv[1:]):
            stdin.write_back()
        stdin.close()
    return status


def _prepare_streams() -> None:
    """Open standard streams that are closed (`>&-`), and have standard input wait for text."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - for the whole process
    if sys.platform != "win32":
        # Where there is nothing to read yet, Python would take that for the end.
        with suppress(OSError):
            os.set_blocking(sys.stdin.fileno(), True)


def report_defect() -> int:
    """Ask for a report of an unexpected exception, and return the exit status."""
    sys.stderr.write(f"rosetta-spec has a bug. {_REPORT_DEFECT}\n")
    return DEFECT


def _run(stdin: terminal.FilteredInput) -> int:
    try:
        os.getcwd()
        status = app.main(prog_name="rosetta-spec", standalone_mode=False, obj=stdin)
    except FileNotFoundError as error:
        # Without a name, it is the current folder, which may also be deleted during the run.
        if error.filename:
            raise
        message = "the current folder no longer exists; change to another one"
        raise terminal.CommandError(message) from error
    except SystemExit as end:
        # click has answered a shell.
        return int(end.code or 0)
    except (KeyError, ValueError):
        if os.environ.get("_ROSETTA_SPEC_COMPLETE"):
            # COMP_WORDS or COMP_CWORD is not as a shell sets it.
            return USAGE_ERROR
        raise
    return status if isinstance(status, int) else 0
