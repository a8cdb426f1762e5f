"""The further reports of a run: findings are kept until the report on standard output is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.engine.tally import Tally
from rosetta_spec.files.discovery import Source
from rosetta_spec.files.replacement import replace_file
from rosetta_spec.reporters import reporter_of
from rosetta_spec.reporters.spool import Spool
from rosetta_spec.reporters.style import Style
from rosetta_spec.runner.options import STDOUT, Output


class OutputError(ValueError):
    """A report that cannot be written to its file."""


class Outputs:
    """Keeps diagnostics, and writes reports of them at the end.

    Raises:
        OutputError: a report cannot be written, or would overwrite another one or a request.
    """

    def __init__(self, outputs: Iterable[Output], sources: Iterable[Source]) -> None:
        self._outputs = tuple(outputs)
        _check([each for each in self._outputs if each.path != STDOUT], sources)
        self._spool: Spool[Diagnostic] = Spool()

    def keep(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield diagnostics, and keep them for the further reports, if there are any."""
        for diagnostic in diagnostics:
            if self._outputs:
                self._spool.write(diagnostic)
            yield diagnostic

    def write(self, tally: Tally, write_stdout: Callable[[str], object]) -> list[OutputError]:
        """Write each report, even if another one cannot be written; the counts are complete."""
        errors = []
        for output in self._outputs:
            pieces = reporter_of(output.format)(self._spool.read(), tally, Style())
            if output.path == STDOUT:
                for piece in pieces:
                    write_stdout(piece)
                continue
            data = (piece.encode(errors="replace") for piece in pieces)
            try:
                if output.is_added:
                    _add_to(output.path, data)
                else:
                    replace_file(output.path, data)
            except OSError as error:
                errors.append(_error(output, f"it cannot be written ({error.strerror})"))
        return errors

    def close(self) -> None:
        """Discard what was kept."""
        self._spool.close()


def _add_to(path: str, data: Iterable[bytes]) -> None:
    with open(path, "ab") as file:
        file.writelines(data)


def _check(outputs: Iterable[Output], sources: Iterable[Source]) -> None:
    taken = {
        os.path.realpath(source.path): "this file is checked; write to another one"
        for source in sources
        if source.path is not None
    }
    for output in outputs:
        file = os.path.realpath(output.path)
        problem = _problem(output.path) or taken.get(file)
        if problem:
            raise _error(output, problem)
        taken[file] = "another report of this call goes to this file; write to another one"


def _problem(path: str) -> str:
    """Return why a file cannot be written, as far as that can be known; "" if it can."""
    if os.path.isdir(path):
        return "this is a folder; name a file in it"
    folder = os.path.dirname(os.path.realpath(path))
    # An existing file may have no folder: a pipe of the shell, `>(...)`.
    exists = os.path.exists(path)
    if not exists and not os.path.isdir(folder):
        return f"there is no folder {folder}; make it first"
    if not os.access(path if exists else folder, os.W_OK):
        return "it may not be written; choose another file, or change who may write it"
    return ""


def _error(output: Output, problem: str) -> OutputError:
    return OutputError(f"--output {output.format}={output.path}: {problem}")
