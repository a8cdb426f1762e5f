"""`rosetta-spec schema`: the JSON Schema of a request, for editors and other validators."""

from __future__ import annotations

import click

from rosetta_spec.cli.terminal import write_stdout
from rosetta_spec.document.json_writer import indented_json
from rosetta_spec.spec.request_schema import request_schema


@click.command(name="schema")
@click.option(
    "--bundle", is_flag=True, help="With every rule in it that JSON Schema (draft-07) can say."
)
def command(*, bundle: bool) -> None:
    """Print the JSON Schema of a sampling request."""
    if bundle:
        # The rules take time to load, and the bare schema does not need them.
        from rosetta_spec.spec.bundle import bundled_schema  # noqa: PLC0415
        from rosetta_spec.spec.ruleset import builtin_ruleset  # noqa: PLC0415

        schema = bundled_schema(builtin_ruleset().rules)
    else:
        schema = request_schema()
    write_stdout(f"{indented_json(schema)}\n")
