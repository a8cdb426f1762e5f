"""The further reports of a run: their findings wait until the report on standard output is done."""

from __future__ import annotations

import os

from rosetta_spec.files.replacement import replace_file
from rosetta_spec.reporters import reporter_of
from rosetta_spec.reporters.spool import Spool
from rosetta_spec.reporters.style import Style
from rosetta_spec.runner.call import STDOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.files.sources import Source
    from rosetta_spec.runner.call import Output


class OutputError(ValueError):
    """A report that cannot be written where it was asked for."""


class Outputs:
    """Keeps the texts of findings, and writes the reports of them at the end.

    Raises:
        OutputError: one cannot be written, or would take the place of another or of a request.
    """

    def __init__(self, outputs: Iterable[Output], sources: Iterable[Source]) -> None:
        self._outputs = tuple(outputs)
        _check([each for each in self._outputs if each.path != STDOUT], sources)
        self._spools = [Spool() for _ in self._outputs]

    def keep(self, findings: Iterable[tuple[str, ...]]) -> Iterator[str]:
        """Yield the first text of each finding, and keep the others."""
        for text, *others in findings:
            for spool, other in zip(self._spools, others, strict=True):
                spool.write(other)
            yield text

    def write(self, tally: Tally, write_stdout: Callable[[str], object]) -> list[OutputError]:
        """Write each report, even if another one cannot be written; the counts are complete."""
        errors = []
        for output, spool in zip(self._outputs, self._spools, strict=True):
            pieces = reporter_of(output.format).assemble(spool.read(), tally, Style())
            if output.path == STDOUT:
                for piece in pieces:
                    write_stdout(piece)
                continue
            try:
                replace_file(output.path, (piece.encode(errors="replace") for piece in pieces))
            except OSError as error:
                errors.append(_error(output, f"it cannot be written ({error.strerror})"))
        return errors

    def close(self) -> None:
        """Forget what was kept."""
        for spool in self._spools:
            spool.close()


def _check(outputs: Iterable[Output], sources: Iterable[Source]) -> None:
    taken = {
        os.path.realpath(source.path): "this file is checked; write to another one"
        for source in sources
        if source.path is not None
    }
    for output in outputs:
        file = os.path.realpath(output.path)
        fault = _fault(output.path) or taken.get(file)
        if fault:
            raise _error(output, fault)
        taken[file] = "another report of this call goes to this file; write to another one"


def _fault(path: str) -> str:
    """Say why a file cannot be written, as far as that can be known; "" where it can."""
    if os.path.isdir(path):  # noqa: PTH112 - paths are text from the call to the system
        return "this is a folder; name a file in it"
    is_there = os.path.exists(path)  # noqa: PTH110 - as above
    folder = os.path.dirname(os.path.realpath(path))  # noqa: PTH120 - as above
    # What is there may have no folder: a pipe of the shell's, `>(...)`, has not.
    if not is_there and not os.path.isdir(folder):  # noqa: PTH112 - as above
        return f"there is no folder {folder}; make it first"
    if not os.access(path if is_there else folder, os.W_OK):
        return "it may not be written; choose another file, or change who may write it"
    return ""


def _error(output: Output, fault: str) -> OutputError:
    return OutputError(f"--output {output.format}={output.path}: {fault}")
