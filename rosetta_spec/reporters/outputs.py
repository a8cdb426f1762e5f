"""Findings that wait, in memory or in a temporary file, and the further reports of a run."""

import os
import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Generic, NamedTuple, Self, TextIO, TypeVar

from rosetta_spec.diagnostic import Diagnostic, Severity
from rosetta_spec.engine.tally import Tally
from rosetta_spec.errors import temporary_file_errors
from rosetta_spec.files.content import file_identity, replace_file
from rosetta_spec.files.names import leads_outside
from rosetta_spec.reporters import reporter_of
from rosetta_spec.reporters.style import Style

_T = TypeVar("_T")

_IN_MEMORY = 1024 * 1024

#: The path of standard output.
STDOUT = "-"


class Spool(Generic[_T]):
    """Keeps values until they are read, as often as needed; its length is their number.

    Its methods raise `TemporaryFileError` if it cannot keep them.
    """

    def __init__(self) -> None:
        self._count = 0
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `__exit__`

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Closing writes again what could not be written before.
        with suppress(OSError):
            self._file.close()

    def __len__(self) -> int:
        return self._count

    def write(self, value: _T) -> None:
        """Add a value; not after one was read."""
        with temporary_file_errors("the findings"):
            pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def read(self) -> Iterator[_T]:
        """Yield all values, from the first one."""
        with temporary_file_errors("the findings"):
            self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 - written by this process


def most_severe(diagnostics: Iterable[Diagnostic], room: int) -> Iterator[Diagnostic]:
    """Take all findings, and return at most `room` of them, in order; errors take precedence."""
    counts: Counter[Severity] = Counter()
    spool = Spool[Diagnostic]()
    for diagnostic in diagnostics:
        if counts[diagnostic.severity] < room:
            spool.write(diagnostic)
        counts[diagnostic.severity] += 1
    for severity in Severity:
        counts[severity] = min(counts[severity], room)
        room -= counts[severity]
    return _first_of(spool, counts)


def _first_of(spool: Spool[Diagnostic], counts: Counter[Severity]) -> Iterator[Diagnostic]:
    with spool:
        for diagnostic in spool.read():
            if counts[diagnostic.severity]:
                counts[diagnostic.severity] -= 1
                yield diagnostic


class Output(NamedTuple):
    """A further report of a run: its format, and the file that it is written to.

    On standard output, it follows the report of `--format`. It is added to the file or replaces it.
    """

    format: str
    path: str
    is_added: bool = False


class OutputError(ValueError):
    """A report that cannot be written to its file."""

    def __init__(self, output: Output, problem: str) -> None:
        super().__init__(f"--output {output.format}={output.path}: {problem}")


class Outputs(Spool[Diagnostic]):
    """Keeps diagnostics, and writes reports of them at the end.

    Raises:
        OutputError: a report cannot be written, or would overwrite another one or a file of `used`,
            which has the paths or descriptors of the files that the run uses.
    """

    def __init__(self, outputs: Iterable[Output], used: Iterable[str | int]) -> None:
        self._outputs = tuple(outputs)
        _check([each for each in self._outputs if each.path != STDOUT], used)
        super().__init__()

    def keep(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield diagnostics, and keep them for the further reports, if there are any."""
        for diagnostic in diagnostics:
            if self._outputs:
                self.write(diagnostic)
            yield diagnostic

    def write_reports(self, tally: Tally, stdout: TextIO, style: Style) -> list[OutputError]:
        """Write each report, even if another one cannot be written; the counts are complete."""
        errors = []
        for output in self._outputs:
            pieces = reporter_of(output.format)(self.read(), tally, style)
            if output.path == STDOUT:
                stdout.writelines(pieces)
                continue
            data = (piece.encode(errors="replace") for piece in pieces)
            try:
                if output.is_added:
                    with open(output.path, "ab") as file:
                        file.writelines(data)
                else:
                    replace_file(output.path, data)
            except OSError as error:
                errors.append(OutputError(output, f"it cannot be written ({error.strerror})"))
        return errors


def _check(outputs: Sequence[Output], used: Iterable[str | int]) -> None:
    taken = set(map(file_identity, used if outputs else ()))
    for output in outputs:
        file = file_identity(output.path)
        problem = _problem(output.path)
        if not problem and file in taken:
            problem = "this call also reads or writes this file; write to another one"
        if problem:
            raise OutputError(output, problem)
        taken.add(file)


def _problem(path: str) -> str:
    """Return why a file cannot be written, "" if it seems that it can."""
    if os.path.isdir(path):
        return "this is a folder; name a file in it"
    if leads_outside(path):
        return "a link leads outside the repository; name the file itself"
    folder = os.path.dirname(os.path.realpath(path))
    # An existing file may have no folder: a pipe of the shell, `>(...)`.
    exists = os.path.exists(path)
    if not exists and not os.path.isdir(folder):
        return f"there is no folder {folder}; create it first"
    if not os.access(path if exists else folder, os.W_OK):
        return (
            "you do not have permission to write it; choose another file, or change its permissions"
        )
    return ""
