"""What the commands share: the options of configuration, and the completion of rules."""

import os
from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.formats import FORMATS
from rosetta_spec.runner.tasks import COLORS
from rosetta_spec.spec.ruleset import ALWAYS, Ruleset, builtin_ruleset


class _Path(click.Path):
    """A path that need not exist: what cannot be read is a finding, not a usage error.

    `instead` is what to write instead of an empty one.
    """

    def __init__(self, instead: str) -> None:
        super().__init__(readable=False)
        self._instead = instead

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        if not value:
            self.fail(f"a path is empty; {self._instead}", param, ctx)
        return super().convert(value, param, ctx)


#: The file that an option names.
FILE = _Path("name a file")


def _only_one(
    context: click.Context,
    _parameter: click.Parameter,
    value: Any,  # noqa: ANN401 - a path or a flag
) -> Any:  # noqa: ANN401
    # Its own value is not among the parameters yet.
    if value and (context.params.get("config") or context.params.get("is_isolated")):
        message = "--config and --isolated cannot be used together; remove one of them"
        raise click.UsageError(message)
    return value


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config` and `--isolated` to a command."""
    command = click.option(
        "--isolated",
        "is_isolated",
        is_flag=True,
        callback=_only_one,
        help="Use no configuration file.",
    )(command)
    return click.option(
        "--config",
        type=FILE,
        metavar="FILE",
        callback=_only_one,
        help="Use this configuration file for every file, instead of the nearest one.",
    )(command)


#: Arguments and options that several commands have.
paths = click.argument("paths", nargs=-1, type=_Path("the current folder is ."))
text_or_json = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs.",
)
input_format = click.option(
    "--input-format",
    type=click.Choice(FORMATS),
    help="Read every file in this format, regardless of its name.",
)
stdin_filename = click.option(
    "--stdin-filename",
    metavar="NAME",
    help="The name of standard input; its ending decides the format.",
)
color = click.option(
    "--color",
    type=click.Choice(COLORS),
    default="auto",
    show_default=True,
    help="When to use colors; NO_COLOR and FORCE_COLOR are respected too.",
)


def complete_rule(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the code or name of a rule; of several separated by commas, the last.

    An option that takes prefixes of codes offers these too. With `--verify`, files are named.
    """
    if context.params.get("is_verified"):
        return [CompletionItem(incomplete, type="file")]
    named, comma, begun = incomplete.rpartition(",")
    without = {*named.split(",")} | (ALWAYS if parameter.name == "ignore" else set())
    rules = _ruleset(context).rules
    words = {
        word: rule.kind.describe()
        for rule in rules
        if without.isdisjoint({rule.code, rule.name})
        for word in (rule.code, rule.name)
    }
    if isinstance(parameter, click.Option):
        prefixes = dict.fromkeys(rule.code[:-2] for rule in rules)
        words = {it: f"All rules {it}xx." for it in prefixes if it not in without} | words
    return [
        CompletionItem(f"{named}{comma}{word}", help=about)
        for word, about in words.items()
        if word.startswith(begun)
    ]


def _ruleset(context: click.Context) -> Ruleset:
    options = context.params
    overrides = Overrides(options["config"], is_isolated=options["is_isolated"])
    try:
        return Configuration(overrides).config_of(os.curdir).ruleset
    except WrongFileError:
        # The command itself reports what is wrong with it.
        return builtin_ruleset()
