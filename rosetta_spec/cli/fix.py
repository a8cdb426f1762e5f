"""`check --fix` and `check --diff`: fix files, or show what would change, before the report."""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from io import BufferedIOBase, BufferedReader, BytesIO
from itertools import chain, islice
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO

from rosetta_spec.cli import terminal
from rosetta_spec.diagnostic import SAFE_FIXES, Applicability, Detail
from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.engine.baseline import Baseline
from rosetta_spec.engine.checker import FILE_WEIGHT
from rosetta_spec.engine.fixer import MAX_FIXED, Fixer, Piece, TooLongLineError
from rosetta_spec.errors import temporary_file_errors
from rosetta_spec.fast.formats import JSONL, counted
from rosetta_spec.files.content import decompressed, name_inside, open_file, replace_file
from rosetta_spec.files.discovery import STDIN, Source
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.reporters.style import safe, without_commands
from rosetta_spec.runner.diff import difference
from rosetta_spec.runner.tasks import Worker, format_of_source, total_weight

#: The number of bytes that are copied in one step.
_COPIED = 1024 * 1024


class UnchangedError(Exception):
    """A file is left unchanged; the argument says why."""


class UnwritableError(UnchangedError):
    """A file has fixes and could not be written."""


def rewrite(path: str, pieces: Iterator[Piece]) -> None:
    """Replace a file by its fixed pieces, unless there is nothing to fix.

    Raises:
        UnchangedError: it must not, or cannot, be changed.
        OSError, ValueError: it cannot be read.
        TooLongLineError: a line of it cannot be read.
    """
    state = _state(path)
    kept = 0
    for piece in pieces:
        if piece.is_changed:
            break
        kept += len(piece.before)
    else:
        return
    if not os.access(path, os.W_OK):
        message = (
            "you do not have permission to write it; change its permissions, or run as another user"
        )
        raise UnwritableError(message)
    try:
        replace_file(path, _content(path, state, kept, chain([piece], pieces)))
    except OSError as error:
        message = f"it cannot be written: {str(error.strerror).lower()}"
        raise UnwritableError(message) from error


def _content(
    path: str, state: tuple[int, ...], kept: int, changed: Iterable[Piece]
) -> Iterator[bytes]:
    """Yield a file's new content: the first `kept` bytes as they are, and the pieces after them."""
    with open(path, "rb") as stream:
        while kept > 0 and (part := stream.read(min(kept, _COPIED))):
            kept -= len(part)
            yield part
    for piece in changed:
        yield piece.after
    if _state(path) != state:
        message = "it was changed during the run; run the command again"
        raise UnchangedError(message)


def _state(path: str) -> tuple[int, ...]:
    found = os.stat(path)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


#: Input that can be read only once stays in memory up to this size, in bytes.
_IN_MEMORY = 16 * 1024 * 1024

#: The inks of the rows of a diff, by their first character.
_INKS = {"-": "error", "+": "info", "@": "related"}

#: This many rows of a diff name the file.
_TITLE = 2


#: Why a pipe or device is not changed.
_NO_FILE = "it is a pipe or device; to fix it, pass it as standard input, with -"

#: Where systems list what a process has open. A file that is replaced stays there as it was.
_OPENED = ("/dev/fd/", "/dev/stdin", "/proc/")


def _is_pipe(path: str) -> bool:
    return path.startswith(_OPENED) or Path(path).is_fifo()


def _is_file_or_folder(path: str) -> bool:
    return os.path.isfile(path) or os.path.isdir(path)


def _unfixable(source: Source, *, is_diff: bool) -> str:
    """Return why fixes are not written to a file or not shown, "" if they are."""
    path = source.path or source.name
    if source.path and _is_pipe(source.path):
        return "" if is_diff else _NO_FILE
    if name_inside(path) != path:
        return f"it is compressed; to fix it, unpack it to {name_inside(source.name)}"
    return "it was found only through a link; to fix it, name the file" * source.is_linked


#: Errors of keeping input that can be read only once.
_input_errors = partial(temporary_file_errors, "the input", "name a file instead")


class _Kept(BufferedReader):
    """Reads what is kept, and leaves it open for the check that follows."""

    def close(self) -> None:
        pass


def _keep(stream: IO[bytes], parts: list[IO[bytes]]) -> IO[bytes]:
    """Read what can be read only once, and keep all that was read in `parts`."""
    data = stream.read(_IN_MEMORY + 1)
    if len(data) <= _IN_MEMORY:
        parts.append(BytesIO(data))
        return parts[0]
    with _input_errors():
        try:
            # Without a buffer, it is known what was not written.
            file = TemporaryFile(buffering=0)  # noqa: SIM115 - the check reads it
            parts.append(BufferedReader(file))
            while data:
                data = data[file.write(data) :]
                data = data or stream.read(_COPIED)
        finally:
            parts.append(BytesIO(data))
    parts[0].seek(0)
    return parts[0]


class FixPass:
    """Fixes the files of a run before they are checked, or shows the fixes.

    `status` is 2 after a file that could not be written, or not be read for a diff; else it is 1
    after a diff that has shown something.
    """

    def __init__(
        self, worker: Worker, sources: Sequence[Source], stdin: terminal.FilteredInput
    ) -> None:
        self._stdin = stdin
        self._sources = sources
        self._options = worker.options
        unsafe = {Applicability.UNSAFE} if self._options.unsafe_fixes else frozenset()
        self._applicabilities = SAFE_FIXES | unsafe
        known = worker.baseline
        # The check that follows has its own counts.
        baseline = Baseline(known.by_fingerprint.values()) if known else None
        detail = Detail(
            has_fingerprints=False,
            has_excerpts=False,
            fixes=self._applicabilities,
            max_findings=MAX_FIXED,
            has_fixes_first=True,
        )
        self._worker = Worker(self._options, worker.settings, baseline, detail)
        #: Standard input and pipes, for the check that follows.
        self._contents: dict[Source, IO[bytes]] = {}
        self._progress = terminal.Progress(lambda: total_weight(sources, self._options), "fixing")
        self._style = terminal.style_of_stdout(self._options.color)
        self._fixed = 0
        self._files = 0
        self.status = 0

    def run(self) -> list[Source]:
        """Fix files in place and standard input to standard output, or write a unified diff.

        Returns:
            The files for the check that follows.
        """
        options = self._options
        with self._progress:
            for source in self._sources:
                self._fix(source)
        sys.stdout.flush()
        # A report for machines has standard error for itself if standard output has the fixed text.
        is_alone = STDIN in options.paths and not REPORTERS[options.output_format].is_for_people
        if self._fixed and not (options.is_quiet or is_alone):
            verb = "Would fix" if options.diff else "Fixed"
            findings = counted(self._fixed, "finding")
            sys.stderr.write(f"{verb} {findings} in {counted(self._files, 'file')}.\n")
        if options.diff:
            self.status = max(self.status, int(self._files > 0))
        for content in self._contents.values():
            content.seek(0)
        return [each._replace(content=self._contents.get(each)) for each in self._sources]

    def _fix(self, source: Source) -> None:
        """Fix a file or show its fixes; say on standard error what is not fixed, and why."""
        checker = self._worker.checker(source.settings_index)
        fixer = Fixer(checker, self._applicabilities)
        warnings: list[str] = []
        is_done = False
        try:
            reason = _unfixable(source, is_diff=self._options.diff)
            pieces = self._pieces(fixer, source, reason)
            if self._options.diff:
                self._show(source, pieces)
            elif reason:
                # A fix is an error.
                deque(pieces, maxlen=0)
            elif source.path is None:
                self._fix_stdin(source, pieces)
            else:
                rewrite(source.path, pieces)
            is_done = True
        except TooLongLineError:
            warnings = [f"{source.name} is not changed: one of its lines is too long to read"]
        except UnchangedError as error:
            warnings = [f"{source.name} is not changed: {error}"]
            fixer.applied = 0
            self.status = max(self.status, 2 * isinstance(error, UnwritableError))
        except (OSError, ValueError) as error:
            # The check that follows reports it as a finding; after a diff there is no report.
            if self._options.diff:
                self.status = 2
                warnings = [f"{source.name}: {'; '.join(why_unreadable(error))}"]
        if source.path is None and not self._options.diff:
            # Here, because the check closes what was kept.
            self._stdin.write_back()
        self._warn([*warnings, *fixer.dropped])
        # A diff was shown up to the problem.
        if is_done or self._options.diff:
            self._fixed += fixer.applied
            self._files += fixer.applied > 0

    def _warn(self, messages: Iterable[str]) -> None:
        for message in messages:
            self._progress.hide()
            terminal.warn(message)

    def _pieces(self, fixer: Fixer, source: Source, reason: str) -> Iterator[Piece]:
        """Yield the pieces of a file; with a `reason`, that is why none may be changed."""
        # It is closed after the last piece: Windows replaces no open file.
        with self._opened(source) as stream:
            format_ = format_of_source(source.name, self._options)
            # What follows the first piece has no fixes, and a compressed file may be endless.
            most = 1 if reason and format_ != JSONL else None
            for piece in islice(fixer.pieces(stream, source.name, format_), most):
                if reason and piece.is_changed:
                    raise UnchangedError(reason)
                self._progress.add(len(piece.before) if format_ == JSONL else FILE_WEIGHT)
                # A file can have millions.
                self._warn(fixer.dropped)
                fixer.dropped.clear()
                yield piece

    def _opened(self, source: Source) -> BufferedIOBase:
        """Open a file, or what is kept of standard input or a pipe, which is read only once."""
        if source.path is None:
            self._contents[source] = _keep(sys.stdin.buffer, self._stdin.kept)
        elif _is_pipe(source.path):
            with open(source.path, "rb") as pipe:
                self._contents[source] = _keep(pipe, [])
        elif os.path.exists(source.path) and not _is_file_or_folder(source.path):
            raise UnchangedError(_NO_FILE)
        else:
            return open_file(source.path)
        return decompressed(_Kept(self._contents[source]), source.name)  # type: ignore[arg-type]

    def _fix_stdin(self, source: Source, pieces: Iterable[Piece]) -> None:
        with ExitStack() as stack:
            fixed = stack.enter_context(SpooledTemporaryFile(_IN_MEMORY))
            for piece in pieces:
                with _input_errors():
                    fixed.write(piece.after)
            with _input_errors():
                fixed.seek(0)
            self._stdin.write(fixed)
            # The check reads and closes it.
            stack.pop_all()
        self._stdin.close()
        self._contents[source] = fixed

    def _show(self, source: Source, pieces: Iterable[Piece]) -> None:
        """Write the diff: made safe for a terminal, else as `patch` reads it.

        A row that would be a command in a CI log is no longer one that `patch` can use.
        """
        is_shown = self._style.color or sys.stdout.isatty()
        for number, row in enumerate(difference(source.name, pieces)):
            ink = "strong" if number < _TITLE else _INKS.get(row[0], "")
            text = (safe if is_shown else without_commands)(row.removesuffix("\n"))
            self._progress.write(sys.stdout, f"{self._style.paint(ink, text)}\n")
