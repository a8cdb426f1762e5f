"""The exceptions that callers may catch."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Literal, NamedTuple, TypeAlias

from rosetta_spec.pointer import Pointer
from rosetta_spec.text import Location


class ExplainedError(Exception):
    """An error with its cause and its remedy; the message has both, behind the `place`."""

    def __init__(self, cause: str, remedy: str, place: str = "") -> None:
        super().__init__(f"{place}{cause}; {remedy}")
        self.cause = cause
        self.remedy = remedy


class DefectError(Exception):
    """A rule failed on a document because of a bug in rosetta-spec.

    The first argument says which rule, where, and with what error.
    """


class WorkerDiedError(DefectError):
    """A process of a run with several ended before its task did."""


class TemporaryFileError(Exception):
    """Something cannot be kept in a temporary file; the message says why, and what to do."""


@contextmanager
def temporary_file_errors(
    what: str, remedy: str = "set TMPDIR to another folder"
) -> Iterator[None]:
    """Turn errors of the system into `TemporaryFileError`: `what` cannot be kept."""
    try:
        yield
    except OSError as error:
        message = (
            f"{what} cannot be kept in a temporary file ({error.strerror});"
            f" make room on the disk, or {remedy}"
        )
        raise TemporaryFileError(message) from error


#: What is wrong at a pointer: the value, its key, or, with `start`, that something is missing.
Part: TypeAlias = Literal["value", "key", "start"]


class FileProblem(NamedTuple):
    """What is wrong in a ruleset or a configuration file."""

    pointer: Pointer
    cause: str
    remedy: str
    part: Part = "value"


class WrongFileError(ExplainedError):
    """A configuration file or a ruleset cannot be used: `filename:row:column: cause; remedy`.

    Without a location, the file cannot be read or written.
    """

    def __init__(self, filename: str, location: Location | None, cause: str, remedy: str) -> None:
        place = f":{location.row}:{location.column}" if location else ""
        super().__init__(cause, remedy, f"{filename}{place}: ")
        self.filename = filename
        self.location = location or Location(1, 1)


class CheckedFile(ABC):
    """A ruleset or a configuration file; `filename` is how it is shown."""

    error_class: ClassVar[type[WrongFileError]] = WrongFileError
    filename: str

    @abstractmethod
    def location(self, pointer: Pointer, part: Part) -> Location:
        """Find the row and column of a value, of its key, or of the start of an object."""

    def error(self, problems: Iterable[FileProblem]) -> WrongFileError:
        """Make an error of the problem that is first in the text, and first among those there."""
        placed = [(self.location(each.pointer, each.part), each) for each in problems]
        location, problem = min(placed, key=lambda pair: pair[0])
        return self.error_class(self.filename, location, problem.cause, problem.remedy)

    def reject(self, problems: Iterable[FileProblem]) -> None:
        """Raise the error of some problems, if there are any.

        Raises:
            WrongFileError: there are.
        """
        if found := list(problems):
            raise self.error(found)
