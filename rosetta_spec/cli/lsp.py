"""`rosetta-spec lsp`: a language server on standard input and output."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

import click

from rosetta_spec.cli.options import Command, config_options
from rosetta_spec.cli.output import CommandError
from rosetta_spec.cli.run import today
from rosetta_spec.config.settings import Overrides

_NO_PYGLS = "the language server needs pygls; install it with: pip install 'rosetta-spec[lsp]'"
_ON_A_TERMINAL = (
    "an editor starts this command and speaks with it; how to set up yours is told at"
    " https://rosetta-spec.github.io/rosetta-spec/editors/\nCtrl-C ends it"
)


@click.command(name="lsp", cls=Command)
@click.option("--stdio", is_flag=True, help="Speak on standard input and output; it always does.")
@config_options
def command(config: str | None, *, stdio: bool, is_isolated: bool) -> int:  # noqa: ARG001
    """Serve an editor: findings as you write, their repairs, and help with writing.

    Speaks the Language Server Protocol on standard input and output; editors start it. A text is
    checked if its file is one that `check` reads in a folder, or if its keys are a request's.
    """
    if find_spec("pygls") is None:
        raise CommandError(_NO_PYGLS)
    # It loads slowly, and no other command needs it.
    from rosetta_spec.lsp.features import make_server  # noqa: PLC0415

    if sys.stdin.isatty():
        click.echo(_ON_A_TERMINAL, err=True)
    # Whatever prints must not come between the messages of the protocol.
    stdout = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server = make_server(Overrides(config, is_isolated=is_isolated, force_exclude=True), today)
    return server.serve(sys.stdin.buffer, stdout)
