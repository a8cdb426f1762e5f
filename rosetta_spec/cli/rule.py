"""`rosetta-spec rule`: explain one rule, or list all."""

from __future__ import annotations

import os

import click

from rosetta_spec.cli.options import Command, complete_rule, config_options
from rosetta_spec.cli.output import write_stdout
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.lookup import Overrides
from rosetta_spec.document.values import indented_json
from rosetta_spec.spec.pages import facts_of, text_list, text_page
from rosetta_spec.spec.selection import unknown_rule


@click.command(name="rule", cls=Command)
@click.argument("names", nargs=-1, metavar="[CODE|NAME]", shell_complete=complete_rule)
@click.option(
    "--verify",
    "is_verified",
    is_flag=True,
    help="Prove the rulesets at paths, by default all that hold here: their examples, the laws, "
    "and that each rule can fire, can be kept, and is of use.",
)
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
    names: tuple[str, ...],
    output_format: str,
    config: str | None,
    *,
    is_verified: bool,
    is_isolated: bool,
) -> int:
    """Explain one rule, by its code or name, or list all.

    Rules of your own are those of the configuration file that holds for the current folder.
    """
    ruleset = Configuration(Overrides(config, is_isolated=is_isolated)).ruleset_of(os.curdir)
    if is_verified:
        # The laws load slowly.
        from rosetta_spec.cli.verify import verify_rulesets  # noqa: PLC0415

        return 0 if verify_rulesets(names, ruleset, output_format) else 1
    if len(names) > 1:
        message = f"one rule is explained at a time; remove {names[1]}"
        raise click.UsageError(message)
    if not names:
        facts: object = [facts_of(rule) for rule in ruleset.rules]
        text = text_list(ruleset.rules)
    else:
        rule = ruleset.find(names[0])
        if rule is None:
            raise click.UsageError(unknown_rule(ruleset, names[0]))
        facts, text = facts_of(rule), text_page(rule)
    if output_format == "json":
        text = f"{indented_json(facts)}\n"
    write_stdout(text)
    return 0
