"""`rosetta-spec mcp`: an MCP server on standard input and output."""

from __future__ import annotations

import os
import signal
from importlib.util import find_spec

import click

from rosetta_spec.cli import INTERRUPTED
from rosetta_spec.cli.options import Command
from rosetta_spec.cli.output import CommandError
from rosetta_spec.version import install_command


@click.command(name="mcp", cls=Command)
def command() -> None:
    """Serve an assistant: tools that check, fix, explain and write requests.

    A program with an assistant starts it and uses the Model Context Protocol on standard input and
    output. The tools take and return text; they read no files and use no network.
    """
    if find_spec("mcp") is None:
        message = f"the MCP server needs mcp; install it with: {install_command('mcp')}"
        raise CommandError(message)
    # There is nothing to put in order, and asyncio catches `KeyboardInterrupt`.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    # The SDK loads slowly, and no other command needs it.
    from rosetta_spec.mcp_server import make_server  # noqa: PLC0415

    make_server().run("stdio")
