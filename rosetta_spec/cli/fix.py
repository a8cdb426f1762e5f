"""`check --fix` and `check --diff`: fix files, or show what would change, before the report."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedIOBase
from tempfile import SpooledTemporaryFile

from rosetta_spec.cli.output import StandardOutput
from rosetta_spec.cli.progress import Progress
from rosetta_spec.cli.rewriting import (
    PiecesOf,
    UnchangedError,
    UnwritableError,
    open_uncompressed,
    rewrite,
)
from rosetta_spec.diagnostic import Detail
from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.engine.fixer import Fixer, TooLongLineError
from rosetta_spec.fast.formats import JSONL, counted
from rosetta_spec.files.discovery import STDIN, Source, shown_name
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.runner.fixing import Piece, difference, fix_pieces
from rosetta_spec.runner.tasks import FILE_WEIGHT, format_of_source
from rosetta_spec.runner.worker import Worker, checker_of

#: Standard input that is read twice stays in memory up to this size, in bytes.
_IN_MEMORY = 16 * 1024 * 1024

#: How the rows of a diff are painted, by what they start with.
_INKS = {"-": "error", "+": "info", "@": "related"}

#: This many rows of a diff name the file.
_TITLE = 2


class FixPass:
    """Fixes the files of a run before they are checked, or shows the fixes.

    `status` is 2 after a file that could not be written, or not be read for a diff; else it is 1
    after a diff that has shown something.
    """

    def __init__(self, worker: Worker, progress: Progress | None) -> None:
        self._progress = progress
        self._options = worker.options
        self._settings = worker.settings
        baseline = worker.baseline
        self._left_alone = baseline.fingerprints if baseline else frozenset()
        self._fixed = 0
        self._files = 0
        self.status = 0
        self.has_written_stdin = False

    def fix(
        self, sources: Iterable[Source], open_stdin: Callable[[], BufferedIOBase]
    ) -> Callable[[], BufferedIOBase]:
        """Fix files in place and standard input to standard output.

        Return the function that opens standard input afterwards.
        """
        fixed_stdin: BufferedIOBase | None = None
        for source in sources:
            with self._reporting_problems(source) as fixer:
                if source.path is None:
                    fixed_stdin = self._fix_stdin(open_stdin(), source, fixer)
                else:
                    rewrite(source.path, source.name, self._pieces_of(source, fixer))
        self._summarize("Fixed")
        return open_stdin if fixed_stdin is None else lambda: fixed_stdin

    def show(
        self, sources: Iterable[Source], open_stdin: Callable[[], BufferedIOBase], style: Style
    ) -> Callable[[], BufferedIOBase]:
        """Write a unified diff of what fixing would change.

        Return the function that opens standard input afterwards.
        """
        output = StandardOutput()
        output.before = self._hide_progress
        stdin: BufferedIOBase | None = None
        for source in sources:
            name = self._name(source)
            with self._reporting_problems(source) as fixer, ExitStack() as opened:
                if source.path is None:
                    stream = stdin = _kept(open_stdin())
                else:
                    stream = opened.enter_context(open_uncompressed(source.path, name))
                pieces = self._pieces_of(source, fixer)(stream)
                _write(difference(name, pieces), output, style)
        output.flush()
        self._summarize("Would fix")
        self.status = max(self.status, int(self._files > 0))
        return open_stdin if stdin is None else lambda: _rewound(stdin)

    def _pieces_of(self, source: Source, fixer: Fixer) -> PiecesOf:
        """Return a function that fixes an open file and advances the progress bar."""
        name = self._name(source)
        is_streamed = format_of_source(name, self._options) == JSONL

        def pieces(stream: BufferedIOBase) -> Iterator[Piece]:
            for piece in fix_pieces(fixer, stream, name, self._options):
                if self._progress:
                    self._progress.add(len(piece.before) if is_streamed else FILE_WEIGHT)
                yield piece

        return pieces

    def _hide_progress(self) -> None:
        if self._progress:
            self._progress.hide()

    def _summarize(self, verb: str) -> None:
        self._hide_progress()
        if self._fixed:
            findings = counted(self._fixed, "finding")
            sys.stderr.write(f"{verb} {findings} in {counted(self._files, 'file')}.\n")

    def _name(self, source: Source) -> str:
        return (
            source.name
            if source.path is not None
            else shown_name(self._options.stdin_filename or STDIN)
        )

    @contextmanager
    def _reporting_problems(self, source: Source) -> Iterator[Fixer]:
        """Provide the fixer of a file; say on standard error what is not fixed, and why."""
        applicabilities = {"safe", "unsafe"} if self._options.unsafe_fixes else {"safe"}
        detail = Detail(
            bool(self._left_alone), has_excerpts=False, fixes=frozenset(applicabilities)
        )
        checker = checker_of(self._options, self._settings[source.settings], detail)
        fixer = Fixer(checker, applicabilities, self._left_alone)
        name = self._name(source)
        try:
            yield fixer
        except TooLongLineError:
            self._warn(f"{name} is left as it is: a line of it is too long to be read")
        except UnchangedError as error:
            self._warn(f"{name} is left as it is: {error}")
            self.status = max(self.status, 2 * isinstance(error, UnwritableError))
        except (OSError, ValueError) as error:
            # The check that follows reports it as a finding; after a diff there is no report.
            if self._options.diff:
                self.status = 2
                self._warn(f"{name}: {'; '.join(why_unreadable(error))}")
        for dropped in fixer.dropped:
            self._warn(dropped)
        self._fixed += fixer.applied
        self._files += fixer.applied > 0

    def _warn(self, message: str) -> None:
        self._hide_progress()
        sys.stderr.write(f"warning: {safe(message)}\n")

    def _fix_stdin(self, stdin: BufferedIOBase, source: Source, fixer: Fixer) -> BufferedIOBase:
        fixed = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the check that follows reads it
        output = StandardOutput()
        for piece in self._pieces_of(source, fixer)(stdin):
            fixed.write(piece.after)
            output.write_bytes(piece.after)
        output.flush()
        self.has_written_stdin = True
        return _rewound(fixed)  # type: ignore[arg-type]


def _kept(stdin: BufferedIOBase) -> BufferedIOBase:
    """Read standard input, so that it can be read once more."""
    kept = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the check that follows reads it
    shutil.copyfileobj(stdin, kept)
    return _rewound(kept)  # type: ignore[arg-type]


def _rewound(stream: BufferedIOBase) -> BufferedIOBase:
    stream.seek(0)
    return stream


def _write(rows: Iterable[str], output: StandardOutput, style: Style) -> None:
    """Write the rows of a diff: made safe for a terminal, else exactly as `patch` reads them."""
    is_shown = style.color or sys.stdout.isatty()
    for number, row in enumerate(rows):
        ink = "strong" if number < _TITLE else _INKS.get(row[0], "")
        text = safe(row.removesuffix("\n")) if is_shown else row.removesuffix("\n")
        output.write(f"{style.paint(ink, text)}\n")
