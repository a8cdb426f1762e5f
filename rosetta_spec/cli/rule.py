"""`rosetta-spec rule` and `rosetta-spec schema`: the rules, and the JSON Schema with them."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from rosetta_spec.cli import FINDINGS, options
from rosetta_spec.cli.options import complete_rule, config_options
from rosetta_spec.cli.terminal import needing, write_facts
from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.files.content import file_identity, replace_file
from rosetta_spec.files.names import (
    PACKAGE,
    UnknownFileError,
    leads_outside,
    named_file,
    shown_path,
)
from rosetta_spec.reporters.style import encode_indented, safe
from rosetta_spec.request.schema import request_schema
from rosetta_spec.spec.bundle import bundled_schema
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.pages import facts_of, text_list, text_page
from rosetta_spec.spec.ruleset import Rule, Ruleset, builtin_ruleset, is_ours, no_such_rule


class _RuleCommand(click.Command):
    """A command whose arguments are paths with `--verify`, and else a rule."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[OPTIONS] [CODE|NAME]")
        formatter.write_usage(ctx.command_path, "--verify [OPTIONS] [RULESET]...", "       ")


@click.command(name="rule", cls=_RuleCommand)
@click.argument("names", nargs=-1, metavar="[CODE|NAME]", shell_complete=complete_rule)
@click.option(
    "--verify",
    "is_verified",
    is_flag=True,
    help="Verify rulesets, given as paths or files of installed packages "
    "(pkg:our_policy/rules.yaml): check their examples and properties, and search for requests "
    "that break and satisfy each rule. By default, verify the rulesets that the configuration "
    "names, or the built-in rules if it names none.",
)
@options.text_or_json
@config_options
def rule(
    names: tuple[str, ...],
    output_format: str,
    config: str | None,
    *,
    is_verified: bool,
    is_isolated: bool,
) -> int:
    """Explain one rule, by its code or name, or list all.

    This includes your own rules, from the configuration of the current folder.
    """
    if is_verified and names:
        return _verify(*_loaded(names), output_format)
    ruleset = Configuration(Overrides(config, is_isolated=is_isolated)).config_of(os.curdir).ruleset
    if is_verified:
        own = tuple(each for each in ruleset.rules if not is_ours(each.code))
        return _verify(own or ruleset.rules, ruleset, output_format)
    if len(names) > 1:
        message = f"one rule is explained at a time; remove {names[1]}"
        raise click.UsageError(message)
    if not names:
        facts: object = [facts_of(each) for each in ruleset.rules]
        text = text_list(ruleset.rules)
    else:
        found = ruleset.find(names[0])
        if found is None:
            if os.path.isfile(names[0]):
                message = f"{names[0]} is a file; to verify it, write rule --verify {names[0]}"
                raise click.UsageError(message)
            raise click.UsageError(str(no_such_rule(ruleset, names[0])))
        facts, text = facts_of(found), text_page(found)
    write_facts(output_format, facts, text)
    return 0


def _loaded(paths: Sequence[str]) -> tuple[tuple[Rule, ...], Ruleset]:
    """Load the rulesets at some paths; return their rules, and a ruleset that has ours too."""
    known = builtin_ruleset()
    chosen: tuple[Rule, ...] = ()
    for path in paths:
        try:
            file = shown_path(named_file(path, "").path) if path.startswith(PACKAGE) else path
        except UnknownFileError as error:
            raise click.UsageError(safe(str(error))) from error
        rules = load_ruleset(Path(file), known).rules
        known, chosen = known.with_rules(rules), (*chosen, *rules)
    return chosen, known


def _verify(chosen: tuple[Rule, ...], known: Ruleset, output_format: str) -> int:
    """Verify some rules that are used together with all known ones; return the exit status."""
    # Hypothesis would write a folder `.hypothesis` into the current one.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.devnull)
    with needing("--verify", "hypothesis", "verify"):
        from rosetta_spec.verify.verification import verify  # noqa: PLC0415 - loads hypothesis
    verification = verify(chosen, known.rules)
    write_facts(output_format, verification.facts(), verification.text())
    return 0 if verification.has_passed else FINDINGS


@click.command(name="schema")
@click.option(
    "--bundle", is_flag=True, help="Include every rule that JSON Schema (draft-07) can express."
)
@click.option(
    "--output",
    metavar="FILE",
    type=options.FILE,
    default="-",
    help="Write to this file instead of standard output, and replace it if it exists.",
)
@config_options
def schema(output: str, config: str | None, *, bundle: bool, is_isolated: bool) -> None:
    """Print the JSON Schema of a sampling request.

    The bundle contains the rules and severities that are configured for the current folder,
    including your own rules.
    """
    read: tuple[str, ...] = ()
    if bundle:
        configuration = Configuration(Overrides(config, is_isolated=is_isolated))
        statuses = configuration.rule_statuses(os.curdir)
        content = bundled_schema(status.rule for status in statuses if status.is_selected)
        read = configuration.files
    else:
        content = request_schema()
    text = f"{encode_indented(content)}\n"
    if output == "-":
        sys.stdout.write(text)
        return
    problem = ""
    if file_identity(output) in map(file_identity, read):
        problem = "is a configuration file or ruleset; write to another one"
    elif leads_outside(output):
        problem = "leads outside the repository by a link; name the file itself"
    else:
        try:
            replace_file(output, [text.encode()])
        except OSError as error:
            problem = f"cannot be written: {error.strerror}; choose another file"
    if problem:
        raise click.BadParameter(safe(f"{output} {problem}"), param_hint="--output")
