"""`rosetta-spec lsp` and `rosetta-spec mcp`: servers on standard input and output."""

import faulthandler
import os
import signal
import sys
import warnings
from typing import NoReturn

import click

from rosetta_spec.cli import INTERRUPTED
from rosetta_spec.cli.options import config_options
from rosetta_spec.cli.run import today
from rosetta_spec.cli.terminal import needing
from rosetta_spec.config.settings import Overrides

#: Seconds after which a server that no longer answers is ended, whatever keeps it.
_PATIENCE = 30

#: Seconds for which a thread that checks a large document runs while others wait. An answer needs
#: several turns.
_TURN = 0.0005
_ON_A_TERMINAL = (
    "an editor starts this command and sends it messages; to set up yours, see"
    " https://rosetta-spec.github.io/rosetta-spec/editors/\npress Ctrl-C to stop"
)


@click.command(name="lsp")
@click.option("--stdio", is_flag=True, help="Accepted for editors that pass it; has no effect.")
@click.option("--clientProcessId", "client", type=int, metavar="NUMBER", hidden=True)
@config_options
def lsp(
    config: str | None,
    *,
    stdio: bool,  # noqa: ARG001
    is_isolated: bool,
    client: int | None,
) -> NoReturn:
    """Run the language server, which shows findings in editors.

    It also offers fixes, and completes and explains keys and values. Editors start it and use the
    Language Server Protocol on standard input and output. A document is checked if `check` would
    read its file in a folder, or if it has the keys of a request.
    """
    _end_at_interrupts()
    # pygls calls a function of asyncio that Python 3.14 deprecates.
    warnings.filterwarnings("ignore", ".asyncio.iscoroutinefunction.", DeprecationWarning)
    with needing("the language server", "pygls", "lsp"):
        from rosetta_spec.lsp.server import Server  # noqa: PLC0415 - pygls loads slowly
    if sys.stdin.isatty():
        click.echo(_ON_A_TERMINAL, err=True)
    # Anything that prints goes to standard error, not between the messages of the protocol.
    stdout = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    overrides = Overrides(config, is_isolated=is_isolated, force_exclude=True)
    sys.setswitchinterval(_TURN)
    server = Server(overrides, today, _pulse, client)
    status = server.serve(sys.stdin.buffer, stdout)  # type: ignore[arg-type]
    sys.stderr.flush()
    # Python would wait for its threads, which may be reading input or checking a large document.
    os._exit(status)


def _pulse() -> None:
    """Let the process end soon if this is not called again.

    A thread of Python could not end it: a search for a regular expression lets no other one run.
    """
    faulthandler.dump_traceback_later(_PATIENCE, exit=True, file=sys.stderr)


@click.command(name="mcp")
def mcp() -> None:
    """Run a server that lets assistants check requests.

    Its tools check, fix, explain and write requests. The assistant starts it and uses the Model
    Context Protocol on standard input and output. The tools take and return text; they do not read
    files or use the network.
    """
    _end_at_interrupts()
    with needing("the MCP server", "mcp", "mcp"):
        from rosetta_spec.mcp_server import make_server  # noqa: PLC0415 - the SDK loads slowly
    make_server().run("stdio")


def _end_at_interrupts() -> None:
    """End at Ctrl-C: there is nothing to put in order, and asyncio catches `KeyboardInterrupt`."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
