"""The command line: it parses, calls the layers below, prints, and sets the exit status."""

from __future__ import annotations

import sys

DEFECT_STATUS = 3
INTERRUPTED_STATUS = 130


def main() -> None:
    """Run the command that the arguments ask for, and exit with its status."""
    sys.exit(_status())


def _status() -> int:
    import click  # noqa: PLC0415 - nothing is imported before it is needed

    from rosetta_spec.cli.app import app  # noqa: PLC0415

    try:
        status = app.main(prog_name="rosetta-spec", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED_STATUS
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # Whoever read the output has seen enough; there is nobody left to tell.
        sys.stdout = None
        return 0
    return status if isinstance(status, int) else 0
