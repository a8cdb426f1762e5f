"""Standard output and standard error: text, what a terminal can show, and progress bars."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EINVAL
from functools import cache
from io import BufferedWriter, RawIOBase, TextIOWrapper
from math import inf
from time import monotonic, sleep
from typing import IO, Any, Self, TextIO

if sys.platform == "win32":
    import ctypes

from rosetta_spec.fast.formats import counted
from rosetta_spec.reporters.style import Style, encode_indented, safe, safe_lines
from rosetta_spec.version import install_command

#: Seconds until more is written to a pipe that is full.
_PAUSE = 0.01

#: Bytes that are collected before they are written.
_BUFFER = 64 * 1024

#: Environment variables that only terminals with hyperlinks (OSC 8) set.
_LINKING = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "VTE_VERSION", "FORCE_HYPERLINK")

#: For Windows: standard output and standard error, and a mode for them.
_CONSOLES = (-11, -12)
_OBEYS_ESCAPES = 7

#: Terminals with hyperlinks, by their name in TERM_PROGRAM.
_LINKING_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby")


def write_facts(output_format: str, facts: object, text: str) -> None:
    """Write facts to standard output as JSON, or as text for people."""
    is_json = output_format == "json"
    sys.stdout.write(f"{encode_indented(facts)}\n" if is_json else safe_lines(text))


def warn(message: str) -> None:
    """Write a warning to standard error."""
    sys.stderr.write(f"warning: {safe(message)}\n")


class LastingStream(RawIOBase):
    """Standard output, or standard error, to which writing never fails.

    When the reader has gone, such as `head`, the rest is discarded and the run goes on to its exit
    status. When the disk is full, the run goes on too, so that fixing and sending are completed.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        #: Why it cannot be written.
        self.error = ""

    def text(self, *, line_buffering: bool = False) -> TextIOWrapper:
        """Return a stream for text: UTF-8 with line feeds in every locale."""
        line_buffering = line_buffering or self._is_terminal
        buffer = BufferedWriter(self, _BUFFER)
        return TextIOWrapper(buffer, "utf-8", "replace", "\n", line_buffering)

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._is_terminal

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._stream.fileno()

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer
        """Write bytes; return their number, also if they are discarded."""
        stream = getattr(self._stream.buffer, "raw", self._stream.buffer)
        rest = memoryview(data)
        try:
            while rest:
                # A pipe may take a part, or nothing if it does not block.
                written = stream.write(rest)
                rest = rest[written or 0 :]
                if written is None:
                    sleep(_PAUSE)
        except OSError as error:
            # Python flushes again at its end, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            # Windows has no error of its own for it.
            has_gone = sys.platform == "win32" and error.errno == EINVAL
            if not (has_gone or isinstance(error, BrokenPipeError)):
                self.error = str(error.strerror)
        return len(data)


class FilteredInput:
    """Standard input of `check --fix -`, which is written to standard output exactly once.

    Editors replace their text with that output. `kept` are the parts that were read so far, since
    it can be read only once.
    """

    def __init__(self) -> None:
        self.kept: list[IO[bytes]] = []
        self._is_written = False

    def write(self, fixed: IO[bytes]) -> None:
        """Write the fixed text."""
        self._is_written = True
        shutil.copyfileobj(fixed, sys.stdout.buffer)

    def write_back(self) -> None:
        """Write the original text, unless something was written."""
        if self._is_written:
            return
        with suppress(OSError):
            for part in self.kept:
                part.seek(0)
                self.write(part)
            self.write(sys.stdin.buffer)

    def close(self) -> None:
        """Discard what was kept."""
        for part in self.kept:
            part.close()


#: With these, `check` fixes nothing.
_NO_FIX = frozenset(("--diff", "--show-settings", "--show-files", "--help", "-h"))


def is_filter(arguments: Sequence[str]) -> bool:
    """Whether a call fixes standard input; the call may be invalid."""
    return (
        arguments[:1] == ["check"]
        and {"--fix", "-"}.issubset(arguments)
        and _NO_FIX.isdisjoint(arguments)
    )


def obey_escapes() -> None:
    """Have a console of Windows obey escape sequences, as other terminals do.

    Source: Microsoft, "Console Virtual Terminal Sequences".
    """
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        for number in _CONSOLES:
            kernel.SetConsoleMode(kernel.GetStdHandle(number), _OBEYS_ESCAPES)


def style_of_stdout(color: str) -> Style:
    """Return the style for standard output; `color` is `auto`, `always` or `never`.

    With `auto`, NO_COLOR forbids colors and FORCE_COLOR asks for them (an empty value does not);
    otherwise a terminal has them and anything else has not.
    """
    is_terminal = sys.stdout.isatty()
    get = os.environ.get
    if color == "auto" and not get("NO_COLOR"):
        has_color = bool(get("FORCE_COLOR")) or (is_terminal and get("TERM") != "dumb")
    else:
        has_color = color == "always"
    if not is_terminal:
        return Style(color=has_color)
    width = shutil.get_terminal_size(fallback=(Style().width, 24)).columns
    can_link = any(map(get, _LINKING)) or get("TERM_PROGRAM") in _LINKING_PROGRAMS
    return Style(color=has_color, links=has_color and can_link, width=width)


class CommandError(Exception):
    """A call that cannot be done, reported in one line without the usage of the command."""


@contextmanager
def needing(what: str, package: str, extra: str) -> Iterator[None]:
    """Import a package of an extra; if it is missing, say how it is installed for `what`."""
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).startswith("rosetta_spec"):
            raise
        message = f"{what} needs {package}; install it with: {install_command(extra)}"
        raise CommandError(message) from error


#: Seconds before anything is shown, and between two changes of it.
_PATIENCE = 1.0
_PACE = 0.1

_WIDTH = 30

#: To the start of the row, and erase it. Source: ECMA-48, section 8.3.41 (EL).
_ERASE = "\r\x1b[K"


class Progress:
    """A bar for runs of more than a second, if standard error is a terminal.

    `total` returns how much there is to do, 0 if that is unknown; it is called when the bar is
    shown. The bar has the words `doing` or, without them, the number of documents. It is erased at
    the end of the `with` statement.
    """

    def __init__(self, total: Callable[[], int], doing: str = "") -> None:
        self._total = cache(total)
        self._doing = doing
        self._next = monotonic() + _PATIENCE if sys.stderr.isatty() else inf
        self._done = 0
        self._documents = 0
        self._is_shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

    def add(self, weight: int, documents: int = 0) -> None:
        """Count what is done."""
        self._done += weight
        self._documents += documents
        if monotonic() >= self._next:
            self._next = monotonic() + _PACE
            label = self._doing or counted(self._documents, "document")
            sys.stderr.write(_ERASE + bar(self._done, self._total(), label))
            sys.stderr.flush()
            self._is_shown = True

    def write(self, stream: TextIO, text: str) -> None:
        """Write text to a stream, which may be on the same terminal."""
        if self._is_shown and stream.isatty():
            self.hide()
        stream.write(text)

    def hide(self) -> None:
        """Erase the bar, before other output."""
        if self._is_shown:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()
            self._is_shown = False


def bar(done: int, total: int, label: str) -> str:
    """Draw how much is done; a total of 0 is unknown."""
    if not total:
        return label
    share = min(done / total, 1.0)
    filled = round(share * _WIDTH)
    return f"[{'#' * filled}{' ' * (_WIDTH - filled)}] {share:4.0%}  {label}"
