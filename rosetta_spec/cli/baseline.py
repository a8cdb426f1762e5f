"""The baseline that a call of `check` names: read before the run, and told of or written after."""

from __future__ import annotations

import os

from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.engine.baseline import Baseline, BaselineError, baseline_text, entries_of
from rosetta_spec.files.discovery import STDIN, shown_name
from rosetta_spec.files.reading import read_file
from rosetta_spec.files.replacement import replace_file
from rosetta_spec.text import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.engine.baseline import Entry


def open_baseline(path: str, *, is_new: bool) -> Baseline:
    """Read a baseline; one that is to be written may be missing, and nothing else in its place.

    Raises:
        BaselineError: it cannot be used.
    """
    try:
        return Baseline(entries_of(read_file(path), shown_name(path)), is_new=is_new)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError) and is_new:
            return Baseline((), is_new=True)
        cause, remedy = why_unreadable(error, "baseline")
        if isinstance(error, FileNotFoundError):
            remedy = "check the path, or write it with --write-baseline"
        raise _unusable(path, cause, remedy) from error


def write_baseline(path: str, baseline: Baseline) -> None:
    """Write what was found.

    Raises:
        BaselineError: it cannot be written.
    """
    try:
        replace_file(path, [baseline_text(baseline.entries).encode()])
    except OSError as error:
        reason = (error.strerror or "").lower()
        cause = f"this baseline cannot be written: {reason}"
        raise _unusable(path, cause, "check its folder") from error


def tell_gone(path: str, baseline: Baseline, warn: Callable[[str], None]) -> None:
    """Name what a baseline holds and nobody finds any more."""
    for entry in baseline.gone(_may_be_there):
        warn(f"gone: {_called(entry)}; --write-baseline removes it from {shown_name(path)}")


def _may_be_there(filename: str) -> bool:
    """Whether a file is there, or its name does not say where it would be."""
    return filename == STDIN or "\ufffd" in filename or os.path.lexists(filename)


def _called(entry: Entry) -> str:
    place = f" at {entry.pointer}" if entry.pointer else ""
    return f"{entry.code}{place} in {entry.filename}"


def _unusable(path: str, cause: str, remedy: str) -> BaselineError:
    return BaselineError(shown_name(path), Location(1, 1), cause, remedy)
