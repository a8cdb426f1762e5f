"""`rosetta-spec schema`: the JSON Schema of a request, for editors and other validators."""

from __future__ import annotations

import os

import click

from rosetta_spec.cli.options import Command, config_options
from rosetta_spec.cli.output import write_stdout
from rosetta_spec.config.configuration import Configuration, Overrides
from rosetta_spec.document.values import indented_json
from rosetta_spec.files.replacement import file_identity, replace_file
from rosetta_spec.reporters.json import with_escapes
from rosetta_spec.reporters.style import safe
from rosetta_spec.request.schema import request_schema
from rosetta_spec.spec.bundle import bundled_schema


@click.command(name="schema", cls=Command)
@click.option(
    "--bundle", is_flag=True, help="Include every rule that JSON Schema (draft-07) can express."
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write to a file, which is replaced, instead of standard output.",
)
@config_options
def command(output: str | None, config: str | None, *, bundle: bool, is_isolated: bool) -> None:
    """Print the JSON Schema of a sampling request.

    The bundle has the rules and severities that apply to the current folder by its configuration
    file, your own rules included.
    """
    read: tuple[str, ...] = ()
    if bundle:
        configuration = Configuration(Overrides(config, is_isolated=is_isolated))
        statuses = configuration.rule_statuses(os.curdir)
        schema = bundled_schema(status.rule for status in statuses if status.is_selected)
        read = configuration.files
    else:
        schema = request_schema()
    text = with_escapes(f"{indented_json(schema)}\n")
    if output is None:
        write_stdout(text)
        return
    if file_identity(output) in map(file_identity, read):
        message = safe(f"{output} is a configuration file or ruleset; write to another one")
        raise click.BadParameter(message, param_hint="--output")
    try:
        replace_file(output, [text.encode()])
    except OSError as error:
        message = safe(f"{output} cannot be written: {error.strerror}; choose another file")
        raise click.BadParameter(message, param_hint="--output") from error
