"""The commands, each imported when it is called."""

from __future__ import annotations

import os
from importlib import import_module

import click

from rosetta_spec.cli.command import Command, tell_instead
from rosetta_spec.request.nearest import suggestion
from rosetta_spec.request.wording import printable_name
from rosetta_spec.version import __version__

#: Each is the `command` of the module of its name here.
COMMANDS = ("check", "rule", "schema", "submit", "lsp", "new")


class _Commands(Command, click.Group):
    """A group that knows its commands' names without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # A shell that completes a line asks about unfinished ones.
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            message = f"there is no command {printable_name(args[0])}; {_meant(args[0])}"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"rosetta_spec.cli.{cmd_name}").command
        return command


def _meant(name: str) -> str:
    if name == "-" or os.path.exists(name):  # noqa: PTH110 - any text may be asked for
        return f"to check it, write rosetta-spec check {printable_name(name)}"
    return suggestion(name, COMMANDS)


def _tell_version(context: click.Context, _option: click.Parameter, is_given: bool) -> None:  # noqa: FBT001 - click's signature
    if is_given:
        tell_instead(context, f"rosetta-spec {__version__}")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version and exit.",
)
def app() -> None:
    """Check Rosetta sampling requests before they are sent.

    A request is the JSON or YAML body of POST /rosetta-open/sampling/create.
    """
