"""`rosetta-spec rule`: explain one rule, or list all."""

from __future__ import annotations

import os

import click

from rosetta_spec.cli.completion import complete_rule
from rosetta_spec.cli.config_options import config_options
from rosetta_spec.cli.terminal import write_stdout
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.settings import Overrides
from rosetta_spec.document.json_writer import indented_json
from rosetta_spec.selection import unknown_rule
from rosetta_spec.spec.page import facts_of, text_list, text_page


@click.command(name="rule")
@click.argument("code_or_name", required=False, metavar="[CODE|NAME]", shell_complete=complete_rule)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs.",
)
@config_options
def command(
    code_or_name: str | None, output_format: str, config: str | None, *, is_isolated: bool
) -> None:
    """Explain one rule, by its code or name, or list all.

    Rules of your own are those of the configuration file that holds for the current folder.
    """
    ruleset = Configuration(Overrides(config, is_isolated=is_isolated)).ruleset_of(os.curdir)
    if code_or_name is None:
        facts: object = [facts_of(rule) for rule in ruleset.rules]
        text = text_list(ruleset.rules)
    else:
        rule = ruleset.find(code_or_name)
        if rule is None:
            raise click.UsageError(unknown_rule(ruleset, code_or_name))
        facts, text = facts_of(rule), text_page(rule)
    if output_format == "json":
        text = f"{indented_json(facts)}\n"
    write_stdout(text)
