"""Which command the arguments ask for, done with what it needs, and the exit status of errors."""

from __future__ import annotations

import os
import sys

from rosetta_spec.cli import INTERRUPTED_STATUS
from rosetta_spec.cli.run import run_check
from rosetta_spec.errors import DefectError, WrongFileError
from rosetta_spec.reporters.style import safe
from rosetta_spec.runner.call import read_plain_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from click import Group

WRONG_CALL_STATUS = 2
DEFECT_STATUS = 3

#: A shell that completes a line says here what it wants to know.
_BY_A_SHELL = "_ROSETTA_SPEC_COMPLETE"

REPORT_DEFECT = (
    "Nothing was checked to the end. Please report this message, with the request if it may be"
    " shown, at https://github.com/rosetta-spec/rosetta-spec/issues"
)


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments of a process ask for, and return its exit status."""
    try:
        os.getcwd()  # noqa: PTH109 - pathlib loads slowly
    except FileNotFoundError:
        sys.stderr.write("error: the current folder is no longer there; change to another one\n")
        return WRONG_CALL_STATUS
    call = read_plain_call(arguments)
    try:
        return _run_by_click() if call is None else run_check(call)
    except WrongFileError as error:
        sys.stderr.write(f"error: {safe(str(error))}\n")
        return WRONG_CALL_STATUS
    except DefectError as error:
        sys.stderr.write(f"rosetta-spec has a defect: {safe(str(error))}\n{REPORT_DEFECT}\n")
        return DEFECT_STATUS


def tell_defect() -> int:
    """Say that whatever went wrong is ours to mend, and return a status that says the same."""
    sys.stderr.write(f"rosetta-spec has a defect. {REPORT_DEFECT}\n")
    return DEFECT_STATUS


def _run_by_click() -> int:
    import click  # noqa: PLC0415 - most calls are plain, and it is a slow import

    from rosetta_spec.cli.app import app  # noqa: PLC0415

    try:
        if os.environ.get(_BY_A_SHELL):
            return _complete(app)
        status = app.main(prog_name="rosetta-spec", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED_STATUS
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return status if isinstance(status, int) else 0


def _complete(app: Group) -> int:
    """Answer a shell, which click does by printing and leaving."""
    from contextlib import redirect_stdout  # noqa: PLC0415 - hardly any call is by a shell
    from io import BytesIO, TextIOWrapper  # noqa: PLC0415 - as above

    from rosetta_spec.cli.standard_output import write_stdout  # noqa: PLC0415 - as above

    answer = TextIOWrapper(BytesIO(), "utf-8", newline="")
    with redirect_stdout(answer):
        try:
            app.main(prog_name="rosetta-spec", standalone_mode=False)
        except SystemExit as end:
            status = int(end.code or 0)
    answer.seek(0)
    write_stdout(answer.read())
    return status
