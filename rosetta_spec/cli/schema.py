"""`rosetta-spec schema`: the JSON Schema of a request, for editors and other validators."""

from __future__ import annotations

import os

import click

from rosetta_spec.cli.options import Command, config_options
from rosetta_spec.cli.output import write_stdout
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.lookup import Overrides
from rosetta_spec.document.values import indented_json
from rosetta_spec.files.replacement import replace_file
from rosetta_spec.reporters.style import safe
from rosetta_spec.request.schema import request_schema


@click.command(name="schema", cls=Command)
@click.option(
    "--bundle", is_flag=True, help="With every rule in it that JSON Schema (draft-07) can say."
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write it to a file, new or in place of an old one, instead of standard output.",
)
@config_options
def command(output: str | None, config: str | None, *, bundle: bool, is_isolated: bool) -> None:
    """Print the JSON Schema of a sampling request.

    The bundle has the rules and severities that hold in the current folder by its configuration
    file, rules of your own among them.
    """
    if bundle:
        # The rules take time to load, and the bare schema does not need them.
        from rosetta_spec.spec.bundle import bundled_schema  # noqa: PLC0415

        configuration = Configuration(Overrides(config, is_isolated=is_isolated))
        rule_statuses = configuration.rule_statuses(os.curdir)
        schema = bundled_schema(verdict.rule for verdict in rule_statuses if verdict.is_selected)
    else:
        schema = request_schema()
    text = f"{indented_json(schema)}\n"
    if output is None:
        write_stdout(text)
        return
    try:
        replace_file(output, [text.encode()])
    except OSError as error:
        message = safe(f"{output} cannot be written: {error.strerror}; choose another file")
        raise click.BadParameter(message, param_hint="--output") from error
