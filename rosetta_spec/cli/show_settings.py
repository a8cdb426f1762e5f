"""`rosetta-spec check --show-settings`: what holds for files, and where it comes from."""

from __future__ import annotations

import click

from rosetta_spec.cli.output import write_stdout
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.explanation import facts_of, text_of
from rosetta_spec.document.values import indented_json
from rosetta_spec.files.discovery import STDIN
from rosetta_spec.reporters.style import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.runner.options import CheckOptions


def show_settings(call: CheckOptions) -> int:
    """Print what holds for each file of a call, and return the exit status.

    Raises:
        SelectionError: the call names a rule that there is not.
        WrongFileError: a configuration file or a ruleset cannot be used.
    """
    configuration = Configuration(call.overrides)
    paths = [call.stdin_filename or STDIN if path == STDIN else path for path in call.paths]
    if not paths:
        message = "--show-settings needs a file; name one"
        raise click.UsageError(message)
    if call.output_format == "json":
        files = [facts_of(configuration, path) for path in paths]
        text = f"{indented_json({'version': 1, 'files': files})}\n"
    elif call.output_format == "text":
        lines = "\n".join(text_of(configuration, path) for path in paths).split("\n")
        text = "\n".join(map(safe, lines))
    else:
        message = f"--show-settings has no format {call.output_format}; choose text or json"
        raise click.UsageError(message)
    configuration.check_names()
    write_stdout(text)
    return 0
