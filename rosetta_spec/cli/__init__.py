"""The command line: it parses, calls the layers below, prints, and sets the exit status."""

from __future__ import annotations

import os
import sys

from rosetta_spec.fast.entry import check_at_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import NoReturn

INTERRUPTED_STATUS = 130


def main() -> None:
    """Run the command that the arguments ask for, and end the process with its status."""
    sys.excepthook = _tell_defect
    _open_streams()
    try:
        status = 0 if check_at_once(sys.argv[1:]) else _run(sys.argv[1:])
    except KeyboardInterrupt:
        status = INTERRUPTED_STATUS
    # Whoever has written something has loaded it.
    from rosetta_spec.cli.standard_output import StandardOutput  # noqa: PLC0415

    leave(max(status, StandardOutput.least_status))


def leave(status: int) -> NoReturn:
    """End the process at once: to take apart what was loaded takes a fifth as long as a start."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        # One that was closed has nothing to write, nor has one whose reader has gone.
        except (AttributeError, ValueError, BrokenPipeError):
            continue
    os._exit(status)


def _run(arguments: list[str]) -> int:
    # A call that is done already has no need of all that others may need.
    from rosetta_spec.cli.dispatch import run  # noqa: PLC0415

    return run(arguments)


def _open_streams() -> None:
    """Give a process that was started without standard streams empty ones (`>&-`)."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 - open for as long as the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115


def _tell_defect(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """End with a status that nobody takes for findings, whatever went wrong outside of a rule."""
    from rosetta_spec.cli.dispatch import tell_defect  # noqa: PLC0415 - as above

    sys.__excepthook__(kind, error, traceback)
    raise SystemExit(tell_defect())
