"""`check --fix` and `check --diff`: fix files, or show what would change, before the report."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedIOBase
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TypeAlias

from rosetta_spec.cli.output import StandardOutput
from rosetta_spec.cli.progress import Progress
from rosetta_spec.diagnostic import Detail
from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.engine.fixer import Fixer, TooLongLineError
from rosetta_spec.fast.formats import JSONL, counted
from rosetta_spec.files.discovery import STDIN, Source, shown_name
from rosetta_spec.files.reading import name_inside, open_file
from rosetta_spec.files.replacement import replace_file
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.runner.fixing import Piece, difference, fix_pieces
from rosetta_spec.runner.tasks import FILE_WEIGHT, format_of_source
from rosetta_spec.runner.worker import Worker, checker_of

#: Returns the pieces of an open file.
PiecesOf: TypeAlias = Callable[[BufferedIOBase], Iterator[Piece]]

#: The number of bytes that are copied in one step.
_COPIED = 1024 * 1024


class UnchangedError(Exception):
    """A file is left unchanged; the argument says why."""


class UnwritableError(UnchangedError):
    """A file has fixes and could not be written."""


def open_uncompressed(path: str, name: str) -> BufferedIOBase:
    """Open a file that is not compressed, so that it can be rewritten.

    Raises:
        UnchangedError: it is compressed.
        OSError, ValueError: it cannot be opened.
    """
    if name_inside(path) != path:
        message = f"it is compressed; unpack it to have {name_inside(name)} fixed"
        raise UnchangedError(message)
    return open_file(path)


def rewrite(path: str, name: str, pieces_of: PiecesOf) -> None:
    """Fix a file and replace it, unless there is nothing to fix.

    Raises:
        UnchangedError: it must not, or cannot, be changed.
        OSError, ValueError: it cannot be read.
        TooLongLineError: a line of it cannot be read.
    """
    with open_uncompressed(path, name) as stream:
        state = _state(path)
        pieces = pieces_of(stream)
        kept = 0
        for piece in pieces:
            if piece.is_changed:
                break
            kept += len(piece.before)
        else:
            return
        if not os.access(path, os.W_OK):
            message = "it may not be written; allow it, or run as another user"
            raise UnwritableError(message)
        try:
            replace_file(path, _content(path, state, kept, piece, pieces))
        except OSError as error:
            message = f"it cannot be written: {str(error.strerror).lower()}"
            raise UnwritableError(message) from error


def _content(
    path: str, state: tuple[int, ...], kept: int, first: Piece, others: Iterable[Piece]
) -> Iterator[bytes]:
    """Yield a file's new content: the first `kept` bytes as they are, and the pieces after them.

    Raises:
        UnchangedError: the file was written by another program since it was read.
    """
    with Path(path).open("rb") as stream:
        while kept > 0 and (part := stream.read(min(kept, _COPIED))):
            kept -= len(part)
            yield part
    yield first.after
    for piece in others:
        yield piece.after
    if _state(path) != state:
        message = "it has changed in the meantime; run the command again"
        raise UnchangedError(message)


def _state(path: str) -> tuple[int, ...]:
    found = Path(path).stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


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
            if source.is_linked:
                message = "only a link led to it; name the file to have it fixed"
                raise UnchangedError(message)
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
        is_file = source.path is not None
        return source.name if is_file else shown_name(self._options.stdin_filename or STDIN)

    @contextmanager
    def _reporting_problems(self, source: Source) -> Iterator[Fixer]:
        """Provide the fixer of a file; say on standard error what is not fixed, and why."""
        applicabilities = {"safe", "unsafe"} if self._options.unsafe_fixes else {"safe"}
        fixes = frozenset(applicabilities)
        detail = Detail(bool(self._left_alone), has_excerpts=False, fixes=fixes)
        checker = checker_of(self._options, self._settings[source.settings], detail)
        fixer = Fixer(checker, applicabilities, self._left_alone)
        name = self._name(source)
        is_done = False
        try:
            yield fixer
            is_done = True
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
        # A diff was shown up to the problem.
        if is_done or self._options.diff:
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
    """Copy standard input, so that it can be read again."""
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
