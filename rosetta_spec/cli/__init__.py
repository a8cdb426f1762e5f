"""The command line: it parses, calls the layers below, prints, and sets the exit status."""

from __future__ import annotations

import os
import sys

from rosetta_spec.cli.run import run_check
from rosetta_spec.defect import DefectError
from rosetta_spec.reporters.style import safe
from rosetta_spec.run.call import read_plain_call
from rosetta_spec.wrong_file import WrongFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import NoReturn

WRONG_FILE_STATUS = 2
DEFECT_STATUS = 3
INTERRUPTED_STATUS = 130

REPORT_DEFECT = (
    "Nothing was checked to the end. Please report this message, with the request if it may be"
    " shown, at https://github.com/rosetta-spec/rosetta-spec/issues"
)


def main() -> None:
    """Run the command that the arguments ask for, and end the process with its status."""
    sys.excepthook = _tell_defect
    _open_streams()
    try:
        status = _status()
    except KeyboardInterrupt:
        status = INTERRUPTED_STATUS
    leave(status)


def leave(status: int) -> NoReturn:
    """End the process at once: to take apart what was loaded takes a fifth as long as a start."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        # One that was closed has nothing to write, nor has one whose reader has gone.
        except (AttributeError, ValueError, BrokenPipeError):
            continue
    os._exit(status)


def _status() -> int:
    call = read_plain_call(sys.argv[1:])
    try:
        return _status_by_click() if call is None else run_check(call)
    except WrongFileError as error:
        sys.stderr.write(f"error: {safe(str(error))}\n")
        return WRONG_FILE_STATUS
    except DefectError as error:
        sys.stderr.write(f"rosetta-spec has a defect: {safe(str(error))}\n{REPORT_DEFECT}\n")
        return DEFECT_STATUS


def _status_by_click() -> int:
    import click  # noqa: PLC0415 - most calls are plain, and it is a slow import

    from rosetta_spec.cli.app import app  # noqa: PLC0415

    try:
        status = app.main(prog_name="rosetta-spec", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED_STATUS
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return status if isinstance(status, int) else 0


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
    sys.__excepthook__(kind, error, traceback)
    sys.stderr.write(f"rosetta-spec has a defect. {REPORT_DEFECT}\n")
    raise SystemExit(DEFECT_STATUS)
