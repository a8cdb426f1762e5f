"""Read and check what `submit` is to send, and report what is found in it."""

from __future__ import annotations

import sys

from rosetta_spec.cli.run import today
from rosetta_spec.cli.standard_output import write_stdout
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import assemble, render
from rosetta_spec.runner.settled import settled_sources
from rosetta_spec.submit.reading import Reading, read_requests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedIOBase

    from rosetta_spec.submit.call import SubmitCall


def read(call: SubmitCall) -> Reading:
    """Read and check every document of a call, by the settings that hold for its file."""
    sources, settings = settled_sources(call.check, _warn)
    checked = call.check._replace(today=today())
    return read_requests(sources, settings, checked, _open_stdin)


def report_findings(reading: Reading, style: Style, *, to_stdout: bool) -> None:
    """Write what was found as `check` does, as the output of the command or beside it."""
    texts = (render(each, style) for each in reading.diagnostics)
    report = "".join(assemble(texts, reading.tally, style))
    if to_stdout:
        write_stdout(report)
    else:
        sys.stderr.write(report)
        sys.stderr.flush()


def _open_stdin() -> BufferedIOBase:
    return sys.stdin.buffer  # type: ignore[return-value]


def _warn(message: str) -> None:
    sys.stderr.write(f"warning: {safe(message)}\n")
