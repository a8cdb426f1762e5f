"""`rosetta-spec new`: write a request to start from."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from rosetta_spec.cli.options import Command
from rosetta_spec.cli.output import write_stdout
from rosetta_spec.cli.questions import ask, fitting, has_terminal, number_in, ratio_in
from rosetta_spec.document.values import Json
from rosetta_spec.fast.formats import YAML, format_by_name
from rosetta_spec.files.reading import name_inside
from rosetta_spec.reporters.style import safe
from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.spec.starter import starter

STDOUT = "-"


#: How the value of an option is read, by its type in the data about the endpoint.
_READERS: dict[str, Callable[[str], Json]] = {
    "string": str,
    "share": ratio_in,
    "number": number_in,
}


def _key_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that set keys of the request."""
    for each in reversed(endpoint_data()["new"]["options"]):
        option = click.option(
            each["option"], each["key"], metavar=each["metavar"], help=each["help"]
        )
        command = option(command)
    return command


@click.command(name="new", cls=Command)
@click.argument("path", default=STDOUT, type=click.Path(readable=False))
@_key_options
def command(path: str, **texts: str | None) -> None:
    """Write a request to start from, in YAML, with every key explained.

    PATH is a file that does not exist yet; without it the request goes to standard output. On a
    terminal, what the options do not say is asked for.
    """
    if path != STDOUT:
        _refuse_name(path)
    readers = {each["key"]: _READERS[each["type"]] for each in endpoint_data()["new"]["options"]}
    given = {key: text for key, text in texts.items() if text is not None}
    values = fitting({key: read(given[key]) for key, read in readers.items() if key in given})
    text = starter({**values, **(ask(values) if has_terminal() else {})})
    if path == STDOUT:
        write_stdout(text)
        return
    try:
        _write_new(Path(path), text)
    except OSError as error:
        _refuse(f"{path} cannot be written: {error.strerror}; choose another name", error)
    name = safe(path)
    sys.stderr.write(f"wrote {name}; when it is filled in, run: rosetta-spec check {name}\n")


def _refuse_name(path: str) -> None:
    """Refuse a name under which a request must not be written, before anything is asked."""
    # What cannot be asked for, such as a name that is too long, is none of these, and told later.
    if os.path.isdir(path):
        _refuse(f"{path} is a folder; name a file in it")
    if os.path.lexists(path):
        _refuse(f"{path} exists, and nothing is overwritten; choose another name")
    above = Path(path).parent
    if not os.path.isdir(above):
        _refuse(f"there is no folder {above}; make it first")
    if name_inside(path) != path or format_by_name(path) not in {YAML, None}:
        _refuse(f"{path} would not be read as YAML; choose a name that ends in .yaml")


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, or leave none.

    Raises:
        OSError: it cannot be written, or is there.
    """
    file = path.open("xb")
    try:
        # What was put off is written when it is closed.
        with file:
            file.write(text.encode())
    except BaseException:
        path.unlink()
        raise


def _refuse(message: str, cause: OSError | None = None) -> NoReturn:
    raise click.BadParameter(safe(message), param_hint="PATH") from cause
