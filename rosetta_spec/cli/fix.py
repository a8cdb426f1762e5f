"""What `check --fix` and `check --diff` do before anything is reported: mend files, or show how."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile

from rosetta_spec.cli.standard_output import StandardOutput
from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.extent import counted
from rosetta_spec.files import STDIN, shown_name
from rosetta_spec.fixer import TooLongLineError
from rosetta_spec.opening import name_inside, open_file
from rosetta_spec.replacement import replace_file
from rosetta_spec.reporters.style import safe
from rosetta_spec.run.difference import difference
from rosetta_spec.run.fixing import FileFixer
from rosetta_spec.run.worker import checker_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase

    from rosetta_spec.files import Source
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.run.fixing import Piece
    from rosetta_spec.run.worker import Worker

#: Standard input that is read twice is in memory up to this size.
_IN_MEMORY = 16 * 1024 * 1024

_COPIED = 1024 * 1024

#: How the rows of a diff are painted, by what they start with.
_INKS = {"-": "error", "+": "info", "@": "related"}

#: So many rows of a diff have the file's name.
_TITLE = 2


class _LeftError(Exception):
    """A file is left as it is; the argument says why."""


class _NotWrittenError(_LeftError):
    """A file could not be written, though it should."""


class FixPass:
    """Goes over the files of a run before they are checked.

    `status` is 2 once a file could not be written, or be read for a diff; else it is 1 once a diff
    has shown something.
    """

    def __init__(self, worker: Worker) -> None:
        self._call = worker.call
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
        """Fix files in place, and standard input to standard output; return how to open it then."""
        fixed_stdin: BufferedIOBase | None = None
        for source in sources:
            with self._telling(source) as fixer:
                if source.path is None:
                    fixed_stdin = self._fix_stdin(open_stdin(), fixer)
                else:
                    _fix_in_place(source.path, source.name, fixer)
        self._sum_up("Fixed")
        return open_stdin if fixed_stdin is None else lambda: fixed_stdin

    def show(
        self, sources: Iterable[Source], open_stdin: Callable[[], BufferedIOBase], style: Style
    ) -> Callable[[], BufferedIOBase]:
        """Write what fixing would change, as a unified diff; return how to open stdin then."""
        output = StandardOutput()
        stdin: BufferedIOBase | None = None
        for source in sources:
            name = self._name(source)
            with self._telling(source) as fixer, ExitStack() as opened:
                if source.path is None:
                    stream = stdin = _kept(open_stdin())
                else:
                    stream = opened.enter_context(_opened(source.path, name))
                _write(difference(name, fixer.pieces(stream, name)), output, style)
        output.flush()
        self._sum_up("Would fix")
        self.status = max(self.status, int(self._files > 0))
        return open_stdin if stdin is None else lambda: _rewound(stdin)

    def _sum_up(self, verb: str) -> None:
        if self._fixed:
            findings = counted(self._fixed, "finding")
            sys.stderr.write(f"{verb} {findings} in {counted(self._files, 'file')}.\n")

    def _name(self, source: Source) -> str:
        return (
            source.name
            if source.path is not None
            else shown_name(self._call.stdin_filename or STDIN)
        )

    @contextmanager
    def _telling(self, source: Source) -> Iterator[FileFixer]:
        """Fix one file, and tell on standard error what has to be left as it is, and why."""
        settings = self._settings[source.settings]
        left_alone = self._left_alone
        checker = checker_of(
            self._call, settings, has_fingerprints=bool(left_alone), has_fixes=True
        )
        fixer = FileFixer(checker, self._call, left_alone)
        name = self._name(source)
        try:
            yield fixer
        except TooLongLineError:
            _tell(f"{name} is left as it is: a line of it is too long to be read")
        except _LeftError as error:
            _tell(f"{name} is left as it is: {error}")
            self.status = max(self.status, 2 * isinstance(error, _NotWrittenError))
        except (OSError, ValueError) as error:
            # Of a check that follows it is a finding.
            if self._call.diff:
                self.status = 2
                _tell(f"{name}: {'; '.join(why_unreadable(error))}")
        for dropped in fixer.dropped:
            _tell(dropped)
        self._fixed += fixer.fixed
        self._files += fixer.fixed > 0

    def _fix_stdin(self, stdin: BufferedIOBase, fixer: FileFixer) -> BufferedIOBase:
        fixed = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the check that follows reads it
        sys.stdout.flush()
        for piece in fixer.pieces(stdin, shown_name(self._call.stdin_filename or STDIN)):
            fixed.write(piece.after)
            sys.stdout.buffer.write(piece.after)
        sys.stdout.buffer.flush()
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


def _tell(message: str) -> None:
    sys.stderr.write(f"warning: {safe(message)}\n")


def _opened(path: str, name: str) -> BufferedIOBase:
    if name_inside(path) != path:
        message = f"it is compressed; unpack it to have {name_inside(name)} fixed"
        raise _LeftError(message)
    return open_file(path)


def _fix_in_place(path: str, name: str, fixer: FileFixer) -> None:
    """Write a file anew, unless there is nothing to fix in it."""
    with _opened(path, name) as stream:
        state = _state(path)
        pieces = fixer.pieces(stream, name)
        kept = 0
        for piece in pieces:
            if piece.is_changed:
                break
            kept += len(piece.before)
        else:
            return
        if not os.access(path, os.W_OK):
            message = "it may not be written; allow it, or run as another user"
            raise _NotWrittenError(message)
        try:
            replace_file(path, _content(path, state, kept, piece, pieces))
        except OSError as error:
            message = f"it cannot be written: {str(error.strerror).lower()}"
            raise _NotWrittenError(message) from error


def _content(
    path: str, state: tuple[int, ...], kept: int, first: Piece, others: Iterable[Piece]
) -> Iterator[bytes]:
    """Yield a file's new content: so many bytes as they are, and the pieces after them.

    Raises:
        _LeftError: somebody else has written the file since it was read.
    """
    with open(path, "rb") as stream:  # noqa: PTH123 - as everywhere
        while kept > 0 and (part := stream.read(min(kept, _COPIED))):
            kept -= len(part)
            yield part
    yield first.after
    for piece in others:
        yield piece.after
    if _state(path) != state:
        message = "it has changed in the meantime; run the command again"
        raise _LeftError(message)


def _state(path: str) -> tuple[int, ...]:
    found = os.stat(path)  # noqa: PTH116 - as everywhere
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _write(rows: Iterable[str], output: StandardOutput, style: Style) -> None:
    """Write the rows of a diff: to a terminal what cannot steer it, else what `patch` reads."""
    is_shown = style.color or sys.stdout.isatty()
    for number, row in enumerate(rows):
        ink = "strong" if number < _TITLE else _INKS.get(row[0], "")
        text = safe(row.removesuffix("\n")) if is_shown else row.removesuffix("\n")
        output.write(f"{style.paint(ink, text)}\n")
