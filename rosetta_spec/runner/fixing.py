"""The fixed text of each file of a run, in pieces, beside what it was."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import JSONL
from rosetta_spec.files.opening import read_whole
from rosetta_spec.runner.task import format_of_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase

    from rosetta_spec.engine.checker import Checker
    from rosetta_spec.runner.call import Call


class Piece(NamedTuple):
    """A part of a file as it was and as it is to be; all pieces together are the whole file."""

    before: bytes
    after: bytes

    @property
    def is_changed(self) -> bool:
        """Whether a fix was applied."""
        return self.before != self.after


def ways_of(call: Call) -> frozenset[str]:
    """Return the applicabilities of the fixes that a call wants to be applied."""
    return frozenset({"safe", "unsafe"} if call.unsafe_fixes else {"safe"})


class FileFixer:
    """Fixes one file of a run."""

    def __init__(self, checker: Checker, call: Call, left_alone: frozenset[str]) -> None:
        """`left_alone` are the fingerprints of findings that are not to be fixed."""
        self._fixer = Fixer(checker, ways_of(call), left_alone)
        self._call = call

    @property
    def fixed(self) -> int:
        """How many findings were fixed so far."""
        return self._fixer.applied

    @property
    def dropped(self) -> list[str]:
        """The fixes that were not applied, as they would have done harm, each with the reason."""
        return self._fixer.dropped

    def pieces(self, stream: BufferedIOBase, filename: str) -> Iterator[Piece]:
        """Yield the pieces of an open file; of JSON Lines only one is in memory.

        Raises:
            OSError: the stream cannot be read.
            TooLongLineError: a line of JSON Lines is too long to be read; the file has to stay.
        """
        format_ = format_of_source(filename, self._call)
        if format_ == JSONL:
            for before, after in self._fixer.fix_lines(stream, filename):
                yield Piece(before, after)
        else:
            data = read_whole(stream)
            yield Piece(data, self._fixer.fix_file(data, filename, format_))
