"""What `check --fix` and `check --diff` do before anything is reported: mend files, or show how."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile

from rosetta_spec.cli.output import StandardOutput
from rosetta_spec.cli.rewriting import LeftError, NotWrittenError, open_plain, rewrite
from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.engine.fixer import TooLongLineError
from rosetta_spec.fast.formats import JSONL, counted
from rosetta_spec.files.sources import STDIN, shown_name
from rosetta_spec.reporters.style import safe
from rosetta_spec.runner.difference import difference
from rosetta_spec.runner.fixing import FileFixer, ways_of
from rosetta_spec.runner.task import FILE_WEIGHT, format_of_source
from rosetta_spec.runner.worker import checker_of
from rosetta_spec.spec.detail import Detail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase

    from rosetta_spec.cli.progress import Progress
    from rosetta_spec.cli.rewriting import PiecesOf
    from rosetta_spec.files.sources import Source
    from rosetta_spec.reporters.style import Style
    from rosetta_spec.runner.fixing import Piece
    from rosetta_spec.runner.worker import Worker

#: Standard input that is read twice is in memory up to this size.
_IN_MEMORY = 16 * 1024 * 1024

#: How the rows of a diff are painted, by what they start with.
_INKS = {"-": "error", "+": "info", "@": "related"}

#: So many rows of a diff have the file's name.
_TITLE = 2


class FixPass:
    """Goes over the files of a run before they are checked.

    `status` is 2 once a file could not be written, or be read for a diff; else it is 1 once a diff
    has shown something.
    """

    def __init__(self, worker: Worker, progress: Progress | None) -> None:
        self._progress = progress
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
                    rewrite(source.path, source.name, self._counted(source, fixer))
        self._sum_up("Fixed")
        return open_stdin if fixed_stdin is None else lambda: fixed_stdin

    def show(
        self, sources: Iterable[Source], open_stdin: Callable[[], BufferedIOBase], style: Style
    ) -> Callable[[], BufferedIOBase]:
        """Write what fixing would change, as a unified diff; return how to open stdin then."""
        output = StandardOutput()
        output.before = self._hide
        stdin: BufferedIOBase | None = None
        for source in sources:
            name = self._name(source)
            with self._telling(source) as fixer, ExitStack() as opened:
                if source.path is None:
                    stream = stdin = _kept(open_stdin())
                else:
                    stream = opened.enter_context(open_plain(source.path, name))
                pieces = self._counted(source, fixer)(stream, name)
                _write(difference(name, pieces), output, style)
        output.flush()
        self._sum_up("Would fix")
        self.status = max(self.status, int(self._files > 0))
        return open_stdin if stdin is None else lambda: _rewound(stdin)

    def _counted(self, source: Source, fixer: FileFixer) -> PiecesOf:
        """Give the pieces of a file while showing how far the run has come."""

        def pieces(stream: BufferedIOBase, name: str) -> Iterator[Piece]:
            is_streamed = format_of_source(source.name, self._call) == JSONL
            for piece in fixer.pieces(stream, name):
                if self._progress:
                    self._progress.add(len(piece.before) if is_streamed else FILE_WEIGHT)
                yield piece

        return pieces

    def _hide(self) -> None:
        if self._progress:
            self._progress.hide()

    def _sum_up(self, verb: str) -> None:
        self._hide()
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
        detail = Detail(bool(left_alone), has_excerpts=False, ways=ways_of(self._call))
        checker = checker_of(self._call, settings, detail)
        fixer = FileFixer(checker, self._call, left_alone)
        name = self._name(source)
        try:
            yield fixer
        except TooLongLineError:
            self._tell(f"{name} is left as it is: a line of it is too long to be read")
        except LeftError as error:
            self._tell(f"{name} is left as it is: {error}")
            self.status = max(self.status, 2 * isinstance(error, NotWrittenError))
        except (OSError, ValueError) as error:
            # Of a check that follows it is a finding.
            if self._call.diff:
                self.status = 2
                self._tell(f"{name}: {'; '.join(why_unreadable(error))}")
        for dropped in fixer.dropped:
            self._tell(dropped)
        self._fixed += fixer.fixed
        self._files += fixer.fixed > 0

    def _tell(self, message: str) -> None:
        self._hide()
        sys.stderr.write(f"warning: {safe(message)}\n")

    def _fix_stdin(self, stdin: BufferedIOBase, fixer: FileFixer) -> BufferedIOBase:
        fixed = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the check that follows reads it
        output = StandardOutput()
        for piece in fixer.pieces(stdin, shown_name(self._call.stdin_filename or STDIN)):
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
    """Write the rows of a diff: to a terminal what cannot steer it, else what `patch` reads."""
    is_shown = style.color or sys.stdout.isatty()
    for number, row in enumerate(rows):
        ink = "strong" if number < _TITLE else _INKS.get(row[0], "")
        text = safe(row.removesuffix("\n")) if is_shown else row.removesuffix("\n")
        output.write(f"{style.paint(ink, text)}\n")
