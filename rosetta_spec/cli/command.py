"""A command of click's, whose help and version are written as everything else is."""

from __future__ import annotations

import click

from rosetta_spec.cli.standard_output import write_stdout


class Command(click.Command):
    """A command that can say what it does wherever reports can be written."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's own option, but for what writes the text."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _tell_help
        return option


def _tell_help(context: click.Context, _option: click.Parameter, is_given: bool) -> None:  # noqa: FBT001 - click's signature
    if is_given:
        tell_instead(context, context.get_help())


def tell_instead(context: click.Context, text: str) -> None:
    """Write a text instead of doing what the command does, and end."""
    # A shell that completes a line wants nothing to be written.
    if not context.resilient_parsing:
        write_stdout(f"{text}\n")
        context.exit()
